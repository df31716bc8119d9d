"""Harken beside Orca, the screen reader: what is heard of both, and when."""

from __future__ import annotations

import contextlib
import shutil
import time
from collections.abc import Callable, Iterator

import pytest

from tests.desktop import hearing
from tests.desktop.accessible import Watcher
from tests.desktop.desk import Desk, wait_for
from tests.desktop.orca import NEEDED, Orca, Said
from tests.desktop.recorder import RATE_HZ
from tests.desktop.test_first_run import STEPS, wait_for_window, window

pytestmark = pytest.mark.skipif(
    not all(shutil.which(program) for program in NEEDED), reason="Orca is not installed here"
)
READ = "super+alt+r"
TEXT = "The first sentence is here. The second one follows it. And this is the third of them."


@pytest.fixture(scope="module")
def blind() -> Iterator[tuple[Desk, Orca]]:
    """A desktop on which Orca was started by hand, and Harken runs for the first time."""
    with Desk(tray=True) as desk:
        orca = Orca(desk)
        orca.start()
        desk.start_harken(is_new=True)
        yield desk, orca


@pytest.fixture
def desk(blind: tuple[Desk, Orca]) -> Iterator[Desk]:
    blind[0].begin()
    yield blind[0]
    blind[0].stop_reading()


@pytest.fixture
def orca(blind: tuple[Desk, Orca]) -> Orca:
    return blind[1]


_MOST_CONTROLS = 20  # of the player


def until(orca: Orca, is_said: Callable[[str], bool]) -> None:
    """Wait until Orca has said something, and all that follows it."""
    wait_for(lambda: any(is_said(text) for text in orca.texts()), "Orca to say it", 60)
    orca.wait_until_still()


def spoken_from_to(desk: Desk) -> tuple[float, float]:
    """When Harken's reading began and ended (time.monotonic)."""
    ended_s = desk.wait_for_record("ended")["at_s"]
    begun_s = desk.wait_for_record("segment")["at_s"]
    offset_s = time.monotonic() - time.time()
    return begun_s + offset_s, ended_s + offset_s


def begun_within(said: list[Said], from_s: float, to_s: float) -> list[str]:
    return [one.text for one in said if from_s <= one.start_s <= to_s]


# In this order: somebody new is new once.


def test_all_of_the_first_steps_is_heard_once_and_worked_with_keys(desk: Desk, orca: Orca) -> None:
    watcher = Watcher(desk)
    with contextlib.closing(watcher):
        wait_for_window(watcher, STEPS)
        until(orca, lambda text: "selected radio button" in text)
        heard = " ".join(orca.texts())
        for text in (
            "Harken reads aloud what you select in any program.",
            "Press Super+Alt+R to hear it.",
            "1. Choose a voice",
            "2. Try the key",
            "The text below is selected. Press Super+Alt+R.",
            "Automatic",
        ):
            assert heard.count(text) == 1, heard
        assert not desk.spoken()
        met = []
        for _ in range(5):
            orca.begin()
            desk.keyboard.press("Tab")
            until(orca, lambda text: text.strip() not in ("", "tab"))
            met.append(" ".join(orca.texts()))
        for name, text in zip(("Sample text", "Start Harken at login", "Settings", "Help", "Done"), met, strict=True):
            assert text.count(name) == 1
        assert not desk.spoken()


def test_a_voice_is_heard_when_it_is_asked_for_and_orca_is_silent(desk: Desk, orca: Orca) -> None:
    desk.keyboard.press("Tab")  # from the last button to the voices
    orca.wait_until_still()
    orca.begin()
    desk.keyboard.press("Down")
    until(orca, lambda text: "radio button" in text)
    assert not desk.spoken()
    desk.keyboard.press("space")
    from_s, to_s = spoken_from_to(desk)
    assert not begun_within(orca.said(), from_s, to_s)
    desk.keyboard.press("Up")
    watcher = Watcher(desk)
    with contextlib.closing(watcher):
        desk.keyboard.press("Escape")
        wait_for(lambda: not window(watcher, STEPS), "its end")


@pytest.mark.shows("X11, openbox", "beside Orca")
def test_orca_is_silent_while_harken_reads_and_says_nothing_of_the_key(desk: Desk, orca: Orca) -> None:
    desk.open_text(TEXT)
    desk.select_all(TEXT)
    orca.wait_until_still()
    orca.begin()
    desk.begin()
    desk.keyboard.press(READ)
    from_s, to_s = spoken_from_to(desk)
    assert " ".join(desk.spoken()) == TEXT
    said = orca.said()
    assert not begun_within(said, from_s, to_s)
    assert not any("mousepad" in one.text.lower() or "sentence" in one.text for one in said)  # its title, its line
    assert all(one.end_s and one.end_s < from_s + 0.5 for one in said)  # the echo of the key is broken off


