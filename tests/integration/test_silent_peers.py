"""What accepts connections and never answers holds up neither the start nor a command: each says which it is."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from ui import responding

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="these are Linux's")
ROOT = Path(__file__).parents[2]


@contextlib.contextmanager
def silent(path: str) -> Iterator[None]:
    """A listener that accepts and never answers."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen()
        accepted: list[socket.socket] = []

        def accept() -> None:
            with contextlib.suppress(OSError):
                while True:
                    accepted.append(listener.accept()[0])

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        yield
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()
        for connection in accepted:
            connection.close()
    os.unlink(path)


@pytest.fixture
def x_server() -> Iterator[str]:
    folder = Path("/tmp/.X11-unix")
    folder.mkdir(exist_ok=True)
    number = next(n for n in range(5000, 5900) if not (folder / f"X{n}").exists())
    with silent(str(folder / f"X{number}")):
        yield f":{number}"


@pytest.fixture
def runtime(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "SWAYSOCK", "DBUS_SESSION_BUS_ADDRESS", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    return folder


def harken(*arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ui.launch", *arguments],
        check=False, capture_output=True, text=True, cwd=ROOT, timeout=100, env={**os.environ, **env},
    )  # fmt: skip


def test_the_start_ends_with_a_sentence_where_the_x_server_is_silent(runtime: Path, x_server: str) -> None:
    done = harken(DISPLAY=x_server)
    assert (done.returncode, done.stdout) == (1, "")
    assert f"The display {x_server} is not responding" in done.stderr
    assert "Traceback" not in done.stderr


def test_and_where_the_compositor_is(runtime: Path) -> None:
    with silent(str(runtime / "wayland-9")):
        done = harken(WAYLAND_DISPLAY="wayland-9")
    assert done.returncode == 1
    assert "The display wayland-9 is not responding" in done.stderr


def test_the_doctor_names_each(runtime: Path, x_server: str) -> None:
    with silent(str(runtime / "sway")), silent(str(runtime / "bus")), silent(str(runtime / "wayland-9")):
        bus = f"unix:path={runtime / 'bus'}"
        done = harken(
            "doctor", WAYLAND_DISPLAY="wayland-9", SWAYSOCK=str(runtime / "sway"), DBUS_SESSION_BUS_ADDRESS=bus
        )
        of_x = harken("doctor", DISPLAY=x_server)
    assert (done.returncode, of_x.returncode) == (0, 0)
    assert "not sway: sway does not answer" in done.stdout
    assert "not portal: no session bus: it does not answer" in done.stdout
    assert "not x11 grabs: Can't connect to display" in of_x.stdout


def test_the_status_says_that_none_runs(runtime: Path, x_server: str) -> None:
    done = harken("status", DISPLAY=x_server)
    assert "Harken is not running" in done.stderr


def test_of_two_displays_the_one_that_answers_is_used(
    runtime: Path, monkeypatch: pytest.MonkeyPatch, x_server: str
) -> None:
    monkeypatch.setattr("reader.support.display._LIMIT_S", 0.2)
    monkeypatch.setattr("ui.responding.log.warning", lambda *_: None)
    monkeypatch.setenv("DISPLAY", x_server)
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-9")
    monkeypatch.setenv("QT_QPA_PLATFORM", "")

    def answer(compositor: socket.socket) -> None:
        with compositor.accept()[0] as connection:
            connection.sendall(b"x")
            connection.recv(64)

    with socket.socket(socket.AF_UNIX) as compositor:
        compositor.bind(str(runtime / "wayland-9"))
        compositor.listen()
        thread = threading.Thread(target=answer, args=(compositor,))
        thread.start()
        responding.ensure()
        thread.join()
    assert os.environ["QT_QPA_PLATFORM"] == "wayland"


def test_qt_is_kept_from_a_bus_that_does_not_answer(runtime: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reader.support.display._LIMIT_S", 0.2)
    monkeypatch.setattr("ui.responding.log.warning", lambda *_: None)
    with silent(str(runtime / "bus")):
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={runtime / 'bus'}")
        responding.ensure()
    assert os.environ["DBUS_SESSION_BUS_ADDRESS"] == "disabled:"
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={runtime / 'gone'}")
    responding.ensure()  # one that is not there is Qt's to find out
    assert os.environ["DBUS_SESSION_BUS_ADDRESS"].endswith("gone")
