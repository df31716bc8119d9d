"""What programs report of their windows on the accessibility bus, and what is believed once they are closed."""

from __future__ import annotations

import asyncio
import os
import shutil
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from jeepney import DBusAddress, HeaderFields, Message, message_bus, new_error, new_method_return, new_signal

from reader import tasks
from reader.capture.accessible import Accessibles, Object
from reader.capture.base import Front
from reader.capture.front import FrontWindow
from reader.capture.front_atspi import AtspiFront
from reader.capture.roles import State
from reader.dbus import LIMIT_S, Bus, open_bus
from tests.fakes.session_bus import session_bus

pytestmark = pytest.mark.skipif(not shutil.which("dbus-daemon"), reason="dbus-daemon is not installed")
WINDOW, SECOND = "/window", "/second"


@pytest.fixture(autouse=True)
def bus(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[str]:
    async def pid(_self: Accessibles, _item: Object) -> int:
        return os.getpid() + 1  # these are other people's programs, though in this process

    monkeypatch.setattr(Accessibles, "pid", pid)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    with session_bus() as address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        yield address


async def serve(
    bus: Bus, calls: asyncio.Queue[Message], address: str, active: set[str], starts_in_s: float = 0.0
) -> None:
    """Answer as the accessibility bus, its registry, or a program whose windows of these paths are active."""
    await asyncio.sleep(starts_in_s)
    while True:
        call = await calls.get()
        path = call.header.fields[HeaderFields.path]
        match call.header.fields[HeaderFields.member]:
            case "GetAddress":
                answer = new_method_return(call, "s", (address,))
            case "RegisterEvent":
                answer = new_method_return(call)
            case "GetState" if path in active:
                answer = new_method_return(call, "au", ([1 << State.ACTIVE, 0],))
            case "GetState" if path in (WINDOW, SECOND):
                answer = new_method_return(call, "au", ([0, 0],))
            case _:
                answer = new_error(call, "org.freedesktop.DBus.Error.UnknownObject")
        await bus.send(answer)


class Program:
    """One with windows, on the accessibility bus. Nothing but what it is told to report is reported."""

    def __init__(self, bus: Bus, active: set[str]) -> None:
        self.bus = bus
        self.active = active  # the paths of its windows that are

    async def report(self, event: str, window: str = WINDOW) -> None:
        """Report it, and wait until the bus has passed it on."""
        address = DBusAddress(window, interface="org.a11y.atspi.Event.Window")
        await self.bus.send(new_signal(address, event, "siiva{sv}", ("", 0, 0, ("s", "Window"), {})))
        await self.bus.ask(message_bus.GetId())

    async def close(self) -> None:
        """End without a word, as a program that is killed."""
        await self.bus.close()


@asynccontextmanager
async def served(address: str, active: set[str], *names: str, starts_in_s: float = 0.0) -> AsyncIterator[Bus]:
    bus = await open_bus()
    with bus.calls() as calls:
        for name in names:
            await bus.ask(message_bus.RequestName(name, 4))
        serving = tasks.start(serve(bus, calls, address, active, starts_in_s), "accessibility")
        try:
            yield bus
        finally:
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)
            await bus.close()


@asynccontextmanager
async def program(address: str) -> AsyncIterator[Program]:
    active: set[str] = set()
    async with served(address, active) as bus:
        yield Program(bus, active)


class Desktop:
    """What Harken knows of the front."""

    def __init__(self, front: FrontWindow, watch: AtspiFront) -> None:
        self._front = front
        self._watch = watch

    async def front(self, selected_s: float) -> Front:
        """Whose a selection of that time is."""
        return self._front.judge(selected_s).front if await self._watch.confirm() else Front.UNKNOWN

    async def becomes(self, front: Front, selected_s: float | None = None) -> float:
        """Wait until a selection of that time, or of each moment, is such a one's. Returns the time."""
        for _ in range(1000):
            made_s = time.monotonic() if selected_s is None else selected_s
            if await self.front(made_s) is front:
                return made_s
            await asyncio.sleep(0.01)
        raise AssertionError(f"it does not become {front}")


