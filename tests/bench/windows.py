"""Key to first sound on Windows, that is, in Wine: `python -m tests.bench.windows [--presses N]`.

A real key in Wine's Notepad, whose first line is selected; a time ends where the sound server renders the first sample
above -48 dB. Beside it, where the time goes, by what Harken records: until the key's command arrives, until the
selection was copied and the clipboard put back, until the voice has made the first piece and the device plays it.
"""

from __future__ import annotations

import argparse
import os
import sys
import time

from tests.bench.latency import LEVEL, Times
from tests.desktop import hearing
from tests.desktop.desk import wait_for
from tests.desktop.recorder import RATE_HZ
from tests.windows.desk import FIRST, WindowsDesk

_VOICES = {"Harken, eSpeak": "espeak/en-us", "Harken, neural": "neural/heart"}
_SILENCE_S = 0.4
_LIMIT_S = 20.0
# What ends each part of the time: an event, as record.py names it.
_PARTS = {"the command": "state", "the text": "text"}


def measure(desk: WindowsDesk, voice: str, presses: int) -> tuple[Times, dict[str, Times]]:
    """(key to first sound, its parts)."""
    code, printed = desk.there.harken("settings", "set", "voice.id", voice)
    assert code == 0, printed
    whole, parts = Times(), {name: Times() for name in (*_PARTS, "the first sound")}
    desk.select_line(1)
    for number in range(presses + 1):
        _press(desk, whole, parts, voice)
        if number == 0:  # with it all is as warm as it is from then on
            whole.ms.clear()
            for part in parts.values():
                part.ms.clear()
    return whole, parts


def _press(desk: WindowsDesk, whole: Times, parts: dict[str, Times], voice: str) -> None:
    wait_for(lambda: hearing.is_silent(desk.recorder.sound()[-round(_SILENCE_S * RATE_HZ) :]), "silence", _LIMIT_S)
    desk.begin()
    clock_s = time.time() - time.monotonic()
    pressed_s = desk.keyboard.press("super+alt+a")
    try:
        first = wait_for(lambda: hearing.first_sound(desk.recorder.since(pressed_s), LEVEL) or 0, voice, _LIMIT_S)
    except AssertionError:
        print(desk.report(), file=sys.stderr)
        raise
    heard_ms = first / RATE_HZ * 1000
    segment = desk.wait_for_record("segment", voice=voice)
    assert FIRST.startswith(segment["text"]), segment
    moments = [_first_ms(desk, event, pressed_s + clock_s) for event in _PARTS.values()]
    for part, begun, ended in zip(parts.values(), [0.0, *moments], [*moments, heard_ms], strict=True):
        part.ms.append(ended - begun)
    whole.ms.append(heard_ms)
    desk.keyboard.press("super+alt+q")
    wait_for(lambda: not desk.is_reading, "the end", _LIMIT_S)


def _first_ms(desk: WindowsDesk, event: str, pressed_at_s: float) -> float:
    found = next(record["at_s"] for record in desk.records() if record["event"] == event)
    return float(found - pressed_at_s) * 1000


def main() -> int:
    """Measure, print, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.windows", description=__doc__)
    parser.add_argument("--presses", type=int, default=20, help="key presses of each voice (20)")
    options = parser.parse_args()
    print(f"{options.presses} presses of each, milliseconds, median / 95th percentile.\n")
    header = ["key to first sound", "", *(f"until {part}" for part in (*_PARTS, "the first sound")), "load"]
    with WindowsDesk() as desk:
        for row in (header, ["---"] * len(header)):
            print("| " + " | ".join(row) + " |")
        for name, voice in _VOICES.items():
            whole, parts = measure(desk, voice, options.presses)
            row = [name, str(whole), *map(str, parts.values()), f"{os.getloadavg()[0]:.0f}"]
            print("| " + " | ".join(row) + " |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
