"""Harken in German: what it says is said by a German voice, and its menu is German."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.desktop import hearing
from tests.desktop.accessible import Watcher
from tests.desktop.desk import Desk

READ = "super+alt+r"
NOTHING = "Es ist nichts markiert. Markieren Sie einen Text und drücken Sie die Taste noch einmal."


@pytest.fixture(scope="module")
def german() -> Iterator[Desk]:
    """A desktop on which Harken is set to German."""
    with Desk(tray=True) as made:
        assert made.harken_call("settings", "set", "system.language", "de") == 0
        made.restart_texts()
        made.start_harken()
        yield made


def test_why_nothing_is_read_is_said_by_a_german_voice(german: Desk) -> None:
    german.begin()
    pressed = german.keyboard.press(READ)
    german.wait_for_record("ended", whole=True)
    assert german.notices()[-1] == NOTHING
    assert " ".join(german.spoken()) == NOTHING
    heard = german.recorder.since(pressed)
    for sound in hearing.voiced(german.spoken(), "de", "espeak/de"):
        assert hearing.find(sound, heard).likeness > 0.98
    for sound in hearing.voiced(german.spoken(), "en", "neural/heart"):
        assert hearing.find(sound, heard).likeness < 0.5


def test_the_menu_is_german(german: Desk) -> None:
    watcher = Watcher(german)
    watcher.follow_focus()
    try:
        german.open_tray_menu()
        for key, label in (("Down", "Markiertes lesen"), ("Up", "Harken beenden")):
            german.keyboard.press(key)
            role, name = watcher.next_focus()
            assert (role, name.partition("\t")[0]) == ("menu item", label)
        german.keyboard.press("Escape")
    finally:
        watcher.close()
