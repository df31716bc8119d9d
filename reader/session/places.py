"""How far texts were read, so that reading can go on there: positions and fingerprints, never the texts.

Pure, except for the time. One thread at a time.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from reader.flow import CapturedText

# Half a minute of speech. The place in a shorter text is not worth noting.
LONG_CHARS = 500
# The list holds at most this many places, and none that are older than this.
MOST, MOST_DAYS = 50, 90
MOST_BOOKMARKS = 100
_DAY_S = 86_400.0
_SALT_BYTES = 16
_PATH_CHARS = 4096
_MOST_CHARS = 1 << 40


@dataclass(frozen=True, slots=True)
class Place:
    """Where the reading of a text stands.

    `fingerprint` is that of the text's first `known_chars` characters; `at_chars` is where the last sentence heard
    begins, `all_chars` the length of the text (0: unknown). `path` is the file it is in, "" for any other text.
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
        """How much of it was read, None if unknown."""
        if self.is_read:
            return 100
        return min(100 * self.at_chars // self.all_chars, 99) if self.all_chars else None

    def is_of_same_text(self, other: Place) -> bool:
        """Whether both are in the same text."""
        if self.path or other.path:
            return self.path == other.path
        return (self.fingerprint, self.known_chars) == (other.fingerprint, other.known_chars)


class Places:
    """The list, newest first. Its owner decides, by `is_kept`, what is kept of it."""

    def __init__(
        self,
        salt: bytes = b"",
        places: Sequence[Place] = (),
        bookmarks: Sequence[Place] = (),
        now_s: Callable[[], float] = time.time,
    ) -> None:
        self._salt = salt or secrets.token_bytes(_SALT_BYTES)
        self._now_s = now_s
        self._places = list(places)
        self._bookmarks = list(bookmarks)
        self._prune()

    def place(self, begun: CapturedText, text: str, at_chars: int, *, is_whole: bool, is_read: bool = False) -> Place:
        """The place `at_chars` in what was `begun`, of which `text` has arrived; all of it, if `is_whole`."""
        known = text[:at_chars] if begun.path else begun.text or text  # a client's text begins empty
        all_chars = len(text) if is_whole else 0
        return Place(
            self._fingerprint(known), len(known), at_chars, all_chars, self._now_s(), begun.path, is_read=is_read
        )

    def note(self, place: Place) -> None:
        """Put a place at the top, replacing an older one in the same text."""
        self._places = [place, *(old for old in self._places if not old.is_of_same_text(place))]
        self._prune()

    def find(self, captured: CapturedText) -> Place | None:
        """The place in exactly this text, not in one that begins like it."""
        if captured.path:
            return next((place for place in self._places if place.path == captured.path), None)
        same = [place for place in self._places if not place.path and place.known_chars == len(captured.text)]
        fingerprint = self._fingerprint(captured.text) if same else ""  # once: it takes 1 ms for a megabyte
        return next((place for place in same if place.fingerprint == fingerprint), None)

    def is_at(self, place: Place, text: str) -> bool:
        """Whether a text begins like the one that a place is in."""
        return len(text) >= place.known_chars and self._fingerprint(text[: place.known_chars]) == place.fingerprint

    def entries(self) -> list[Place]:
        """The places, newest first."""
        return list(self._places)

    def forget(self, place: Place) -> None:
        """Remove it."""
        self._places = [kept for kept in self._places if not kept.is_of_same_text(place)]

    def clear(self) -> None:
        """Remove all but the bookmarks; without any, the salt as well, so that old fingerprints say nothing more."""
        self._places = []
        if not self._bookmarks:
            self._salt = secrets.token_bytes(_SALT_BYTES)

    # ---- bookmarks: set by the user, and kept until they are removed ----

    def bookmarks(self) -> list[Place]:
        """The bookmarks, oldest first."""
        return list(self._bookmarks)

    def add_bookmark(self, place: Place) -> None:
        """Set one. Setting it again adds none; beyond the limit the oldest is dropped."""
        self.remove_bookmark(place)
        self._bookmarks = [*self._bookmarks, place][-MOST_BOOKMARKS:]

    def remove_bookmark(self, place: Place) -> None:
        """Remove it."""
        same = [old for old in self._bookmarks if old.is_of_same_text(place) and old.at_chars == place.at_chars]
        self._bookmarks = [old for old in self._bookmarks if old not in same]

    def _prune(self) -> None:
        oldest_s = self._now_s() - MOST_DAYS * _DAY_S
        self._places = [place for place in self._places if place.when_s >= oldest_s][:MOST]

    def _fingerprint(self, text: str) -> str:
        return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16, key=self._salt).hexdigest()

    # ---- as data ----

    def data(self) -> dict[str, Any]:
        """For `from_data`."""
        return {
            "salt": self._salt.hex(),
            "places": [asdict(place) for place in self._places],
            "bookmarks": [asdict(place) for place in self._bookmarks],
        }

    @classmethod
    def from_data(cls, data: Any, now_s: Callable[[], float] = time.time) -> Places | None:
        """The list in a file, without damaged entries; None if the file holds no list."""
        fields = data if isinstance(data, dict) else {}
        salt = fields.get("salt")
        try:
            known = bytes.fromhex(salt) if isinstance(salt, str) else b""
        except ValueError:
            known = b""
        if len(known) != _SALT_BYTES:  # without it the fingerprints are useless
            return None
        places, bookmarks = (_listed(fields.get(name)) for name in ("places", "bookmarks"))
        return cls(known, places, bookmarks[-MOST_BOOKMARKS:], now_s)


def _listed(rows: Any) -> list[Place]:
    """The valid places in a list of the file."""
    places = (_place(row) for row in (rows if isinstance(rows, list) else []))
    return [place for place in places if place]


def _place(row: Any) -> Place | None:
    """A place from the file, None if it is invalid."""
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
