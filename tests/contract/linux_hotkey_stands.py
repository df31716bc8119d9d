"""Desktops of Linux on which whatever takes keys is tried: X11, sway, GNOME Shell, portals."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from Xlib import XK, X
from Xlib.display import Display

from reader.hotkeys import gnome_bindings, portal_shortcuts, sway_ipc
from reader.hotkeys.base import HotkeyBackend, OnCommand
from reader.hotkeys.chord import Chord
from reader.hotkeys.gnome_settings import open_hotkeys as open_gnome_settings
from reader.hotkeys.gnome_shell import accelerator
from reader.hotkeys.gnome_shell import open_hotkeys as open_gnome
from reader.hotkeys.portal import open_hotkeys as open_portal
from reader.hotkeys.sway import SwayHotkeys
from reader.ipc.bus_server import BusServer
from reader.ipc.messages import request
from tests.contract.hotkey_stands import SENTINEL, Stand
from tests.desktop.desk import Desk, wait_for
from tests.fakes.gnome_daemon import gnome_daemon
from tests.fakes.gnome_shell import gnome_shell
from tests.fakes.portal import Kind, portal
from tests.fakes.sway import Sway


class BusStand(Stand):
    """A strict portal on a real bus (tests/fakes/portal.py), with the desktop behind it in memory."""

    def __init__(self, kind: Kind, address: str) -> None:
        super().__init__()
        self._kind, self._address = kind, address
        self._open = AsyncExitStack()

    async def open(self) -> None:
        self.desk = await self._open.enter_async_context(portal(self._kind, self._address))
        self.desk.answer(True)
        self.backend = await open_portal(self.heard.append)

    async def end(self) -> None:
        await self._open.aclose()

    def press(self, chord: Chord) -> None:
        self.desk.press(portal_shortcuts.trigger(chord))

    def in_front(self) -> list[Chord]:
        return [Chord.parse(keys) for keys in self.desk.in_front]


class GnomeStand(Stand):
    """GNOME Shell with Harken's extension on a real bus (tests/fakes/gnome_shell.py), with the desktop in memory."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self._address = address
        self._open = AsyncExitStack()

    async def open(self) -> None:
        self.shell = await self._open.enter_async_context(gnome_shell(self._address))
        self.backend = await open_gnome(self.heard.append)

    async def end(self) -> None:
        await self._open.aclose()

    def press(self, chord: Chord) -> None:
        self.shell.press(accelerator(chord))

    def in_front(self) -> list[Chord]:
        return [Chord.parse(keys.replace("<", "").replace(">", "+")) for keys in self.shell.in_front]

    def have_another_program_take(self, chord: Chord) -> Callable[[], None]:
        self.shell.taken[accelerator(chord)] = "Something of GNOME's"
        return self.shell.taken.clear


class GnomeSettingsStand(Stand):
    """GNOME's real settings, whose keys run the real harken-key, which asks Harken's real end of a real bus."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self._address = address
        self._open = AsyncExitStack()

    async def open(self) -> None:
        self.daemon = await self._open.enter_async_context(gnome_daemon(self._address))
        self._server = BusServer(self._obey, dict)
        self._server.start()
        self.backend = await open_gnome_settings(self.heard.append)

    async def _obey(self, message: Mapping[str, Any]) -> dict[str, Any]:
        _, fields = request(message)
        self.heard.append(fields["command"])
        return {}

    async def end(self) -> None:
        await self._open.aclose()
        await asyncio.to_thread(self.daemon.join)
        await self._server.close()

    def press(self, chord: Chord) -> None:
        self.daemon.press(chord)

    def in_front(self) -> list[Chord]:
        return self.daemon.in_front

    def have_another_program_take(self, chord: Chord) -> Callable[[], None]:
        path = self.daemon.add("terminal", gnome_bindings.accelerator(chord), "true")
        return lambda: self.daemon.remove(path)


class SwayStand(Stand):
    """sway's socket, with the keys behind it in memory."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder

    async def open(self) -> None:
        self.desk = Sway(self._folder, "")
        await self.desk.start()
        backend = SwayHotkeys(self.heard.append, self.desk.path)
        await backend.start()
        self.backend = backend

    async def end(self) -> None:
        await self.desk.stop()

    def press(self, chord: Chord) -> None:
        self.desk.press(sway_ipc.written(chord))

    def in_front(self) -> list[Chord]:
        return [Chord.parse(keys) for keys in self.desk.in_front]

    def have_another_program_take(self, chord: Chord) -> Callable[[], None]:
        self.desk.config = f"bindsym {sway_ipc.written(chord)} exec foot\n"

        def let_go() -> None:
            self.desk.config = ""

        return let_go


class Front:
    """A program in front, of which the X server says which keys it got."""

    def __init__(self, name: str) -> None:
        self.display = Display(name)
        root = self.display.screen().root
        self._window = root.create_window(
            0, 0, 9, 9, 0, X.CopyFromParent, override_redirect=True, event_mask=X.KeyPressMask
        )
        self._window.map()
        wait_for(self._has_focus, "the focus")

    def _has_focus(self) -> bool:
        self._window.set_input_focus(X.RevertToParent, X.CurrentTime)
        return bool(self.display.get_input_focus().focus == self._window)

    def keys(self) -> list[Chord]:
        """Those that have come since the last time, without modifiers."""
        found = []
        while self.display.pending_events():
            event = self.display.next_event()
            if event.type == X.KeyPress and (name := _NAMES.get(self.display.keycode_to_keysym(event.detail, 0))):
                found.append(Chord(name))
        return found


class X11Stand(Stand):
    """A real X server, and a program in front of it."""

    def __init__(self, desk: Desk, front: Front, make: Callable[[OnCommand], HotkeyBackend]) -> None:
        super().__init__()
        self._keyboard = desk.keyboard
        self._front = front
        self._make = make
        self._got: list[Chord] = []
        self.in_front()  # what came before is not this test's
        self._got.clear()

    async def open(self) -> None:
        self.backend = await asyncio.to_thread(self._make, self.heard.append)

    def press(self, chord: Chord) -> None:
        self._keyboard.press("+".join([*(modifier.lower() for modifier in sorted(chord.modifiers)), chord.key]))

    def in_front(self) -> list[Chord]:
        before = self._got.count(SENTINEL)
        self._keyboard.press(SENTINEL.key)
        wait_for(lambda: self._sentinels() > before, "a key in front")
        return [chord for chord in self._got if chord != SENTINEL]

    def _sentinels(self) -> int:
        self._got += self._front.keys()
        return self._got.count(SENTINEL)

    def have_another_program_take(self, chord: Chord) -> Callable[[], None]:
        rival = Display(self._front.display.get_display_name())
        code = rival.keysym_to_keycode(XK.string_to_keysym(chord.key))
        rival.screen().root.grab_key(code, X.AnyModifier, True, X.GrabModeAsync, X.GrabModeAsync)
        rival.sync()

        def let_go() -> None:
            rival.screen().root.ungrab_key(code, X.AnyModifier)
            rival.sync()
            rival.close()

        return let_go


_NAMES = {XK.XK_Escape: "Escape", **{XK.string_to_keysym(f"F{number}"): f"F{number}" for number in range(1, 13)}}
