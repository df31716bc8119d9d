"""The only room that sees more than one stage.

`state.py` says what happens in which state, `controller.py` does it, `reading.py` carries one utterance
from text to sound, `casting.py` gives each piece of it a voice, `loop.py` is the thread it all runs on.
"""
