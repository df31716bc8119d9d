"""Amazon Polly's voices.

`polly.py` is the service and `parts.py` its parts. `engine.py` has the voices and decides what to do about failures;
`connections.py` keeps two connections warm. A reading is an `utterance_stream.py` over `synthesis_stream.py`s, each one
StartSpeechSynthesisStream, or for voices without that operation one SynthesizeSpeech per sentence, made by
`sentences.py`. `passage.py` and `proof.py` know what was spoken, `delivery.py` how sound arrives, `alignment.py` where
sentences begin in it. `requests.py` signs and knows the model; `events.py` and `faults.py` parse what comes back.
`voice_list.py` lists voices, `spending.py` counts characters, `examine.py` finds out what the account may do.
"""
