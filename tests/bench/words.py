"""Prints how far behind its sound each word is told of: `python -m tests.bench.words`.

Recorded at a sound server, beside the times at which Harken said that a word was being heard. A word's beginning shows
where there is silence in front of it, so the text is a list of words.
"""

from __future__ import annotations

import itertools
import statistics
import sys
import time

import numpy as np

from tests.desktop.desk import Desk, missing
from tests.desktop.recorder import RATE_HZ, Samples

TEXT = """river, morning, lemon, yellow, animal, reason, summer, window, family, manner, oven, olive, engine, lawyer,
hollow, memory, salmon, lion, railway, woman, seven, winner, zero, only, million, ruin, violin, noisy, money, easy,
valley, always, lazy, never, mayor, really, simile, mellow, villain, arrow, farmer, inner, yearly, yawn, loyal, wheel,
sorrow, arena, area, horizon, aroma, holy"""
_SILENCE_S = 0.06
_STEP_S = 0.005


def onsets(sound: Samples, rate_hz: int) -> list[float]:
    """When sound begins behind a silence, in seconds: none of the words above has such a one within itself."""
    step = round(_STEP_S * rate_hz)
    loud = np.abs(sound[: len(sound) // step * step].reshape(-1, step)).max(axis=1)
    at = np.flatnonzero(loud > 0.025 * loud.max())
    return [int(i) * _STEP_S for i in (at[0], *at[1:][np.diff(at) > _SILENCE_S / _STEP_S])]


def main() -> int:
    """Measure, print, and return the exit code."""
    if lacking := missing():
        print("Install these first: " + ", ".join(lacking), file=sys.stderr)
        return 1
    print("| voice | speed | words told | of them behind a silence | apart, ms: median | most |")
    print("| --- | --- | --- | --- | --- | --- |")
    with Desk() as desk:
        desk.skip_first_steps()
        for voice, speed in itertools.product(("espeak/en-us", "neural/heart"), (1.0, 0.8)):
            begun_s, since_s = time.monotonic(), time.time()
            options = ("--voice", voice, "--rate", str(speed), "--lang", "en", "--text", TEXT)
            desk.harken_call("speak", *options)
            desk.call(["sleep", "0.5"])
            clock_s = time.time() - time.monotonic()
            words = [r["at_s"] - clock_s for r in desk.records() if r["event"] == "word" and r["at_s"] > since_s]
            first = desk.recorder.sample_at(begun_s)
            begins = onsets(desk.recorder.sound()[first:], RATE_HZ)
            found = [desk.recorder.time_of(first + round(at * RATE_HZ)) for at in begins]
            apart = [1000 * min((word - at for word in words), key=abs) for at in found]
            print(
                f"| {voice} | {speed:g} | {len(words)} | {len(apart)} | {statistics.median(apart):.0f} "
                f"| {max(apart, key=abs):.0f} |",
                flush=True,
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
