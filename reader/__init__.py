"""Harken's core: from a key press to the user's ear, without Qt.

    hotkeys -> capture -> text -> voices -> audio
    Trigger    Captured   Segment  AudioChunk  events

`flow.py` defines the values that are passed on, `session/` is the only package below `core/` that sees more than one
stage, and `core/app.py` puts the parts together.
"""

__version__ = "0.1.0"
