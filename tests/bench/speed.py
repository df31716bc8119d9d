"""Prints how fast the voices are really heard, and what is left of them: `make bench-speed`. Takes half a minute.

At each step of the speed menu: the words heard in a minute, pauses included, and the quality of the stretching that
is needed beyond a voice's own range, measured against the voice's own sound (see quality.py) beside plain
overlap-add in the same run. The last rows are the hardest case: sound that was spoken at the voice's own pace and is
still waiting when the speed changes.
"""

from __future__ import annotations

import sys

import numpy as np

from reader.audio.stretch import Samples, Stretch
from reader.flow import MAX_SPEED, MIN_SPEED
from tests.bench import quality, spoken
from ui.presenter import SPEEDS

_RATE_HZ = 48000
_BLOCK_S = 0.1  # as the player takes it


def stretched(sound: Samples, rate_hz: int, factor: float) -> Samples:
    """Sound at `factor` times its speed, as Harken makes it."""
    stretch = Stretch(rate_hz)
    stretch.factor = factor
    size = round(_BLOCK_S * rate_hz)
    parts = [stretch.feed(sound[i : i + size]) for i in range(0, sound.size, size)]
    return np.concatenate([*parts, stretch.flush()])


def main() -> int:
    """Measure, print, and return the exit code."""
    steps = sorted({MIN_SPEED, *SPEEDS, MAX_SPEED})
    made = spoken.speak(steps)
    print("| voice | speed | wanted | heard, words a minute | stretched by | STOI | distance, dB | same pitch |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for voice in spoken.VOICES:
        own = _words_a_minute(made[voice, 1.0], 1.0)
        for step in steps:
            heard = _words_a_minute(made[voice, step], step)
            factor = step / made[voice, step][0][0].speed
            _print_row(voice, f"{step:g}×", own * step, heard, made[voice, step], factor)
        _print_row(voice, f"1× to {MAX_SPEED:g}×", own * MAX_SPEED, 0, made[voice, 1.0], MAX_SPEED)
        _print_row(voice, f"1× to {MIN_SPEED:g}×", own * MIN_SPEED, 0, made[voice, 1.0], MIN_SPEED)
    print("\nOf two figures the first is Harken's, the second plain overlap-add's, on the same sound.")
    return 0


def _words_a_minute(sentences: spoken.Spoken, speed: float) -> float:
    return spoken.WORDS * 60 / (spoken.taken(spoken.track(sentences, speed, _RATE_HZ)).size / _RATE_HZ)


def _print_row(
    voice: str, speed: str, wanted: float, heard: float, sentences: spoken.Spoken, factor: float
) -> None:  # fmt: skip
    sound, rate_hz = spoken.plain(sentences), sentences[0][0].rate_hz
    cells = [voice, speed, f"{wanted:.0f}", f"{heard:.0f}" if heard else ""]
    if abs(factor - 1) < 0.01:
        cells += ["not", "", "", ""]
    else:
        ours = quality.compare(sound, stretched(sound, rate_hz, factor), rate_hz, factor)
        naive = quality.compare(sound, quality.overlap_add(sound, rate_hz, factor), rate_hz, factor)
        cells += [
            f"{factor:.2f}",
            f"{ours.stoi:.2f} / {naive.stoi:.2f}",
            f"{ours.distance_db:.1f} / {naive.distance_db:.1f}",
            f"{ours.pitch_share:.0%} / {naive.pitch_share:.0%}",
        ]
    print("| " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    sys.exit(main())
