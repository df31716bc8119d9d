"""`harken extension`: install or remove the extension for GNOME Shell, or show its state."""

from __future__ import annotations

import argparse

from reader.cli import output

_FAILED = 1


def status(_options: argparse.Namespace) -> int:
    """Show its state. The exit code says whether it runs."""
    import asyncio

    from reader.gnome_shell import install
    from reader.gnome_shell.sentences import sentence
    from reader.gnome_shell.state import Status

    state = asyncio.run(install.state())
    output.say(sentence(state))
    return 0 if state.status is Status.RUNS else _FAILED


def add(_options: argparse.Namespace) -> int:
    """Install it and switch it on. The exit code says whether at most a new login is left to do."""
    import asyncio

    from reader.gnome_shell import install
    from reader.gnome_shell.sentences import sentence
    from reader.gnome_shell.state import Status

    state = asyncio.run(install.install())
    output.say(sentence(state))
    return 0 if state.status in (Status.RUNS, Status.NEEDS_LOGIN, Status.PAUSED) else _FAILED


def remove(_options: argparse.Namespace) -> int:
    """Switch it off and remove it."""
    import asyncio

    from reader.gnome_shell import install

    is_removed = asyncio.run(install.remove())
    output.say("Harken's extension for GNOME was removed." if is_removed else "There was no extension to remove.")
    return 0
