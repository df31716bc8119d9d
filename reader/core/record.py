"""Records what was said, as data: one JSON line for each event, for tests and the demonstration.

Off unless HARKEN_RECORD names a file. It holds the text that was read, so only its user can open it.
"""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Callable
from typing import Any, TextIO

from reader.core.voice_downloads import VoiceDownloaded
from reader.flow import (
    Event,
    KeysChanged,
    Notice,
    PaceMeasured,
    PronunciationsChanged,
    QuitWanted,
    ReadingEnded,
    ScreenReaderChanged,
    SegmentStarted,
    SettingChanged,
    SettingsWanted,
    SpeedChanged,
    StateChanged,
    VolumeChanged,
    WindowWanted,
    WordStarted,
)
from reader.session.current_text import TextArrived, TextLeftOut
from reader.support import foreign
from reader.support.files import reason
from reader.support.i18n import translate

_WANTED: dict[type[Event], str] = {
    QuitWanted: "quit-wanted",
    SettingsWanted: "settings-wanted",
    WindowWanted: "window-wanted",
}


class Recorder:
    """Appends to a file. Core thread only."""

    def __init__(self, path: str, on_failure: Callable[[str], None]) -> None:
        """`on_failure` gets a sentence, once, if nothing can be written; everything else continues."""
        self._path = path
        self._on_failure = on_failure
        self._file: TextIO | None = None
        try:
            # Without O_NONBLOCK, opening a pipe would wait for its reader.
            flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
            self._file = os.fdopen(os.open(path, flags, 0o600), "a", encoding="utf-8", errors="backslashreplace")
        except OSError as error:
            self._fail(error)

    def __call__(self, event: Event) -> None:
        """Write one event down, with the time in seconds since the epoch."""
        if self._file is None:
            return
        try:
            self._file.write(json.dumps(_fields(event), ensure_ascii=False) + "\n")
            self._file.flush()
        except OSError as error:
            self._fail(error)

    def close(self) -> None:
        """Close the file."""
        if self._file:
            with contextlib.suppress(OSError):  # a full disk, reported before
                self._file.close()

    def _fail(self, error: OSError) -> None:
        self.close()
        self._file = None
        sentence = translate("reader", "{file} can't be written ({why}), so what is read is not recorded.")
        self._on_failure(sentence.format(file=foreign.shown(self._path), why=reason(error)))


def _fields(event: Event) -> dict[str, Any]:  # noqa: C901 - a line for each kind
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
                "start": segment.start_chars,
                "end": segment.end_chars,
            }
        case WordStarted():
            fields |= {
                "event": "word",
                "index": event.segment.index,
                "start": event.start_chars,
                "end": event.end_chars,
            }
        case TextArrived(text=text):
            fields |= {"event": "text", "start": event.start_chars, "chars": len(text)}
        case TextLeftOut(left_out=pieces):
            fields |= {"event": "left-out", "pieces": [(p.start_chars, p.end_chars, p.why.value) for p in pieces]}
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
        case QuitWanted() | SettingsWanted() | WindowWanted():
            fields |= {"event": _WANTED[type(event)]}
        case KeysChanged(keys=keys):
            fields |= {"event": "keys", "names": dict(keys.names), "refused": sorted(keys.refused)}
        case SettingChanged():
            fields |= {"event": "setting", "key": event.key}
        case PronunciationsChanged():
            fields |= {"event": "pronunciations"}
        case VoiceDownloaded():
            fields |= {"event": "voice", "key": event.key, "voice": event.voice_id}
        case ScreenReaderChanged(screen_reader=found):
            fields |= {"event": "screen-reader", "running": found.is_running, "says": found.says_announcements}
        case Notice():
            fields |= {"event": "notice", "sentence": event.sentence, "problem": event.is_problem}
        case _:  # no record is without a kind
            fields |= {"event": type(event).__name__}
    return fields
