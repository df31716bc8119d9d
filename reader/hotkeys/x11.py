"""Keys on X11, by grabs held on a separate thread: `x11_grabs.py`."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from Xlib.error import DisplayError, XError

from reader.errors import DesktopError, HotkeyError
from reader.flow import BoundKeys, Command
from reader.hotkeys.base import OnChange, OnCommand
from reader.hotkeys.chord import Chord
from reader.hotkeys.x11_grabs import Grabs
from reader.support.i18n import translate

_BIND_LIMIT_S = 2.0


class X11Hotkeys:
    """Implements HotkeyBackend."""

    name = "x11 grabs"
    swallows = True
    asks_user = False
    sees_conflicts = True
    has_escape = True

    def __init__(self, on_command: OnCommand) -> None:
        """Waits for the X server. Raises DisplayError (or another of Xlib's) if there is none."""
        self.on_change: OnChange = lambda _: None
        self._wanted: dict[Command, Chord] = {}
        self._grabs = Grabs(on_command, self._changed)

    async def bind(self, wanted: Mapping[Command, Chord]) -> BoundKeys:
        """Takes at most two seconds."""
        self._wanted = dict(wanted)
        # Submitted at once, so that the thread gets requests in order, even if this is cancelled.
        done = self._grabs.take({chord: command for command, chord in wanted.items()})
        try:
            async with asyncio.timeout(_BIND_LIMIT_S):
                refused = await asyncio.shield(asyncio.wrap_future(done))
        except (TimeoutError, DesktopError):
            return BoundKeys(refused=dict.fromkeys(wanted, translate("reader", "The display is not responding.")))
        return _keys(wanted, refused)

    def bind_escape(self, command: Command | None) -> None:
        self._grabs.take_escape(command)

    def spare_focus(self, is_wanted: bool) -> None:
        self._grabs.spare_focus(is_wanted)

    async def close(self) -> None:
        await asyncio.to_thread(self._grabs.close)

    def _changed(self, refused: Mapping[Chord, str]) -> None:
        """On the thread of the grabs."""
        self.on_change(_keys(self._wanted, refused))


async def open_hotkeys(on_command: OnCommand) -> X11Hotkeys:
    """Open the back end. `HotkeyEntry` in choose.py says what is raised."""
    try:
        return await asyncio.to_thread(X11Hotkeys, on_command)
    except (DisplayError, XError, OSError) as error:
        raise HotkeyError(str(error)) from error


def _keys(wanted: Mapping[Command, Chord], refused: Mapping[Chord, str]) -> BoundKeys:
    """X identifies keys by code, so each is shown as Harken writes it."""
    return BoundKeys(
        {command: str(chord) for command, chord in wanted.items() if chord not in refused},
        {command: refused[chord] for command, chord in wanted.items() if chord in refused},
    )
