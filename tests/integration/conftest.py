"""What tests of more than one file look at."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from reader.http.h2_connection import Connection
from reader.voices.polly.synthesis_stream import SynthesisStream


@pytest.fixture
def nothing_left() -> Iterator[None]:
    """Behind the test, nobody holds on to a stream or a connection. Its tasks are counted by tests/conftest.py."""
    yield
    gc.collect()
    assert [o for o in gc.get_objects() if isinstance(o, SynthesisStream | Connection)] == []


@pytest.fixture
def aws(tmp_path: Path) -> Path:
    """~/.aws of the test."""
    folder = tmp_path / ".aws"
    folder.mkdir()
    return folder


@pytest.fixture
def program(tmp_path: Path) -> Callable[[str], str]:
    """Makes a credential_process of some Python."""

    def make(code: str) -> str:
        file = tmp_path / "give keys.py"
        file.write_text(code)
        return f'"{sys.executable}" "{file}"'

    return make


@pytest.fixture
def gnome(bus: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A session of GNOME's on Wayland."""
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus)
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", "ubuntu:GNOME")
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
