"""Desktops of Linux on which a test selects, goes elsewhere, and has a program hang."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path

from reader.capture import atspi, wayland, x11
from reader.capture import gnome_shell as gnome_place
from tests.contract.capture_worlds import World
from tests.desktop.desk import Desk, wait_for
from tests.fakes import compositor, x11_owner
from tests.fakes.gnome_shell import Text, gnome_shell


class DeskWorld(World):
    """Windows of other programs on a real X server."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk

    async def leave(self) -> None:
        await asyncio.to_thread(self.desk.open_window, ["xterm", "-e", "sleep", "60"], "xterm")

    async def hang(self) -> Callable[[], None]:
        program = self.desk._windows[-1]
        os.kill(program.pid, signal.SIGSTOP)
        return lambda: os.kill(program.pid, signal.SIGCONT)


class XWorld(DeskWorld):
    name = "x11"

    async def open(self) -> None:
        self.place = await x11.open_place(self.news.release)

    async def select(self) -> str:
        command = [sys.executable, "-m", "tests.fakes.x11_owner", "utf8"]
        await asyncio.to_thread(self.desk.open_window, command, "owner")
        return x11_owner.TEXT


class BusWorld(DeskWorld):
    name = "at-spi"

    async def open(self) -> None:
        self.place = await atspi.open_place(self.news.release)

    async def select(self) -> str:
        text = "Selected in an editor."
        await asyncio.to_thread(self.desk.open_text, text)
        await asyncio.to_thread(self.desk.select_all, text)
        await asyncio.to_thread(wait_for, lambda: self.desk.selection() == text, "the selection")
        return text


class GnomeWorld(World):
    """GNOME Shell with Harken's extension on a real bus, with the desktop in memory."""

    name = "gnome shell"

    def __init__(self) -> None:
        super().__init__()
        self._open = AsyncExitStack()

    async def __aexit__(self, *error: object) -> None:
        await super().__aexit__(*error)
        await self._open.aclose()

    async def open(self) -> None:
        self.shell = await self._open.enter_async_context(gnome_shell())
        self.place = await gnome_place.open_place(self.news.release)

    async def select(self) -> str:
        self.shell.focus((1, 100, "org.example.Editor"))
        self.shell.select(Text(b"Selected on GNOME."))
        return "Selected on GNOME."

    async def leave(self) -> None:
        self.shell.focus((2, 200, "org.example.Other"))

    async def hang(self) -> Callable[[], None]:
        text = self.shell.texts["selection"]
        text.is_hung = True

        def wake() -> None:
            text.is_hung = False

        return wake


class WaylandWorld(World):
    """A compositor at a real socket, with the programs in memory."""

    name = "wayland"

    def __init__(self, path: Path, protocol: str) -> None:
        super().__init__()
        self._path, self._protocol = path, protocol
        self._open = AsyncExitStack()

    async def __aexit__(self, *error: object) -> None:
        await super().__aexit__(*error)
        await self._open.aclose()

    async def open(self) -> None:
        self.compositor = self._open.enter_context(compositor.compositor(self._path, self._protocol))
        self.place = self.wayland = await wayland.open_place(self.news.release)
        assert self.place.notes() == [f"selections are reported by {self._protocol}"]

    async def _told(self) -> None:
        """Until Harken has heard what happened: it is told in the order in which it happened."""
        assert self.wayland._connection
        await self.wayland._connection.roundtrip()

    async def select(self) -> str:
        self.compositor.focus("org.example.Editor")
        self.compositor.select(compositor.Text("Selected on Wayland – all of it.".encode()))
        await self._told()
        return "Selected on Wayland – all of it."

    async def leave(self) -> None:
        self.compositor.focus("org.example.Other")
        await self._told()

    async def hang(self) -> Callable[[], None]:
        text = self.compositor.primary
        assert text
        text.is_hung = True
        return text.wake
