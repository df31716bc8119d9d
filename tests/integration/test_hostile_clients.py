"""Clients of the socket that are mad, slow or many: each is answered or let go, and Harken reads on."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

import reader.core.engines_here
import reader.ipc.server
from reader.errors import InstanceError
from reader.ipc import messages
from reader.ipc.choose import socket_address
from reader.ipc.client import InstanceClient, connected
from reader.ipc.protocol import MAX_LINE_BYTES, VERSION, BadMessageError
from reader.ipc.server import Server
from tests.fakes.engine import FakeEngine
from tests.fakes.instance import running

pytestmark = pytest.mark.noisy  # what is refused is logged


@pytest.fixture
def engines(monkeypatch: pytest.MonkeyPatch) -> Mapping[str, FakeEngine]:
    made = {"espeak": FakeEngine("espeak")}
    monkeypatch.setattr(reader.core.engines_here, "local_engines", lambda: made)
    return made


def connect(address: str) -> socket.socket:
    made = socket.socket(socket.AF_UNIX)
    made.connect(address)
    made.settimeout(20)
    return made


def ask_raw(line: bytes) -> dict[str, Any]:
    """What the running Harken answers to a line; {} where it only hangs up."""
    with connect(socket_address()) as raw:
        raw.sendall(line)
        answer: dict[str, Any] = json.loads(raw.makefile().readline() or "{}")
        return answer


def ask(fields: Mapping[str, Any]) -> dict[str, Any]:
    return ask_raw(json.dumps({"v": VERSION, **fields}).encode() + b"\n")


HUGE = 10**400
STATUS = {"do": "status"}
# By request and field; the other fields are as they should be.
WRONG: list[tuple[dict[str, Any], str, list[Any]]] = [
    ({}, "do", [None, 1, [], {}, "", "sing", "x" * 100_000]),
    ({"do": "speak"}, "speed", [-5, 0, 99, HUGE, "1", True, [1], {"a": 1}]),
    ({"do": "speak"}, "voice", [1, ["espeak/en"], "\ud800", "a\nb", "\x1b[31m", "x" * 10_000]),
    ({"do": "speak"}, "language", [1, "\ud800", "\0", {}]),
    ({"do": "speak"}, "ssml", [1, ["<speak>"], {"a": 1}, False]),
    ({"do": "read-again"}, "id", [None, "1", 1.5, -1, HUGE, True, [1]]),
    ({"do": "command"}, "command", [None, 1, "", "rm -rf", ["stop"], {"a": 1}]),
    ({"do": "set", "key": "voice.speed"}, "value", [None, HUGE, [], {}, "\ud800", "fast", True, -5]),
    ({"do": "set", "value": 1.0}, "key", [None, 1, [], "no.such", "\x1b]0;x\x07", "x" * 10_000]),
    ({"do": "reset"}, "keys", [None, "voice.speed", [1], ["no.such"], ["voice.speed"] * 1000]),
    ({"do": "doctor"}, "ask", [1, "yes", [1], ["\n"], {}]),
    ({"do": "voices"}, "engine", [1, "\n"]),
]


async def test_every_wrong_field_is_refused_with_a_sentence(tmp_path: Path, engines: Mapping[str, FakeEngine]) -> None:
    async with running(tmp_path / "settings.toml") as harken:
        for message in [{**request, name: value} for request, name, values in WRONG for value in values]:
            answer = await asyncio.to_thread(ask, message)
            assert answer["ok"] is False, message
            assert answer["sentence"].isprintable()
            assert answer["sentence"].endswith(".")
        assert harken.app.settings.number("voice.speed") == 1.0
        assert (await asyncio.to_thread(ask, STATUS))["ok"] is True
    assert engines["espeak"].asked == []
    assert not (tmp_path / "settings.toml").exists()


@pytest.mark.parametrize(
    "line",
    [
        b'{"v": 5, "do": "speak", "speed": NaN}\n',
        b'{"v": 5, "do": "speak", "speed": -Infinity}\n',
        b'{"v": 5, "do": "speak", "speed": 1e999}\n',
        b'{"v": 5, "do": "speak", "speed": ' + b"9" * 5000 + b"}\n",
        b'{"v": ' + b"9" * 5000 + b"}\n",
        b'{"v": [5], "do": "status"}\n',
        b"[" * 100_000 + b"\n",
        b'{"a":' * 100_000 + b"\n",
        b'"' + b"x" * 100_000 + b'"\n',
        b"\0" * 1000 + b"\n",
        b"null\n",
        b"\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    ],
)
async def test_every_line_that_is_no_request_is_refused(
    tmp_path: Path, engines: Mapping[str, FakeEngine], line: bytes
) -> None:
    async with running(tmp_path / "settings.toml"):
        answer = await asyncio.to_thread(ask_raw, line)
        assert answer["ok"] is False
        assert (await asyncio.to_thread(ask, STATUS))["ok"] is True


@pytest.mark.parametrize(
    "message", [{"text": 1}, {"text": ["a"]}, {"text": {"a": 1}}, "no message", {"text": "\ud800 One.", "end": True}]
)
async def test_a_text_that_is_none_ends_its_reading_and_half_a_character_does_not(
    tmp_path: Path, engines: Mapping[str, FakeEngine], message: object
) -> None:
    def talk() -> dict[str, Any]:
        with connect(socket_address()) as raw:
            raw.sendall(json.dumps({"v": VERSION, "do": "speak"}).encode() + b"\n")
            raw.sendall((message if isinstance(message, str) else json.dumps(message)).encode() + b"\n")
            answers = map(json.loads, raw.makefile())
            answer: dict[str, Any] = next(answer for answer in answers if "more" not in answer)
            return answer

    async with running(tmp_path / "settings.toml"):
        answer = await asyncio.to_thread(talk)
        is_text = isinstance(message, dict) and isinstance(message["text"], str)
        assert answer.get("ended") == ("whole" if is_text else None)
        assert answer["ok"] is is_text
        assert (await asyncio.to_thread(ask, STATUS))["state"] == "idle"


async def test_half_a_message_is_nothing(tmp_path: Path, engines: Mapping[str, FakeEngine]) -> None:
    def talk() -> None:
        with connect(socket_address()) as raw:
            raw.sendall(b'{"v": 5, "do": "sta')
            raw.shutdown(socket.SHUT_WR)
            assert raw.recv(100) == b""

    async with running(tmp_path / "settings.toml"):
        await asyncio.to_thread(talk)
        assert (await asyncio.to_thread(ask, STATUS))["ok"] is True


async def test_who_says_nothing_makes_room_for_who_does(tmp_path: Path, engines: Mapping[str, FakeEngine]) -> None:
    silent: list[socket.socket] = []

    def talk() -> None:
        silent.extend(connect(socket_address()) for _ in range(3 * reader.ipc.server._MAX_CLIENTS))
        assert ask(STATUS)["ok"] is True
        assert silent[0].recv(100) == b""

    async with running(tmp_path / "settings.toml") as harken:
        await asyncio.to_thread(talk)
        assert len(harken.server._clients) <= reader.ipc.server._MAX_CLIENTS
    for one in silent:
        one.close()


async def test_more_readers_than_there_can_be_are_told(tmp_path: Path, engines: Mapping[str, FakeEngine]) -> None:
    async def never(message: dict[str, Any], _connection: object) -> dict[str, Any]:
        asked.append(message)
        if len(asked) == reader.ipc.server._MAX_CLIENTS:
            is_asked.set()
        await asyncio.Event().wait()
        return message

    def fill() -> list[InstanceClient]:
        clients = [InstanceClient(address) for _ in range(reader.ipc.server._MAX_CLIENTS)]
        for client in clients:
            client.send({"v": VERSION, "do": "status"})
        return clients

    def one_more() -> None:
        with connected(address) as client:
            client.receive()

    address = str(tmp_path / "s")
    is_asked = asyncio.Event()
    asked: list[dict[str, Any]] = []

    monkey = pytest.MonkeyPatch()
    with monkey.context() as patch:
        patch.setattr(reader.ipc.server, "_CLOSE_LIMIT_S", 0.01)
        server = Server(address, never)
        await server.start()
        clients = await asyncio.to_thread(fill)
        await is_asked.wait()
        with pytest.raises(InstanceError, match="Too many programs"):
            await asyncio.to_thread(one_more)
        for client in clients:
            client.close()
        await server.close()


async def test_who_never_asks_and_who_never_reads_is_let_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader.ipc.server, "_REQUEST_LIMIT_S", 0.05)
    monkeypatch.setattr(reader.ipc.server, "_READ_LIMIT_S", 0.05)

    async def much(_message: dict[str, Any], _connection: object) -> dict[str, Any]:
        is_asked.set()
        return {"ok": True, "much": "x" * (1 << 24)}

    def talk() -> None:
        with connect(address) as raw:
            assert json.loads(raw.makefile().readline())["ok"] is False
        with connect(address) as raw:
            raw.sendall(json.dumps({"v": VERSION, "do": "status"}).encode() + b"\n")
            is_asked.wait()
            while server._clients:
                os.sched_yield()

    address = str(tmp_path / "s")
    is_asked = threading.Event()
    server = Server(address, much)
    await server.start()
    await asyncio.to_thread(talk)
    await server.close()


@pytest.mark.parametrize("make", [os.mkdir, lambda path: Path(path).write_text("mine")])
async def test_what_is_in_the_place_of_the_socket_stays(tmp_path: Path, make: Callable[[str], object]) -> None:
    address = str(tmp_path / "harken.sock")
    make(address)
    with pytest.raises(InstanceError, match="can't be received"):
        await Server(address, lambda *_: asyncio.sleep(0, {})).start()
    assert os.path.isdir(address) or Path(address).read_text() == "mine"


async def test_a_socket_with_too_long_a_name_is_told(tmp_path: Path) -> None:
    with pytest.raises(InstanceError, match="too long"):
        await Server(str(tmp_path / ("x" * 200)), lambda *_: asyncio.sleep(0, {})).start()


def test_a_link_in_the_place_of_the_folder_is_not_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "somebody's"
    target.mkdir(mode=0o700)
    monkeypatch.delenv("XDG_RUNTIME_DIR")
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    (tmp_path / f"harken-{os.getuid()}").symlink_to(target)
    with pytest.raises(InstanceError):
        socket_address()
    assert list(target.iterdir()) == []


@pytest.mark.parametrize("value", ["", "relative/folder"])
def test_a_runtime_folder_that_is_none_counts_as_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", value)
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    assert socket_address() == str(tmp_path / f"harken-{os.getuid()}" / "harken.sock")


@pytest.mark.parametrize(
    "answer",
    [b"", b"nonsense\n", b"[]\n", b"[" * 100_000 + b"\n", b"9" * 5000 + b"\n", b"x" * (MAX_LINE_BYTES + 9), b"\xff\n"],
)
def test_a_client_survives_what_answers_in_harken_s_place(tmp_path: Path, answer: bytes) -> None:
    address = str(tmp_path / "s")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(address)
        server.listen()
        with connected(address) as client:
            accepted, _ = server.accept()
            accepted.settimeout(20)
            client.send({"v": VERSION, "do": "status"})
            accepted.setblocking(False)
            with suppress(BlockingIOError):
                accepted.sendall(answer)
            accepted.shutdown(socket.SHUT_WR)
            with pytest.raises(InstanceError):
                client.receive()
            accepted.close()


def test_a_refusal_is_shown_without_what_a_terminal_would_obey(tmp_path: Path) -> None:
    address = str(tmp_path / "s")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(address)
        server.listen()
        with connected(address) as client:
            accepted, _ = server.accept()
            with accepted:
                accepted.sendall(json.dumps({"ok": False, "sentence": "\x1b[2JGone\u202e.\r"}).encode() + b"\n")
                with pytest.raises(InstanceError) as caught:
                    client.receive()
    assert caught.value.sentence == "Gone\ufffd."


def test_messages_are_checked_by_themselves() -> None:
    assert messages.request({"do": "speak", "speed": 2})[1]["speed"] == 2.0
    assert messages.more_text({}) == ("", False)
    assert messages.more_text({"text": "a\udc80b", "end": True}) == ("a\ufffdb", True)
    with pytest.raises(BadMessageError, match="“speed” is a number from"):
        messages.request({"do": "speak", "speed": float("nan")})
