"""The smallest place where text can be found: what a test selects."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from reader.capture.base import AskFront, CaptureOptions, Extent, Front, InFront, Selection
from reader.errors import CaptureError, NothingToReadError
from reader.flow import CapturedText, Source


class ToyPlace:
    """See Place."""

    def __init__(self, on_new_selection: Callable[[], None] = lambda: None) -> None:
        self.selection: Selection | None = Selection(text="")
        self.texts: dict[Source, str | CaptureError] = {}  # by the source that has it
        self.options = CaptureOptions()
        self.foresees = False  # that it will know what is selected
        self.gate: asyncio.Event | None = None  # it answers when this is set
        self.reads: list[Source] = []
        self.pid = 0  # of the program in front
        self.reasons: dict[int, str] = {}  # why nothing is had of a program
        self.is_closed = False
        self.why_absent = ""
        self._on_new_selection = on_new_selection
        self._on_selection: Callable[[bool], None] = lambda is_there: None

    def select(self, text: str, front: Front = Front.ITS_OWN) -> None:
        """A user selects something."""
        self.selection = Selection(front)
        self.texts[Source.SELECTION] = text
        if self.options.every_selection:
            self._on_new_selection()
        if self.options.prepares:
            self._on_selection(True)

    def leave(self) -> None:
        """The user goes to another window."""
        self.selection = Selection(Front.ANOTHERS)
        if self.options.prepares:
            self._on_selection(False)

    async def look_in_advance(self) -> Selection | None:
        """See InAdvance."""
        if self.gate:
            await self.gate.wait()
        return self.selection

    def will_know(self) -> bool:
        """See Foreseeing."""
        return self.foresees

    def tell(self, on_selection: Callable[[bool], None]) -> None:
        """See Telling."""
        self._on_selection = on_selection

    def absence(self) -> str:
        """See Place."""
        return self.why_absent

    async def look(self) -> Selection | None:
        """See Place."""
        return await self.look_in_advance()

    async def read(self, source: Source, extent: Extent = Extent.FOCUS, /) -> CapturedText:
        """See Place."""
        self.reads.append(source)
        text = self.texts.get(source, "")
        if isinstance(text, CaptureError):
            raise text
        if not text.strip():
            raise NothingToReadError("There is nothing here.")
        return CapturedText(text, source)

    async def in_front(self) -> InFront:
        """See Place."""
        return InFront(self.pid)

    def use_front(self, ask: AskFront) -> None:
        """See Place."""

    async def why_nothing(self, pid: int) -> str:
        """See Place."""
        return self.reasons.get(pid, "")

    async def apply(self, options: CaptureOptions) -> None:
        """See Place."""
        self.options = options

    def notes(self) -> list[str]:
        """See Place."""
        return ["A toy has nothing to hide."]

    async def close(self) -> None:
        """See Place."""
        self.is_closed = True


# Those that were opened, the newest last.
opened: list[ToyPlace] = []


async def open_place(on_new_selection: Callable[[], None]) -> ToyPlace:
    """See PlaceEntry."""
    opened.append(ToyPlace(on_new_selection))
    return opened[-1]
