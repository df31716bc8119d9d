"""The check for a new version: what is asked, when, and what the user is told."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from reader import updates
from reader.updates import WEEK_S, due_in_s


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
        ({"version": "99.1", "page": "https://harken.example/99"}, "Harken 99.1 is there"),
        ({"version": "99.1", "page": "file:///etc/passwd"}, "Harken 99.1 is there"),
        ({"version": "0.0.1"}, ""),
        ({"version": "99; rm"}, ""),
        ({"version": 99}, ""),
        ([], ""),
    ],
)
def test_only_a_newer_version_is_told(releases: Releases, tmp_path: Path, answer: object, told: str) -> None:
    releases.answer = json.dumps(answer).encode()
    sentence = asyncio.run(updates.look(tmp_path))
    assert sentence.startswith(told)
    assert bool(sentence) == bool(told)
    assert "file:" not in sentence
    assert releases.asked == 1


def test_nobody_there_is_no_news(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(updates, "RELEASES_URL", "http://127.0.0.1:9/latest.json")
    assert asyncio.run(updates.look(tmp_path)) == ""


def test_an_address_that_can_be_read_on_the_way_is_not_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(updates, "RELEASES_URL", "http://harken.example/latest.json")
    assert asyncio.run(updates.look(tmp_path)) == ""


def test_it_is_asked_once_a_week(tmp_path: Path) -> None:
    note = tmp_path / "updates.json"
    assert due_in_s(tmp_path, 1000.0) == 0
    note.write_text('{"asked_s": 1000}')
    assert due_in_s(tmp_path, 1000.0 + WEEK_S / 2) == WEEK_S / 2
    assert due_in_s(tmp_path, 1000.0 + WEEK_S) == 0
    assert due_in_s(tmp_path, 10.0) == 0  # the clock was set back
    note.write_text("nonsense")
    assert due_in_s(tmp_path, 1000.0) == 0
