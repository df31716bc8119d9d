"""Voices of a speech server with OpenAI's interface (POST /v1/audio/speech), on this computer or elsewhere.

`server.py` is the service, `engine.py` its only engine. `client.py` asks the server, with its key if it has one;
`faults.py` says what its refusals mean, `sounds.py` which format its audio is in, and `wav.py` reads one of these.
"""
