"""`harken-key`, with each program that asks over the bus, and beside the `harken` it leaves all else to."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from jeepney import message_bus

from reader.dbus import connect
from reader.errors import NothingToReadError
from reader.flow import Command
from reader.ipc.bus_server import BusServer
from reader.ipc.messages import request
from reader.support import key_client
from tests.fakes import instance
from tests.fakes.session_bus import session_bus

ROOT = Path(__file__).parents[2]
TOOLS = ("dbus-send", "busctl", "gdbus")
REFUSAL = "Nothing is being read. “Select” $(some) `text`: and read it."
LEFT = 7  # the exit code of the stand-in for `harken`

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="desktops with D-Bus"),
    pytest.mark.skipif(not shutil.which("dbus-daemon"), reason="dbus-daemon is not installed"),
]


@pytest.fixture
def bus(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with session_bus() as address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        yield address


class Installed:
    """harken-key in a folder, with one of the programs that ask, and a `harken` that notes how it was called."""

    def __init__(self, folder: Path, tools: tuple[str, ...]) -> None:
        self.folder = folder / "a folder of programs"
        self.folder.mkdir()
        shutil.copy(ROOT / "resources/harken-key", self.folder)
        for tool in tools:
            found = shutil.which(tool)
            if not found:
                pytest.skip(f"{tool} is not installed")
            (self.folder / tool).symlink_to(found)
        self._calls = folder / "calls"
        self.have_harken(f'echo "${{HARKEN_STARTS:-}}|$*" >>"{self._calls}"; exit {LEFT}')

    def have_harken(self, script: str) -> None:
        """What stands beside it as `harken`."""
        (self.folder / "harken").write_text(f"#!/bin/sh\n{script}\n")
        (self.folder / "harken").chmod(0o755)

    async def run(self, *arguments: str, **env: str) -> tuple[int, str]:
        """(exit code, what it says)."""
        process = await asyncio.create_subprocess_exec(
            str(self.folder / "harken-key"), *arguments,
            env={**os.environ, "PATH": str(self.folder), **env},
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        out, _ = await process.communicate()
        return process.returncode or 0, out.decode()

    @property
    def left(self) -> list[str]:
        """What was left to `harken`: whether it starts, and the words."""
        return self._calls.read_text().splitlines() if self._calls.exists() else []


@pytest.fixture(params=TOOLS)
def key(request: pytest.FixtureRequest, tmp_path: Path) -> Installed:
    return Installed(tmp_path, (request.param,))


@asynccontextmanager
async def listening() -> AsyncIterator[list[Mapping[str, Any]]]:
    """Harken's end of the bus; yields what was asked of it. The next sentence is refused."""
    asked: list[Mapping[str, Any]] = []

    async def obey(message: Mapping[str, Any]) -> dict[str, Any]:
        request(message)
        if message.get("command") == "next":
            raise NothingToReadError(REFUSAL)
        asked.append(message)
        return {}

    server = BusServer(obey, dict)
    server.start()
    try:
        async with asyncio.timeout(20):
            while server.problem:  # noqa: ASYNC110 - the bus says it
                await asyncio.sleep(0.005)
        yield asked
    finally:
        await server.close()


@pytest.mark.usefixtures("bus")
class TestTheRunningHarken:
    async def test_does_what_is_asked_without_harkens_own_command(self, key: Installed) -> None:
        async with listening() as asked:
            others = [command for command in Command if command not in (Command.READ_FOCUS, Command.NEXT)]
            for words in (["read"], ["read", "focus"], *([str(command)] for command in others)):
                assert await key.run(*words) == (0, ""), words
        commands = [Command.READ_SELECTION, Command.READ_FOCUS, *others]
        expected = [{"do": "show"} if c is Command.SHOW else {"do": "command", "command": c} for c in commands]
        assert [{name: value for name, value in message.items() if name != "by_key"} for message in asked] == expected
        assert all(message.get("by_key") for message in asked)  # nobody sees at a terminal what it writes
        assert key.left == []

    async def test_says_why_it_does_nothing_and_fails(self, key: Installed) -> None:
        key.have_harken(f"echo 'harken: {REFUSAL}'; exit 1")  # which says the same
        async with listening():
            assert await key.run("next") == (1, f"harken: {REFUSAL}\n")

    @pytest.mark.parametrize(
        "words",
        [
            ("make-tea",),
            ("read", "tea"),
            ("status", "--json"),
            ("--help",),
            ("speak", "--text", "a b"),
            ("pause", "resume"),
        ],
        ids=" ".join,
    )
    async def test_what_is_no_command_is_left_to_harken_as_it_is(self, key: Installed, words: tuple[str, ...]) -> None:
        async with listening() as asked:
            code, _ = await key.run(*words)
        assert (code, asked) == (LEFT, [])
        assert [line.partition("|")[2] for line in key.left] == [" ".join(words)]

    async def test_that_is_silent_is_told_of_and_not_asked_twice(self, tmp_path: Path) -> None:
        key = Installed(tmp_path, ("dbus-send",))
        async with connect() as silent:
            await silent.ask(message_bus.RequestName("example.harken.Harken"))
            code, said = await key.run("read")
        assert (code, said) == (1, "harken: The running Harken is not responding. Quit it and start it again.\n")
        assert key.left == []


