"""What measures how long the loop is held: it finds who holds it, and does not take waiting for holding."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from reader.support import holds
from tests.holds import Hold, Holds, table

_PROGRAM = """
import asyncio, time
from reader.support import holds

def burn():
    until = time.thread_time() + 0.02
    while time.thread_time() < until:
        pass

async def waits():
    time.sleep(0.02)  # as if the machine were busy

async def works():
    burn()

async def go():
    asyncio.get_running_loop().call_soon(burn)
    await asyncio.gather(asyncio.create_task(waits()), asyncio.create_task(works()))

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
    found = {hold.what.rpartition(": ")[2]: hold for hold in measured(tmp_path, **{holds.VARIABLE: str(tmp_path)})}
    assert {"burn", "works"} <= set(found)
    assert "waits" not in found
    assert found["works"].cpu_ms >= 20
    assert found["works"].where == "here"


def test_nothing_is_measured_where_nobody_asks(tmp_path: Path) -> None:
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
