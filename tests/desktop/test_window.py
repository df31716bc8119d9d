"""Harken without a mouse and without a panel: its window by a key and from a terminal, what closing means, the end."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.desktop.accessible import Item, Watcher
from tests.desktop.desk import Desk, wait_for

SHOW = "super+alt+m"
QUESTION = "Keep Harken running without the player?"


@pytest.fixture(scope="module")
def bare() -> Iterator[Desk]:
    """A desktop without a tray, with Harken on it."""
    with Desk(sound=False) as made:
        made.start_harken(HARKEN_AUDIO="none")
        yield made


def active(desk: Desk) -> int:
    found = desk.output(["xdotool", "getactivewindow"]).strip()
    return int(found) if found else 0


def harkens_window_in_front(desk: Desk) -> int:
    """The window of Harken's that has the keyboard."""
    window: int = wait_for(
        lambda: (now := active(desk)) in desk.find_windows("harken") and now, "a window of Harken's in front"
    )
    return window


def question_in_front(desk: Desk, window: int) -> int:
    """The window of the question about `window`, once it has the keyboard: a key before that is the other's."""
    wait_for(lambda: QUESTION in named(desk, "label"), "the question")
    wait_for(lambda: active(desk) != window, "the question in front")
    return harkens_window_in_front(desk)


def wait_until_gone(desk: Desk, window: int) -> None:
    wait_for(lambda: window not in desk.find_windows("harken"), "the window's end")


def close_window(desk: Desk) -> None:
    """As the window manager's own key does."""
    desk.keyboard.press("alt+F4")


def named(desk: Desk, role: str) -> list[str]:
    """The names of everything of a role in Harken's windows, on the accessibility bus."""
    watcher = Watcher(desk)
    try:
        windows: list[Item] = [w for w in watcher.windows() if watcher.application(w) == "harken"]
        return [name for window in windows for told, name in watcher.named(window) if role in told]
    finally:
        watcher.close()


class TestWithAnIcon:
    def test_the_key_opens_the_window_and_closing_it_ends_nothing(self, desk: Desk) -> None:
        desk.keyboard.press(SHOW)
        window = harkens_window_in_front(desk)
        desk.open_text("A window of somebody else's.")
        desk.keyboard.press(SHOW)
        assert harkens_window_in_front(desk) == window
        close_window(desk)
        wait_until_gone(desk, window)
        assert desk.harken_call("status") == 0

    @pytest.mark.parametrize("words", [["show"], []], ids=["show", "second start"])
    def test_a_terminal_opens_it(self, desk: Desk, words: list[str]) -> None:
        assert desk.harken_call(*words) == 0
        window = harkens_window_in_front(desk)
        close_window(desk)
        wait_until_gone(desk, window)
        assert desk.harken_call("status") == 0

    def test_it_is_worked_with_keys_alone(self, desk: Desk) -> None:
        desk.open_text("This is read from the window.")
        desk.select_all("This is read from the window.")
        desk.keyboard.press(SHOW)
        window = harkens_window_in_front(desk)
        desk.keyboard.press("alt+r")
        desk.wait_for_record("segment", text="This is read from the window.")
        desk.wait_for_record("ended", whole=True)
        close_window(desk)
        wait_until_gone(desk, window)

    def test_a_window_manager_may_say_in_between_that_no_window_is_in_front(self, desk: Desk) -> None:
        desk.open_text("This was in front all the time.")
        desk.select_all("This was in front all the time.")
        desk.call(["xprop", "-root", "-f", "_NET_ACTIVE_WINDOW", "32x", "-set", "_NET_ACTIVE_WINDOW", "0x0"])
        desk.keyboard.press(SHOW)
        window = harkens_window_in_front(desk)
        desk.keyboard.press("alt+r")
        desk.wait_for_record("segment", text="This was in front all the time.")
        desk.wait_for_record("ended", whole=True)
        close_window(desk)
        wait_until_gone(desk, window)


class TestWithoutAnIcon:
    def test_closing_asks_and_keeps_harken_running(self, bare: Desk) -> None:
        assert bare.harken
        window = harkens_window_in_front(bare)
        close_window(bare)
        question = question_in_front(bare, window)
        assert any("harken show" in name for name in named(bare, "label"))
        bare.keyboard.press("Escape")  # no answer: the window stays
        wait_until_gone(bare, question)
        assert harkens_window_in_front(bare) == window
        close_window(bare)
        question_in_front(bare, window)
        bare.keyboard.press("Return")  # the first answer keeps it running
        wait_until_gone(bare, window)
        assert bare.harken_call("status") == 0
        bare.keyboard.press(SHOW)
        assert harkens_window_in_front(bare) == window

    def test_the_question_may_be_answered_with_the_end(self, bare: Desk) -> None:
        assert bare.harken
        window = harkens_window_in_front(bare)
        close_window(bare)
        question_in_front(bare, window)
        bare.keyboard.press("alt+q")
        assert bare.harken.wait(10) == 0


class TestQuit:
    @pytest.fixture(autouse=True)
    def _none_runs(self, bare: Desk) -> None:
        if bare.harken and bare.harken.poll() is None:
            bare.end(bare.harken)

    def test_it_ends_the_running_harken_and_returns_when_it_has_ended(self, bare: Desk) -> None:
        harken = bare.start_harken(HARKEN_AUDIO="none")
        assert bare.harken_call("quit") == 0
        assert harken.wait(1) == 0
        assert not list(bare.runtime.rglob("*.sock"))

    @pytest.mark.parametrize("word", ["quit", "show"])
    def test_where_none_runs_it_is_said(self, bare: Desk, word: str) -> None:
        done = bare.complain([*bare.program, word])
        assert done == (1, "harken: Harken is not running. Start it with “harken”.\n")
