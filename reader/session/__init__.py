"""The only package that sees more than one stage.

`state.py` says what happens in which state, `controller.py` does it, `reading.py` takes one utterance from text to
sound, `voice_choice.py` gives each piece of it a voice, `recovery.py` decides how to continue when a voice fails.
"""
