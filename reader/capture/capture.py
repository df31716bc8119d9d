"""What a key press means: the selection, or else the focused text, or else, if the user wishes, the clipboard.

Every place is asked at once what is selected, and the first one that knows is believed: a focused text field that
reports its own selection, or that it has none, before a place that knows only what some program keeps. Whether that is
meant or an old one is decided by `base.py: Selection.is_meant` from what the place knows of it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from reader import tasks
from reader.capture.base import CaptureOptions, Place, Selection
from reader.capture.none import NoText
from reader.errors import CaptureError, NothingToReadError
from reader.flow import CapturedText, Command, Source
from reader.support.i18n import QT_TRANSLATE_NOOP, translate

# A place that takes longer to say what is selected is not waited for while there is another one.
_LOOK_LIMIT_S = 0.05

_NOTHING = QT_TRANSLATE_NOOP("reader", "Nothing is selected. Select some text and press the key again.")


class Capture:
    """Asks the places in order. Core thread only."""

    def __init__(self, places: Mapping[Source, Place], nowhere: NoText | None = None) -> None:
        """`places` has one for each source, in the order in which they are asked what is selected.

        `nowhere` stands in for those that are missing.
        """
        self.options = CaptureOptions()
        # What is selected in the window in front, when that is one of Harken's own: the places leave those out.
        self.own_selection = ""
        self._nowhere = nowhere or NoText()
        self._places = dict(places)
        self._all = list({id(place): place for place in places.values()}.values())

    async def apply(self, options: CaptureOptions) -> None:
        """What holds from now on."""
        self.options = options
        for place in self._all:
            await place.apply(options)

    def notes(self) -> list[str]:
        """What `harken doctor` should say of the places, in sentences."""
        return [note for place in self._all for note in place.notes()]

    async def read(self, command: Command) -> CapturedText:
        """The text a command means. Raises CaptureError with the sentence for the user."""
        match command:
            case Command.READ_FOCUS:
                return await self._read(Source.FOCUS)
            case Command.READ_CLIPBOARD:
                return await self._read(Source.CLIPBOARD)
            case _:
                return await self._read_what_is_meant()

    async def _read(self, source: Source) -> CapturedText:
        return await self._places.get(source, self._nowhere).read(source)

    async def _read_what_is_meant(self) -> CapturedText:
        if self.own_selection:
            return CapturedText(self.own_selection, Source.SELECTION)
        try:
            return await self._read_selection()
        except CaptureError as error:
            problem = error  # it is told, unless another place has something
        sources = (Source.FOCUS,) * self.options.focused_text + (Source.CLIPBOARD,) * self.options.clipboard
        for source in sources:
            try:
                return await self._read(source)
            except NothingToReadError:
                pass
            except CaptureError as error:
                problem = error
        raise problem

    async def _read_selection(self) -> CapturedText:
        """The selection of the first place that knows of one. Raises NothingToReadError when it is none or not meant.

        Its text is asked for at once, not when the places before it have answered.
        """
        problem: CaptureError | None = None
        searches = [tasks.start(self._search(place, waits=place is self._all[-1]), "selection") for place in self._all]
        try:
            for search in searches:
                try:
                    found = await search
                except NothingToReadError as error:
                    raise NothingToReadError(translate("reader", _NOTHING)) from error
                except CaptureError as error:
                    problem = error
                else:
                    if found:
                        return found
        finally:
            for search in searches:
                search.cancel()
            if searches:
                await asyncio.wait(searches)
            for search in searches:
                search.cancelled() or search.exception()  # a failure of a place that was not needed
        if problem:
            raise problem
        return await self._nowhere.read(Source.SELECTION)

    async def _search(self, place: Place, *, waits: bool) -> CapturedText | None:
        """What is meant in one place; None when it can't know. Raises CaptureError.

        With `waits` it is waited for: no other one is left to ask.
        """
        try:
            async with asyncio.timeout(None if waits else _LOOK_LIMIT_S):
                selection = await place.look()
        except TimeoutError:
            return None
        return None if selection is None else await _text(place, selection)

    async def close(self) -> None:
        """Let go of every place."""
        for place in self._all:
            await place.close()


async def _text(place: Place, selection: Selection) -> CapturedText:
    if selection.text == "" or not selection.is_meant():
        raise NothingToReadError(translate("reader", _NOTHING))
    if selection.text is None:
        return await place.read(Source.SELECTION)
    if not selection.text.strip():
        raise NothingToReadError(translate("reader", _NOTHING))
    return CapturedText(selection.text, Source.SELECTION)
