"""Harken on Windows as its users meet it: select in Notepad, press a key, hear it. Runs outside of it."""

from __future__ import annotations

from tests.windows.desk import FIRST, LONG, SECOND, TAKEN, WindowsDesk, wait_for


def test_a_key_that_another_program_has_is_named_and_taken_once_it_is_free(desk: WindowsDesk) -> None:
    name = TAKEN.replace("Super", "Win")
    desk.wait_for_record("notice", sentence=f"{name} is taken by another program. "
                         "Choose another key on the Keys page of the settings.")  # fmt: skip
    assert desk.wait_for_record("keys")["refused"] == ["show"]
    assert desk.rival.stdin
    desk.rival.stdin.close()
    assert desk.rival.wait(30) == 0
    desk.wait_for_record("notice", sentence=f"{name} works now.")


def test_what_is_selected_is_heard_and_the_clipboard_is_as_it_was(reading: WindowsDesk) -> None:
    before = reading.clipboard("clipboard")
    assert {"13", "8", "HTML Format"} <= before.keys()
    reading.select_line(1)
    since = reading.recorder.sound().size
    reading.keyboard.press("super+alt+a")
    begun = reading.wait_for_record("segment", text=FIRST)  # what was told of a key may still be heard before it
    reading.wait_for_record("ended", whole=True, utterance=begun["utterance"])
    assert reading.heard_since(since) > 0.05
    after = reading.clipboard("copied")
    assert {name: after.get(name) for name in before} == before


def test_a_new_selection_interrupts_and_the_stop_key_changes_no_text(reading: WindowsDesk) -> None:
    reading.select_line(3)
    reading.keyboard.press("super+alt+a")
    reading.wait_for_record("segment", index=1)
    reading.select_line(2)
    reading.keyboard.press("super+alt+a")
    reading.wait_for_record("segment", text=SECOND)
    reading.keyboard.press("super+alt+q")
    wait_for(lambda: not reading.is_reading, "the end")
    assert reading.spoken()[-1] == SECOND
    reading.keyboard.press("ctrl+s")
    text = reading.text.read_text(encoding="utf-8")
    wait_for(lambda: reading.output(["xdotool", "getwindowname", str(reading.notepad)]).startswith("text.txt"), "saved")
    assert text.splitlines() == [FIRST, SECOND, LONG]


def test_modifiers_that_stay_down_are_down_for_the_next_key_and_copy_all_the_same(reading: WindowsDesk) -> None:
    reading.select_line(3)
    with reading.keyboard.held("super", "alt"):
        reading.keyboard.press("a")
        reading.wait_for_record("segment", index=1)
        reading.keyboard.press("q")
        wait_for(lambda: not reading.is_reading, "the end")
    reading.keyboard.press("ctrl+s")  # neither is down any more, and nothing was typed
    assert reading.text.read_text(encoding="utf-8").splitlines() == [FIRST, SECOND, LONG]


def test_escape_stops_only_while_something_is_read(reading: WindowsDesk) -> None:
    reading.select_line(3)
    reading.keyboard.press("super+alt+a")
    reading.wait_for_record("segment", index=1)
    reading.keyboard.press("Escape")
    wait_for(lambda: not reading.is_reading, "the end")


def test_nothing_selected_is_told_and_the_clipboard_stays(reading: WindowsDesk) -> None:
    before = reading.clipboard("clipboard")
    reading.focus(reading.notepad)
    reading.keyboard.press("ctrl+Home")
    reading.keyboard.press("super+alt+a")
    wait_for(lambda: any("Nothing is selected" in sentence for sentence in reading.notices()), "the notice")
    after = reading.clipboard("copied")
    assert {name: after.get(name) for name in before} == before


def test_a_second_start_shows_the_first_one_and_ends(reading: WindowsDesk) -> None:
    code, printed = reading.there.harken()
    assert code == 0, printed
    reading.wait_for_record("window-wanted")


def test_commands_reach_it(reading: WindowsDesk) -> None:
    code, printed = reading.there.harken("speak", "--text", "This was sent through a pipe.")
    assert code == 0, printed
    assert reading.spoken() == ["This was sent through a pipe."]
