"""The interface of a place where the text that the user means may be found."""

from __future__ import annotations

from typing import Protocol

from reader.flow import CapturedText

# The most that is taken of any text, in characters: five times a long novel.
LIMIT_CHARS = 10_000_000


class TextSource(Protocol):
    """One place. Core thread only."""

    name: str

    async def read(self) -> CapturedText:
        """What is there now.

        Raises NothingToReadError when there is nothing, CaptureTimeoutError when its owner does not answer,
        CaptureError for the rest. Never takes longer than its time limit.
        """

    async def close(self) -> None:
        """Let go of it."""


class FocusSource(TextSource, Protocol):
    """The focused text."""

    async def selection(self) -> str | None:
        """What is selected where the focus is, "" for nothing; None when that can't be known. Quick."""
