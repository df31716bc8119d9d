"""Writes down what was said, as data: a JSON line an event, for tests and the demonstration.

Off unless HARKEN_RECORD names a file. It holds the text that was read, so it is made for its user only.
"""

from __future__ import annotations

import json
import os
import time
from typing import Any, TextIO

from reader.flow import (
    Notice,
    PaceMeasured,
    PlaybackEvent,
    ReadingEnded,
    SegmentStarted,
    SettingChanged,
    SettingsWanted,
    SpeedChanged,
    StateChanged,
    VolumeChanged,
    WindowWanted,
)

_WANTED: dict[type[PlaybackEvent], str] = {SettingsWanted: "settings-wanted", WindowWanted: "window-wanted"}


class Recorder:
    """Appends to a file. Core thread only."""

    def __init__(self, path: str) -> None:
        """Raises OSError."""
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._file: TextIO = os.fdopen(handle, "a", encoding="utf-8")

    def __call__(self, event: PlaybackEvent) -> None:
        """Write one event down, with the time in seconds since the epoch."""
        fields: dict[str, Any] = {"at_s": round(time.time(), 4), "utterance": event.utterance_id}
        match event:
            case SegmentStarted(segment=segment):
                fields |= {
                    "event": "segment",
                    "index": segment.index,
                    "sentence": segment.sentence,
                    "voice": event.voice_id,
                    "language": segment.language,
                    "text": segment.text,
                }
            case StateChanged():
                fields |= {"event": "state", "state": event.state.value}
            case ReadingEnded():
                fields |= {"event": "ended", "whole": event.is_whole, "failed": event.is_failed}
            case SpeedChanged():
                fields |= {"event": "speed", "speed": event.speed, "words_a_minute": event.words_a_minute}
            case PaceMeasured():
                fields |= {"event": "pace", "words_a_minute": event.words_a_minute}
            case VolumeChanged():
                fields |= {"event": "volume", "volume": event.volume}
            case SettingsWanted() | WindowWanted():
                fields |= {"event": _WANTED[type(event)]}
            case SettingChanged():
                fields |= {"event": "setting", "key": event.key}
            case Notice():
                fields |= {"event": "notice", "sentence": event.sentence, "problem": event.is_problem}
        self._file.write(json.dumps(fields, ensure_ascii=False) + "\n")
        self._file.flush()

    def close(self) -> None:
        """Close the file."""
        self._file.close()
