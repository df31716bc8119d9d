"""The selection and the clipboard on Wayland, through data control: sway, labwc, KDE and others, but not GNOME.

The compositor reports each new selection, so the time of each is known, but not the program: see `front.py`. What is in
front is reported by the compositor, by KWin over D-Bus, or by the programs themselves.

On the core's loop: nothing here takes longer than a system call, and too many reports end the connection.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable

from reader import tasks
from reader.capture.base import LIMIT_CHARS, AskFront, CaptureOptions, Extent, InFront, Selection
from reader.capture.data_control import EXT, NEEDED, TOPLEVELS, WLR, Offer, Selections, Toplevels, Window
from reader.capture.front import FrontWatch, FrontWindow, Other
from reader.capture.front_atspi import AtspiFront
from reader.capture.front_kwin import KwinFront
from reader.capture.quiet_timer import QuietTimer
from reader.capture.transfer import BEGINNING_BYTES, DISPLAY_LOST, IS_SECRET, LIMIT_BYTES
from reader.capture.unreported import pid_of
from reader.capture.wayland_transfer import receive
from reader.errors import CaptureError, DesktopError, NothingToReadError
from reader.flow import CapturedText, Source
from reader.support import unix
from reader.support.app_id import APP_ID
from reader.support.i18n import translate
from reader.wayland.connection import Connection, connect

log = logging.getLogger(__name__)

# A selection is complete when it has not changed for this long.
_SETTLED_S = 0.25
_TOPLEVELS_VERSION = 3


class WaylandText:
    """Implements Place and Telling."""

    def __init__(self, on_new_selection: Callable[[], None]) -> None:
        self.name = ""  # of the protocol in use
        self._on_new_selection = on_new_selection
        self._watches_selection = False
        self._quiet = QuietTimer()
        self._front = self._new_front()
        self._watch: FrontWatch | None = None
        self._connection: Connection | None = None
        self._selections: Selections | None = None
        self._settling: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[None] | None = None
        self._tells_front = False  # whether the compositor does

    async def start(self) -> None:
        """Connect. Raises DesktopError with the reason if it can't be used."""
        try:
            await self._connect()
            if not self._tells_front:
                self._watch = await _watch(self._front)
        except BaseException:
            await self.close()
            raise
        self._task = tasks.keep(self._follow, "selections of Wayland")

    # ---- Place ----

    def absence(self) -> str:
        return ""

    async def look(self) -> Selection | None:
        selections = self._there()
        if selections.primary is None:
            return Selection(text="")
        if self._watch and not await self._watch.confirm():
            return Selection()
        return self._front.judge(selections.selected_s)

    async def read(self, source: Source, extent: Extent = Extent.FOCUS, /) -> CapturedText:
        """For SELECTION and CLIPBOARD."""
        selections = self._there()
        is_primary = source is Source.SELECTION
        offer = selections.primary if is_primary else selections.clipboard
        nothing = "Nothing is selected." if is_primary else "The clipboard is empty."
        if offer is None:
            raise NothingToReadError(translate("reader", nothing))
        limit_bytes = BEGINNING_BYTES if extent is Extent.BEGINNING else LIMIT_BYTES
        text, is_cut = await self._receive(selections, offer, limit_bytes)
        if not text.strip():
            raise NothingToReadError(translate("reader", nothing))
        return CapturedText(text[:LIMIT_CHARS], source, is_cut or len(text) > LIMIT_CHARS)

    async def in_front(self) -> InFront:
        program = self._front.program
        return InFront(await asyncio.to_thread(pid_of, program) if isinstance(program, str) else program)

    def use_front(self, ask: AskFront) -> None:
        pass

    async def why_nothing(self, pid: int) -> str:
        return ""

    async def apply(self, options: CaptureOptions) -> None:
        self._watches_selection = options.every_selection
        self._quiet.is_wanted = options.prepares

    async def look_in_advance(self) -> Selection | None:
        return await self.look()

    def tell(self, on_selection: Callable[[bool], None]) -> None:
        self._quiet.tell = on_selection

    def notes(self) -> list[str]:
        watch = self._watch.notes() if self._watch else []
        return [f"selections are reported by {self.name}", *watch]

    async def close(self) -> None:
        if self._task:
            self._task.cancel()
            await asyncio.wait([self._task])
            self._task = None
        self._disconnect()
        if self._watch:
            await self._watch.close()
            self._watch = None

    # ---- the compositor ----

    def _there(self) -> Selections:
        if self._selections is None or self._connection is None or self._connection.is_gone:
            raise CaptureError(translate("reader", DISPLAY_LOST))
        return self._selections

    async def _receive(self, selections: Selections, offer: Offer, limit_bytes: int) -> tuple[str, bool]:
        if offer.is_secret:
            raise CaptureError(translate("reader", IS_SECRET))
        if not offer.text_kind:
            raise NothingToReadError(translate("reader", "The selection is not text."))
        ours, theirs = unix.pipe()
        selections.receive(offer, theirs)
        return await receive(ours, limit_bytes)

    async def _connect(self) -> None:
        self._connection = connection = await connect()
        self.name = next((name for name in (EXT, WLR) if connection.version(name) >= NEEDED[name]), "")
        if not self.name:
            raise DesktopError(_why_not(connection))
        if not connection.version("wl_seat"):
            raise DesktopError("this session has no seat")
        self._tells_front = connection.version(TOPLEVELS) >= _TOPLEVELS_VERSION
        if self._tells_front:
            self._follow_windows(connection)
        seat = connection.bind("wl_seat", 1, lambda _opcode, _arguments: None)
        manager = connection.bind(self.name, NEEDED[self.name], lambda _opcode, _arguments: None)
        selections = Selections(connection, manager, seat, self._on_primary)
        await connection.roundtrip()
        selections.settle()
        self._selections = selections

    def _follow_windows(self, connection: Connection) -> None:
        def on_active(window: Window | None) -> None:
            if window is None:
                self._front.change(Other.NOTHING, connection.stamp())
            else:
                self._front.change(Other.OWN if window.app == APP_ID else window, connection.stamp(), window.app)

        manager = connection.bind(
            TOPLEVELS, _TOPLEVELS_VERSION, lambda opcode, arguments: toplevels.on_manager(opcode, arguments)
        )
        toplevels = Toplevels(connection, manager, on_active)

    def _on_primary(self) -> None:
        if self._selections is None:  # it was there before Harken connected
            return
        if self._settling:
            self._settling.cancel()
            self._settling = None
        if self._selections.primary and self._watches_selection:
            self._settling = asyncio.get_running_loop().call_later(_SETTLED_S, self._on_new_selection)
        self._quiet.change(is_there=self._selections.primary is not None)

    def _new_front(self) -> FrontWindow:
        front = FrontWindow()
        front.on_other = self._quiet.leave
        return front

    async def _follow(self) -> None:
        """Stay connected until the compositor goes."""
        try:
            if self._connection is None:
                await self._connect()
                log.warning("the compositor is back")
            if self._connection:
                why = await self._connection.wait_until_gone()
                log.warning("selections are not told any more: %s", why)
        except DesktopError as error:
            log.debug("no selections of Wayland: %s", error)
        finally:
            self._disconnect()

    def _disconnect(self) -> None:
        if self._settling:
            self._settling.cancel()
            self._settling = None
        self._quiet.stop()
        if self._connection:
            self._connection.close()
        self._connection = self._selections = None
        if self._tells_front:
            self._front = self._new_front()


def _why_not(connection: Connection) -> str:
    if connection.version(WLR):
        return f"this compositor's {WLR} is too old: it reports only the clipboard"
    return "this compositor has no data control"


async def _watch(front: FrontWindow) -> FrontWatch | None:
    """A watch for what is in front, if the compositor does not report it; None if there is no way."""
    for kind in (KwinFront, AtspiFront):
        watch = kind(front)
        with contextlib.suppress(DesktopError):
            await watch.start()
            return watch
    return None


async def open_place(on_new_selection: Callable[[], None]) -> WaylandText:
    """Open the place. `PlaceEntry` in choose.py says what is raised."""
    place = WaylandText(on_new_selection)
    try:
        await place.start()
    except DesktopError as error:
        raise CaptureError(str(error)) from error
    return place
