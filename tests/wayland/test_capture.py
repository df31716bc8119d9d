"""What is selected on today's desktops, in editors of other people's: read where it is meant, and nowhere else."""

from __future__ import annotations

import json

import numpy as np
import pytest

from tests.desktop.desk import wait_for
from tests.wayland.desk import WaylandDesk

# GNOME tells nobody what is in front, and these do not either: never read rather than read wrongly.
_SILENT = {("gnome", "kwrite")}
# How what Harken says then begins.
_WHY = "The program in front does not report its text."


def read(desk: WaylandDesk) -> str:
    """What is said or told first when the selection is asked for."""
    desk.begin()
    assert desk.harken_run("read").returncode in (0, 1)
    wait_for(lambda: desk.spoken() or desk.notices(), "anything")
    return (desk.notices() or desk.spoken())[0]


def text_row(desk: WaylandDesk) -> dict[str, object]:
    """What `harken doctor` says of text."""
    rows = json.loads(desk.harken_run("doctor", "--json").stdout)
    (row,) = [row for row in rows if row["part"] == "text"]
    found: dict[str, object] = row
    return found


def test_the_doctor_says_what_was_chosen_and_why(desk: WaylandDesk) -> None:
    row = text_row(desk)
    place = "x11" if desk.desktop == "gnome" else "wayland"
    assert f"{place} selection, {place} clipboard" in str(row["chosen"])
    refused = dict(row["refused"])  # type: ignore[call-overload]
    if desk.desktop == "gnome":
        assert refused["wayland"] == "this compositor has no data control"
        assert "enable_accessibility" in str(row["notes"])
    else:
        assert refused["x11"] == "not needed beside wayland"


@pytest.mark.parametrize("editor", ["mousepad", "kwrite"])
def test_what_is_selected_in_front_is_heard(desk: WaylandDesk, editor: str) -> None:
    text = f"A selection in {editor}."
    desk.open_text(text, editor)
    heard = desk.recorder.seconds
    said = read(desk)
    if (desk.desktop, editor) in _SILENT:
        assert said.startswith(_WHY)
        return
    assert said == text
    wait_for(lambda: any(record["event"] == "ended" for record in desk.records()), "the end")
    sound = desk.recorder.sound()[int(heard * 48_000) :]
    assert np.abs(sound).max() > 0.01


@pytest.mark.parametrize("editor", ["mousepad", "gnome-text-editor"])
def test_an_old_selection_is_not_taken_for_that_of_a_window_that_was_closed(desk: WaylandDesk, editor: str) -> None:
    desk.open_text("It is closed.", editor)
    desk.close_windows()
    desk.open_text("An old selection.", "kwrite")
    desk.open_empty()
    assert desk.selection().strip() == "An old selection."
    assert read(desk) != "An old selection."
    assert "An old selection." not in desk.spoken()


def test_an_old_selection_is_not_read(desk: WaylandDesk) -> None:
    desk.open_text("An old selection.", "mousepad")
    desk.open_empty()
    assert desk.selection().strip() == "An old selection."  # it is still there
    read(desk)
    assert "An old selection." not in desk.spoken()


def test_a_new_one_in_place_of_an_old_one_is(desk: WaylandDesk) -> None:
    desk.open_text("The first selection.", "mousepad")
    desk.open_text("The second selection.", "gnome-text-editor" if desk.desktop == "gnome" else "kwrite")
    assert read(desk) == "The second selection."
