"""Memory that was needed only to load something goes back to the system."""

from __future__ import annotations

import subprocess
import sys

import pytest

_CODE = """
from reader.support.memory import give_back
def held_mb():
    lines = open("/proc/self/status").read().splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmRSS:"))
blocks = [bytes(4000) for _ in range(20_000)]
last = blocks.pop()  # what lies behind free memory keeps the library from giving it back by itself
blocks.clear()
before = held_mb()
give_back()
print(before - held_mb())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="asks /proc")
def test_what_is_free_is_given_back() -> None:
    given_mb = int(subprocess.run([sys.executable, "-c", _CODE], check=True, capture_output=True).stdout)
    assert given_mb > 50
