"""Harken's own sentences: the one being spoken, and those that wait for it. Core thread only."""

from __future__ import annotations

from collections import deque

from reader.session.maker import Maker
from reader.session.reading import Reading


class Announcer:
    """Makes readings of sentences, one after the other. When they are heard is the controller's to say."""

    def __init__(self, maker: Maker) -> None:
        self._maker = maker
        self._newest: Reading | None = None  # the sentence that was made last: an older one is not spoken any more
        self._waiting: deque[str] = deque()

    def is_own(self, reading: Reading | None) -> bool:
        """Whether a reading, the one being spoken, is a sentence of Harken's own."""
        return reading is not None and reading is self._newest

    def add(self, sentence: str) -> None:
        """To be said behind those that wait."""
        self._waiting.append(sentence)

    def clear(self) -> None:
        """What waits is not said any more."""
        self._waiting.clear()

    def next(self) -> Reading | None:
        """The sentence to be said now, None when none waits."""
        return self.make(self._waiting.popleft()) if self._waiting else None

    def make(self, sentence: str) -> Reading:
        """A sentence in the user's language, by a voice of this computer."""
        self._newest = self._maker.make_own_words(sentence)
        return self._newest
