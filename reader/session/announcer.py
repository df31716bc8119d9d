"""Harken's own sentences: the one being spoken, and those that wait for it. Core thread only."""

from __future__ import annotations

from collections import deque

from reader.session.maker import Maker
from reader.session.reading import Reading


class Announcer:
    """Makes readings of sentences, one after the other. When they are heard is not decided here."""

    def __init__(self, maker: Maker) -> None:
        self._maker = maker
        self._newest: Reading | None = None  # the sentence that was made last: an older one is not spoken any more
        self._waiting: deque[str] = deque()
        self._followed: Reading | None = None  # what was said last of the things that the user comes to
        self._met = ""  # to be said of the newest one when no sentence is left

    def is_own(self, reading: Reading | None) -> bool:
        """Whether a reading, the one being spoken, is a sentence of Harken's own."""
        return reading is not None and reading is self._newest

    def is_followed(self, reading: Reading | None) -> bool:
        """Whether a reading says what the user has come to."""
        return reading is not None and reading is self._followed

    def follow(self, text: str) -> Reading:
        """What is said of something that the user comes to, now."""
        self._met = ""
        self._newest = self._followed = self._maker.make_followed(text)
        return self._newest

    def meet(self, text: str) -> None:
        """Say this after the queued sentences unless something newer comes; "" cancels it."""
        self._met = text

    @property
    def is_waiting(self) -> bool:
        """Whether a sentence waits."""
        return bool(self._waiting)

    def add(self, sentence: str) -> None:
        """To be said behind those that wait."""
        self._waiting.append(sentence)

    def clear(self) -> None:
        """What waits is not said any more."""
        self._waiting.clear()
        self._met = ""

    def next(self) -> Reading | None:
        """The sentence to be said now, None when none waits."""
        if self._waiting:
            return self.make(self._waiting.popleft())
        return self.follow(self._met) if self._met else None

    def make(self, sentence: str) -> Reading:
        """A sentence in the user's language, by a voice of this computer."""
        self._newest = self._maker.make_own_words(sentence)
        return self._newest
