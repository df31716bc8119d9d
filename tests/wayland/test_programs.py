"""Other people's programs on today's desktops: a key reads what is selected in them, and is never typed into them."""

from __future__ import annotations

import functools
import json

import pytest

from tests.desktop.desk import wait_for
from tests.shown import Shown, show
from tests.wayland.desk import EDITORS, WaylandDesk
from tests.wayland.programs import Editor, Window, opened

READ = "super+alt+r"
# Package, and what people call it.
PROGRAMS = {
    "mousepad": ("mousepad", "Mousepad (GTK 3)"),
    "gnome-text-editor": ("gnome-text-editor", "GNOME Text Editor (GTK 4)"),
    "kwrite": ("kwrite", "KWrite (Qt 6)"),
    "firefox": ("firefox-esr", "Firefox, text field"),
    "firefox-page": ("firefox-esr", "Firefox, page"),
    "foot": ("foot", "foot (terminal)"),
    "evince": ("evince", "Evince (PDF)"),
}
DESKTOPS = {"sway": ("sway", "sway"), "labwc": ("labwc", "labwc"), "kwin": ("kwin-wayland", "KDE, KWin")}
DESKTOPS["gnome"] = "gnome-shell", "GNOME Shell"
# GNOME tells no program what is in front, and these programs do not either: Harken says why it does not read there.
SILENT = {("gnome", program) for program in ("kwrite", "firefox", "firefox-page", "foot")}
WHY_SILENT = "The program in front does not report its text."
LONG = "This is the first of the sentences. " * 20


def press_and_hear(desk: WaylandDesk, text: str) -> None:
    """Press the key and hear the text."""
    told = " ".join(desk.notices())  # which may still be said

    def spoken() -> list[str]:
        return [said for said in desk.spoken() if said not in told]

    desk.begin()
    before = desk.recorder.seconds
    desk.press(READ)
    wait_for(lambda: spoken() or desk.notices(), "anything", 30.0)
    assert not desk.notices()
    wait_for(lambda: any(record["event"] == "ended" for record in desk.records()), "the end", 30.0)
    assert " ".join(spoken()) == text
    wait_for(lambda: desk.recorder.sound()[int(before * 48_000) :].any(), "a sound")


def press_and_be_told(desk: WaylandDesk, *sentences: str) -> str:
    """Press the key and be told why nothing is read: in one of these sentences, or how it begins. Returns it."""
    desk.begin()
    desk.press(READ)
    wait_for(desk.notices, "a sentence", 30.0)
    assert desk.notices()[0].startswith(sentences)
    return desk.notices()[0]


@functools.cache
def versioned(desk: WaylandDesk, package: str, name: str) -> str:
    """A program's or desktop's name and version."""
    version = desk.output("dpkg-query", "--show", "--showformat", "${source:Upstream-Version}", package)
    return f"{name} {version.partition('+')[0]}"


@functools.cache
def ways(desk: WaylandDesk) -> str:
    """How keys and selections are had there."""
    rows = {row["part"]: row["chosen"] for row in json.loads(desk.harken_run("doctor", "--json").stdout)}
    keys = "the line from `harken doctor`" if desk.desktop == "labwc" else str(rows["keys"])
    return f"keys: {keys}; text: {rows['text']}"


@pytest.fixture
def shown(desk: WaylandDesk, request: pytest.FixtureRequest) -> Shown:
    """What the test shows of the desktop."""
    return show_of(desk, request, "")


def show_of(desk: WaylandDesk, request: pytest.FixtureRequest, what: str) -> Shown:
    """Say what a test shows of a desktop; how it ends says whether it is so."""
    made = Shown(desktop=versioned(desk, *DESKTOPS[desk.desktop]), what=what, is_program=False)
    show(request.node, made)
    return made


@pytest.mark.parametrize("program", [*PROGRAMS])
def test_a_key_reads_what_is_selected_and_is_not_typed(desk: WaylandDesk, program: str, shown: Shown) -> None:
    shown["what"], shown["is_program"] = versioned(desk, *PROGRAMS[program]), True
    text = f"a selection in {program.replace('-', ' ')}"
    with opened(desk, program, text) as window:
        window.select()
        if (desk.desktop, program) in SILENT:
            shown["told"] = press_and_be_told(desk, WHY_SILENT)
            assert text not in desk.spoken()
        else:
            press_and_hear(desk, text)
            shown["how"] = ways(desk)
        assert window.has_typed() == "y"


def long_text(desk: WaylandDesk) -> Window:
    """A window in front in which a long text is selected, and is being read."""
    window = Editor(desk, LONG + "\nThe last line.", EDITORS["mousepad"])
    window.select()
    desk.begin()
    desk.press(READ)
    wait_for(lambda: len(desk.spoken()) > 1, "the reading", 30.0)
    return window


def test_a_new_selection_interrupts_the_old_one(desk: WaylandDesk, shown: Shown) -> None:
    shown["what"] = "a new selection interrupts the old one"
    long_text(desk)
    desk.select("The last line.", "mousepad", "ctrl+end", "shift+home")
    desk.press(READ)
    wait_for(lambda: "The last line." in desk.spoken(), "the new selection", 30.0)
    wait_for(lambda: [r for r in desk.records() if r["event"] == "ended"][1:], "the end", 30.0)
    assert desk.spoken()[-1] == "The last line."
    assert len(desk.spoken()) < 20


def test_the_key_stops_what_is_read(desk: WaylandDesk, shown: Shown) -> None:
    shown["what"] = "the key stops what is read"
    window = long_text(desk)
    desk.press(READ)
    wait_for(lambda: any(record["event"] == "ended" for record in desk.records()), "the end", 30.0)
    assert len(desk.spoken()) < 20
    assert window.has_typed() == "y"


def test_an_old_selection_is_not_read_by_the_key(desk: WaylandDesk, shown: Shown) -> None:
    shown["what"] = "an old selection is not read"
    with opened(desk, "mousepad", "An old selection.") as window:
        window.select()
    desk.open_empty()
    desk.begin()
    desk.press(READ)
    wait_for(lambda: desk.spoken() or desk.notices(), "anything", 30.0)
    assert "An old selection." not in desk.spoken()
    assert "key R\n" not in (desk.folder / "window.out").read_text()


def test_a_program_that_hangs_costs_a_sentence_and_is_read_once_it_goes_on(desk: WaylandDesk, shown: Shown) -> None:
    shown["what"] = "a program that hangs is reported in a sentence"
    with opened(desk, "mousepad", "From one that hung.") as window:
        window.select()
        wake = desk.hang()
        try:
            press_and_be_told(desk, "The program")
        finally:
            wake()
        press_and_hear(desk, "From one that hung.")
        assert window.has_typed() == "y"
