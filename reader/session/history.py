"""The last readings, so that they can be read again. In memory only, because what people read is private.

Core thread only.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from reader.flow import CapturedText, Source
from reader.support import foreign

_KEPT = 20
_SHOWN_CHARS = 60


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One reading. `id` counts readings from 1, `when_s` is seconds since the epoch."""

    id: int
    first_words: str
    when_s: float
    source: Source


class History:
    """While `is_kept` is off nothing is remembered; turning it off forgets everything."""

    def __init__(self, now_s: Callable[[], float] = time.time) -> None:
        self._now_s = now_s
        self._last_id = 0
        self._texts: dict[int, tuple[float, CapturedText]] = {}  # oldest first
        self._is_kept = True

    @property
    def is_kept(self) -> bool:
        """Whether readings are remembered."""
        return self._is_kept

    @is_kept.setter
    def is_kept(self, is_kept: bool) -> None:
        self._is_kept = is_kept
        if not is_kept:
            self._texts.clear()

    def add(self, captured: CapturedText) -> None:
        """Remember a reading. The same text again moves to the top and keeps its id."""
        if not self._is_kept or not captured.text.strip():
            return
        known = next((known for known, (_, old) in self._texts.items() if old.text == captured.text), 0)
        if known:
            del self._texts[known]
        else:
            self._last_id = known = self._last_id + 1
        self._texts[known] = self._now_s(), captured
        while len(self._texts) > _KEPT:
            del self._texts[next(iter(self._texts))]

    def entries(self) -> list[HistoryEntry]:
        """The readings, newest first."""
        return [
            HistoryEntry(known, first_words(captured.text), when_s, captured.source)
            for known, (when_s, captured) in reversed(self._texts.items())
        ]

    def text(self, entry_id: int) -> CapturedText | None:
        """What was read then; None if it is no longer remembered."""
        return self._texts[entry_id][1] if entry_id in self._texts else None


def first_words(text: str) -> str:
    """The beginning of a text, as a list shows it."""
    words = foreign.shown(text[: 4 * _SHOWN_CHARS])
    return words if len(words) <= _SHOWN_CHARS else words[:_SHOWN_CHARS].rsplit(" ", 1)[0] + "…"
