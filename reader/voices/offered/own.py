"""Harken's own list of voices. Light: it is consulted after texts, even for users who never download a voice."""

from __future__ import annotations

import importlib.resources
import json

from reader.voices.offered import index
from reader.voices.offered.index import Index


def own_index() -> Index:
    """Read it. Takes some ms; any thread."""
    return read(importlib.resources.files("resources").joinpath("voices.json").read_bytes())


def read(data: bytes) -> Index:
    """Parse an index file. Raises VoiceFileError."""
    try:
        value = json.loads(data) if len(data) <= index.MAX_BYTES else None
    except (ValueError, RecursionError):
        value = None
    return index.read(value)
