"""Reads along in the record of a Harken: no segment is passed over, and none is begun twice, unless something was done.

For a while after a move of the user's, or after the end of a process, the next segment may be another one.
"""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

from tests.soak.story import SoakError

_KEPT = 200
# How long it takes until a move is heard at most, on a busy machine.
_MOVE_S = 4.0


class Order:
    def __init__(self) -> None:
        self._read_bytes = 0
        self._last: dict[int, int] = {}  # by utterance: the last segment begun
        self._ended: set[int] = set()
        self._may_jump_until_s = 0.0

    def note_jump(self, seconds: float = _MOVE_S) -> None:
        """Something is done after which any segment may follow, for so long."""
        self._may_jump_until_s = max(self._may_jump_until_s, time.time() + seconds)

    def read(self, record: Path) -> None:
        """Look at what is new. Raises SoakError."""
        if not record.exists():
            return
        with record.open("rb") as file:
            file.seek(self._read_bytes)
            *lines, _ = file.read().split(b"\n")
        self._read_bytes += sum(len(line) + 1 for line in lines)
        for line in lines:
            self._look(json.loads(line))

    def forget(self, record: Path) -> None:
        """Start the record over: it would grow for hours."""
        self.read(record)
        os.truncate(record, 0)
        self._read_bytes = 0

    def _look(self, record: dict[str, Any]) -> None:
        utterance, may_jump = record["utterance"], record["at_s"] < self._may_jump_until_s
        if record["event"] == "segment":
            if utterance in self._ended and not may_jump:
                raise SoakError(f"a reading goes on behind its end: {record}")
            self._ended.discard(utterance)
            last = self._last.pop(utterance, None)
            # Of a service not every segment is told: where one begins within a sentence may not be known.
            is_next = last is None or record["index"] == last + 1
            is_next |= last is not None and record["voice"].startswith("polly") and record["index"] > last
            if not is_next and not may_jump:
                raise SoakError(f"segment {record['index']} follows {last}: {record}")
            self._last[utterance] = record["index"]
            while len(self._last) > _KEPT:
                del self._last[next(iter(self._last))]
        elif record["event"] == "ended":
            if utterance in self._ended and not may_jump:
                raise SoakError(f"a reading ends twice: {record}")
            self._ended = {known for known in self._ended if known > utterance - _KEPT} | {utterance}
