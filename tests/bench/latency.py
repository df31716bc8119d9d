"""Key to sound, key to silence, one reading to the next: real keys, a real sound server that is recorded.

A time ends where the sound server renders the first (or last) sample above -48 dB. Everybody reads the same
selection of the same window in the same run; a press is made when the machine has been quiet for a moment.
"""

from __future__ import annotations

import io
import statistics
import time
import wave
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import soxr

from reader.flow import Segment
from reader.text.segment import Segmenter
from tests.bench import script
from tests.bench.texts import PAIR, TEXTS
from tests.desktop import hearing
from tests.desktop.desk import Desk, wait_for
from tests.desktop.dialog import open_dialog
from tests.desktop.recorder import RATE_HZ, Samples

LEVEL = 0.004
_SILENCE_S = 0.4
_LIMIT_S = 10.0
# How much of the beginning of a text it is recognised by.
_ONSET_S = 0.25


@dataclass(frozen=True)
class Program:
    """Somebody who reads aloud. `prepare` is called before its presses."""

    name: str
    read: str
    stop: str
    prepare: Callable[[Desk], object]
    onset: Callable[[str], Samples]


@dataclass
class Times:
    """Milliseconds, one a press."""

    ms: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        return statistics.median(self.ms)

    @property
    def p95(self) -> float:
        return sorted(self.ms)[min(round(0.95 * (len(self.ms) - 1) + 0.499), len(self.ms) - 1)]

    def __str__(self) -> str:
        return f"{self.median:.0f} / {self.p95:.0f}" if self.ms else "–"


def _voice(setting: str) -> Callable[[Desk], object]:
    return lambda desk: desk.harken_call("settings", "set", "voice.id", setting)


def _script_onset(text: str) -> Samples:
    with wave.open(io.BytesIO(script.voiced(text[:200]))) as file:
        pcm = np.frombuffer(file.readframes(1 << 30), np.int16).astype(np.float32) / 32768
        return _onset(soxr.resample(pcm, file.getframerate(), RATE_HZ))


def _harken_onset(voice: str) -> Callable[[str], Samples]:
    return lambda text: _onset(hearing.voiced_segments([_first_segment(text)], voice)[0])


def _first_segment(text: str) -> Segment:
    segmenter = Segmenter(1)
    segmenter.feed(text)
    return next(segmenter.take_all())


def _onset(sound: Samples) -> Samples:
    start = hearing.first_sound(sound, LEVEL) or 0
    return sound[start : start + round(_ONSET_S * RATE_HZ)]


SCRIPT = Program("script", script.READ, script.STOP, lambda desk: None, _script_onset)
ESPEAK = Program("Harken, eSpeak", "super+alt+r", "super+alt+x", _voice("espeak/en-us"), _harken_onset("espeak/en-us"))
NEURAL = Program("Harken, neural", "super+alt+r", "super+alt+x", _voice("neural/heart"), _harken_onset("neural/heart"))
PROGRAMS = (SCRIPT, ESPEAK, NEURAL)


def key_to_sound(desk: Desk, presses: int) -> tuple[dict[str, dict[str, Times]], dict[str, Times]]:
    """({text: {program: times to the first sound}}, {program: times to silence})."""
    starts: dict[str, dict[str, Times]] = {}
    stops = {program.name: Times() for program in PROGRAMS}
    for name, text in TEXTS.items():
        desk.open_text(text)
        desk.select_all(text)
        starts[name] = {program.name: Times() for program in PROGRAMS}
        for program in PROGRAMS:
            program.prepare(desk)
            for _ in range(presses):
                starts[name][program.name].ms.append(press_and_hear(desk, program))
                stop_ms = stop(desk, program)
                if len(text) > 1000:  # short ones may end by themselves meanwhile
                    stops[program.name].ms.append(stop_ms)
        desk.close_windows()
    return starts, stops


