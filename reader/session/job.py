"""A segment on its way through its voices, and how that fails."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from enum import Enum, auto

from reader.errors import HarkenError, VoiceError
from reader.flow import Segment, SpeechRequest
from reader.support.i18n import translate

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """A segment and the requests that speak it, already sent."""

    segment: Segment
    requests: list[SpeechRequest]
    is_continuous: bool  # all of its voices are


class Outcome(Enum):
    """What a voice made of a request."""

    SAID = auto()
    SILENT = auto()  # nothing: it may have no sound for this
    BROKEN = auto()  # it failed, and would fail again


def sentence_for(error: Exception) -> str:
    """What to tell the user when a reading can't go on. An unforeseen error is logged."""
    if isinstance(error, HarkenError):
        return error.sentence
    log.error("a reading failed", exc_info=error)
    return translate("reader", "Harken could not read this. Run “harken doctor” to find the log.")


class VoiceFailedError(Exception):
    """An engine can't go on; `segment` has not been fully spoken."""

    def __init__(self, engine: str, segment: Segment, error: VoiceError) -> None:
        super().__init__(engine)
        self.engine, self.segment, self.error = engine, segment, error
