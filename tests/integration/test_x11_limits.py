"""An X server that accepts and never answers, or stops answering: nobody waits for it for ever."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

import reader.x11
from reader.capture import choose, x11
from reader.capture.base import CaptureOptions, InFront
from reader.errors import CaptureTimeoutError
from reader.flow import Command, Source
from tests.desktop.desk import Desk, wait_for
from tests.fakes import x11_owner


class Silent:
    """A server on a port of this computer, to which X clients connect."""

    def __init__(self) -> None:
        for number in range(200, 900):
            self._socket = socket.socket()
            try:
                self._socket.bind(("127.0.0.1", 6000 + number))
                break
            except OSError:
                self._socket.close()
        self._socket.listen()
        self.display = f"127.0.0.1:{number}"
        self._clients: list[socket.socket] = []
        self.accepted = threading.Event()
        self._thread = threading.Thread(target=self._accept)
        self._thread.start()

    def _accept(self) -> None:
        while True:
            client, _ = self._socket.accept()
            self._clients.append(client)
            if self._is_ending:
                return
            self.accepted.set()

    _is_ending = False

    def close(self) -> None:
        """Its clients see that it has gone."""
        self._is_ending = True
        socket.create_connection(self._socket.getsockname()).close()
        self._thread.join()
        for client in (*self._clients, self._socket):
            client.close()


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch) -> Iterator[Silent]:
    before = set(threading.enumerate())
    made = Silent()
    monkeypatch.setenv("DISPLAY", made.display)
    monkeypatch.setattr(reader.x11, "_CONNECT_LIMIT_S", 0.2)
    yield made
    made.close()
    for thread in set(threading.enumerate()) - before:
        thread.join(10)


async def test_one_that_accepts_and_never_answers_is_refused_with_the_reason(silent: Silent) -> None:
    choice = await choose.choose(lambda: None)
    await choice.capture.close()
    assert silent.accepted.is_set()
    assert dict(choice.refusals)["x11"].endswith("no answer within 0.2 s")
    assert choice.chosen[:2] == ["no selection", "no clipboard"]


@pytest.mark.desktop
async def test_one_that_stops_answering_costs_a_limit_and_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(x11, "_READ_LIMIT_S", 0.2)
    monkeypatch.setattr(x11, "_LOOK_LIMIT_S", 0.2)
    with Desk(sound=False, bus=False) as desk:
        monkeypatch.setenv("DISPLAY", desk.display)
        server = desk._processes[0]
        choice = await choose.choose(lambda: None)
        await choice.capture.apply(CaptureOptions(focused_text=False))
        copy = "printf Copied. | xclip -selection clipboard >/dev/null 2>&1"
        await asyncio.to_thread(desk.call, ["sh", "-c", copy])
        # xclip returns to its caller before it has the clipboard.
        pasted = ["xclip", "-selection", "clipboard", "-o"]
        await asyncio.to_thread(wait_for, lambda: desk.output(pasted) == "Copied.", "the clipboard")
        assert (await choice.capture.read(Command.READ_CLIPBOARD)).text == "Copied."
        os.kill(server.pid, signal.SIGSTOP)
        try:
            for command in (Command.READ_SELECTION, Command.READ_CLIPBOARD):
                with pytest.raises(CaptureTimeoutError, match="could not get the selection"):
                    await choice.capture.read(command)
        finally:
            os.kill(server.pid, signal.SIGCONT)
        monkeypatch.setattr(x11, "_READ_LIMIT_S", 20.0)
        captured = await choice.capture.read(Command.READ_CLIPBOARD)
        assert (captured.text, captured.source) == ("Copied.", Source.CLIPBOARD)
        await choice.capture.close()


@pytest.mark.desktop
async def test_a_reading_gives_up_for_a_newer_key_press_and_not_for_the_question_what_is_in_front(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with Desk(sound=False, bus=False) as desk:
        monkeypatch.setenv("DISPLAY", desk.display)
        place = await x11.open_place(lambda: None)
        watcher = place._watcher
        has_begun, may_end = threading.Event(), threading.Event()

        def read() -> None:
            has_begun.set()
            may_end.wait(20)

        watcher.submit(read)
        await asyncio.to_thread(has_begun.wait, 20)
        try:
            asked = asyncio.ensure_future(place.in_front())
            await asyncio.sleep(0)
            assert watcher.waiting == [watcher.in_front]
            assert not watcher._is_superseded()
            newer = asyncio.ensure_future(place.look())
            await asyncio.sleep(0)
            assert watcher._is_superseded()
        finally:
            may_end.set()
        await asyncio.gather(asked, newer)
        await place.close()


@pytest.mark.desktop
async def test_what_comes_too_late_for_one_reading_is_no_answer_to_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    with Desk(sound=False, bus=False) as desk:
        monkeypatch.setenv("DISPLAY", desk.display)
        command = [sys.executable, "-m", "tests.fakes.x11_owner", "late"]
        owner = subprocess.Popen(command, env=desk.env, stdout=subprocess.PIPE, text=True)
        try:
            await asyncio.to_thread(wait_for, lambda: desk.find_windows("owner"), "the owner's window")
            place = await x11.open_place(lambda: None)
            first = place._watcher.submit(place._watcher.read_beginning)
            assert owner.stdout
            assert await asyncio.to_thread(owner.stdout.readline) == "kept\n"
            captured = await place.read(Source.SELECTION)
            assert "Another key" in str(first.exception())
            assert captured.text == x11_owner.TEXT
            await place.close()
        finally:
            owner.kill()
            owner.communicate()


@pytest.mark.desktop
async def test_what_is_in_front_was_told_before_and_is_not_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    with Desk(sound=False, bus=False) as desk:
        monkeypatch.setenv("DISPLAY", desk.display)
        place = await x11.open_place(lambda: None)
        window = await asyncio.to_thread(desk.open_text, "In front.")
        await asyncio.to_thread(desk.focus, window)
        await asyncio.to_thread(wait_for, lambda: place._watcher.known_front() not in (None, InFront()), "the window")
        asked = await asyncio.wrap_future(place._watcher.submit(place._watcher.in_front))
        await asyncio.to_thread(wait_for, lambda: place._watcher.has_heard_all, "the watcher's rest")
        server = desk._processes[0]
        os.kill(server.pid, signal.SIGSTOP)
        try:
            assert await place.in_front() == asked
            assert asked.pid
            assert asked.since_s
        finally:
            os.kill(server.pid, signal.SIGCONT)
        await place.close()
