"""What is in front on KDE: a KWin on a real bus that calls back as the script it was given would."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import time
from collections.abc import AsyncIterator, Hashable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from jeepney import DBusAddress, HeaderFields, Message, message_bus, new_method_call, new_method_return

from reader import tasks
from reader.capture.front import FrontWindow, Other
from reader.capture.front_kwin import KwinFront
from reader.dbus import Bus, open_bus
from reader.errors import DesktopError
from tests.fakes.session_bus import session_bus

pytestmark = pytest.mark.skipif(not shutil.which("dbus-daemon"), reason="dbus-daemon is not installed")


@pytest.fixture(autouse=True)
def bus(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    with session_bus() as address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        yield


class Noted(FrontWindow):
    """Keeps what it is told."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[Hashable] = []

    def change(self, window: Hashable, at_s: float, program: int | str = 0) -> None:
        super().change(window, at_s, program)
        self.told.append(window)


class Kwin:
    """`loaded` are the scripts it has, by name."""

    def __init__(self, bus: Bus) -> None:
        self.loaded: dict[str, str] = {}
        self._bus = bus

    async def serve(self, calls: asyncio.Queue[Message]) -> None:
        """Answer until this is cancelled. A script calls back as soon as it begins."""
        while True:
            call = await calls.get()
            member = call.header.fields[HeaderFields.member]
            match member, call.body:
                case "loadScript", (path, name):
                    self.loaded[name] = await asyncio.to_thread(Path(path).read_text, encoding="utf-8")
                case "unloadScript", (name,):
                    del self.loaded[name]
            await self._bus.send(new_method_return(call))
            if member == "start":
                await self._bus.send(self.call("first", 1))

    def call(self, window: str, pid: int, told_ms: str = "") -> Message:
        """What the script calls."""
        (script,) = self.loaded.values()
        name, path, interface, member = re.findall(r'"([^"]*)"', script.partition("callDBus(")[2])[:4]
        return new_method_call(DBusAddress(path, name, interface), member, "sis", (window, pid, told_ms))

    async def tell(self, window: str, pid: int = 1, told_ms: str = "") -> None:
        """Call it, and wait for the answer."""
        await self._bus.ask(self.call(window, pid, told_ms))


@asynccontextmanager
async def kwin() -> AsyncIterator[Kwin]:
    bus = await open_bus()
    made = Kwin(bus)
    with bus.calls() as calls:
        await bus.ask(message_bus.RequestName("org.kde.KWin", 4))
        serving = tasks.start(made.serve(calls), "KWin")
        try:
            yield made
        finally:
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)
            await bus.close()


@asynccontextmanager
async def watched(front: FrontWindow) -> AsyncIterator[None]:
    watch = KwinFront(front)
    await watch.start()
    try:
        yield
    finally:
        await watch.close()


async def test_what_kwin_calls_is_in_front_until_it_calls_another() -> None:
    front = Noted()
    async with kwin() as desk:
        async with watched(front):
            for window, pid in (("second", 1), ("own", os.getpid()), ("", 0)):
                await desk.tell(window, pid)
            assert front.told == ["first", "second", Other.OWN, Other.NOTHING]
        assert front.told[-1] is Other.UNKNOWN
        assert desk.loaded == {}


@pytest.mark.parametrize(("ago_s", "is_believed"), [(2.0, True), (60.0, False), (-60.0, False), (None, False)], ids=str)
async def test_what_is_told_late_was_in_front_when_kwin_says(ago_s: float | None, is_believed: bool) -> None:
    """What was selected in a window before its coming to the front was heard of is that window's."""
    front = Noted()
    async with kwin() as desk, watched(front):
        selected_s = time.monotonic()
        await desk.tell("second", 1, "soon" if ago_s is None else str(round((time.time() - ago_s) * 1000)))
        assert front.judge(selected_s).is_meant() is is_believed


async def test_nobody_else_is_believed() -> None:
    front = Noted()
    async with kwin() as desk, watched(front):
        liar = await open_bus()
        await liar.send(desk.call("lie", 1))
        await liar.ask(message_bus.GetId())  # the bus has passed it on
        await liar.close()
        await desk.tell("second")
        assert front.told == ["first", "second"]


async def test_without_kwin_it_is_not_begun() -> None:
    with pytest.raises(DesktopError, match="NameHasNoOwner"):
        await KwinFront(FrontWindow()).start()
