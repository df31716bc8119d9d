"""Harken's own sentences: the one being spoken, and those that wait for it. Core thread only."""

from __future__ import annotations

from collections import deque

from reader.session.maker import Maker
from reader.session.reading import Reading


class Announcer:
    """Turns sentences into readings, one after the other. Does not decide when they are heard."""

    def __init__(self, maker: Maker) -> None:
        self._maker = maker
        self._newest: Reading | None = None  # the latest sentence: older ones are no longer spoken
        self._waiting: deque[str] = deque()
        self._followed: Reading | None = None  # the latest announcement of what the user moved to
        self._met = ""  # what to say of the newest control once no sentences wait

    def is_own(self, reading: Reading | None) -> bool:
        """Whether the reading being spoken is one of Harken's own sentences."""
        return reading is not None and reading is self._newest

    def is_followed(self, reading: Reading | None) -> bool:
        """Whether a reading announces what the user moved to."""
        return reading is not None and reading is self._followed

    def follow(self, text: str) -> Reading:
        """Make an announcement of what the user moved to, to be spoken now."""
        self._met = ""
        self._newest = self._followed = self._maker.make_followed(text)
        return self._newest

    def meet(self, text: str) -> None:
        """Say this after the queued sentences unless something newer comes; "" cancels it."""
        self._met = text

    @property
    def is_waiting(self) -> bool:
        """Whether any sentence is waiting."""
        return bool(self._waiting)

    def add(self, sentence: str) -> None:
        """Queue a sentence behind those already waiting."""
        self._waiting.append(sentence)

    def clear(self) -> None:
        """Drop everything that is waiting."""
        self._waiting.clear()
        self._met = ""

    def next(self) -> Reading | None:
        """The next sentence to say, None if none is waiting."""
        if self._waiting:
            return self.make(self._waiting.popleft())
        return self.follow(self._met) if self._met else None

    def make(self, sentence: str) -> Reading:
        """Make a reading of a sentence, in the user's language, by a voice on this computer."""
        self._newest = self._maker.make_own_words(sentence)
        return self._newest
