"""The selection and the clipboard on GNOME's Wayland, through Harken's extension for GNOME Shell.

The shell knows when and in which window each selection was made, and which window is in front. Selections made before
the extension started are unknown here: the next place is asked, as it is while the extension is not running.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable
from typing import Any

from reader import tasks
from reader.capture.base import LIMIT_CHARS, AskFront, CaptureOptions, Extent, Front, InFront, Selection
from reader.capture.quiet_timer import QuietTimer
from reader.capture.transfer import ANSWER_LIMIT_S, HUNG, IS_SECRET, WHOLE_LIMIT_S, decode
from reader.errors import CaptureError, CaptureTimeoutError, DesktopError, NoPlaceError, NothingToReadError
from reader.flow import CapturedText, Source
from reader.gnome_shell.extension import ShellExtension
from reader.support.app_id import APP_ID
from reader.support.i18n import QT_TRANSLATE_NOOP, translate

log = logging.getLogger(__name__)

# A selection is complete when it has not changed for this long and the mouse button is released.
_SETTLED_S = 0.25
_LOOK_LIMIT_S = 1.0
# The extension itself waits for a program within the limits of transfer.py.
_READ_LIMIT_S = WHOLE_LIMIT_S + ANSWER_LIMIT_S + 0.5
# Anything larger is parsed off the loop, so as not to block it.
_LARGE_BYTES = 200_000
_NOTHING = {
    Source.SELECTION: QT_TRANSLATE_NOOP("reader", "Nothing is selected."),
    Source.CLIPBOARD: QT_TRANSLATE_NOOP("reader", "The clipboard is empty."),
}
# The names of Harken's own windows: on Wayland, and through XWayland.
_OWN = (APP_ID, "harken")


class GnomeShellText:
    """Implements Place and Telling."""

    def __init__(self, on_new_selection: Callable[[], None]) -> None:
        self._on_new_selection = on_new_selection
        self._extension = ShellExtension(self._on_change, self._on_signal)
        self._watches_selection = False
        self._quiet = QuietTimer()
        self._settling: asyncio.TimerHandle | None = None
        self._asking: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start. Raises DesktopError if there is no bus."""
        await self._extension.start()

    # ---- Place ----

    def absence(self) -> str:
        return self._extension.absence

    async def look(self) -> Selection | None:
        try:
            return read_look(await self._extension.ask("Look", limit_s=_LOOK_LIMIT_S), os.getpid())
        except DesktopError as error:
            log.debug("the extension does not say what is selected: %s", error)
            return None

    async def read(self, source: Source, extent: Extent = Extent.FOCUS, /) -> CapturedText:
        """For SELECTION and CLIPBOARD."""
        if why := self.absence():
            raise NoPlaceError(why)
        try:
            if extent is Extent.BEGINNING:
                answer = await self._extension.ask("ReadBeginning", limit_s=_READ_LIMIT_S)
            else:
                answer = await self._extension.ask("Read", "s", str(source), limit_s=_READ_LIMIT_S)
        except DesktopError as error:
            log.debug("the extension does not hand over a text: %s", error)
            raise CaptureTimeoutError(translate("reader", HUNG)) from error
        how, kind, is_cut, data = parts_of(answer)
        match how:
            case "secret":
                raise CaptureError(translate("reader", IS_SECRET))
            case "hung":
                raise CaptureTimeoutError(translate("reader", HUNG))
            case "not-text":
                raise NothingToReadError(translate("reader", "The selection is not text."))
        if len(data) > _LARGE_BYTES:
            text = await asyncio.to_thread(decode, data, kind)
        else:
            text = decode(data, kind)
        if not text.strip():
            raise NothingToReadError(translate("reader", _NOTHING[source]))
        return CapturedText(text[:LIMIT_CHARS], source, is_cut or len(text) > LIMIT_CHARS)

    async def in_front(self) -> InFront:
        try:
            *_, fronts = await self._extension.ask("Look", limit_s=_LOOK_LIMIT_S)
            _, pid = front_of(fronts, os.getpid())
        except (DesktopError, TypeError, ValueError):
            return InFront()
        return InFront(pid)

    def use_front(self, ask: AskFront) -> None:
        pass

    async def why_nothing(self, pid: int) -> str:
        return ""

    async def apply(self, options: CaptureOptions) -> None:
        before = self._is_told
        self._watches_selection = options.every_selection
        self._quiet.is_wanted = options.prepares
        if self._is_told is not before:
            await self._watch()

    async def look_in_advance(self) -> Selection | None:
        return await self.look()

    def tell(self, on_selection: Callable[[bool], None]) -> None:
        self._quiet.tell = on_selection

    def notes(self) -> list[str]:
        return [] if self.absence() else ["GNOME Shell reports selections through Harken's extension"]

    async def close(self) -> None:
        self._stop_settling()
        self._quiet.stop()
        if self._asking:
            self._asking.cancel()
            await asyncio.gather(self._asking, return_exceptions=True)
            self._asking = None
        await self._extension.close()

    # ---- new selections ----

    @property
    def _is_told(self) -> bool:
        """Whether the extension should report new selections."""
        return self._watches_selection or self._quiet.is_wanted

    def _on_change(self) -> None:
        """The extension has come back, without its earlier settings, or has gone."""
        self._quiet.stop()
        if self._is_told and self._extension.is_here:
            self._asking = tasks.start(self._watch(), "watch selections")

    async def _watch(self) -> None:
        try:
            await self._extension.ask("Watch", "b", self._is_told)
        except DesktopError as error:
            log.debug("the extension does not tell of selections: %s", error)

    def _on_signal(self, name: str, _body: tuple[Any, ...]) -> None:
        if name == "Left":
            self._quiet.leave()
        if name != "Selected":
            return
        self._quiet.change(is_there=True)
        if self._watches_selection:
            self._settle_in(_SETTLED_S)

    def _settle_in(self, seconds: float) -> None:
        self._stop_settling()
        self._settling = asyncio.get_running_loop().call_later(seconds, self._settle)

    def _stop_settling(self) -> None:
        if self._settling:
            self._settling.cancel()
            self._settling = None

    def _settle(self) -> None:
        self._settling = None
        self._asking = tasks.start(self._tell(), "a new selection")

    async def _tell(self) -> None:
        """Report a completed selection."""
        try:
            _, _, _, is_held, *_ = await self._extension.ask("Look")
        except (DesktopError, ValueError):
            return
        if is_held:
            self._settle_in(_SETTLED_S / 2)
        else:
            self._on_new_selection()


