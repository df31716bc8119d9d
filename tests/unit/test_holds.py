"""What measures how long the loop is held: it finds who holds it, and does not take waiting for holding."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from reader.core import doctor
from reader.core.app import App
from reader.settings.store import Settings
from reader.support import holds
from tests import check
from tests.holds import FAILURE_MS, FAILURES, FAR_MS, TABLE, Hold, Holds, failures, table

_PROGRAM = """
import asyncio, gc, threading, time
from reader.core import doctor
from reader.core.app import App
from reader.settings.store import Settings
from reader.support import holds

def burn():
    until = time.thread_time() + 0.02
    while time.thread_time() < until:
        pass

async def waits():
    time.sleep(0.02)  # as if the machine were busy

async def works():
    import colorsys
    burn()

async def tidies():
    kept = [[] for _ in range(200_000)]
    gc.collect()
    other = threading.Thread(target=asyncio.run, args=(asyncio.sleep(0),))  # another loop, which tidies nothing
    other.start()
    other.join()

async def go():
    asyncio.get_running_loop().call_soon(burn)
    await asyncio.gather(*map(asyncio.create_task, (waits(), works(), tidies())))

holds.watch()
holds.watch()
asyncio.run(go())
"""


def measured(folder: Path, **env: str) -> list[Hold]:
    root = str(Path(__file__).parents[2])
    clean = {name: value for name, value in os.environ.items() if name != holds.VARIABLE}
    subprocess.run([sys.executable, "-c", _PROGRAM], check=True, cwd=root, env={**clean, **env})
    found = Holds(folder)
    found.look("here")
    return found.all


def test_who_computes_is_found_and_who_waits_is_not(tmp_path: Path) -> None:
    every = measured(tmp_path, **{holds.VARIABLE: str(tmp_path)})
    found = {hold.what.rpartition(": ")[2]: hold for hold in every}
    assert len(found) == len(every)  # each once, even if more than one part of the process asks to watch
    assert {"burn", "works"} <= set(found)
    assert "waits" not in found
    assert found["works"].cpu_ms >= 20
    assert found["works"].where == "here"
    assert found["works"].imported == ("colorsys",)
    assert found["tidies"].collecting_ms > 0


def test_nothing_is_measured_unless_asked(tmp_path: Path) -> None:
    assert measured(tmp_path) == []


def test_the_table_names_the_longest_and_what_excuses_it() -> None:
    tick = "reader/audio/none.py: NoDevice._tick"
    some = [
        Hold("reader/a.py: slow", 7.0, 9.0, 0.0, "ui/launch.py", "a test"),
        Hold("reader/a.py: slow", 6.0, 9.0, 0.0, "ui/launch.py", "another"),
        Hold("reader/b.py: tidied", 30.0, 31.0, 29.0, "pytest/__main__.py", "a test"),
        Hold("tests/unit/test_x.py: go", 90.0, 91.0, 0.0, "pytest/__main__.py", "a test"),
        Hold(tick, 17.0, 18.0, 0.0, "pytest/__main__.py", "a test"),
    ]
    first, *rest = table(some)
    assert first == "the loop's longest hold: 7.0 ms; 1 above 5 ms"
    assert len(rest) == 3
    assert "as fast as an ear" in rest[0]
    assert rest[1].endswith("reader/a.py: slow [a test]")


def test_what_is_too_long_on_any_machine_fails_a_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tick = "reader/audio/none.py: NoDevice._tick"
    far = Hold("reader/a.py: slow", FAILURE_MS, 99.0, 0.0, "ui/launch.py", "a test")
    stolen = Hold("reader/c.py: still", 28.1, 28.6, 0.0, "ui/launch.py", "a test", stolen_ms=20.0)
    excused = Hold(tick, 99.0, 99.0, 0.0, "pytest/__main__.py", "a test")
    near = Hold("reader/b.py: quick", FAILURE_MS - 1, 99.0, 0.0, "ui/launch.py", "a test")
    again = replace(far, where="another test")
    assert failures([far, near, near, excused, excused, stolen, stolen]) == []  # once may be the machine's
    assert failures([replace(far, cpu_ms=FAR_MS)]) == ["50.0 ms: reader/a.py: slow [a test]"]
    assert failures([far, near, again]) == [f"25.0 ms: reader/a.py: slow [{which} test]" for which in ("a", "another")]

    monkeypatch.setattr(check, "hold_folders", lambda: [tmp_path])
    (tmp_path / TABLE).write_text("the loop's longest hold: 24.0 ms; 1 above 5 ms\n")
    (tmp_path / FAILURES).write_text("")
    assert check._are_holds_short()
    (tmp_path / FAILURES).write_text("25.0 ms: reader/a.py: slow [a test]\n")
    assert not check._are_holds_short()


def test_the_longest_is_found_beside_a_longer_tidying_up(tmp_path: Path) -> None:
    watch = holds._Watch(tmp_path)
    for cpu_s, collecting_s in ((0.1, 0.09), (0.05, 0.0), (0.04, 0.0)):
        watch._here.collecting_s = collecting_s
        watch._note("slow", cpu_s, cpu_s, [])
    watch._file.close()
    found = Holds(tmp_path)
    found.look("here")
    assert [hold.cpu_ms - hold.collecting_ms for hold in found.all] == [pytest.approx(10), pytest.approx(50)]


def test_the_first_connection_imports_nothing_on_the_loop() -> None:
    program = "import sys, reader.http.dial; before = set(sys.modules); 'a.example'.encode('idna'); "
    program += "assert not set(sys.modules) - before"
    root = str(Path(__file__).parents[2])
    subprocess.run([sys.executable, "-c", program], check=True, cwd=root)


async def test_the_doctor_looks_through_no_file_on_the_loop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked_on: list[threading.Thread] = []

    def platform_name() -> str:
        asked_on.append(threading.current_thread())
        return "a system"

    monkeypatch.setattr(platform, "platform", platform_name)
    app = App(Settings(tmp_path / "settings.toml"))
    rows = await doctor.report(app)
    assert "a system" in rows[0]["chosen"]
    await app.stop()
    assert asked_on
    assert threading.main_thread() not in asked_on
