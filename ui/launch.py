"""The entry point of the `harken` command. Imports Qt only if the tray app is wanted."""

from __future__ import annotations

import builtins
import os
import signal
import sys

if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # Ctrl+C while loading should not show a traceback
    signal.signal(signal.SIGINT, signal.SIG_DFL)

import reader.cli
from reader.cli import streams
from reader.support import core_dumps


def main() -> int:
    """Run Harken with this process's arguments and return the exit code."""
    core_dumps.forbid()
    if getattr(sys, "frozen", False):
        _leave_libraries_to_others()
    if sys.argv[1:2] == ["--worker"]:  # a frozen program starts its own child processes this way
        from reader.workers.__main__ import main as work

        return work(*sys.argv[-2:])
    streams.prepare()
    return reader.cli.main(sys.argv[1:], start_tray)


def _leave_libraries_to_others() -> None:
    """Make programs that Harken starts use their own libraries, not those in Harken's folder.

    PyInstaller sets this variable for the program itself, which the system has read by now, and saves the original.
    """
    before = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
    os.environ.pop("LD_LIBRARY_PATH", None)
    if before is not None:
        os.environ["LD_LIBRARY_PATH"] = before


def start_tray() -> int:
    """Run the tray app, or tell the one that is running to show itself."""
    from reader.desktop.launch import FOR_COMMAND
    from reader.errors import NotRunningError
    from reader.ipc.choose import socket_address
    from reader.ipc.client import connected

    try:
        with connected(socket_address()) as client:
            if FOR_COMMAND not in os.environ:
                client.ask("show")
        return 0
    except NotRunningError:
        pass
    _load_qt()
    from ui.main import run

    return run()


def _load_qt() -> None:
    """Load Qt without letting PySide replace `import`.

    To find out which modules switch on its optional features, PySide's own `import` reads the source of everything that
    is imported from then on, and keeps it: 12 MB and a tenth of a second for something that Harken does not use.
    """
    plain = builtins.__import__
    import PySide6.QtCore  # noqa: F401

    builtins.__import__ = plain


if __name__ == "__main__":
    sys.exit(main())
