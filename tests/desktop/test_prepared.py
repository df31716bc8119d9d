"""What is prepared when something is selected: a real selection of a real program, before a key is pressed."""

from __future__ import annotations

from pathlib import Path

from tests.bench.footprint import process_tree, spent
from tests.desktop import hearing
from tests.desktop.desk import Desk, wait_for

READ = "super+alt+r"
# More than the voice's process takes to cancel something, less than its net for a word.
WORK_S = 0.002


def voice(desk: Desk) -> int:
    """The process of the neural voice."""
    assert desk.harken
    for pid in process_tree(desk.harken.pid):
        if "neural" in Path(f"/proc/{pid}/cmdline").read_text().split("\0"):
            return pid
    raise AssertionError("the neural voice does not run")


def waits_for_the_processor(pid: int) -> bool:
    """Whether any of its threads runs or would, on a machine with something else to do. See proc(5): stat."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return "R" in {(task / "stat").read_text().rpartition(")")[2].split()[0] for task in tasks}


def test_the_voice_works_when_a_text_is_selected_and_not_again_when_the_key_is_pressed(desk: Desk) -> None:
    desk.open_text("Nineteen")
    before = spent(voice(desk))[0]
    desk.select_all("Nineteen")
    wait_for(lambda: spent(voice(desk))[0] - before > WORK_S, "the voice to begin")
    assert desk.records() == []  # nobody is told, and nothing is heard
    assert hearing.is_silent(desk.recorder.sound()[-4800:])
    known = [0.0]

    def is_at_rest() -> bool:
        known.append(spent(voice(desk))[0])
        return known[-1] == known[-2] and not waits_for_the_processor(voice(desk))

    wait_for(is_at_rest, "the voice to be done")
    pressed = desk.keyboard.press(READ)
    desk.wait_for_record("ended", whole=True)
    # The rest of the sound is a third of the work; all of it again would be more than was done before.
    assert spent(voice(desk))[0] - known[-1] < known[-1] - before
    (sound,) = hearing.voiced(["Nineteen"])
    assert hearing.count(sound, desk.recorder.since(pressed)) == 1


def test_when_the_user_does_not_wish_it_nothing_is_made(desk: Desk) -> None:
    desk.harken_call("settings", "set", "reading.prepare", "off")
    try:
        before = spent(voice(desk))[0]
        desk.open_text("Nineteen")
        desk.select_all("Nineteen")
        desk.keyboard.press(READ)
        desk.wait_for_record("segment")
        assert spent(voice(desk))[0] - before > WORK_S
    finally:
        desk.harken_call("settings", "set", "reading.prepare", "on")
