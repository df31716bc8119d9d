"""Harken's core: from a key press to the user's ear, without Qt.

    hotkeys -> capture -> text -> voices -> audio
    Trigger    Captured   Segment  AudioChunk  events

`flow.py` holds the values handed on, `session/` is the only room below `core/` that sees more than one stage, and
`core/app.py` is where the parts are put together.
"""

__version__ = "0.1.0"
