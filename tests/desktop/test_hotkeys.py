"""Keys taken from a real X server, among other programs that want keys too."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator

import pytest

from reader.flow import Command
from reader.hotkeys.chord import Chord
from tests.desktop.desk import Desk, wait_for
from tests.desktop.keyboard import Keyboard
from tests.desktop.rival import start_rival

READ, STOP = Chord.parse("Super+Alt+R"), Chord.parse("Super+Alt+X")
FASTER = Chord.parse("Super+Alt+F")


class Heard(list[Command]):
    """Collects commands."""

    def __call__(self, command: Command) -> None:
        self.append(command)


@pytest.fixture(scope="module")
def screen() -> Iterator[Desk]:
    with Desk(sound=False) as made:
        yield made


@pytest.fixture
def keys(screen: Desk, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[object, Heard, Keyboard]]:
    from reader.hotkeys.x11_grabs import Grabs

    monkeypatch.setenv("DISPLAY", screen.display)
    heard = Heard()
    backend = Grabs(heard, lambda refused: None)
    yield backend, heard, screen.keyboard
    backend.close()
    screen.call(["setxkbmap", "us"])


def expect(heard: Heard, *commands: Command) -> None:
    wait_for(lambda: len(heard) >= len(commands), f"{commands}", 5)
    assert heard == list(commands)


def test_a_key_is_taken_and_let_go(keys) -> None:  # type: ignore[no-untyped-def]
    backend, heard, keyboard = keys
    assert backend.take({READ: Command.READ_SELECTION, STOP: Command.STOP}).result(5) == {}
    keyboard.press("super+alt+r")
    keyboard.press("super+alt+x")
    expect(heard, Command.READ_SELECTION, Command.STOP)
    assert backend.take({STOP: Command.STOP}).result(5) == {}
    keyboard.press("super+alt+r")
    keyboard.press("super+alt+x")
    expect(heard, Command.READ_SELECTION, Command.STOP, Command.STOP)


@pytest.mark.parametrize("lock", ["Num_Lock", "Caps_Lock"])
def test_lock_keys_make_no_difference(keys, screen: Desk, lock: str) -> None:  # type: ignore[no-untyped-def]
    backend, heard, keyboard = keys
    backend.take({READ: Command.READ_SELECTION}).result(5)
    keyboard.press(lock)
    try:
        keyboard.press("super+alt+r")
        expect(heard, Command.READ_SELECTION)
    finally:
        keyboard.press(lock)


@pytest.mark.parametrize("layout", ["fr", "de", "ru", "us,ru", "gr"])
def test_another_layout(keys, screen: Desk, layout: str) -> None:  # type: ignore[no-untyped-def]
    backend, heard, _ = keys
    backend.take({READ: Command.READ_SELECTION}).result(5)
    keyboard = Keyboard(screen.display)
    code = keyboard._code("r")
    screen.call(["setxkbmap", layout])

    def is_heard() -> bool:
        # A layout takes its time to arrive everywhere; the physical key is what stays.
        for number, is_down in ((133, 1), (64, 1), (code, 1), (code, 0), (64, 0), (133, 0)):
            keyboard._xtest.fake_input(keyboard.display, 2 if is_down else 3, number)
        keyboard.display.sync()
        time.sleep(0.05)
        return bool(heard)

    wait_for(is_heard, "the key", 5)
    assert set(heard) == {Command.READ_SELECTION}
    keyboard.close()


def test_holding_a_key_says_it_once_unless_it_is_meant_to_repeat(keys, screen: Desk) -> None:  # type: ignore[no-untyped-def]
    backend, heard, _ = keys
    backend.take({READ: Command.READ_SELECTION, FASTER: Command.FASTER}).result(5)
    screen.call(["xset", "r", "rate", "100", "50"])
    for key in ("r", "f"):
        screen.call(["xdotool", "keydown", "super", "keydown", "alt", "keydown", key])
        time.sleep(0.6)  # held for so long
        screen.call(["xdotool", "keyup", key, "keyup", "alt", "keyup", "super"])
    wait_for(lambda: Command.FASTER in heard, "faster")
    assert heard.count(Command.READ_SELECTION) == 1
    assert 1 < heard.count(Command.FASTER) < 5  # of some 25 that the keyboard sends


def test_presses_in_one_moment_are_all_meant(keys, screen: Desk) -> None:  # type: ignore[no-untyped-def]
    """A switch that bounces, or a program that presses: no keyboard repeats a key as soon as that."""
    backend, heard, keyboard = keys
    backend.take({FASTER: Command.FASTER, STOP: Command.STOP}).result(5)
    for _ in range(20):
        keyboard.press("super+alt+f")
    keyboard.press("super+alt+x")
    wait_for(lambda: Command.STOP in heard, "the last key")
    assert heard.count(Command.FASTER) == 20


def test_a_key_pressed_again_in_the_moment_it_goes_up_is_meant_both_times(keys, screen: Desk) -> None:  # type: ignore[no-untyped-def]
    """As of a key that is held, X says that it went up and down at one time."""
    backend, heard, keyboard = keys
    backend.take({READ: Command.READ_SELECTION}).result(5)
    with keyboard.held("super", "alt"):
        keyboard.send(READ.key, (True,))
        time.sleep(0.05)  # pressed for so long
        keyboard.send(READ.key, (False, True, False))
    expect(heard, Command.READ_SELECTION, Command.READ_SELECTION)


def test_a_key_that_is_taken_is_refused_with_a_name(  # type: ignore[no-untyped-def]
    keys, screen: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    backend, heard, keyboard = keys
    monkeypatch.setenv("HOME", str(screen.home))
    rival = start_rival(screen, "r")
    try:
        refused = backend.take({READ: Command.READ_SELECTION, STOP: Command.STOP}).result(5)
        assert set(refused) == {READ}
        assert "xbindkeys" in refused[READ]
        keyboard.press("super+alt+x")
        expect(heard, Command.STOP)
    finally:
        screen.end(rival)
    # It is free again, and can be had.
    wait_for(lambda: backend.take({READ: Command.READ_SELECTION}).result(5) == {}, "the key")
    keyboard.press("super+alt+r")
    expect(heard, Command.STOP, Command.READ_SELECTION)


def test_escape_is_taken_only_while_asked_for(keys, screen: Desk) -> None:  # type: ignore[no-untyped-def]
    backend, heard, keyboard = keys
    backend.take({STOP: Command.STOP}).result(5)
    backend.take_escape(Command.STOP)
    wait_for(lambda: keyboard.press("Escape") and heard, "escape")
    backend.take_escape(None)
    backend.take({STOP: Command.STOP}).result(5)  # behind the release, in order
    heard.clear()
    keyboard.press("Escape")
    keyboard.press("super+alt+x")
    expect(heard, Command.STOP)


def test_no_press_is_lost_while_keyboards_change(keys, screen: Desk) -> None:  # type: ignore[no-untyped-def]
    """Each change of the mapping is told to everybody; the keys stay where they are."""
    backend, heard, keyboard = keys
    backend.take({READ: Command.READ_SELECTION}).result(5)
    done = threading.Event()

    def change() -> None:
        while not done.is_set():
            screen.call(["xmodmap", "-e", "keycode 255 = NoSymbol"])

    changing = threading.Thread(target=change)
    changing.start()
    for _ in range(30):
        keyboard.press("super+alt+r")
        time.sleep(0.02)
    done.set()
    changing.join()
    expect(heard, *[Command.READ_SELECTION] * 30)


@pytest.mark.parametrize("spares_focus", [False, True])
def test_the_program_in_front_does_not_get_the_key(
    screen: Desk, monkeypatch: pytest.MonkeyPatch, spares_focus: bool
) -> None:
    from reader.hotkeys.x11_grabs import Grabs

    monkeypatch.setenv("DISPLAY", screen.display)
    heard = Heard()
    code = (
        "import sys; from PySide6.QtWidgets import *\n"
        "class W(QPlainTextEdit):\n"
        "    def keyPressEvent(self, e): print('key', e.key(), flush=True)\n"
        "    def focusOutEvent(self, e): print('left', flush=True)\n"
        "app = QApplication(['keys']); w = W(); w.show(); app.exec()\n"
    )
    (screen.home / "keys.py").write_text(code)
    backend = Grabs(heard, lambda refused: None)
    backend.spare_focus(spares_focus)
    backend.take({Chord.parse("F9"): Command.READ_SELECTION}).result(5)
    (screen.folder / "keys.log").write_text("")
    screen.open_window([sys.executable, str(screen.home / "keys.py")], "keys")

    def got() -> str:
        screen.keyboard.press("F8")
        return (screen.folder / "keys.log").read_text()

    wait_for(got, "a key in the window")
    screen.keyboard.press("F9")
    wait_for(lambda: heard, "the hotkey")
    screen.keyboard.press("F8")
    time.sleep(0.2)
    f8, f9 = "key 16777271", "key 16777272"
    assert f8 in got()
    assert f9 not in got()
    assert "left" not in got()
    backend.close()
    screen.close_windows()
