"""The user's text that is being read, or was last, for those who show it. It is handed on as it is, not copied."""

from __future__ import annotations

from dataclasses import dataclass

from reader.flow import Event, Segment


@dataclass(frozen=True, slots=True)
class TextArrived(Event):
    """More of a text is there to be read. `start_chars` is where it begins in the whole: 0 for a new reading's."""

    text: str
    start_chars: int


@dataclass(frozen=True, slots=True)
class TextInHand:
    """What has arrived of a text. `heard` is the segment heard last."""

    utterance_id: int
    text: str
    heard: Segment | None
