"""How far texts were read, so that they go on there: positions and fingerprints, never the texts.

Pure, but for the time. One thread at a time.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from reader.flow import CapturedText

# A text of half a minute. Of a shorter one the place is worth no note.
LONG_CHARS = 500
# The list has no more than these, the newest first.
MOST, MOST_DAYS = 50, 90
_DAY_S = 86_400.0
_SALT_BYTES = 16
_PATH_CHARS = 4096
_MOST_CHARS = 1 << 40


@dataclass(frozen=True, slots=True)
class Place:
    """Where the reading of a text stands.

    `fingerprint` is that of the text's first `known_chars` characters; `at_chars` is where the sentence begins that was
    heard last, `all_chars` how long the text is (0: unknown). `path` is the file it is in, "" for any other text.
    """

    fingerprint: str
    known_chars: int
    at_chars: int
    all_chars: int
    when_s: float
    path: str = ""
    is_read: bool = False  # it was heard to its end

    @property
    def percent(self) -> int | None:
        """How much of it was read; None where that is not known."""
        if self.is_read:
            return 100
        return min(100 * self.at_chars // self.all_chars, 99) if self.all_chars else None

    def is_of_same_text(self, other: Place) -> bool:
        """Whether both are of one text."""
        if self.path or other.path:
            return self.path == other.path
        return (self.fingerprint, self.known_chars) == (other.fingerprint, other.known_chars)


class Places:
    """The list, the newest first. What is kept of it is the owner's to say, by `is_kept`."""

    def __init__(self, salt: bytes = b"", places: Sequence[Place] = (), now_s: Callable[[], float] = time.time) -> None:
        self._salt = salt or secrets.token_bytes(_SALT_BYTES)
        self._now_s = now_s
        self._places = list(places)
        self._prune()

    def place(self, begun: CapturedText, text: str, at_chars: int, *, is_whole: bool, is_read: bool = False) -> Place:
        """The place `at_chars` in what was `begun`, of which `text` has arrived; all of it, if `is_whole`."""
        known = text[:at_chars] if begun.path else begun.text
        all_chars = len(text) if is_whole else 0
        return Place(
            self._fingerprint(known), len(known), at_chars, all_chars, self._now_s(), begun.path, is_read=is_read
        )

    def note(self, place: Place) -> None:
        """Put a place at the top, instead of an older one of the same text."""
        self._places = [place, *(old for old in self._places if not old.is_of_same_text(place))]
        self._prune()

    def find(self, captured: CapturedText) -> Place | None:
        """The place in a text that was found again: in the same, not in one that begins like it."""
        if captured.path:
            return next((place for place in self._places if place.path == captured.path), None)
        same = [place for place in self._places if not place.path and place.known_chars == len(captured.text)]
        return next((place for place in same if self.is_at(place, captured.text)), None)

    def is_at(self, place: Place, text: str) -> bool:
        """Whether a text begins as the one of a place does."""
        return len(text) >= place.known_chars and self._fingerprint(text[: place.known_chars]) == place.fingerprint

    def entries(self) -> list[Place]:
        """The places, the newest first."""
        return list(self._places)

    def forget(self, place: Place) -> None:
        """Remove it."""
        self._places = [kept for kept in self._places if not kept.is_of_same_text(place)]

    def clear(self) -> None:
        """Remove all, and the salt, so that fingerprints of now and then can't be compared."""
        self._places = []
        self._salt = secrets.token_bytes(_SALT_BYTES)

    def _prune(self) -> None:
        oldest_s = self._now_s() - MOST_DAYS * _DAY_S
        self._places = [place for place in self._places if place.when_s >= oldest_s][:MOST]

    def _fingerprint(self, text: str) -> str:
        return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16, key=self._salt).hexdigest()

    # ---- as data ----

    def data(self) -> dict[str, Any]:
        """For `from_data`."""
        return {"salt": self._salt.hex(), "places": [asdict(place) for place in self._places]}

    @classmethod
    def from_data(cls, data: Any, now_s: Callable[[], float] = time.time) -> Places | None:
        """The list that a file holds, without entries that are damaged; None if it is no list."""
        fields = data if isinstance(data, dict) else {}
        salt, listed = fields.get("salt"), fields.get("places")
        try:
            known = bytes.fromhex(salt) if isinstance(salt, str) else b""
        except ValueError:
            known = b""
        if len(known) != _SALT_BYTES:  # without it no fingerprint says anything
            return None
        places = (_place(row) for row in (listed if isinstance(listed, list) else [])[:MOST])
        return cls(known, [place for place in places if place], now_s)


def _place(row: Any) -> Place | None:
    """An entry of the file, None if it is none."""
    if not isinstance(row, dict) or row.keys() != Place.__dataclass_fields__.keys():
        return None
    whole = [row[name] for name in ("known_chars", "at_chars", "all_chars")]
    if not all(type(number) is int and 0 <= number <= _MOST_CHARS for number in whole):
        return None
    if not isinstance(row["when_s"], int | float) or type(row["when_s"]) is bool or type(row["is_read"]) is not bool:
        return None
    if not all(isinstance(row[name], str) and len(row[name]) <= _PATH_CHARS for name in ("fingerprint", "path")):
        return None
    return replace(Place(**row), when_s=float(row["when_s"]))
