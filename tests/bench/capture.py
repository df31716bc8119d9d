"""How soon the selection is had, alone: `python3 -m tests.bench.capture TIMES TEXT`, where a user selects that.

It prints `watching` once it may be selected. When it is, it prints milliseconds as JSON, Harken's way and a program's
that is started for it (wl-paste), in turns. bench/wayland.py runs it and selects.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import subprocess
import sys
import time

from reader.capture import choose
from reader.capture.base import CaptureOptions
from reader.capture.capture import Capture
from reader.errors import CaptureError
from reader.flow import Command

_FIRST_LIMIT_S = 30.0
SCRIPT = ["wl-paste", "--primary", "--no-newline"]


async def main(times: int, wanted: str) -> None:
    """Measure and print."""
    choice = await choose.choose(lambda: None)
    capture = choice.capture
    try:
        await capture.apply(CaptureOptions(focused_text=False))
        print("watching", flush=True)
        text, way = await _first(capture, wanted), choice.chosen[0]
        harken, script = [], []
        for _ in range(times):
            begun_s = time.perf_counter()
            assert (await capture.read(Command.READ_SELECTION)).text == text
            harken.append(_ms_since(begun_s))
            begun_s = time.perf_counter()
            done = await asyncio.to_thread(subprocess.run, SCRIPT, check=True, capture_output=True, text=True)
            script.append(_ms_since(begun_s))
            assert done.stdout.strip() == text.strip()
    finally:
        await capture.close()
    print(json.dumps({"way": way, "harken": harken, "wl-paste": script}))


async def _first(capture: Capture, wanted: str) -> str:
    """The text, once it is selected."""
    async with asyncio.timeout(_FIRST_LIMIT_S):
        while True:
            with contextlib.suppress(CaptureError):
                text = (await capture.read(Command.READ_SELECTION)).text
                if text.strip() == wanted:
                    return text
            await asyncio.sleep(0.1)


def _ms_since(begun_s: float) -> float:
    return (time.perf_counter() - begun_s) * 1000


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2]))
