"""The only room that sees more than one stage.

`state.py` says what happens in which state, `controller.py` does it, `reading.py` carries one utterance
from text to sound, `voice_choice.py` gives each piece of it a voice, `recovery.py` says who goes on when a voice fails.
"""
