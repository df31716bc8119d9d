"""What the device does for the player."""

from __future__ import annotations

from enum import Enum, auto


class Run(Enum):
    """A run of the device begins with `play`, and is over when it is cut, drained or lost. There is one at most."""

    NONE = auto()
    CUE = auto()  # it plays the tone of a pause, by itself
    SPEECH = auto()  # it plays what is written
    ENDING = auto()  # likewise, and was asked to end
    CUTTING = auto()  # it was cut, and has not said yet how far it came
    HEARD = auto()  # it is over, and so is the utterance

    @property
    def is_speech(self) -> bool:
        """Whether it belongs to an utterance that continues."""
        return self in (Run.SPEECH, Run.ENDING)
