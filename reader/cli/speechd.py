"""Harken's voices for every program that speaks through speech-dispatcher: `harken speechd`."""

from __future__ import annotations

import argparse
import sys

from reader.cli import output
from reader.errors import DesktopError

_FAILED = 1


def module(_options: argparse.Namespace) -> int:
    """Serve speech-dispatcher until it ends. Returns 1 if it did not start this."""
    from reader.speechd.module import run

    if run():
        return 0
    output.complain("speech-dispatcher starts this command itself. “harken speechd install” sets that up.")
    return _FAILED


def status(_options: argparse.Namespace) -> int:
    """Say whether speech-dispatcher has Harken's voices. Returns 1 if not."""
    from reader.desktop import speech_dispatcher

    found = speech_dispatcher.state()
    output.say(f"Harken's voices in speech-dispatcher: {found.value}.")
    return 0 if found in (speech_dispatcher.State.LOADED, speech_dispatcher.State.WAITING) else _FAILED


def install(options: argparse.Namespace) -> int:
    """Add them to it. Raises SettingsError, DesktopError."""
    _check_system()
    from reader.desktop import launch, speech_dispatcher

    speech_dispatcher.install(launch.command(), is_default=options.default)
    output.say("speech-dispatcher now has Harken's voices: choose “harken” in Orca's voice settings,")
    output.say("or try “spd-say -o harken Hello”.")
    _tell_reload(speech_dispatcher.reload())
    return 0


def remove(_options: argparse.Namespace) -> int:
    """Remove them from it. Raises SettingsError, DesktopError."""
    _check_system()
    from reader.desktop import speech_dispatcher

    if speech_dispatcher.remove():
        output.say("speech-dispatcher no longer has Harken's voices.")
        _tell_reload(speech_dispatcher.reload())
    else:
        output.say("speech-dispatcher did not have Harken's voices.")
    return 0


def _tell_reload(is_running: bool) -> None:
    if is_running:
        output.say("speech-dispatcher is loading its modules again. You may have to restart programs that are open.")


def _check_system() -> None:
    if sys.platform != "linux":
        raise DesktopError("speech-dispatcher exists on Linux only.")
