"""What a key press means: the selection, or else the focused text, or else, if the user wishes, the clipboard.

Selections are kept by the program that made them, often long after they ceased to be shown, so one is read
only when the source can tell that it belongs to what the user is looking at (`x11.py` says how). A focused
text field that reports its own selection, or that it has none, is believed before that.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from reader import tasks
from reader.capture.base import FocusSource, TextSource
from reader.errors import CaptureError, NoPlaceError, NothingToReadError
from reader.flow import CapturedText, Command, Source
from reader.support.i18n import QT_TRANSLATE_NOOP, translate

# A program that takes longer to say what is selected in it is not waited for.
_ASK_LIMIT_S = 0.05

_NOTHING = QT_TRANSLATE_NOOP("reader", "Nothing is selected. Select some text and press the key again.")


@dataclass(frozen=True, slots=True)
class CaptureOptions:
    """What the user has chosen."""

    focused_text: bool = True
    clipboard: bool = False


class Capture:
    """Asks the places in order. Core thread only."""

    def __init__(
        self, selection: TextSource, focus: FocusSource, clipboard: TextSource, options: CaptureOptions | None = None
    ) -> None:
        self._selection = selection
        self._focus = focus
        self._clipboard = clipboard
        self.options = options or CaptureOptions()
        # What is selected in the window in front, when that is one of Harken's own: the places leave those out.
        self.own_selection = ""

    async def read(self, command: Command) -> CapturedText:
        """The text a command means. Raises CaptureError with the sentence for the user."""
        match command:
            case Command.READ_FOCUS:
                return await self._focus.read()
            case Command.READ_CLIPBOARD:
                return await self._clipboard.read()
            case _:
                return await self._read_what_is_meant()

    async def _read_what_is_meant(self) -> CapturedText:
        if self.own_selection:
            return CapturedText(self.own_selection, Source.SELECTION)
        problem: CaptureError = NothingToReadError(translate("reader", _NOTHING))
        try:
            return await self._read_selection()
        except NoPlaceError as error:
            problem = error
        except NothingToReadError:
            pass
        except CaptureError as error:  # say so, unless another place has something
            problem = error
        places: list[TextSource] = []
        if self.options.focused_text:
            places.append(self._focus)
        if self.options.clipboard:
            places.append(self._clipboard)
        for place in places:
            try:
                return await place.read()
            except NothingToReadError:
                pass
            except CaptureError as error:
                problem = error
        raise problem

    async def _read_selection(self) -> CapturedText:
        """The selection: both places are asked at once, and the focused text is believed if it knows."""
        reading = tasks.start(self._selection.read(), "selection")
        try:
            selected = await self._ask_focus()
            if selected is None:
                return await reading
        finally:
            reading.cancel()
            await asyncio.wait([reading])
            reading.cancelled() or reading.exception()  # a failure of the place that was not needed
        if not selected.strip():
            raise NothingToReadError(translate("reader", _NOTHING))
        return CapturedText(selected, Source.SELECTION)

    async def _ask_focus(self) -> str | None:
        try:
            async with asyncio.timeout(_ASK_LIMIT_S):
                return await self._focus.selection()
        except (CaptureError, TimeoutError):
            return None

    async def close(self) -> None:
        """Let go of every place."""
        for place in (self._selection, self._focus, self._clipboard):
            await place.close()
