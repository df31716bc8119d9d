"""What Harken asks of a desktop over D-Bus and what it offers there: a real bus, and somebody else's player control."""

from __future__ import annotations

import asyncio
import math
import os
import shutil
import signal
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from reader.dbus import connect
from reader.desktop.base import Playing
from reader.desktop.mpris import Mpris
from reader.desktop.screen_locked import BusScreenLock
from reader.desktop.screensaver import ScreenSaver
from reader.errors import DesktopError
from reader.flow import Command
from tests.fakes.session_bus import session_bus

NAME, PATH = "org.mpris.MediaPlayer2.harken", "/org/mpris/MediaPlayer2"
PLAYER, PROPERTIES = "org.mpris.MediaPlayer2.Player", "org.freedesktop.DBus.Properties"
BUS = "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus"
READING = Playing(7, False, "Heart", 1.25, 0.5)

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="D-Bus desktops"),
    pytest.mark.skipif(not shutil.which("dbus-daemon"), reason="dbus-daemon is not installed"),
]


@pytest.fixture
def bus(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A session bus of its own."""
    with session_bus() as address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        yield


async def until(is_so: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    """Wait until something is so, and return it."""
    async with asyncio.timeout(10):
        while not (found := await is_so()):  # noqa: ASYNC110 - what is waited for is in other processes
            await asyncio.sleep(0.005)
    return found


async def names() -> list[str]:
    async with connect() as asking:
        (found,) = await asking.call(*BUS, "ListNames")
    return [name for name in found if name.startswith(NAME)]


async def is_there() -> bool:
    return NAME in await names()


async def is_gone() -> bool:
    return not await names()


class Asked:
    """What was asked for with media keys."""

    def __init__(self) -> None:
        self.commands: list[Command] = []
        self.speeds: list[float] = []
        self.volumes: list[float] = []
        self.media = Mpris(self.commands.append, self.speeds.append, self.volumes.append)


async def get_all(name: str = NAME) -> dict[str, Any]:
    async with connect() as asking:
        (found,) = await asking.call(name, PATH, PROPERTIES, "GetAll", "s", PLAYER)
    return {key: value for key, (_, value) in found.items()}


async def playerctl(*arguments: str) -> str:
    process = await asyncio.create_subprocess_exec(
        "playerctl", "-p", "harken", *arguments, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    out, _ = await process.communicate()
    return out.decode().strip()


@pytest.mark.usefixtures("bus")
class TestMediaKeys:
    async def test_the_player_is_there_while_there_is_a_reading(self) -> None:
        asked = Asked()
        assert await is_gone()
        asked.media.show(READING)
        await until(is_there)
        asked.media.show(None)
        await until(is_gone)
        asked.media.show(READING)
        await until(is_there)
        await asked.media.close()
        assert await is_gone()

    async def test_quick_changes_end_as_they_should(self) -> None:
        asked = Asked()
        for _ in range(20):
            asked.media.show(READING)
            await asyncio.sleep(0)
            asked.media.show(None)
            await asyncio.sleep(0.001)
        asked.media.show(READING)
        await until(is_there)
        await asked.media.close()

    async def test_a_name_that_is_taken(self) -> None:
        asked = Asked()
        async with connect() as other:
            await other.call(*BUS, "RequestName", "su", NAME, 4)
            asked.media.show(READING)

            async def both() -> bool:
                return sorted(await names()) == [NAME, f"{NAME}.instance{os.getpid()}"]

            await until(both)
            assert (await get_all(f"{NAME}.instance{os.getpid()}"))["PlaybackStatus"] == "Playing"
            await asked.media.close()

    async def test_without_a_bus_nothing_happens(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
        asked = Asked()
        asked.media.show(READING)
        await asked.media.close()

    async def test_what_is_shown_has_no_text_in_it(self) -> None:
        asked = Asked()
        asked.media.show(READING)
        await until(is_there)
        shown = await get_all()
        assert shown["PlaybackStatus"] == "Playing"
        assert shown["Rate"] == 1.25
        assert shown["Volume"] == 0.5
        assert shown["MinimumRate"] < 1.0 < shown["MaximumRate"]
        metadata = {key: value for key, (_, value) in shown["Metadata"].items()}
        assert metadata == {
            "mpris:trackid": "/reader/harken/Reading/7",
            "xesam:title": "Harken",
            "xesam:artist": ["Heart"],
        }
        await asked.media.close()

    async def test_speed_and_volume_can_be_set_and_nothing_else(self) -> None:
        asked = Asked()
        asked.media.show(READING)
        await until(is_there)
        async with connect() as other:
            at = NAME, PATH, PROPERTIES
            for value in (
                *(("d", 1.5), ("d", 0.0), ("d", -1.0), ("s", "fast")),
                *(("d", math.nan), ("d", math.inf), ("d", -math.inf), ("i", 2), ("ad", [1.0])),
            ):
                await other.call(*at, "Set", "ssv", PLAYER, "Rate", value)
            for value in (("d", 0.5), ("d", math.nan), ("d", -math.inf), ("x", 5), ("s", "loud")):
                await other.call(*at, "Set", "ssv", PLAYER, "Volume", value)
            assert asked.speeds == [1.5]
            assert asked.volumes == [0.5]
            assert asked.commands == [Command.PAUSE]  # which is what a speed of 0 means
            for wrong in (("Get", "ss", PLAYER, "Nonsense"), ("GetAll", "s", "org.example")):
                with pytest.raises(DesktopError, match="Unknown"):
                    await other.call(*at, *wrong)
            for badly in (("Set", "ss", PLAYER, "Rate"), ("Get", "as", [PLAYER]), ("Watch",)):
                with pytest.raises(DesktopError, match="InvalidArgs"):
                    await other.call(*at, *badly)
            with pytest.raises(DesktopError, match="UnknownMethod"):
                await other.call(NAME, PATH, PLAYER, "Explode")
        await asked.media.close()

    @pytest.mark.skipif(not shutil.which("playerctl"), reason="playerctl is not installed")
    async def test_another_programs_player_control(self) -> None:
        asked = Asked()
        asked.media.show(READING)
        await until(is_there)
        assert await playerctl("status") == "Playing"
        assert await playerctl("metadata", "--format", "{{title}}/{{artist}}") == "Harken/Heart"
        for command in ("play", "pause", "play-pause", "stop", "next", "previous"):
            assert await playerctl(command) == ""
        assert asked.commands == [
            Command.RESUME, Command.PAUSE, Command.PAUSE_RESUME, Command.STOP, Command.NEXT, Command.PREVIOUS,
        ]  # fmt: skip
        follower = await asyncio.create_subprocess_exec(
            "playerctl", "-p", "harken", "--follow", "status", stdout=asyncio.subprocess.PIPE
        )
        assert follower.stdout
        assert await follower.stdout.readline() == b"Playing\n"
        asked.media.show(Playing(7, True, "Heart", 1.25))
        assert await follower.stdout.readline() == b"Paused\n"
        asked.media.show(READING)
        assert await follower.stdout.readline() == b"Playing\n"
        follower.terminate()
        await follower.communicate()
        await asked.media.close()


class Service:
    """The desktop's screen saver, or its portal. Strict: it knows who holds what, and refuses what it did not give."""

    def __init__(self) -> None:
        self.held: dict[Any, str] = {}  # by cookie or path: why
        self.wrong: list[str] = []
        self.hangs = False
        self.nonsense: tuple[str, tuple[object, ...]] | None = None  # what it answers instead
        self.asked = 0

    @asynccontextmanager
    async def on_the_bus(self, name: str) -> AsyncIterator[None]:
        from jeepney import HeaderFields, new_error, new_method_return

        async def serve(bus: Any, calls: Any) -> None:
            while True:
                call = await calls.get()
                self.asked += 1
                if self.hangs:
                    continue
                if self.nonsense:
                    await bus.send(new_method_return(call, *self.nonsense))
                    continue
                member, path = (call.header.fields[f] for f in (HeaderFields.member, HeaderFields.path))
                key = path if member == "Close" else call.body[0]
                if member == "Inhibit" and name.endswith("ScreenSaver"):
                    key = len(self.held) + 4711
                    self.held[key] = call.body[1]
                    await bus.send(new_method_return(call, "u", (key,)))
                elif member == "Inhibit" and call.body[1] == 8:
                    key = f"/org/freedesktop/portal/desktop/request/{len(self.held)}"
                    self.held[key] = call.body[2]["reason"][1]
                    await bus.send(new_method_return(call, "o", (key,)))
                elif member in ("UnInhibit", "Close") and self.held.pop(key, ""):
                    await bus.send(new_method_return(call))
                else:
                    self.wrong.append(member)
                    await bus.send(new_error(call, "org.freedesktop.DBus.Error.InvalidArgs", "s", ("no such cookie",)))

        async with connect() as bus:
            await bus.call(*BUS, "RequestName", "su", name, 4)
            with bus.calls() as calls:
                serving = asyncio.create_task(serve(bus, calls))
                yield
                serving.cancel()
                await asyncio.gather(serving, return_exceptions=True)

    async def is_asked(self) -> bool:
        return self.asked > 0

    async def is_held(self) -> bool:
        return len(self.held) == 1

    async def is_free(self) -> bool:
        return not self.held


SERVICES = ["org.freedesktop.ScreenSaver", "org.freedesktop.portal.Desktop"]


@pytest.mark.usefixtures("bus")
class TestScreenSaver:
    @pytest.mark.parametrize("name", SERVICES)
    async def test_the_lock_is_held_once_and_given_back(self, name: str) -> None:
        service, awake = Service(), ScreenSaver()
        async with service.on_the_bus(name):
            for _ in range(2):
                awake.hold()
                awake.hold()
                await until(service.is_held)
                assert list(service.held.values()) == ["Harken is reading aloud"]
                awake.release()
                awake.release()
                await until(service.is_free)
            awake.hold()
            await until(service.is_held)
            await awake.close()
            assert not service.held
            assert service.wrong == []

    async def test_a_service_that_hangs_delays_nothing(self) -> None:
        service, awake = Service(), ScreenSaver()
        service.hangs = True
        async with service.on_the_bus(SERVICES[0]):
            awake.hold()
            await until(service.is_asked)
            awake.release()
            await awake.close()

    @pytest.mark.parametrize("name", SERVICES)
    @pytest.mark.parametrize(
        "answer",
        [("", ()), ("s", ("no path",)), ("d", (1.5,)), ("uu", (1, 2)), ("x", (-1,)), ("a{sv}", ({},))],
        ids=lambda a: a[0],
    )
    async def test_nonsense_is_none_the_worse(self, name: str, answer: tuple[str, tuple[object, ...]]) -> None:
        service, awake = Service(), ScreenSaver()
        service.nonsense = answer
        async with service.on_the_bus(name):
            awake.hold()
            await until(service.is_asked)
            await awake.close()

    async def test_a_desktop_without_one_is_none_the_worse(self, caplog: pytest.LogCaptureFixture) -> None:
        async def told(log: pytest.LogCaptureFixture) -> bool:
            return "the screen may lock" in log.text

        awake = ScreenSaver()
        with caplog.at_level("INFO"):
            awake.hold()
            await until(lambda: told(caplog))
        await awake.close()


async def test_a_bus_that_is_not_there_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path / 'nobody'}")
    with pytest.raises(DesktopError, match="no session bus"):
        async with connect():
            pass


@pytest.mark.usefixtures("bus")
async def test_a_screen_is_locked_as_long_as_its_saver_says_so_or_says_nothing(tmp_path: Path) -> None:
    told, locked = tmp_path / "saver", tmp_path / "saver.locked"
    program = [sys.executable, "-m", "tests.fakes.screensaver", str(told)]
    saver = await asyncio.create_subprocess_exec(*program)
    lock = BusScreenLock()
    try:
        async with asyncio.timeout(20):
            while not told.exists():  # noqa: ASYNC110 - it is another process
                await asyncio.sleep(0.005)
        assert not await lock.is_locked()
        locked.touch()
        assert await lock.is_locked()
        locked.unlink()
        assert not await lock.is_locked()
        saver.send_signal(signal.SIGSTOP)
        assert await lock.is_locked()
    finally:
        await lock.close()
        saver.kill()
        await saver.wait()
