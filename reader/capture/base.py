"""The interface of a place where the text that the user means may be found, and what it may know of a selection."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum, StrEnum, auto
from typing import Protocol, runtime_checkable

from reader.flow import CapturedText, Source

# The most that is taken of any text, in characters: five times a long novel.
LIMIT_CHARS = 10_000_000


@dataclass(frozen=True, slots=True)
class CaptureOptions:
    """What the user has chosen."""

    focused_text: bool = True
    clipboard: bool = False
    # Each new selection is read as soon as it is made.
    every_selection: bool = False
    # Something is prepared for each new selection, before a key is pressed.
    prepares: bool = False
    # What gets the focus, and what the pointer rests on, is said without a key.
    follows_focus: bool = False
    follows_pointer: bool = False


class Extent(StrEnum):
    """How much of the focused text is meant, seen from the cursor."""

    FOCUS = "focus"  # what is selected in it, or the text from the cursor's paragraph on; of a control, what it says
    WORD = "word"
    LINE = "line"
    SENTENCE = "sentence"
    PARAGRAPH = "paragraph"
    REST = "rest"
    DOCUMENT = "document"
    BEGINNING = "beginning"  # of a selection, for what is prepared; a place may hand over all of it


class Front(Enum):
    """Whose the window in front is, seen from the program that made a selection."""

    ITS_OWN = auto()
    ANOTHERS = auto()  # or no window is in front
    UNKNOWN = auto()


@dataclass(frozen=True, slots=True)
class Selection:
    """What a place knows of what is selected.

    `text` is there when the place has it at hand, "" when nothing is selected; with None it is to be read. The times
    are seconds of one clock, None when they are not known: when it was selected, and since when at the latest the
    window in front has been there, or there has been none. `is_cut`: the text is only the beginning.
    """

    front: Front = Front.UNKNOWN
    text: str | None = None
    selected_s: float | None = None
    front_since_s: float | None = None
    is_cut: bool = False

    def is_meant(self) -> bool:
        """Whether the user is looking at it.

        Programs keep a selection long after the user has gone elsewhere. It is taken for meant when the program in
        front made it, or when it was made since the window in front came there, or the last one went (by a helper
        such as xclip, run from there). Everything else is an old one, and is not read as if it were new.
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
    """Follows what the user comes to, as the options say. Core thread only.

    Made with what gets the text to be said, "" when there is nothing more to say, and what is called, on any thread,
    when there is a new selection.
    """

    async def apply(self, options: CaptureOptions) -> list[str]:
        """What holds from now on. Returns why something of it can't be followed here, in sentences for the user."""

    async def close(self) -> None:
        """Follow no more. May be called twice."""


@runtime_checkable
class InAdvance(Protocol):
    """A place that looks otherwise for what is prepared than for a key press."""

    async def look_in_advance(self) -> Selection | None:
        """As `Place.look`, with no text, or with no more of it than something is prepared from."""


@runtime_checkable
class Foreseeing(Protocol):
    """A place that may know before it looks whether it will know what is selected."""

    def will_know(self) -> bool:
        """Whether it most likely will. The places behind it are asked only if it does not, then. Asks nobody."""


@runtime_checkable
class Telling(InAdvance, Protocol):
    """A place that tells of selections as soon as they are made, while the options say that something is prepared."""

    def tell(self, on_selection: Callable[[bool], None]) -> None:
        """Have `on_selection` called, on any thread, from now on.

        With True when a selection is made: it has not changed for `quiet.py: QUIET_S`. With False when that one counts
        no more: it has changed, or another window has come to the front.
        """


class Place(Protocol):
    """One way to find text. Core thread only. Nothing takes longer than the place's own time limits."""

    def absence(self) -> str:
        """Why it can't be asked now, "" when it can; another one that has its sources is asked then. Any thread."""

    async def look(self) -> Selection | None:
        """What is selected; None when this place can't know, and another one is to be asked. Quick.

        Raises CaptureError when it should know and can't say.
        """

    async def read(self, source: Source, extent: Extent = Extent.FOCUS, /) -> CapturedText:
        """What is there now, of a source that the place's row in `choose.py` names; of FOCUS as much as is meant.

        Raises NothingToReadError when there is nothing, CaptureTimeoutError when its owner does not answer,
        CaptureError for the rest.
        """

    async def in_front(self) -> InFront:
        """What this place knows of the window in front."""

    def use_front(self, ask: AskFront) -> None:
        """Whom to ask what is in front, for a place that doesn't know it itself."""

    async def why_nothing(self, pid: int) -> str:
        """Why this place has nothing of the program in front (0: it is not known which one), a sentence; "" if unknown.

        Asked only when nothing was had: it may take its time.
        """

    async def apply(self, options: CaptureOptions) -> None:
        """What holds from now on, as far as it concerns this place."""

    def notes(self) -> list[str]:
        """What `harken doctor` should say about it, in sentences."""

    async def close(self) -> None:
        """Release it. May be called twice."""


class OnlyText:
    """The rest of a Place that knows its texts and nothing else."""

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
