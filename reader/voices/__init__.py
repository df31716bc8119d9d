"""Stage 4: turns SpeechRequests into AudioChunks.

`base.py` is the interface that every voice implements; `choose.py` builds the engines.
"""
