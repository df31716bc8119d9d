"""The user's text that is being read, or was last, for those who show it. It is handed on as it is, not copied."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from reader.flow import Event, Segment
from reader.session.beginning import CutAhead
from reader.text.left_out import LeftOut, Why
from reader.text.segment import Segmenter


@dataclass(frozen=True, slots=True)
class TextArrived(Event):
    """More of a text is there to be read. `start_chars` is where it begins in the whole: 0 for a new reading's."""

    text: str
    start_chars: int


@dataclass(frozen=True, slots=True)
class TextLeftOut(Event):
    """More pieces of a text that will not be heard. They are known as soon as what is around them has been cut."""

    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True, slots=True)
class TextInHand:
    """What has arrived of a text. `heard` is the segment heard last, `left_out` what is not read, as far as known."""

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
        """Listen to what cuts the text from there on."""
        self._told = [piece for piece in self._told if piece.start_chars < from_chars]
        self._new = []
        segmenter.on_left_out = self._note
        for piece in segmenter.left_out if isinstance(segmenter, CutAhead) else ():
            self._note(piece)  # of what it has cut already
        return segmenter

    def _note(self, piece: LeftOut) -> None:
        if self._on_event and piece.why is not Why.SIGNS:  # which are said in words
            self._new.append(piece)

    def tell(self) -> None:
        """Tell of what is new."""
        if self._new and self._on_event:
            new, self._new = tuple(self._new), []
            self._told += new
            self._on_event(TextLeftOut(self._utterance_id, new))

    @property
    def pieces(self) -> tuple[LeftOut, ...]:
        """All that was told of."""
        return tuple(self._told)
