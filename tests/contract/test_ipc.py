"""What holds for every kind of socket for commands: this system's, none, the one tests use."""

from __future__ import annotations

import asyncio
import gc
import os
import secrets
import stat
import subprocess
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import pytest

from reader.errors import InstanceError, NotRunningError
from reader.ipc.base import SocketKind
from reader.ipc.client import InstanceClient
from reader.ipc.none import NoSocket
from reader.ipc.server import Connection, Message, Server
from tests.fakes.toy_socket import ToySocket

if sys.platform == "win32":
    from reader.ipc.pipe import PipeSocket as OwnSocket

    KINDS: list[type[SocketKind]] = [OwnSocket]  # its loop can't stop listening at a port as the toy does
else:
    from reader.ipc.unix import UnixSocket as OwnSocket

    KINDS = [OwnSocket, ToySocket]

_LINE_BYTES = 1 << 16
_LIMIT_S = 20.0


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> SocketKind:
    made: SocketKind = request.param()
    return made


@pytest.fixture
def address(tmp_path: Path) -> str:
    return rf"\\.\pipe\harken-test-{secrets.token_hex(8)}" if sys.platform == "win32" else str(tmp_path / "commands")


class Ends:
    """Both ends of a line: what clients say goes to `lines`, and is said back to them."""

    def __init__(self) -> None:
        self.lines: asyncio.Queue[bytes] = asyncio.Queue()
        self.writers: list[asyncio.StreamWriter] = []
        self._tasks: set[asyncio.Task[None]] = set()

    def on_client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.writers.append(writer)
        self._tasks.add(asyncio.create_task(self._echo(reader, writer)))

    async def _echo(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            self.lines.put_nowait(line)
            writer.write(line)
            await writer.drain()
        self.lines.put_nowait(b"")
        await self._end(writer)

    async def _end(self, writer: asyncio.StreamWriter) -> None:
        writer.close()
        await writer.wait_closed()

    async def close(self) -> None:
        for writer in self.writers:
            await self._end(writer)
        if self._tasks:
            await asyncio.wait(self._tasks)


@asynccontextmanager
async def listening(kind: SocketKind, address: str) -> AsyncIterator[Ends]:
    ends = Ends()
    listener = await kind.listen(address, ends.on_client, _LINE_BYTES)
    try:
        yield ends
    finally:
        await listener.close()
        await listener.close()
        await asyncio.sleep(0)
        await ends.close()


def asked(kind: SocketKind, address: str, *lines: bytes) -> list[bytes]:
    """What a client gets for its lines."""
    with closing(kind.connect(address, _LIMIT_S)) as client:
        for line in lines:
            client.send(line)
        return [client.receive_line(_LINE_BYTES, _LIMIT_S) for _ in lines]


async def test_lines_go_both_ways_whole_and_in_order(kind: SocketKind, address: str) -> None:
    lines = [b"one\n", b"x" * (_LINE_BYTES - 2) + b"\n", "grüße\n".encode(), b"\n"]
    async with listening(kind, address) as ends:
        assert await asyncio.to_thread(asked, kind, address, *lines) == lines
        assert [await ends.lines.get() for _ in lines] == lines
        assert await ends.lines.get() == b""  # and it has hung up


async def test_many_are_served_at_once(kind: SocketKind, address: str) -> None:
    async with listening(kind, address):
        answers = await asyncio.gather(*(asyncio.to_thread(asked, kind, address, b"%d\n" % i) for i in range(20)))
        assert answers == [[b"%d\n" % i] for i in range(20)]


@pytest.mark.skipif(sys.platform != "win32", reason="this is Windows' own")
async def test_a_pipe_that_can_not_wait_for_the_next_client_tries_until_it_can(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    loop: Any = asyncio.get_running_loop()
    accept, refusals = loop._proactor.accept_pipe, [232] * 3  # ERROR_NO_DATA: a client came and left

    def refuse(pipe: Any) -> Any:
        if refusals:
            raise OSError(refusals.pop(), "The pipe is being closed.")
        return accept(pipe)

    kind: SocketKind = OwnSocket()
    async with listening(kind, address):
        monkeypatch.setattr(loop._proactor, "accept_pipe", refuse)
        with closing(await asyncio.to_thread(kind.connect, address, _LIMIT_S)):
            assert await asyncio.to_thread(asked, kind, address, b"two\n") == [b"two\n"]
        assert refusals == []


async def test_one_thread_sends_while_another_waits(kind: SocketKind, address: str) -> None:
    def talk() -> bytes:
        with closing(kind.connect(address, _LIMIT_S)) as client:
            is_waiting = threading.Event()

            def send() -> None:
                is_waiting.wait()
                client.send(b"late\n")

            sending = threading.Thread(target=send)
            sending.start()
            is_waiting.set()
            line = client.receive_line(_LINE_BYTES, None)
            sending.join()
            return line

    async with listening(kind, address):
        assert await asyncio.to_thread(talk) == b"late\n"


async def test_no_harken_is_there(kind: SocketKind, address: str) -> None:
    with pytest.raises(NotRunningError):
        kind.connect(address, _LIMIT_S)


async def test_nothing_is_left_when_it_has_closed(kind: SocketKind, address: str) -> None:
    folder = None if sys.platform == "win32" else os.path.dirname(address)
    before = os.listdir(folder) if folder else []
    async with listening(kind, address):
        pass
    with pytest.raises(NotRunningError):
        kind.connect(address, _LIMIT_S)
    assert (os.listdir(folder) if folder else []) == before
    async with listening(kind, address):  # and the next one can begin
        assert await asyncio.to_thread(asked, kind, address, b"again\n") == [b"again\n"]


async def test_there_is_one_at_a_time_and_the_first_goes_on(kind: SocketKind, address: str) -> None:
    async with listening(kind, address):
        with pytest.raises(InstanceError, match="already running") as caught:
            await kind.listen(address, lambda _reader, _writer: None, _LINE_BYTES)
        assert not isinstance(caught.value, NotRunningError)
        assert await asyncio.to_thread(asked, kind, address, b"still here\n") == [b"still here\n"]


async def test_silence_is_waited_for_so_long(kind: SocketKind, address: str) -> None:
    def wait() -> None:
        with closing(kind.connect(address, _LIMIT_S)) as client, pytest.raises(TimeoutError):
            client.receive_line(_LINE_BYTES, 0.01)

    async with listening(kind, address):
        await asyncio.to_thread(wait)


async def test_a_line_that_is_too_long_is_no_line(kind: SocketKind, address: str) -> None:
    def receive() -> bytes:
        with closing(kind.connect(address, _LIMIT_S)) as client:
            client.send(b"x" * 100 + b"\n")
            return client.receive_line(50, _LIMIT_S)

    async with listening(kind, address):
        assert await asyncio.to_thread(receive) == b"x" * 50


async def test_the_end_of_the_other_side_is_heard(kind: SocketKind, address: str) -> None:
    async with listening(kind, address) as ends:
        client = await asyncio.to_thread(kind.connect, address, _LIMIT_S)
        await asyncio.to_thread(client.send, b"there?\n")
        await ends.lines.get()
        for writer in ends.writers:
            writer.close()
        assert await asyncio.to_thread(client.receive_line, _LINE_BYTES, _LIMIT_S) == b"there?\n"
        assert await asyncio.to_thread(client.receive_line, _LINE_BYTES, _LIMIT_S) == b""
        client.close()
        client.close()


_LISTENING = """
import asyncio
from {module} import {name}

async def listen():
    listener = await {name}().listen({address!r}, lambda reader, writer: None, 100)
    print("listening", flush=True)
    await asyncio.sleep(60)

asyncio.run(listen())
"""


async def test_what_a_killed_instance_left_is_no_hindrance(kind: SocketKind, address: str) -> None:
    code = _LISTENING.format(module=type(kind).__module__, name=type(kind).__name__, address=address)
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]) as other:
        assert other.stdout
        assert await asyncio.to_thread(other.stdout.readline) == b"listening" + os.linesep.encode()
        with pytest.raises(InstanceError, match="already running"):
            await kind.listen(address, lambda _reader, _writer: None, _LINE_BYTES)
        other.kill()
    async with listening(kind, address):
        assert await asyncio.to_thread(asked, kind, address, b"new\n") == [b"new\n"]


