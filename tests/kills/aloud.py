"""The kills while Harken is heard: alone, through the tray, between pauses, and while other texts interrupt."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.desktop.desk import Desk
from tests.kills import Assassin, Outcome, text_of

ALONE = ("neural", "espeak", "audio")
IN_TRAY = (*ALONE, "mixer")
_OTHER = ["This text is here to be interrupted, so it is long enough for that."] * 10
_SPEED = "4"  # so that 300 sentences take minutes


def alone(
    desk: Desk,
    sentences: list[str],
    *,
    kills: int,
    seed: int,
    kinds: Sequence[str] = ALONE,
    options: Sequence[str] = (),
) -> Outcome:
    """`harken speak`, where no Harken runs."""
    record = desk.folder / f"alone-{seed}.jsonl"
    process = _speak(desk, sentences, *options, HARKEN_RECORD=str(record))
    assassin = Assassin(process.pid, record, sentences, kills, kinds, seed)
    return _to_its_end(desk, assassin, process, lambda _: None)


def through_tray(desk: Desk, sentences: list[str], *, kills: int, seed: int, pauses: int = 0) -> Outcome:
    """`harken speak`, where Harken runs. So many `pauses` on the way, in which a process is ended as well."""
    assert desk.harken
    desk.harken_call("settings", "set", "sound.others_volume", "30")  # so that there is a mixer
    desk.quiet()
    assassin = Assassin(desk.harken.pid, Path(desk.env["HARKEN_RECORD"]), sentences, kills, IN_TRAY, seed)
    pauses_at = sorted(assassin.chance.sample(range(1, len(sentences)), min(pauses, len(sentences) // 4)))

    def pause(begun: int) -> None:
        if pauses_at and begun > pauses_at[0]:
            pauses_at.pop(0)
            desk.harken_call("pause")
            assassin.kill_within(0.2)
            desk.harken_call("resume")

    return _to_its_end(desk, assassin, _speak(desk, sentences), pause)


def interrupting(desk: Desk, sentences: list[str], *, kills: int, seed: int, at_once: int = 10) -> Outcome:
    """So many sentences at once interrupt another text, while a process is being ended. As one outcome."""
    assert desk.harken
    whole = Outcome(sentences)
    parts = [sentences[i : i + at_once] for i in range(0, len(sentences), at_once)]
    for number, part in enumerate(parts):
        desk.quiet()
        record = Path(desk.env["HARKEN_RECORD"])
        assassin = Assassin(desk.harken.pid, record, part, max(kills // len(parts) - 1, 0), IN_TRAY, seed + number)
        other = _speak(desk, _OTHER)
        assassin.kill_within(1.5)
        assassin.outcome.sentences = part
        found = _to_its_end(desk, assassin, _speak(desk, part), lambda _: None)
        assert other.wait(20) != 0  # it was interrupted
        whole.begun += found.begun
        whole.voices |= found.voices
        whole.notices += found.notices
        whole.killed += found.killed
        whole.began_s, whole.ended_s = whole.began_s or found.began_s, found.ended_s
    return whole


def _to_its_end(
    desk: Desk, assassin: Assassin, process: subprocess.Popen[bytes], at_sentence: Callable[[int], None]
) -> Outcome:
    try:
        outcome = assassin.watch(lambda: process.poll() is not None, at_sentence)
    finally:
        desk.end(process)
    assert process.returncode == 0, f"exit code {process.returncode}: {outcome}"
    return outcome


def _speak(desk: Desk, sentences: list[str], *options: str, **env: str) -> subprocess.Popen[bytes]:
    book = desk.home / f"{len(sentences)}-{len(list(desk.home.iterdir()))}.txt"
    book.write_text(text_of(sentences), encoding="utf-8")
    return desk.start_program([*desk.program, "speak", str(book), "--rate", _SPEED, *options], "speak", env=env)
