"""The interface of a place where the meant text may be found, and what it may know about a selection."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum, StrEnum, auto
from typing import Protocol, runtime_checkable

from reader.flow import CapturedText, Source

# The most taken of any text, in characters: five long novels.
LIMIT_CHARS = 10_000_000


@dataclass(frozen=True, slots=True)
class CaptureOptions:
    """What the user has chosen."""

    focused_text: bool = True
    clipboard: bool = False
    # Read each new selection as soon as it is made.
    every_selection: bool = False
    # Prepare each new selection before a key is pressed.
    prepares: bool = False
    # Say what gets the focus, and what the pointer rests on, without a key.
    follows_focus: bool = False
    follows_pointer: bool = False


class Extent(StrEnum):
    """How much of the focused text is meant, relative to the cursor."""

    FOCUS = "focus"  # the selection, or the text from the cursor's paragraph on; for a control, its description
    WORD = "word"
    LINE = "line"
    SENTENCE = "sentence"
    PARAGRAPH = "paragraph"
    REST = "rest"
    DOCUMENT = "document"
    BEGINNING = "beginning"  # of a selection, to prepare speech; a place may return all of it


class Front(Enum):
    """Whose window is in front, relative to the program that made a selection."""

    ITS_OWN = auto()
    ANOTHERS = auto()  # or no window is in front
    UNKNOWN = auto()


@dataclass(frozen=True, slots=True)
class Selection:
    """What a place knows about the selection.

    `text` is set if the place already has it, "" if nothing is selected; None means that it must be read. The times are
    seconds of one clock, None if unknown: when the selection was made, and when at the latest the window in front got
    there, or the last one went. `is_cut`: the text is only the beginning.
    """

    front: Front = Front.UNKNOWN
    text: str | None = None
    selected_s: float | None = None
    front_since_s: float | None = None
    is_cut: bool = False

    def is_meant(self) -> bool:
        """Whether the user is looking at the selection.

        Programs keep a selection long after the user has moved on. It counts as current if the program in front made
        it, or if it was made after the window in front got there, or the last one went (by a helper such as xclip, run
        from there). Any other selection is old, and is not read as if it were new.
        """
        if self.front is Front.ITS_OWN:
            return True
        if self.selected_s is None or self.front_since_s is None:
            return False
        return self.selected_s >= self.front_since_s


@dataclass(frozen=True, slots=True)
class InFront:
    """The window in front: its process, 0 if unknown, and since when at the latest (time.monotonic()) or None."""

    pid: int = 0
    since_s: float | None = None


AskFront = Callable[[], Awaitable[InFront]]


class Following(Protocol):
    """Follows what the user moves to, according to the options. Core thread only.

    Created with two callbacks: one gets the text to be said, "" if there is nothing more to say; the other is called,
    on any thread, for a new selection.
    """

    async def apply(self, options: CaptureOptions) -> list[str]:
        """Set the options. Returns why some of this can't be followed here, in sentences for the user."""

    async def close(self) -> None:
        """Stop following. May be called twice."""


@runtime_checkable
class InAdvance(Protocol):
    """A place that finds out what is selected differently when speech is prepared than on a key press."""

    async def look_in_advance(self) -> Selection | None:
        """As `Place.look`, with no text, or only as much as speech is prepared from."""


@runtime_checkable
class Foreseeing(Protocol):
    """A place that may be able to predict whether it will know the selection."""

    def will_know(self) -> bool:
        """Whether it most likely will. If so, later places are asked only if it then does not. Makes no calls."""


@runtime_checkable
class Telling(InAdvance, Protocol):
    """A place that reports selections as soon as they are made, while the options ask for preparation."""

    def tell(self, on_selection: Callable[[bool], None]) -> None:
        """Call `on_selection`, on any thread, from now on.

        With True when a selection is complete: it has not changed for `quiet.py: QUIET_S`. With False when that one is
        no longer current: it has changed, or another window has come to the front.
        """


class Place(Protocol):
    """One way to find text. Core thread only. Nothing takes longer than the place's own time limits."""

    def absence(self) -> str:
        """Why it can't be asked now, "" if it can. If it can't, another place for its sources is asked. Any thread."""

    async def look(self) -> Selection | None:
        """Return the selection; None if this place can't know, and another should be asked. Quick.

        Raises CaptureError if it should know but can't.
        """

    async def read(self, source: Source, extent: Extent = Extent.FOCUS, /) -> CapturedText:
        """Read a source listed in the place's row in `choose.py`; for FOCUS, as much as is meant.

        Raises NothingToReadError if there is nothing, CaptureTimeoutError if its owner does not answer, CaptureError
        for anything else.
        """

    async def in_front(self) -> InFront:
        """What this place knows about the window in front."""

    def use_front(self, ask: AskFront) -> None:
        """Set how to find out what is in front, for a place that doesn't know it itself."""

    async def why_nothing(self, pid: int) -> str:
        """Why this place has nothing from the program in front (0 if unknown), a sentence; "" if unknown.

        Asked only if nothing was found, so it may be slow.
        """

    async def apply(self, options: CaptureOptions) -> None:
        """Set the options, as far as they concern this place."""

    def notes(self) -> list[str]:
        """What `harken doctor` should say about it, in sentences."""

    async def close(self) -> None:
        """Release it. May be called twice."""


class OnlyText:
    """The rest of a Place that knows only its texts."""

    async def in_front(self) -> InFront:
        return InFront()

    def use_front(self, ask: AskFront) -> None:
        pass

    async def why_nothing(self, pid: int) -> str:
        return ""

    async def apply(self, options: CaptureOptions) -> None:
        pass

    def notes(self) -> list[str]:
        return []