def test_the_key_never_reaches_the_program_in_front(desk: Desk, orca: Orca) -> None:
    desk.keyboard.press(READ)
    # Whoever presses Esc has heard something for a while.
    desk.wait_for_record("segment", index=1)
    wait_for(lambda: not hearing.is_silent(desk.recorder.sound()[-RATE_HZ // 4 :]), "sound")
    desk.keyboard.press("Escape")
    desk.quiet()
    assert desk.selection() == TEXT
    assert {text.strip() for text in orca.texts()}.isdisjoint({"r", "escape"})


@pytest.mark.parametrize("is_spoken_to_all", [True, False])
def test_a_notice_is_heard_exactly_once(desk: Desk, orca: Orca, is_spoken_to_all: bool) -> None:
    """Orca 43 says no announcements, and so Harken's own voice says it: also what is only shown to others."""
    desk.call(["xsel", "--clear", "--clipboard"])
    orca.wait_until_still()
    orca.begin()
    desk.begin()
    if is_spoken_to_all:
        desk.harken_call("read", "clipboard")  # which is empty
    else:
        desk.harken_call("show")  # answered by a sentence that others only see
    desk.wait_for_record("notice")
    spoken_from_to(desk)
    (sentence,) = desk.notices()
    assert " ".join(desk.spoken()) == sentence
    assert not any(sentence in text for text in orca.texts())


def test_harken_follows_orca_as_it_ends_and_starts_again(desk: Desk, orca: Orca) -> None:
    orca.stop()
    desk.wait_for_record("screen-reader", running=False)
    desk.harken_call("show")
    desk.wait_for_record("notice")
    desk.quiet()
    assert not desk.spoken()  # shown, as to everybody else
    orca.start()
    desk.wait_for_record("screen-reader", running=True)
    desk.begin()
    desk.harken_call("show")
    spoken_from_to(desk)
    assert " ".join(desk.spoken()) == desk.notices()[0]


def test_one_that_says_announcements_is_given_them(desk: Desk, orca: Orca) -> None:
    watcher = Watcher(desk)
    with contextlib.closing(watcher):
        watcher.follow_announcements()
        desk.wait_for_record("screen-reader", running=True, says=True)
        desk.harken_call("show")
        assert watcher.next_announcement() == desk.notices()[0]
        assert not desk.spoken()
    desk.wait_for_record("screen-reader", running=True, says=False)


def test_orca_is_silent_while_the_player_follows_with_the_focus_in_it(desk: Desk, orca: Orca) -> None:
    watcher = Watcher(desk)

    def focused_name() -> str:
        found = watcher.focused()
        return str(watcher.read(found, "Accessible", "Name")) if found else ""

    def press_and_leave(key: str) -> None:
        before = wait_for(focused_name, "a focus")
        desk.keyboard.press(key)
        wait_for(lambda: focused_name() not in ("", before), "another focus")

    with contextlib.closing(watcher):
        desk.harken_call("settings", "set", "reading.go_on", "off")
        desk.begin()
        desk.harken_call("speak", "--text", "Nothing is left to resume.")  # or the large button would do that
        desk.wait_for_record("ended", whole=True)
        desk.harken_call("show")
        wait_for(
            lambda: int(desk.output(["xdotool", "getactivewindow"]) or 0) in desk.find_windows("harken"), "the player"
        )
        desk.wait_for_record("ended", count=2)  # Harken has said that its window is open
        desk.quiet()
        for where in ("Read selection", "Text being read"):
            press_and_leave("Tab")  # so that it gets the focus again
            for _ in range(_MOST_CONTROLS):
                if focused_name() != where:
                    press_and_leave("shift+Tab")
            assert focused_name() == where
            until(orca, lambda text, where=where: where in text)  # type: ignore[misc]
            desk.quiet()
            orca.begin()
            desk.begin()
            desk.harken_call("speak", "--text", TEXT)
            from_s, to_s = spoken_from_to(desk)
            assert begun_within(orca.said(), from_s - 1, to_s) == [], where


def test_the_settings_that_the_tray_opens_are_heard(desk: Desk, orca: Orca) -> None:
    """Orca was busy for seconds with reports of what was in the new window, and silent for the first keys."""
    desk.open_tray_menu()
    for key in ("Up", "Up", "Return"):
        desk.keyboard.press(key)
    until(orca, lambda text: text == "Voice.")
    assert any("Harken settings" in text for text in orca.texts())
    orca.begin()
    desk.keyboard.press("Down")
    until(orca, lambda text: text == "Reading.")
    desk.keyboard.press("Escape")
