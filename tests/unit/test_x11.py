"""A thread with a connection to an X server leaves nothing open, with a server made by hand."""

from __future__ import annotations

import os
import socket
import sys
from types import SimpleNamespace
from typing import Any

import pytest

if sys.platform != "linux":
    pytest.skip("X11 is Linux's", allow_module_level=True)

from reader import x11
from reader.errors import DesktopError
from reader.x11 import XThread


class Screen:
    """As much of a display as a thread looks at."""

    def __init__(self) -> None:
        self.display = SimpleNamespace(parse_event_response=None, allocate_resource_id=None)
        self.is_closed = False
        self._ears = socket.socketpair()

    def screen(self) -> Any:
        return SimpleNamespace(root=None)

    def has_extension(self, name: str) -> bool:
        return False

    def fileno(self) -> int:
        return self._ears[0].fileno()

    def pending_events(self) -> int:
        return 0

    def close(self) -> None:
        self.is_closed = True
        for ear in self._ears:
            ear.close()


class Thread(XThread):
    """One that has nothing to do."""

    error: Exception | None = None

    def opened(self) -> None:
        if self.error:
            raise self.error

    def look(self, events: list[Any]) -> float | None:
        return None


@pytest.fixture
def pipes(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The ends of those that are made."""
    found: list[int] = []
    make = os.pipe

    def pipe() -> tuple[int, int]:
        ends = make()
        found.extend(ends)
        return ends

    monkeypatch.setattr(os, "pipe", pipe)
    return found


def open_ends(pipes: list[int]) -> list[int]:
    assert pipes
    return [fd for fd in pipes if os.path.exists(f"/proc/self/fd/{fd}")]


def test_one_that_ends_closes_its_pipe_and_takes_no_more(pipes: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen()
    monkeypatch.setattr(x11, "_connect", lambda: screen)
    thread = Thread("some thread")
    thread.begin()
    assert thread.submit(lambda: "done").result(10) == "done"
    thread.close()
    assert screen.is_closed
    assert open_ends(pipes) == []
    with pytest.raises(DesktopError):
        thread.submit(lambda: "done").result(10)
    thread.close()


def test_one_without_a_server_leaves_no_pipe(pipes: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> Any:
        raise OSError("refused")

    monkeypatch.setattr(x11, "_connect", refuse)
    with pytest.raises(OSError, match="refused"):
        Thread("some thread")
    assert open_ends(pipes) == []


def test_one_that_can_not_begin_leaves_nothing_open(pipes: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen()
    monkeypatch.setattr(x11, "_connect", lambda: screen)
    thread = Thread("some thread")
    thread.error = ValueError("unforeseen")
    with pytest.raises(ValueError, match="unforeseen"):
        thread.begin()
    assert screen.is_closed
    assert open_ends(pipes) == []
