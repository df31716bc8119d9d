"""Children that meet foreign bytes and texts have no right that they do not need."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from reader.support import numerics
from reader.workers import sandbox
from reader.workers.child import Child
from tests.fakes.workers import WORKERS

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="made of what Linux has")
_ROOT = Path(__file__).parents[2]
# Tells what it may still do, as a child would find out.
_TRY = """
import ctypes, os, socket, subprocess, sys, threading
sys.path.insert(0, {root!r})
from reader.workers import sandbox
sandbox.enter(memory_bytes=1 << 30)

def attempt(name, act):
    try:
        act()
    except (OSError, MemoryError, RuntimeError) as error:
        print(name, type(error).__name__)
    else:
        print(name, "done")

attempt("read", lambda: open({secret!r}).read())
attempt("list", lambda: os.listdir({folder!r}))
attempt("write", lambda: open({folder!r} + "/new", "w"))
attempt("append", lambda: open({secret!r}, "a"))
attempt("unlink", lambda: os.unlink({secret!r}))
attempt("tcp", lambda: socket.create_connection(("127.0.0.1", 9)))
attempt("unix", lambda: socket.socket(socket.AF_UNIX).connect({folder!r} + "/socket"))
attempt("run", lambda: subprocess.run(["/bin/true"], check=True))
attempt("fork", os.fork)
attempt("kill", lambda: os.kill(os.getppid(), 0))
attempt("trace", lambda: 1 / 0 if ctypes.CDLL(None).ptrace(16, os.getppid(), 0, 0) == 0 else open("/"))
attempt("memory", lambda: bytearray(2 << 30))
attempt("import", lambda: __import__("xml.dom.minidom"))
thread = threading.Thread(target=lambda: attempt("read in a thread", lambda: open({secret!r}).read()))
thread.start()
thread.join()
"""


def test_nothing_is_left_but_its_own_files_and_the_pipe(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("of the user")
    code = _TRY.format(root=str(_ROOT), secret=str(secret), folder=str(tmp_path))
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path)
    outcomes = dict(line.rsplit(" ", 1) for line in done.stdout.splitlines())
    assert outcomes.pop("import") == "done"
    assert len(outcomes) == 13
    assert [name for name, outcome in outcomes.items() if outcome == "done"] == []
    assert secret.read_text() == "of the user"


def seen_of(pid: int, what: str) -> str:
    return Path(f"/proc/{pid}/{what}").read_bytes().decode()


@pytest.mark.parametrize("kind", [name for name, worker in WORKERS.items() if worker.memory_bytes])
async def test_those_that_only_compute_are_so_restricted(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "a key of the user's")
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/of/the/user")
    ready: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
    child = await Child.start(WORKERS[kind], lambda frame: ready.set_result(frame.json()), lambda: None)
    try:
        assert (await ready)["is"] == "ready"
        status, environment = seen_of(child.pid, "status"), seen_of(child.pid, "environ")
        assert "NoNewPrivs:\t1\n" in status
        assert "Seccomp:\t2\n" in status
        assert "AWS_" not in environment
        assert "DBUS" not in environment
    finally:
        await child.close()


def test_others_get_no_keys_either(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "a key of the user's")
    kept = sandbox.environment(WORKERS["audio"])
    assert "AWS_SECRET_ACCESS_KEY" not in kept
    own = {"DBUS_SESSION_BUS_ADDRESS", numerics.VARIABLE}  # which each of them gets: see sandbox.py
    assert kept.keys() | own == (os.environ.keys() - {"AWS_SECRET_ACCESS_KEY"}) | own
    assert "AWS_SECRET_ACCESS_KEY" in sandbox.environment(WORKERS["credentials"])


async def test_no_module_is_taken_from_the_folder_that_harken_was_started_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("numpy", "queue", "json", "reader", "espeakng_loader", "resource"):
        (tmp_path / f"{name}.py").write_text(f"open({str(tmp_path / 'taken')!r}, 'w')")
    monkeypatch.chdir(tmp_path)
    ready: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
    child = await Child.start(WORKERS["espeak"], lambda frame: ready.set_result(frame.json()), lambda: None)
    assert (await ready)["is"] == "ready"
    await child.close()
    assert not (tmp_path / "taken").exists()