def read_look(answer: tuple[Any, ...], own_pid: int) -> Selection | None:
    """Parse the extension's answer to Look, which is untrusted and of any types. None if it does not know enough."""
    try:
        is_there, maker, _made_us, _is_held, fronts = answer
        front, _ = front_of(fronts, own_pid)
    except (TypeError, ValueError):
        return None
    if not is_there:
        return Selection(text="")
    if not front:  # an old one, from a window no longer in front
        return Selection(Front.ANOTHERS)
    if not maker:
        return None
    return Selection(Front.ITS_OWN if maker == front else Front.ANOTHERS)


def front_of(fronts: Any, own_pid: int) -> tuple[Any, int]:
    """The window in front and its process, zeros for none: the user means the window before Harken's own.

    Raises TypeError or ValueError if it is not a list of windows.
    """
    windows = [(window, pid) for window, pid, app in fronts if pid != own_pid and app not in _OWN]
    window, pid = windows[0] if windows else (0, 0)
    return window, pid if isinstance(pid, int) else 0


def parts_of(answer: tuple[Any, ...]) -> tuple[str, str, bool, bytes]:
    """The outcome, the type of text, whether it was cut, its bytes: untrusted, of any types."""
    how, kind, is_cut, data = answer if len(answer) == 4 else ("hung", "", False, b"")
    return str(how), str(kind), is_cut is True, data if isinstance(data, bytes) else b""


async def open_place(on_new_selection: Callable[[], None]) -> GnomeShellText:
    """Open the place. `PlaceEntry` in choose.py says what is raised. It may be opened before the extension is there."""
    place = GnomeShellText(on_new_selection)
    try:
        await place.start()
    except DesktopError as error:
        raise CaptureError(str(error)) from error
    return place
