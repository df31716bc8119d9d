"""Voices of a speech server with OpenAI's interface (POST /v1/audio/speech), on this computer or elsewhere.

`server.py` is the service, `engine.py` its one engine. `client.py` asks the server, with its key if it has one;
`faults.py` says what its refusals mean, `sounds.py` in which format a sound comes, and `wav.py` reads one of them.
"""
