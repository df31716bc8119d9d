"""Amazon Polly's voices.

`polly.py` is the service, `parts.py` what it is made of. `engine.py` has the voices and what to do about failures;
`connections.py` keeps two connections warm. A reading is an `utterance_stream.py` over `synthesis_stream.py`s, one
StartSpeechSynthesisStream each, or for voices without that operation one SynthesizeSpeech a sentence, which
`sentences.py` makes. `passage.py` and `proof.py` know what was spoken, `delivery.py` how sound comes, `alignment.py`
where sentences begin in it. `requests.py` signs and knows the model, `events.py` and `faults.py` what comes back.
`voice_list.py` lists voices, `spending.py` counts characters, `examine.py` finds out what the account may do.
"""
