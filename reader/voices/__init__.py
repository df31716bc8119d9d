"""Stage 4: takes SpeechRequests, gives AudioChunks.

`base.py` is the interface that every voice implements, `choose.py` builds the engines.
"""
