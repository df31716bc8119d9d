"""What scripts, extensions and launchers ask of Harken over D-Bus: a real bus, and the programs that people use."""

from __future__ import annotations

import asyncio
import re
import shlex
import shutil
import sys
import xml.etree.ElementTree as ET
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from jeepney import DBusAddress, HeaderFields, MatchRule, Message, MessageType, message_bus, new_method_call

import reader.core.engines_here
from reader.core import doctor
from reader.core.instance import Instance
from reader.dbus import Bus, connect
from reader.errors import DesktopError
from reader.flow import CapturedText, Command, Event, Notice, QuitWanted, SettingsWanted, Source, State, WindowWanted
from reader.ipc import bus_interface
from reader.ipc.bus_interface import INTERFACE, NAME, PATH, PROPERTIES, REFUSED
from tests.fakes import instance
from tests.fakes.device import HandDevice
from tests.fakes.engine import FakeEngine
from tests.fakes.session_bus import session_bus

DOCUMENT = Path(__file__).parents[2] / "docs/dbus.md"
TEXT = "One sentence is here. Another one follows it."

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="D-Bus desktops"),
    pytest.mark.skipif(not shutil.which("dbus-daemon"), reason="dbus-daemon is not installed"),
]


@pytest.fixture
def bus(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A session bus of its own."""
    with session_bus() as address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        yield address


@pytest.fixture
def engines(monkeypatch: pytest.MonkeyPatch) -> Mapping[str, FakeEngine]:
    """Those of the computer."""
    made = {name: FakeEngine(name) for name in ("first", "second")}
    monkeypatch.setattr(reader.core.engines_here, "local_engines", lambda: made)
    return made


@asynccontextmanager
async def running(folder: Path, device: HandDevice | None = None) -> AsyncIterator[Instance]:
    """Harken, once it has its name."""
    async with instance.running(folder / "settings.toml", device) as made:
        await until(lambda: made.bus and not made.bus.problem)
        yield made


def problem(made: Instance) -> str:
    assert made.bus
    return made.bus.problem


async def until(is_so: Callable[[], Any]) -> None:
    async with asyncio.timeout(20):
        while not is_so():  # noqa: ASYNC110 - what is waited for is in other processes
            await asyncio.sleep(0.005)


async def ask(bus: Bus, method: str, signature: str = "", *values: object, interface: str = INTERFACE) -> Message:
    """The answer to a call, also where it is an error."""
    answered: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
    serial = 1000 + len(bus._listeners) + next(bus._serials)
    message = new_method_call(DBusAddress(PATH, NAME, interface), method, signature or None, values)

    def take(answer: Message) -> None:
        if answer.header.fields.get(HeaderFields.reply_serial) == serial and not answered.done():
            answered.set_result(answer)

    ends = [bus.listen(MatchRule(type=kind), take) for kind in ("method_return", "error")]
    await bus._write(message, serial)
    try:
        return await asyncio.wait_for(answered, 20)
    finally:
        for end in ends:
            end()


def error_of(answer: Message) -> tuple[str, str]:
    assert answer.header.message_type is MessageType.error
    return answer.header.fields[HeaderFields.error_name], answer.body[0]


async def program(*command: str) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    out, _ = await process.communicate()
    return process.returncode or 0, out.decode()


def documented() -> list[list[str]]:
    """The lines that the document has people type."""
    blocks = re.findall(r"```sh\n(.*?)```", DOCUMENT.read_text("utf-8"), re.DOTALL)
    return [shlex.split(line) for block in blocks for line in block.splitlines()]


@pytest.mark.usefixtures("bus", "engines")
class TestWhatIsAsked:
    async def test_every_line_of_the_document_does_what_it_says(self, tmp_path: Path) -> None:
        lines = documented()
        assert len(lines) >= 7
        async with running(tmp_path, HandDevice()) as made:
            (monitor,) = [line for line in lines if line[:2] == ["gdbus", "monitor"]]
            watching = await asyncio.create_subprocess_exec(*monitor, stdout=asyncio.subprocess.PIPE)
            assert watching.stdout
            await watching.stdout.readline()  # “Monitoring signals …”
            said = {}
            for line in lines:
                if line is monitor:
                    continue
                code, said[line[0], line[-1]] = await program(*line)
                assert code == 0, said
            assert said["gdbus", "Dinner is ready."] == "(uint64 1,)\n"
            assert said["busctl", "State"] == 's "idle"\n'
            assert 'readonly s State = "idle"' in said["gdbus", "-p"].replace("'", '"')
            assert made.app.state is State.IDLE
            heard = b""
            while b"ReadingEnded" not in heard:
                heard = await asyncio.wait_for(watching.stdout.readline(), 20)
            assert b"(uint64 1, 'stopped')" in heard
            watching.terminate()
            await watching.wait()

    async def test_the_document_names_everything_there_is(self) -> None:
        text = DOCUMENT.read_text("utf-8")
        for name in (*bus_interface.METHODS, *bus_interface.PROPERTY_TYPES, *bus_interface.SIGNALS, REFUSED, PATH):
            assert re.search(rf"\b{re.escape(name.lstrip('/'))}\b", text), name

    async def test_every_command_is_a_method(self, tmp_path: Path) -> None:
        async with running(tmp_path, HandDevice()), connect() as asking:
            description = (await ask(asking, "Introspect", interface=bus_interface.INTROSPECTABLE)).body[0]
            methods = {
                e.get("name", "") for e in ET.fromstring(description).findall(f"interface[@name='{INTERFACE}']/method")
            }
            assert {str(command).replace("-", "") for command in Command} <= {name.lower() for name in methods}

    async def test_recent_texts_are_listed_without_their_words_gone_on_with_and_forgotten(self, tmp_path: Path) -> None:
        (tmp_path / "a.txt").write_text("A secret sentence.")
        async with running(tmp_path, HandDevice()) as made, connect() as asking:
            assert (await ask(asking, "Recent")).body == ([],)
            library = made.app.library
            begun = CapturedText("", Source.GIVEN, path=str(tmp_path / "a.txt"))
            place = library.places.place(begun, "A secret sentence.", 2, is_whole=True)
            library.keep(begun, place)
            rows = (await ask(asking, "Recent")).body[0]
            assert rows == [(1, place.when_s, 11, str(tmp_path / "a.txt"), True)]
            assert error_of(await ask(asking, "ReadRecent", "u", 2))[0] == REFUSED
            assert (await ask(asking, "ReadRecent", "u", 1)).body == ()
            await until(lambda: made.app.controller.current)
            assert (await ask(asking, "Stop")).body == ()
            assert (await ask(asking, "ForgetRecent", "u", 0)).body == ()
            assert (await ask(asking, "Recent")).body == ([],)

    async def test_a_text_is_read_and_its_beginning_and_end_are_told(
        self, tmp_path: Path, engines: Mapping[str, FakeEngine]
    ) -> None:
        async with running(tmp_path) as made, connect() as asking:
            told: list[tuple[str, tuple[Any, ...]]] = []
            rule = MatchRule(type="signal", interface=INTERFACE)
            await asking.follow(rule)
            asking.listen(rule, lambda m: told.append((m.header.fields[HeaderFields.member], m.body)))
            (number,) = (await ask(asking, "Say", "s", TEXT)).body
            await until(lambda: len(told) == 2)
            assert told == [("ReadingStarted", (number,)), ("ReadingEnded", (number, "whole"))]
            assert " ".join(engines["first"].asked) == TEXT
            assert made.app.state is State.IDLE

    async def test_the_state_is_told_when_it_changes(self, tmp_path: Path) -> None:
        async with running(tmp_path, HandDevice()) as made, connect() as asking:
            changed: list[dict[str, Any]] = []
            rule = MatchRule(type="signal", interface=PROPERTIES, path=PATH)
            await asking.follow(rule)
            asking.listen(rule, lambda m: changed.append({name: value for name, (_, value) in m.body[1].items()}))
            await ask(asking, "Say", "s", TEXT)
            await ask(asking, "Faster")
            await ask(asking, "Stop")
            await until(lambda: changed and changed[-1].get("State") == "idle")
            assert changed[0] == {"State": "preparing"}
            assert {"Speed": made.app.speed, "WordsPerMinute": round(200 * made.app.speed)} in changed
            (everything,) = (await ask(asking, "GetAll", "s", INTERFACE, interface=PROPERTIES)).body
            assert {name: kind for name, (kind, _) in everything.items()} == bus_interface.PROPERTY_TYPES
            assert everything["State"][1] == "idle"

    async def test_windows_and_the_end(self, tmp_path: Path) -> None:
        async with running(tmp_path) as made, connect() as asking:
            events: list[Event] = []
            made.app.subscribe(events.append)
            for method in ("Show", "OpenSettings", "Quit"):
                await ask(asking, method)
            kinds = [type(event) for event in events]
            assert [kind for kind in kinds if kind in (WindowWanted, SettingsWanted, QuitWanted)] == [
                WindowWanted, SettingsWanted, QuitWanted,
            ]  # fmt: skip


@pytest.mark.usefixtures("bus", "engines")
class TestWhatIsRefused:
    async def test_what_can_do_nothing_now_says_why(self, tmp_path: Path) -> None:
        async with running(tmp_path), connect() as asking:
            for call in (("Next",), ("Do", "s", "next")):
                name, sentence = error_of(await ask(asking, *call))
                assert (name, sentence) == (REFUSED, "Nothing is being read. Select some text and read it.")

    async def test_of_a_pressed_key_harken_itself_says_so_too(self, tmp_path: Path) -> None:
        async with running(tmp_path) as made, connect() as asking:
            events: list[Event] = []
            made.app.subscribe(events.append)
            for method, told in (("Do", 0), ("Press", 1)):
                name, sentence = error_of(await ask(asking, method, "s", "next"))
                assert name == REFUSED
                assert [event.sentence for event in events if isinstance(event, Notice)] == [sentence] * told

    @pytest.mark.parametrize(
        ("interface", "call", "error"),
        [
            (INTERFACE, ("Say",), "InvalidArgs"),
            (INTERFACE, ("Say", "i", 7), "InvalidArgs"),
            (INTERFACE, ("Stop", "s", "now"), "InvalidArgs"),
            (INTERFACE, ("Do", "s", "make-tea"), "InvalidArgs"),
            (INTERFACE, ("Say", "s", "a" * 1_000_001), "InvalidArgs"),
            (INTERFACE, ("MakeTea",), "UnknownMethod"),
            ("example.other", ("Stop",), "UnknownMethod"),
            (PROPERTIES, ("Get", "ss", INTERFACE, "Tea"), "UnknownProperty"),
            (PROPERTIES, ("Get", "s", INTERFACE), "InvalidArgs"),
            (PROPERTIES, ("GetAll", "s", "example.other"), "UnknownInterface"),
            (PROPERTIES, ("Set", "ssv", INTERFACE, "Speed", ("d", 2.0)), "PropertyReadOnly"),
        ],
        ids=lambda value: "-".join(map(str, value))[:30] if isinstance(value, tuple) else value,
    )
    async def test_nonsense_gets_an_error_and_harm_is_none(
        self, tmp_path: Path, interface: str, call: tuple[Any, ...], error: str
    ) -> None:
        async with running(tmp_path) as made, connect() as asking:
            name, sentence = error_of(await ask(asking, *call, interface=interface))
            assert name == f"org.freedesktop.DBus.Error.{error}"
            assert sentence.endswith(".")
            assert "\n" not in sentence
            assert made.app.state is State.IDLE
            assert (await ask(asking, "Ping", interface=bus_interface.PEER)).body == ()

    async def test_a_program_that_has_lost_count_hinders_nobody(self, tmp_path: Path) -> None:
        async with running(tmp_path), connect() as flood, connect() as asking:
            for _ in range(500):
                await flood._write(new_method_call(DBusAddress(PATH, NAME, INTERFACE), "Stop"), next(flood._serials))
            (state,) = (await ask(asking, "Get", "ss", INTERFACE, "State", interface=PROPERTIES)).body
            assert state == ("s", "idle")


@pytest.mark.usefixtures("engines")
class TestTheBus:
    async def row(self, made: Instance) -> dict[str, Any]:
        rows = await doctor.report(made.app, bus=made.bus)
        return next(row for row in rows if row["part"] == "d-bus")

    async def test_the_doctor_says_that_it_is_there(self, tmp_path: Path, bus: str) -> None:
        async with running(tmp_path) as made:
            row = await self.row(made)
            assert (row["chosen"], row["refused"]) == (NAME, [])

    async def test_without_a_bus_harken_works_and_says_why(self, tmp_path: Path) -> None:
        async with instance.running(tmp_path / "settings.toml") as made:
            row = await self.row(made)
            assert row["chosen"] == "none"
            assert row["refused"] == [["session bus", "There is no session bus: DBUS_SESSION_BUS_ADDRESS is not set."]]

    async def test_a_name_that_is_taken_is_waited_for(self, tmp_path: Path, bus: str) -> None:
        async with connect() as other:
            await other.ask(message_bus.RequestName(NAME))
            async with instance.running(tmp_path / "settings.toml") as made:
                await until(lambda: "Another program" in problem(made))
                row = await self.row(made)
                assert row["refused"] == [
                    ["session bus", f"Another program is using the name {NAME} on the session bus."]
                ]
                await other.ask(message_bus.ReleaseName(NAME))
                await until(lambda: not problem(made))
                async with connect() as asking:
                    await ask(asking, "Stop")

    async def test_a_second_harken_of_other_settings_waits_for_the_first(self, tmp_path: Path, bus: str) -> None:
        async with running(tmp_path) as first:
            from reader.settings.store import Settings

            second = Instance(Settings(tmp_path / "other.toml"), str(tmp_path / "other.sock"), device=HandDevice())
            await second.start(with_desktop=False)
            await until(lambda: "Another program" in problem(second))
            assert not problem(first)
            await second.stop()
            assert not problem(first)

    async def test_a_bus_that_is_started_again_has_it_again(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        at = f"unix:path={tmp_path}/bus"
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", at)
        async with instance.running(tmp_path / "settings.toml") as made:
            await until(lambda: "can't be used" in problem(made))  # it is not there yet
            for _ in range(2):
                daemon = await asyncio.create_subprocess_exec(
                    "dbus-daemon", "--session", "--nofork", f"--address={at}", stderr=asyncio.subprocess.DEVNULL
                )
                await until(lambda: not problem(made))
                async with connect() as asking:
                    await ask(asking, "Stop")
                daemon.terminate()
                await daemon.wait()
                await until(lambda: problem(made))
            assert "Harken keeps trying" in (await self.row(made))["refused"][0][1]

    async def test_it_is_gone_with_harken(self, tmp_path: Path, bus: str) -> None:
        async with running(tmp_path):
            pass
        async with connect() as asking:
            with pytest.raises(DesktopError, match="ServiceUnknown"):
                await asking.call(NAME, PATH, INTERFACE, "Stop")
