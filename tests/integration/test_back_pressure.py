"""Texts that do not end: they wait where they come from, and everything else goes on."""

from __future__ import annotations

import asyncio
import os
import socket
import threading
from pathlib import Path

import pytest

import reader.core.engines_here
from reader import cli
from reader.cli.through import SpeakRequest, through_instance
from reader.core.app import App
from reader.documents.source import TextSource
from reader.flow import CapturedText, Command, Event, Source, State, StateChanged, Trigger
from reader.ipc.choose import socket_address
from reader.ipc.client import InstanceClient, connected
from reader.ipc.protocol import VERSION, encode
from reader.ipc.unix import UnixClient
from tests.fakes.device import HandDevice
from tests.fakes.engine import FakeEngine
from tests.integration.test_remote import running

# What may be on its way: in sockets and buffers, in the texts of the protocol, and what waits to be cut.
MOST_BYTES = 2_000_000
ENDLESS = b"Again and again it says the same. " * 2000
TEXTS = [ENDLESS, b"y\n" * 30_000, b"a" * 60_000, b" " * 60_000, b"-\n" * 30_000, "猫".encode() * 20_000]


class Endless:
    """A source that writes as much as is taken of it."""

    def __init__(self, text: bytes = ENDLESS) -> None:
        self.taken = 0
        self._ear, self._mouth = socket.socketpair()
        self.fd = os.dup(self._ear.fileno())
        self._text = text
        threading.Thread(target=self._write, daemon=True).start()

    def _write(self) -> None:
        try:
            while True:
                self.taken += self._mouth.send(self._text)
        except OSError:
            pass

    def close(self) -> None:
        self._ear.shutdown(socket.SHUT_RDWR)
        self._ear.close()
        self._mouth.close()


@pytest.fixture(autouse=True)
def _engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader.core.engines_here, "local_engines", lambda: {"first": FakeEngine("first")})


def begun(fd: int) -> TextSource:
    source = TextSource(fd)
    source.begin()
    return source


def ask_often() -> None:
    """In the time of so many answers all of the text would have arrived."""
    for _ in range(200):
        with connected(socket_address()) as client:
            client.ask("status")


def stop(app: App) -> None:
    app.controller.handle(Trigger(Command.STOP))


def idle(app: App) -> asyncio.Event:
    """Set when it has become idle again."""
    is_idle = asyncio.Event()

    def watch(event: Event) -> None:
        if isinstance(event, StateChanged) and event.state is State.IDLE:
            is_idle.set()

    app.subscribe(watch)
    return is_idle


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: repr(text[:4]))
async def test_text_waits_where_it_comes_from(tmp_path: Path, text: bytes) -> None:
    source = Endless(text)
    async with running(tmp_path, HandDevice()) as app:
        speaking = asyncio.create_task(
            asyncio.to_thread(through_instance, InstanceClient(socket_address()), SpeakRequest(), begun(source.fd))
        )
        await asyncio.to_thread(ask_often)
        stop(app)
        result = await speaking
    assert result == 130
    assert source.taken < MOST_BYTES or not text.strip(b" \n-")  # nothing holds back what makes no sound
    source.close()


async def test_a_client_that_is_gone_is_missed_although_its_text_waits(tmp_path: Path) -> None:
    source = Endless()
    async with running(tmp_path, HandDevice()) as app:
        is_idle = idle(app)
        client = InstanceClient(socket_address())
        speaking = asyncio.create_task(asyncio.to_thread(through_instance, client, SpeakRequest(), begun(source.fd)))
        await asyncio.to_thread(ask_often)
        assert isinstance(client._socket, UnixClient)
        client._socket._socket.shutdown(socket.SHUT_RDWR)  # as when it is killed
        async with asyncio.timeout(20):
            await is_idle.wait()
        await asyncio.gather(speaking, return_exceptions=True)
    source.close()


async def test_a_client_that_sends_more_than_it_is_asked_for_waits(tmp_path: Path) -> None:
    sent = 0

    def flood() -> socket.socket:
        nonlocal sent
        raw = socket.socket(socket.AF_UNIX)
        raw.connect(socket_address())
        raw.sendall(encode({"v": VERSION, "do": "speak", "voice": "", "language": "", "speed": None}))

        def send() -> None:
            nonlocal sent
            try:
                while True:
                    sent += raw.send(encode({"text": ENDLESS.decode()}))
            except OSError:
                pass

        threading.Thread(target=send, daemon=True).start()
        ask_often()
        return raw

    async with running(tmp_path, HandDevice()) as app:
        raw = await asyncio.to_thread(flood)
        is_idle = idle(app)
        stop(app)
        await is_idle.wait()
        raw.shutdown(socket.SHUT_RDWR)
        raw.close()
    assert sent < 3 * MOST_BYTES  # two megabytes of them in the server's buffer for its messages


async def test_what_is_no_text_interrupts_no_reading(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "book.txt").write_bytes(b"%PDF-1.7\n")
    async with running(tmp_path, HandDevice()) as app:
        reading = app.speak(CapturedText("One sentence is here. Another one follows it.", Source.GIVEN))
        code = await asyncio.to_thread(cli.main, ["speak", str(tmp_path / "book.txt")], lambda: 3)
        assert app.controller._reading is reading
    assert code == 1
    assert "PDF" in capsys.readouterr().err
