"""Picks what takes keys on this desktop, and keeps the reason for each refusal."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field

from reader.flow import Command
from reader.hotkeys.base import HotkeyBackend, OnCommand
from reader.hotkeys.chord import Chord
from reader.hotkeys.none import NoHotkeys


@dataclass(slots=True)
class Choice:
    """What was chosen for this desktop."""

    backend: HotkeyBackend
    refusals: list[tuple[str, str]] = field(default_factory=list)  # (back end, why not)


def choose(on_command: OnCommand) -> Choice:
    """Open the first that works: grabs, then listening, then nothing."""
    refusals: list[tuple[str, str]] = []
    why = _why_no_x11()
    if not why:
        from Xlib.error import DisplayError, XError

        from reader.hotkeys.x11 import X11Hotkeys

        try:
            return Choice(X11Hotkeys(on_command), refusals)
        except (DisplayError, XError, OSError) as error:
            why = str(error)
    refusals.append(("x11 grabs", why))
    return Choice(_listening(on_command, refusals) or NoHotkeys(), refusals)


def listen_instead(
    choice: Choice, on_command: OnCommand, bindings: Mapping[Chord, Command], refused: dict[Chord, str]
) -> dict[Chord, str]:
    """A session that refuses every grab still lets us listen. Returns what is refused now."""
    listening = _listening(on_command, choice.refusals)
    if listening is None:
        return refused
    choice.refusals.append((choice.backend.name, "every key was refused: " + next(iter(refused.values()))))
    choice.backend.close()
    choice.backend = listening
    return listening.bind(bindings)


def _listening(on_command: OnCommand, refusals: list[tuple[str, str]]) -> HotkeyBackend | None:
    """Listening through pynput, None where that can't be."""
    why = "" if sys.platform != "linux" or os.environ.get("DISPLAY") else "DISPLAY is not set"
    if not why:
        try:
            from reader.hotkeys.listen import ListeningHotkeys

            return ListeningHotkeys(on_command)
        except Exception as error:  # pynput raises what its platform raises
            why = f"{type(error).__name__}: {error}"
    refusals.append(("pynput listener", why))
    return None


def _why_no_x11() -> str:
    if sys.platform != "linux":
        return f"there is no X server on {sys.platform}"
    return "" if os.environ.get("DISPLAY") else "DISPLAY is not set"
