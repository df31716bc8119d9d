"""The state of the player's current run of the device."""

from __future__ import annotations

from enum import Enum, auto


class Run(Enum):
    """A run of the device begins with `play`, and is over once it is cut, drained or lost. There is at most one."""

    NONE = auto()
    CUE = auto()  # playing only the tone of a pause
    SPEECH = auto()  # playing what is written
    ENDING = auto()  # likewise, and asked to end
    CUTTING = auto()  # cut, but how far it got is not known yet
    HEARD = auto()  # over, and so is the utterance

    @property
    def is_speech(self) -> bool:
        """Whether it belongs to an utterance that continues."""
        return self in (Run.SPEECH, Run.ENDING)