@asynccontextmanager
async def desktop(address: str, starts_in_s: float = 0.0) -> AsyncIterator[Desktop]:
    front = FrontWindow()
    async with served(address, set(), "org.a11y.Bus", "org.a11y.atspi.Registry", starts_in_s=starts_in_s):
        watch = AtspiFront(front)
        await watch.start()
        try:
            yield Desktop(front, watch)
        finally:
            await watch.close()


async def come(desk: Desktop, editor: Program, window: str = WINDOW) -> float:
    """Have a window come to the front, and select something there. Returns when."""
    editor.active.clear()
    editor.active.add(window)
    await editor.report("Activate", window)
    return await desk.becomes(Front.ITS_OWN)


async def leave(editor: Program) -> None:
    """A program that reports nothing comes to the front, and this one reports that it is not there any more."""
    editor.active.clear()
    await editor.report("Deactivate")


async def test_a_selection_of_the_window_that_reports_to_be_in_front_is_its_own(bus: str) -> None:
    async with desktop(bus) as desk, program(bus) as editor:
        selected_s = await come(desk, editor)
        await leave(editor)
        await desk.becomes(Front.UNKNOWN, selected_s)
        await come(desk, editor)
        await desk.becomes(Front.ITS_OWN, selected_s)


async def test_at_login_it_may_take_long_to_start(bus: str) -> None:
    async with desktop(bus, starts_in_s=LIMIT_S + 0.3) as desk, program(bus) as editor:
        await come(desk, editor)


@pytest.mark.parametrize("how", ["killed", "closed with a report", "closed without one"])
async def test_what_is_selected_after_a_window_was_closed_is_not_taken_for_its_own(bus: str, how: str) -> None:
    """A program that reports nothing is in front then, or any other."""
    async with desktop(bus) as desk, program(bus) as editor:
        selected_s = await come(desk, editor)
        if how == "killed":
            await editor.close()
        else:
            editor.active.clear()
            if how == "closed with a report":
                await editor.report("Destroy")
        await desk.becomes(Front.UNKNOWN)
        assert await desk.front(selected_s) is Front.UNKNOWN
        async with program(bus) as other:
            await come(desk, other)
            assert await desk.front(selected_s) is Front.ANOTHERS


async def test_of_a_window_that_comes_back_without_having_reported_to_leave_only_what_is_new_is_its_own(
    bus: str,
) -> None:
    async with desktop(bus) as desk, program(bus) as editor:
        await come(desk, editor)
        editor.active.clear()
        selected_s = time.monotonic()  # in a program that reports nothing
        editor.active.add(WINDOW)
        await editor.report("Activate")
        await desk.becomes(Front.ANOTHERS, selected_s)
        assert await desk.front(time.monotonic()) is Front.ITS_OWN


async def test_a_window_is_believed_again_once_its_program_answers_again(bus: str) -> None:
    async with desktop(bus) as desk, program(bus) as editor:
        selected_s = await come(desk, editor)
        editor.active.clear()
        assert await desk.front(selected_s) is Front.UNKNOWN
        editor.active.add(WINDOW)
        assert await desk.front(selected_s) is Front.ITS_OWN


async def test_another_window_of_the_same_program_that_is_closed_changes_nothing(bus: str) -> None:
    async with desktop(bus) as desk, program(bus) as editor:
        await come(desk, editor, SECOND)
        selected_s = await come(desk, editor)
        await editor.report("Destroy", SECOND)
        await editor.report("Deactivate", SECOND)
        async with program(bus) as other:
            await other.bus.ask(message_bus.GetId())
        assert await desk.front(selected_s) is Front.ITS_OWN


async def test_a_program_that_hangs_is_not_believed_to_be_in_front(bus: str) -> None:
    """It can't report that it is not."""
    async with desktop(bus) as desk:
        hung = await open_bus()
        try:
            await Program(hung, set()).report("Activate")
            await desk.becomes(Front.UNKNOWN)
        finally:
            await hung.close()
