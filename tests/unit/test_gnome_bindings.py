"""GNOME's custom keys, as gsettings prints them and people write them."""

from __future__ import annotations

import pytest

from reader.flow import Command
from reader.hotkeys import gnome_bindings
from reader.hotkeys.chord import Chord
from reader.hotkeys.gnome_bindings import Entry


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<Super><Alt>r", "<Alt><Super>R"),
        ("<Primary>t", "<Control>T"),
        ("<Mod4>Page_Up", "<Super>Prior"),
        ("<Shift><Ctrl>F1", "<control><shift>f1"),
    ],
)
def test_keys_are_the_same_however_they_are_written(one: str, other: str) -> None:
    assert gnome_bindings.keys_of(one) == gnome_bindings.keys_of(other)


@pytest.mark.parametrize(
    ("binding", "name"),
    [
        ("<Alt><Super>r", "Super+Alt+R"),
        ("<Control>Prior", "Ctrl+Page_Up"),
        ("<Hyper>x", "hyper+X"),
        ("", ""),
        ("<Alt>", ""),
    ],
)
def test_keys_are_named_as_elsewhere(binding: str, name: str) -> None:
    assert gnome_bindings.shown(binding) == name


def test_an_entry_says_for_which_keys_it_was_made() -> None:
    made = gnome_bindings.entry("/a b/harken-key", Command.READ_FOCUS, Chord.parse("Ctrl+Alt+F9"), "Read focused text")
    assert made == Entry("Harken: Read focused text", "'/a b/harken-key' read focus # Ctrl+Alt+F9", "<Alt><Control>F9")
    assert made.wish == "Ctrl+Alt+F9"
    assert Entry(command="xterm -e 'echo # not a wish'").wish != "Ctrl+Alt+F9"
    assert Entry(command="xterm").wish == ""


def test_every_command_has_a_path_of_its_own_and_harken_key_knows_its_words() -> None:
    assert len(gnome_bindings.OWN_PATHS) == len(Command)
    for command in Command:
        words = gnome_bindings.entry("k", command, Chord("F9"), "").command.partition(" #")[0].split()[1:]
        assert "-".join(words) == command


def test_nothing_is_lost_in_quotes() -> None:
    for text in ("it's", 'a "b"', "back\\slash", "\\'", "", "line\nbreak"):
        assert gnome_bindings.strings(gnome_bindings.quoted(text)) == [text]