class TestWithoutHarken:
    async def test_it_is_started_but_not_for_silence(self, bus: str, key: Installed) -> None:
        for words in (("read",), ("louder",), ("stop",), ("pause",)):
            assert (await key.run(*words))[0] == LEFT
        assert key.left == ["1|read", "1|louder", "|stop", "|pause"]

    @pytest.mark.parametrize("address", ["", "unix:path=/nowhere/bus"])
    async def test_without_a_bus_the_command_is_still_given(self, tmp_path: Path, address: str) -> None:
        key = Installed(tmp_path, ("dbus-send",))
        code, _ = await key.run("read", "clipboard", DBUS_SESSION_BUS_ADDRESS=address)
        assert (code, key.left) == (LEFT, ["1|read clipboard"])

    async def test_without_any_program_that_asks_too(self, tmp_path: Path, bus: str) -> None:
        key = Installed(tmp_path, ())
        async with listening() as asked:
            code, _ = await key.run("read")
        assert (code, key.left, asked) == (LEFT, ["1|read"], [])

    async def test_without_words_it_says_how_it_is_used(self, tmp_path: Path) -> None:
        key = Installed(tmp_path, ())
        code, said = await key.run()
        assert code == 2
        assert said.startswith("usage: harken-key COMMAND\nharken: ")

    async def test_without_harkens_command_it_says_so(self, tmp_path: Path) -> None:
        key = Installed(tmp_path, ())
        (key.folder / "harken").unlink()
        code, said = await key.run("read")
        assert code == 1
        assert (
            said == "harken: Harken is not running, and the program “harken” was not found. Add its folder to PATH.\n"
        )


async def test_beside_the_real_command_sentences_and_codes_are_its_own(tmp_path: Path, bus: str) -> None:
    key = Installed(tmp_path, ("busctl",))
    key.have_harken(f'PYTHONPATH="{ROOT}" exec "{sys.executable}" -m ui.launch "$@"')
    async with instance.running(tmp_path / "settings.toml") as made:
        while not made.bus or made.bus.problem:  # noqa: ASYNC110 - the bus says it
            await asyncio.sleep(0.005)
        assert await key.run("next") == (1, "harken: Nothing is being read. Select some text and read it.\n")
        code, said = await key.run("read", "tea")
        assert code == 2
        assert "not “tea”" in said.splitlines()[-1]
    assert await key.run("stop") == (1, "harken: Harken is not running. Start it with “harken”.\n")


class TestWhereItIs:
    def test_in_an_appimage_it_is_copied_to_where_it_stays(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for image in ("/images/Harken-1.AppImage", "/images/Harken-2.AppImage"):
            monkeypatch.setenv("APPIMAGE", image)
            found = Path(key_client.path())
            assert found.read_bytes() == (ROOT / "resources/harken-key").read_bytes()
            assert os.access(found, os.X_OK)
            assert os.readlink(found.with_name("harken")) == image

    def test_it_is_beside_the_program(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        shutil.copy(ROOT / "resources/harken-key", tmp_path)
        monkeypatch.setattr(sys, "argv", [str(tmp_path / "harken")])
        assert key_client.path() == str(tmp_path / "harken-key")
        assert key_client.shown() == key_client.path()
        monkeypatch.setenv("PATH", str(tmp_path))
        assert key_client.shown() == "harken-key"
