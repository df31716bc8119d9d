"""The socket, both ends of it."""

import asyncio
import json
import os
import socket
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reader.errors import InstanceError
from reader.ipc.choose import socket_address
from reader.ipc.client import InstanceClient, connected
from reader.ipc.protocol import MAX_LINE_BYTES, MAX_REQUEST_BYTES, PIECE_CHARS, VERSION, decode, encode
from reader.ipc.server import Connection, Message, Server
from reader.text.ssml import MAX_CHARS


async def echo(message: Message, connection: Connection) -> Message:
    if message["do"] == "refuse":
        raise InstanceError("Not now.")
    return {"ok": True, "got": message}


async def with_server(talk: Callable[[str], Any], address: str) -> Any:
    server = Server(address, echo)
    await server.start()
    try:
        return await asyncio.to_thread(talk, address)
    finally:
        await server.close()


def ask_status(address: str) -> None:
    with connected(address) as client:
        client.ask("status")


async def test_a_question_is_answered(tmp_path: Path) -> None:
    def talk(address: str) -> dict[str, Any]:
        with connected(address) as client:
            return client.ask("status", more="grüße")

    answer = await with_server(talk, str(tmp_path / "s"))
    assert answer["got"]["more"] == "grüße"


async def test_a_refusal_is_its_sentence(tmp_path: Path) -> None:
    def talk(address: str) -> None:
        with connected(address) as client, pytest.raises(InstanceError, match=r"Not now\."):
            client.ask("refuse")

    await with_server(talk, str(tmp_path / "s"))


async def test_the_socket_is_its_owners_only() -> None:
    def look(address: str) -> int:
        return stat.S_IMODE(Path(address).stat().st_mode)

    assert await with_server(look, socket_address()) == 0o600


def test_a_folder_open_to_others_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tmp_path.chmod(0o755)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    with pytest.raises(InstanceError):
        socket_address()


async def test_there_is_only_one_instance(tmp_path: Path) -> None:
    address = str(tmp_path / "s")
    first, second = Server(address, echo), Server(address, echo)
    await first.start()
    with pytest.raises(InstanceError):
        await second.start()
    await first.close()


async def test_a_socket_left_behind_is_replaced(tmp_path: Path) -> None:
    address = str(tmp_path / "s")
    left = socket.socket(socket.AF_UNIX)
    left.bind(address)
    left.close()
    await with_server(ask_status, address)
    assert not os.path.exists(address)


async def test_an_instance_that_has_no_time_is_not_taken_for_one_that_was_killed(tmp_path: Path) -> None:
    """One that is stopped: nobody more gets in, and its socket is still its own."""
    address = str(tmp_path / "s")
    waiting: list[socket.socket] = []
    with socket.socket(socket.AF_UNIX) as stopped:
        stopped.bind(address)
        stopped.listen(0)
        try:
            while True:
                waiting.append(socket.socket(socket.AF_UNIX))
                waiting[-1].setblocking(False)
                waiting[-1].connect(address)
        except BlockingIOError:
            pass  # it has as many as it may have
        with pytest.raises(InstanceError, match="already running"):
            await Server(address, echo).start()
        assert os.path.exists(address)
    for one in waiting:
        one.close()


def test_no_harken_is_running() -> None:
    with pytest.raises(InstanceError, match="not running"):
        InstanceClient("/nonexistent/socket")


@pytest.mark.noisy
@pytest.mark.parametrize("line", [b"nonsense\n", b"[1]\n", b"\xff\xfe\n", b"{}\n", b'{"v": 99}\n'])
async def test_nonsense_is_refused_and_the_server_lives_on(tmp_path: Path, line: bytes) -> None:
    def talk(address: str) -> None:
        with socket.socket(socket.AF_UNIX) as raw:
            raw.connect(address)
            raw.sendall(line)
            assert json.loads(raw.makefile().readline())["ok"] is False
        with connected(address) as client:
            client.ask("status")

    await with_server(talk, str(tmp_path / "s"))


@pytest.mark.noisy
async def test_a_line_without_end_is_refused(tmp_path: Path) -> None:
    def talk(address: str) -> None:
        with socket.socket(socket.AF_UNIX) as raw:
            raw.connect(address)
            try:
                raw.sendall(b"x" * (2 * MAX_LINE_BYTES))
            except OSError:
                return
            assert b'"ok": false' in raw.recv(1000)

    await with_server(talk, str(tmp_path / "s"))


async def test_the_version_is_checked(tmp_path: Path) -> None:
    def talk(address: str) -> None:
        with connected(address) as client:
            client.send({"v": VERSION + 1, "do": "status"})
            with pytest.raises(InstanceError, match="a different version"):
                client.receive()

    await with_server(talk, str(tmp_path / "s"))


async def test_a_question_that_takes_long_does_not_prevent_quitting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reader.ipc.server._CLOSE_LIMIT_S", 0.01)
    is_asked = asyncio.Event()

    async def ponder(message: Message, connection: Connection) -> Message:
        is_asked.set()
        await asyncio.Event().wait()
        return {}

    server = Server(str(tmp_path / "s"), ponder)
    await server.start()
    with connected(str(tmp_path / "s")) as client:
        client.send({"v": VERSION, "do": "status"})
        async with asyncio.timeout(10):
            await is_asked.wait()
            await server.close()


def test_a_piece_of_text_stays_below_the_longest_request_however_it_is_escaped() -> None:
    assert len(encode({"text": "\U0001f600" * PIECE_CHARS})) < MAX_REQUEST_BYTES
    request = {"v": VERSION, "do": "speak", "ssml": "\U0001f600" * MAX_CHARS, "voice": "x" * 300, "language": "en"}
    assert len(encode(request)) < MAX_REQUEST_BYTES


@pytest.mark.noisy
@pytest.mark.parametrize("item", [b"1.5", b"[]", b'{"a":{}}', b"9" * 4000])
async def test_a_megabyte_of_nonsense_is_not_looked_into(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, item: bytes
) -> None:
    looked: list[int] = []

    def look(line: bytes) -> Message:
        looked.append(len(line))
        return decode(line)

    monkeypatch.setattr("reader.ipc.server.decode", look)

    def talk(address: str) -> None:
        with socket.socket(socket.AF_UNIX) as raw:
            raw.connect(address)
            raw.sendall(b"[" + (item + b",") * (1_000_000 // (len(item) + 1)) + item + b"]\n")
            assert b'"ok": false' in raw.recv(1000)
        with connected(address) as client:
            client.ask("status")

    await with_server(talk, str(tmp_path / "s"))
    assert max(looked) < MAX_REQUEST_BYTES
