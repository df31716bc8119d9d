"""Stage 4: takes SpeechRequests, gives AudioChunks.

`base.py` is the interface every voice stands behind, `choose.py` builds the engines.
"""
