"""Another program that has a key which Harken wants, too."""

from __future__ import annotations

import subprocess

from tests.desktop.desk import Desk, wait_for


def start_rival(desk: Desk, letter: str) -> subprocess.Popen[bytes]:
    """Start one that has Super+Alt and a letter, and return once the key reaches it.

    It is pressed until it does. To ask by taking the key would take it from the program in the moment it starts.
    """
    reached = desk.home / f"pressed-{letter}"
    reached.unlink(missing_ok=True)
    (desk.home / ".xbindkeysrc").write_text(f'"touch {reached}"\n  Mod4 + Mod1 + {letter}\n')
    rival = desk.start_program(["xbindkeys", "-n"], "xbindkeys")
    wait_for(lambda: desk.keyboard.press(f"super+alt+{letter}") and reached.exists(), "the key of xbindkeys")
    return rival
