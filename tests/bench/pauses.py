"""Prints what a pause loses of the sound or repeats: `python -m tests.bench.pauses`. Takes a minute.

A text is paused and resumed fifteen times, each time inside a word, and recorded at the sound server of a desktop of
its own. The last sound before each pause and the first one after it are looked for in what the voice makes of the same
text: what lies between them was lost, or, if they overlap, is heard twice. Where a sentence ends within what is looked
for, it is not found, since the pause behind it is Harken's: how many were is printed.
"""

from __future__ import annotations

import random
import sys
from dataclasses import dataclass
from functools import partial

import numpy as np

from tests.bench.highlight import TEXT
from tests.desktop import hearing
from tests.desktop.desk import Desk, missing, wait_for
from tests.desktop.recorder import RATE_HZ, Samples

_VOICE = "espeak/en-us"
_PAUSES = 15
_KEY = "super+alt+space"
# What is looked for, and how long sound fades in after a pause, which would make it less like the voice's own.
_LOOKED_FOR_S, _FADED_IN_S = 0.08, 0.015
_ALIKE = 0.9
_LOUD = 0.02
_BETWEEN_S = (0.4, 1.2)


@dataclass(frozen=True)
class Pause:
    """Where in the recording, in samples: the last that is heard before it, and the first after it."""

    last: int
    first: int


def main() -> int:
    """Measure, print, and return the exit code."""
    if lacking := missing():
        print("Install these first: " + ", ".join(lacking), file=sys.stderr)
        return 1
    with Desk() as desk:
        desk.start_harken()
        for key, value in (("voice.id", _VOICE), ("cues.pause", "false")):
            assert desk.harken_call("settings", "set", key, value) == 0
        pauses = _paused(desk)
        recording = desk.recorder.sound()
    own = np.concatenate(hearing.voiced_text(TEXT, voice_id=_VOICE))
    found = [_lost_ms(pause, recording, own) for pause in pauses]
    located = [lost for lost in found if lost is not None]
    print("| pauses | located | lost at most, ms | heard twice at most, ms |\n| --- | --- | --- | --- |")
    print(
        f"| {len(found)} | {len(located)} | {max(0.0, *located):.1f} | {max(0.0, *(-lost for lost in located)):.1f} |"
    )
    return 0 if located else 1


def _paused(desk: Desk) -> list[Pause]:
    chance = random.Random(1)
    path = desk.home / "text.txt"
    path.write_text(TEXT, encoding="utf-8")
    began_s = desk.recorder.seconds
    desk.begin()
    desk.start_program([*desk.program, "speak", "--lang", "en", str(path)], "speak")
    wait_for(lambda: _is_loud(desk, began_s), "sound")
    pauses = []
    for _ in range(_PAUSES):
        wait_for(partial(_is_loud, desk, desk.recorder.seconds + chance.uniform(*_BETWEEN_S)), "the middle of a word")
        before = desk.recorder.sound().size - RATE_HZ // 50  # it is loud since
        desk.keyboard.press(_KEY)
        wait_for(lambda: hearing.is_silent(desk.recorder.sound()[-RATE_HZ // 2 :]), "silence")
        silent = desk.recorder.sound().size
        desk.keyboard.press(_KEY)
        wait_for(partial(_first_sound, desk, silent), "sound")
        sound = desk.recorder.sound()
        last, first = hearing.last_sound(sound[before:silent]), hearing.first_sound(sound[silent:])
        assert last is not None
        assert first is not None
        pauses.append(Pause(before + last, silent + first))
    until_s = desk.recorder.seconds + 0.5
    wait_for(lambda: desk.recorder.seconds > until_s, "what follows the last one")
    return pauses


def _first_sound(desk: Desk, since: int) -> int | None:
    return hearing.first_sound(desk.recorder.sound()[since:])


def _is_loud(desk: Desk, after_s: float) -> bool:
    """Whether a vowel is being heard, later than that in the recording."""
    return desk.recorder.seconds > after_s and float(np.abs(desk.recorder.sound()[-RATE_HZ // 50 :]).max()) > _LOUD


def _lost_ms(pause: Pause, recording: Samples, own: Samples) -> float | None:
    """What is missing, below 0 what is heard twice; None if either side is not found."""
    size, faded = round(_LOOKED_FOR_S * RATE_HZ), round(_FADED_IN_S * RATE_HZ)
    before = hearing.find(recording[pause.last + 1 - size : pause.last + 1], own)
    after = hearing.find(recording[pause.first + faded : pause.first + faded + size], own)
    if min(before.likeness, after.likeness) < _ALIKE:
        return None
    return 1000 * (after.start - faded - before.end) / RATE_HZ


if __name__ == "__main__":
    sys.exit(main())
