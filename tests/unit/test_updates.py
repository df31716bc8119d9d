"""The check for a new version: what is asked, when, and what the user is told. Off unless the user wishes it."""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import trustme
from PySide6.QtCore import QTimer

from reader.errors import HarkenError
from reader.flow import Notice
from reader.settings.paths import state_folder
from reader.support import updates
from reader.support.updates import WEEK_S, due_in_s
from tests.fakes.bridge import FakeBridge
from ui.updates import KEY, Updates

_SHORTLY_MS = 30_000
_A_DAY_MS = 24 * 3600 * 1000


class Releases:
    """A publisher on loopback, who counts who asks."""

    def __init__(self) -> None:
        self.answer = b"{}"
        self.asked = 0
        releases = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                releases.asked += 1
                self.send_response(200)
                self.end_headers()
                self.wfile.write(releases.answer)

            def log_message(self, *_: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)


@pytest.fixture
def releases(monkeypatch: pytest.MonkeyPatch) -> Iterator[Releases]:
    made = Releases()
    thread = threading.Thread(target=made.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    monkeypatch.setattr(updates, "RELEASES_URL", f"http://127.0.0.1:{made.server.server_port}/latest.json")
    yield made
    made.server.shutdown()
    thread.join()
    made.server.server_close()


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ({"version": "99.1", "page": "https://harken.example/99"}, "Harken 99.1 is available"),
        ({"version": "99.1", "page": "file:///etc/passwd"}, "Harken 99.1 is available"),
        ({"version": "0.0.1"}, ""),
        ({"version": "99; rm"}, ""),
        ({"version": 99}, ""),
        ([], ""),
    ],
)
async def test_only_a_newer_version_is_told(releases: Releases, tmp_path: Path, answer: object, told: str) -> None:
    releases.answer = json.dumps(answer).encode()
    sentence = await updates.look(tmp_path)
    assert sentence.startswith(told)
    assert bool(sentence) == bool(told)
    assert "file:" not in sentence
    assert releases.asked == 1


@pytest.mark.parametrize("answer", [b"", b"<html>", b"[" * 16000, b'{"version": "99"'])
async def test_an_answer_that_is_none_is_no_news(releases: Releases, tmp_path: Path, answer: bytes) -> None:
    releases.answer = answer
    assert await updates.look(tmp_path) == ""


async def test_the_check_for_a_new_version_trusts_the_same(
    authority: trustme.CA, releases: Releases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(served)
    releases.server.socket = served.wrap_socket(releases.server.socket, server_side=True)
    monkeypatch.setattr(updates, "RELEASES_URL", f"https://localhost:{releases.server.server_port}/latest.json")
    releases.answer = json.dumps({"version": "99.1"}).encode()
    assert (await updates.look(tmp_path)).startswith("Harken 99.1 is available")


async def test_a_server_that_speaks_no_http_is_no_news(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def babble() -> None:
            client, _ = server.accept()
            with client:
                client.recv(1000)
                client.sendall(b"220 hello\r\n")

        thread = threading.Thread(target=babble)
        thread.start()
        monkeypatch.setattr(updates, "RELEASES_URL", f"http://127.0.0.1:{server.getsockname()[1]}/")
        assert await updates.look(tmp_path) == ""
        thread.join()


async def test_a_closed_port_is_no_news(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(updates, "RELEASES_URL", "http://127.0.0.1:9/latest.json")
    assert await updates.look(tmp_path) == ""


async def test_an_address_that_can_be_read_on_the_way_is_not_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(updates, "RELEASES_URL", "http://harken.example/latest.json")
    assert await updates.look(tmp_path) == ""


def test_it_is_asked_once_a_week(tmp_path: Path) -> None:
    note = tmp_path / "updates.json"
    assert due_in_s(tmp_path, 1000.0) == 0
    note.write_text('{"asked_s": 1000}')
    assert due_in_s(tmp_path, 1000.0 + WEEK_S / 2) == WEEK_S / 2
    assert due_in_s(tmp_path, 1000.0 + WEEK_S) == 0
    assert due_in_s(tmp_path, 10.0) == 0  # the clock was set back
    note.write_text("nonsense")
    assert due_in_s(tmp_path, 1000.0) == 0


# ---- when the tray app asks ----


@pytest.fixture
def checker(bridge: FakeBridge, monkeypatch: pytest.MonkeyPatch) -> Iterator[Updates]:
    """As at a start of Harken. What it asks the core is answered at once."""

    def ask(do: Callable[[Any], Awaitable[str]], then: Callable[[str | HarkenError], None]) -> None:
        async def done() -> str:
            return await do(None)

        then(asyncio.run(done()))

    monkeypatch.setattr(bridge, "ask", ask)
    made = Updates(bridge, bridge)
    made.follow()
    yield made
    made.deleteLater()


def timer(checker: Updates) -> QTimer:
    (found,) = checker.findChildren(QTimer)
    return found


def test_it_is_off_and_then_nothing_is_ever_asked(checker: Updates, bridge: FakeBridge) -> None:
    assert bridge.settings.switch(KEY) is False
    assert not timer(checker).isActive()


def test_not_at_the_start_but_a_while_later(checker: Updates, bridge: FakeBridge, releases: Releases) -> None:
    bridge.settings.set(KEY, True)
    checker.follow()
    assert timer(checker).isActive()
    assert timer(checker).remainingTime() > _SHORTLY_MS
    assert releases.asked == 0


def test_what_is_new_is_told_once_a_week_and_nothing_else_is_done(
    checker: Updates, bridge: FakeBridge, releases: Releases
) -> None:
    told: list[Notice] = []
    bridge.happened.connect(told.append)
    bridge.settings.set(KEY, True)
    checker.follow()
    releases.answer = json.dumps({"version": "99.1", "page": "https://harken.example/99"}).encode()
    timer(checker).timeout.emit()
    assert [notice.sentence.partition(";")[0] for notice in told] == ["Harken 99.1 is available"]
    assert not told[0].is_problem
    assert {path.name for path in state_folder().iterdir()} == {"updates.json"}
    assert timer(checker).remainingTime() > WEEK_S * 1000 - _A_DAY_MS
    checker.follow()  # as at the next start, or when any setting changes
    assert timer(checker).remainingTime() > WEEK_S * 1000 - _A_DAY_MS
    assert releases.asked == 1


def test_one_that_could_not_be_asked_is_not_asked_again_at_once(
    checker: Updates, bridge: FakeBridge, releases: Releases
) -> None:
    bridge.settings.set(KEY, True)
    releases.answer = b"<html>"
    checker.follow()
    timer(checker).timeout.emit()
    assert timer(checker).remainingTime() > WEEK_S * 1000 - _A_DAY_MS


def test_switched_off_it_stops(checker: Updates, bridge: FakeBridge) -> None:
    bridge.settings.set(KEY, True)
    checker.follow()
    bridge.settings.set(KEY, False)
    checker.follow()
    assert not timer(checker).isActive()


def test_a_week_after_the_last_time_it_is_due_again(bridge: FakeBridge, checker: Updates) -> None:
    state_folder().mkdir(parents=True, exist_ok=True)
    (state_folder() / "updates.json").write_text(json.dumps({"asked_s": time.time() - WEEK_S - 1}))
    assert updates.due_in_s(state_folder(), time.time()) == 0
    bridge.settings.set(KEY, True)
    checker.follow()
    assert _SHORTLY_MS < timer(checker).remainingTime() < 2 * 60_000
