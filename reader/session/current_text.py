"""The user's current or last text, for whatever displays it. It is passed on as it is, not copied."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from reader.flow import Event, Segment
from reader.session.beginning import CutAhead
from reader.text.left_out import LeftOut, Why
from reader.text.segment import Segmenter


@dataclass(frozen=True, slots=True)
class TextArrived(Event):
    """More of a text has arrived. `start_chars` is where it begins in the whole: 0 for a new reading's."""

    text: str
    start_chars: int


@dataclass(frozen=True, slots=True)
class TextLeftOut(Event):
    """More pieces of a text that will not be heard. Known as soon as the text around them has been cut."""

    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True, slots=True)
class CurrentText:
    """What has arrived of a text. `heard` is the last segment heard, `left_out` what is not read, as far as known."""

    utterance_id: int
    text: str
    heard: Segment | None
    left_out: tuple[LeftOut, ...] = ()


class LeftOutSoFar:
    """What is left out of one text, as it becomes known. Core thread only."""

    def __init__(self, utterance_id: int, on_event: Callable[[Event], None] | None) -> None:
        """Reports nothing without `on_event`."""
        self._utterance_id = utterance_id
        self._on_event = on_event
        self._told: list[LeftOut] = []
        self._new: list[LeftOut] = []

    def follow(self, segmenter: Segmenter, from_chars: int = 0) -> Segmenter:
        """Listen to the segmenter that cuts the text from there on."""
        self._told = [piece for piece in self._told if piece.start_chars < from_chars]
        self._new = []
        segmenter.on_left_out = self._note
        for piece in segmenter.left_out if isinstance(segmenter, CutAhead) else ():
            self._note(piece)  # from what it has already cut
        return segmenter

    def _note(self, piece: LeftOut) -> None:
        if self._on_event and piece.why is not Why.SIGNS:  # these are spoken as words
            self._new.append(piece)

    def tell(self) -> None:
        """Report what is new."""
        if self._new and self._on_event:
            new, self._new = tuple(self._new), []
            self._told += new
            self._on_event(TextLeftOut(self._utterance_id, new))

    @property
    def pieces(self) -> tuple[LeftOut, ...]:
        """Everything reported so far."""
        return tuple(self._told)