def focus_to_sound(desk: Desk, presses: int) -> dict[str, Times]:
    """{program of Harken's: times from Tab to the first sound of the control that gets the focus}."""
    found = {program.name: Times() for program in PROGRAMS if program is not SCRIPT}
    open_dialog(desk)
    desk.harken_call("settings", "set", "reading.follow_focus", "on")
    for program in PROGRAMS:
        if program is not SCRIPT:
            program.prepare(desk)
            found[program.name].ms += [press_and_hear(desk, program, "Tab") for _ in range(presses)]
    desk.harken_call("settings", "set", "reading.follow_focus", "off")
    desk.close_windows()
    return found


def interruptions(desk: Desk, presses: int, selected_before_s: float = 0.0) -> dict[str, tuple[Times, Times]]:
    """{program: (times until the old text is silent, times until the new one is heard)}.

    The new one is selected while the old one is heard, so many seconds before the key is pressed.
    """
    windows = []
    for text in PAIR:
        windows.append(desk.open_text(text))
        desk.select_all(text)
    found = {}
    for program in PROGRAMS:
        program.prepare(desk)
        onsets = [program.onset(text) for text in PAIR]
        old, new = Times(), Times()
        for press in range(presses + 1):
            desk.focus(windows[press % 2])
            desk.select_all(PAIR[press % 2])
            _wait_until(time.monotonic() + selected_before_s)
            _wait_for_sound(desk, press > 0)
            pressed = desk.keyboard.press(program.read)
            _wait_until(pressed + 0.8)
            if press > 0:
                _note_change(desk.recorder.since(pressed), onsets[press % 2], old, new)
        stop(desk, program)
        found[program.name] = (old, new)
    desk.close_windows()
    return found


def floor(desk: Desk, times: int) -> Times:
    """What the measurement itself adds: a player that is killed with sound in its hands."""
    noise = np.random.default_rng(1).integers(-9000, 9000, RATE_HZ * 20, np.int16)
    path = desk.home / "noise.raw"
    path.write_bytes(noise.tobytes())
    result = Times()
    for _ in range(times):
        command = ["pacat", "--raw", f"--rate={RATE_HZ}", "--channels=1", "--latency-msec=50", str(path)]
        player = desk.start_program(command, "pacat")
        _wait_for_sound(desk, True)
        killed = time.monotonic()
        player.kill()
        player.wait()
        result.ms.append(_silence_after(desk, killed))
    return result


def press_and_hear(desk: Desk, program: Program, key: str = "") -> float:
    """From the key, the program's own if none is given, to the first sound, in milliseconds."""
    _wait_for_silence(desk)
    pressed = desk.keyboard.press(key or program.read)
    first = wait_for(lambda: hearing.first_sound(desk.recorder.since(pressed), LEVEL) or 0, program.name, _LIMIT_S)
    return float(first) / RATE_HZ * 1000


def stop(desk: Desk, program: Program) -> float:
    """From the key to silence, in milliseconds."""
    _wait_until(time.monotonic() + 0.4)
    return _silence_after(desk, desk.keyboard.press(program.stop))


def _silence_after(desk: Desk, moment_s: float) -> float:
    _wait_until(moment_s + 0.1)
    _wait_for_silence(desk)
    return float(hearing.last_sound(desk.recorder.since(moment_s), LEVEL) or 0) / RATE_HZ * 1000


def _note_change(heard: Samples, onset: Samples, old: Times, new: Times) -> None:
    """Find the new text's beginning in what was heard, and the old one's end before it."""
    found = hearing.find(onset, heard)
    if found.likeness < 0.7:
        return  # not recognised: the table says how many were
    new.ms.append(found.start / RATE_HZ * 1000)
    old.ms.append((hearing.last_sound(heard[: max(found.start - 24, 0)], LEVEL) or 0) / RATE_HZ * 1000)


def _wait_for_silence(desk: Desk) -> None:
    wait_for(lambda: hearing.is_silent(desk.recorder.sound()[-round(_SILENCE_S * RATE_HZ) :]), "silence", _LIMIT_S)


def _wait_for_sound(desk: Desk, is_wanted: bool) -> None:
    if is_wanted:
        wait_for(lambda: not hearing.is_silent(desk.recorder.sound()[-RATE_HZ // 50 :], 0.05), "sound", _LIMIT_S)


def _wait_until(moment_s: float) -> None:
    wait_for(lambda: time.monotonic() >= moment_s, "time to pass")
