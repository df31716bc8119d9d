"""Finds what a key press means: the selection, else the focused text, else, if the user wishes, the clipboard.

All places are asked at once for the selection, and the first that knows is trusted: a focused text field that reports
its own selection, or that it has none, comes before a place that only knows what some program keeps.
`base.py: Selection.is_meant` decides whether it is current or old from what the place knows about it.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Mapping, Sequence

from reader import tasks
from reader.capture.base import CaptureOptions, Extent, Foreseeing, InAdvance, InFront, Place, Selection
from reader.capture.none import NoText
from reader.errors import CaptureError, NothingToReadError
from reader.flow import CapturedText, Command, Source
from reader.support.closing import close_all
from reader.support.i18n import QT_TRANSLATE_NOOP, translate

log = logging.getLogger(__name__)

# A place that takes longer to report the selection is skipped if there is another one.
_LOOK_LIMIT_S = 0.05

# The commands that read the focused text, and how much of it.
EXTENTS = {
    Command.READ_FOCUS: Extent.FOCUS,
    Command.READ_WORD: Extent.WORD,
    Command.READ_LINE: Extent.LINE,
    Command.READ_SENTENCE: Extent.SENTENCE,
    Command.READ_PARAGRAPH: Extent.PARAGRAPH,
    Command.READ_REST: Extent.REST,
    Command.READ_DOCUMENT: Extent.DOCUMENT,
}

_NOTHING = QT_TRANSLATE_NOOP("reader", "Nothing is selected. Select some text and press the key again.")


class Capture:
    """Asks the places in order. Core thread only."""

    def __init__(self, places: Mapping[Source, Sequence[Place]], nowhere: NoText | None = None) -> None:
        """`places` has the places for each source, in the order in which they are asked.

        For a text, the first available one is used; `nowhere` stands in if there is none.
        """
        self.options = CaptureOptions()
        # The selection in the window in front, if that is one of Harken's own: places ignore those.
        self.own_selection = ""
        self.own_window = False  # whether one of Harken's own windows is in front
        self._nowhere = nowhere or NoText()
        self._places = dict(places)
        self._all = list({id(place): place for some in places.values() for place in some}.values())
        for place in self._all:
            place.use_front(self._in_front_or_own)

    async def apply(self, options: CaptureOptions) -> None:
        """Set the options."""
        self.options = options
        for place in self._all:
            await place.apply(options)

    def notes(self) -> list[str]:
        """What `harken doctor` should say of the places, in sentences."""
        return [note for place in self._all for note in place.notes()]

    async def read(self, command: Command) -> CapturedText:
        """The text a command refers to. Raises CaptureError with a sentence for the user."""
        try:
            return await self._read_command(command)
        except NothingToReadError as error:
            if command is not Command.READ_CLIPBOARD and self.options.focused_text and (why := await self._why()):
                raise NothingToReadError(why) from error
            raise

    async def read_selection(self, extent: Extent = Extent.FOCUS) -> CapturedText:
        """Only the current selection: all of it, or its BEGINNING. Raises CaptureError."""
        if self.own_selection:
            return CapturedText(self.own_selection, Source.SELECTION)
        return await self._read_selection(extent)

    async def _read_command(self, command: Command) -> CapturedText:
        match command:
            case command if command in EXTENTS:
                return await self._read(Source.FOCUS, EXTENTS[command])
            case Command.READ_CLIPBOARD:
                return await self._read(Source.CLIPBOARD)
            case _:
                return await self._read_what_is_meant()

    async def _read(self, source: Source, extent: Extent = Extent.FOCUS) -> CapturedText:
        for place in self._places.get(source, ()):
            if not place.absence():
                return await place.read(source, extent)
        return await self._nowhere.read(source, extent)

    async def _read_what_is_meant(self) -> CapturedText:
        try:
            return await self.read_selection()
        except CaptureError as error:
            problem = error  # reported, unless another place has something
        sources = (Source.FOCUS,) * self.options.focused_text + (Source.CLIPBOARD,) * self.options.clipboard
        for source in sources:
            try:
                return await self._read(source)
            except NothingToReadError:
                pass
            except CaptureError as error:
                problem = error
        raise problem

    async def _read_selection(self, extent: Extent) -> CapturedText:
        """The selection of the first place that knows it. Raises NothingToReadError if it is empty or old.

        A place's text is requested at once, without waiting for earlier places, unless one of those will most likely
        know: a program returns one text at a time. Of places for the same source only the first available one is asked,
        and the next only if that one can't know.
        """
        searches: dict[Place, asyncio.Task[CapturedText | None]] = {}
        is_known = False
        for place in self._all:
            if not is_known and not self._stands_by(place):
                searches[place] = self._begin(place, extent)
            is_known = is_known or (isinstance(place, Foreseeing) and place.will_know())
        try:
            return await self._first_found(searches, extent)
        finally:
            for search in searches.values():
                search.cancel()
            if searches:
                await asyncio.wait(searches.values())
            for search in searches.values():
                search.cancelled() or search.exception()  # a failed search that was not needed

    async def _first_found(
        self, searches: dict[Place, asyncio.Task[CapturedText | None]], extent: Extent
    ) -> CapturedText:
        """The first result, in the order of the places. Searches not started yet are started when their turn comes."""
        problem: CaptureError | None = None
        for place in self._all:
            if place not in searches:
                searches[place] = self._begin(place, extent)
            try:
                if found := await searches[place]:
                    return found
            except NothingToReadError as error:
                log.info("nothing is selected: %s, %s", type(place).__name__, error)
                raise NothingToReadError(translate("reader", _NOTHING)) from error
            except CaptureError as error:
                problem = error
        if problem:
            raise problem
        return await self._nowhere.read(Source.SELECTION)

    def _stands_by(self, place: Place) -> bool:
        """Whether another available place for the selection comes before it."""
        there = [other for other in self._places.get(Source.SELECTION, ()) if not other.absence()]
        return place in there[1:]

    def _begin(self, place: Place, extent: Extent) -> asyncio.Task[CapturedText | None]:
        waits = place is self._all[-1] or place in self._places.get(Source.SELECTION, ())
        return tasks.start(self._search(place, extent, waits=waits), "selection")

    async def _search(self, place: Place, extent: Extent, *, waits: bool) -> CapturedText | None:
        """The current selection in one place; None if it can't know. Raises CaptureError.

        With `waits`, no time limit applies: the place is one of those for the selection, or the last one to ask.
        """
        is_advance = extent is Extent.BEGINNING
        look = place.look_in_advance if is_advance and isinstance(place, InAdvance) else place.look
        try:
            async with asyncio.timeout(None if waits else _LOOK_LIMIT_S):
                selection = await look()
        except TimeoutError:
            return None
        return None if selection is None else await _text(place, selection, extent)

    async def _why(self) -> str:
        """Why the program in front has nothing to read, as a sentence, if a place knows."""
        pid = (await self._in_front()).pid
        for place in self._all:
            if why := await place.why_nothing(pid):
                return why
        return ""

    async def _in_front(self) -> InFront:
        """The window in front, ignoring Harken's own, from the first place that knows it."""
        for place in self._all:
            if (front := await place.in_front()) != InFront():
                return front
        return InFront()

    async def _in_front_or_own(self) -> InFront:
        """The same; but if no place knows it and one of Harken's own windows is in front, Harken's process."""
        front = await self._in_front()
        return InFront(os.getpid()) if self.own_window and front == InFront() else front

    async def close(self) -> None:
        """Close every place. A failure of one does not stop the others."""
        await close_all(*self._all)


async def _text(place: Place, selection: Selection, extent: Extent) -> CapturedText:
    if selection.text == "" or not selection.is_meant():
        found = selection.front, selection.selected_s, selection.front_since_s
        log.info("it is not meant: %s, %s", "empty" if selection.text == "" else "kept", found)
        raise NothingToReadError(translate("reader", _NOTHING))
    if selection.text is None:
        return await place.read(Source.SELECTION, extent)
    if not selection.text.strip():
        raise NothingToReadError(translate("reader", _NOTHING))
    return CapturedText(selection.text, Source.SELECTION, selection.is_cut)
