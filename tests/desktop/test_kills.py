"""A few of the kills of tests/kills, while a real sound server listens."""

from __future__ import annotations

from pathlib import Path

from tests import kills
from tests.desktop.desk import Desk
from tests.kills import aloud


def test_nothing_is_lost_when_children_of_the_tray_app_are_killed(desk: Desk) -> None:
    sentences = [*kills.english(6), *kills.german(6)]
    outcome = aloud.through_tray(desk, sentences, kills=6, seed=4, pauses=2)
    outcome.check()
    assert outcome.killed.total() >= 4
    assert outcome.voices == {"neural/heart", "espeak/de"}


def test_nothing_is_lost_when_children_are_killed_while_one_text_interrupts_another(desk: Desk) -> None:
    outcome = aloud.interrupting(desk, kills.english(6), kills=4, seed=5, at_once=3)
    outcome.check()
    assert outcome.killed.total() >= 2


def test_no_process_of_the_tray_app_may_leave_an_image(desk: Desk) -> None:
    assert desk.harken
    processes = [desk.harken.pid, *kills.children(desk.harken.pid)]
    assert len(processes) >= 4  # with both voices and the sound
    for pid in processes:
        limits = Path(f"/proc/{pid}/limits").read_text(encoding="ascii").splitlines()
        (limit,) = (line for line in limits if "core file" in line)
        assert limit.split()[-3:-1] == ["0", "0"]
        assert int(Path(f"/proc/{pid}/coredump_filter").read_text(encoding="ascii"), 16) == 0