async def test_server_and_client_need_no_more_than_that(kind: SocketKind, address: str) -> None:
    async def answer(message: Message, _connection: Connection) -> Message:
        return {"ok": True, "got": message["do"]}

    def talk() -> Message:
        with connected_to(kind, address) as client:
            return client.ask("status")

    server = Server(address, answer, kind)
    await server.start()
    try:
        with pytest.raises(InstanceError, match="already running"):
            await Server(address, answer, kind).start()
        assert (await asyncio.to_thread(talk))["got"] == "status"
    finally:
        await server.close()


@pytest.mark.parametrize("turns", range(2, 6))
async def test_a_client_that_was_just_accepted_is_told_of_the_end(kind: SocketKind, address: str, turns: int) -> None:
    server = Server(address, unanswered, kind)
    await server.start()
    client = kind.connect(address, _LIMIT_S)
    for _ in range(turns):  # it is accepted in the second
        await asyncio.sleep(0)
    await server.close()
    gc.collect()  # what is left open is told of here
    with closing(client):
        assert await asyncio.to_thread(client.receive_line, _LINE_BYTES, _LIMIT_S) == b""


async def unanswered(_message: Message, _connection: Connection) -> Message:
    raise AssertionError("nothing was asked")


def connected_to(kind: SocketKind, address: str) -> closing[InstanceClient]:
    return closing(InstanceClient(address, kind))


async def test_the_address_is_the_same_each_time(kind: SocketKind) -> None:
    assert kind.address() == type(kind)().address() != ""


@pytest.mark.noisy
async def test_none_lets_every_harken_start_and_reaches_none(caplog: pytest.LogCaptureFixture) -> None:
    kind: SocketKind = NoSocket()
    address = kind.address()
    for _ in range(2):
        await (await kind.listen(address, lambda _reader, _writer: None, _LINE_BYTES)).close()
    with pytest.raises(NotRunningError):
        kind.connect(address, _LIMIT_S)
    assert "not supported on this system yet" in caplog.text


@pytest.mark.skipif(sys.platform == "win32", reason="a pipe has its own list of who may enter")
async def test_it_is_the_users_alone_and_folders_made_meanwhile_can_be_entered(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A umask holds for every thread: folders that were made while one was set could be entered by nobody."""
    start = vars(asyncio)["start_unix_server"]  # not on Windows, which mypy looks for, too
    (tmp_path / "before").mkdir()

    async def start_beside_another_thread(*values: Any, **named: Any) -> Any:
        await asyncio.to_thread((tmp_path / "made").mkdir)
        return await start(*values, **named)

    monkeypatch.setattr(asyncio, "start_unix_server", start_beside_another_thread)
    async with listening(OwnSocket(), address):
        assert stat.S_IMODE(os.stat(address).st_mode) == 0o600
    assert os.stat(tmp_path / "made").st_mode == os.stat(tmp_path / "before").st_mode
