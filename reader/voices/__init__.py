"""Stage 4: takes SpeechRequests, gives AudioChunks.

`base.py` is the interface every voice stands behind, `catalogue.py` knows which voices there are and
which one says what, `choose.py` builds the engines.
"""
