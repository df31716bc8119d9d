"""Stage 4: turns SpeechRequests into AudioChunks.

`base.py` is the interface that every voice implements; `registry.py` lists the engines and names what makes each.
"""
