"""What presses mean that are only heard of (reader/hotkeys/listen.py): a release may never come."""

from __future__ import annotations

from reader.flow import Command
from reader.hotkeys.base import Held
from reader.hotkeys.chord import Chord
from reader.hotkeys.listen import Presses

WANTED = {Chord.parse("Ctrl+Super+F9"): Command.READ_SELECTION, Chord.parse("Ctrl+F7"): Command.STOP}


class Keyboard:
    """Keys that a person holds, and of which a program may not hear."""

    def __init__(self, *, can_be_asked: bool = True) -> None:
        self.now_s = 0.0
        self.down: set[str] = set()
        self.presses = Presses(lambda: frozenset(self.down) if can_be_asked else None, Held(lambda: self.now_s))
        self.presses.wanted = WANTED

    def press(self, *names: str) -> list[Command]:
        self.down |= set(names) & {"Ctrl", "Super", "Alt", "Shift"}
        return [command for name in names if (command := self.presses.press(name))]

    def release(self, *names: str, is_heard: bool = True) -> None:
        self.down -= set(names)
        for name in names * is_heard:
            self.presses.release(name)


def test_a_modifier_whose_release_went_elsewhere_is_not_held() -> None:
    keyboard = Keyboard()
    keyboard.press("Super", "L")  # locks the screen, which gets what is released
    keyboard.release("Super", "L", is_heard=False)
    assert keyboard.press("Ctrl", "F9") == []
    keyboard.release("Ctrl", "F9")
    assert keyboard.press("Ctrl", "F7") == [Command.STOP]


def test_a_modifier_whose_press_went_elsewhere_is_held() -> None:
    keyboard = Keyboard()
    keyboard.down.add("Super")
    assert keyboard.press("Ctrl", "F9") == [Command.READ_SELECTION]


def test_a_key_whose_release_went_elsewhere_can_be_pressed_again() -> None:
    keyboard = Keyboard()
    assert keyboard.press("Ctrl", "F7") == [Command.STOP]
    keyboard.release("Ctrl", "F7", is_heard=False)
    keyboard.now_s = 5.0
    assert keyboard.press("Ctrl", "F7") == [Command.STOP]


def test_held_it_is_said_once_and_pressed_twice_it_is_said_twice() -> None:
    keyboard = Keyboard(can_be_asked=False)
    assert keyboard.press("Ctrl", "F7") == [Command.STOP]
    keyboard.now_s = 0.5
    assert keyboard.press("F7") == []
    keyboard.release("F7")
    assert keyboard.press("F7") == [Command.STOP]
    keyboard.release("F7", "Ctrl")
    assert keyboard.press("F7") == []
