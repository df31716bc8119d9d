"""Crash reports: what broke and where, without any of the user's text. They stay on this computer.

A report has exception types and code locations, but no messages or values, because these may contain what was being
read. Faults that kill the process (in a library) are recorded by Python's faulthandler. A packaged Harken is then
restarted, at most _RESTARTS times in a row, by a small shell that waits for this; on Windows by restart_worker.py.
"""

from __future__ import annotations

import contextlib
import faulthandler
import logging
import os
import platform
import re
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import IO

from reader import __version__
from reader.support import files, processes, restart_worker
from reader.support.log import trace

log = logging.getLogger(__name__)

_KEPT = 10
_RESTARTS = 3
_RESTARTS_LEFT = "HARKEN_RESTARTS"  # environment variable: how many restarts are left
_NATIVE, _PYTHON, _TOLD = "fault", "exception", ".told"
_NAME = re.compile(rf"[0-9]{{1,8}}(-[0-9]{{6}})?-(?P<pid>[0-9]{{1,9}})-(?P<what>{_NATIVE}|{_PYTHON})\.txt")
# Exits silently if Harken sent a word; otherwise looks for a fault, and turns into Harken again. sh takes some 1 MB,
# most of it shared.
_PHOENIX = 'read -r word || { [ -s "$0" ] && exec "$@"; }'

# How long Harken waits for it when quitting, in seconds.
_PHOENIX_LIMIT_S = 5.0


class CrashWatch:
    """Writes reports from `start` to `stop`. GUI thread."""

    def __init__(self, folder: Path) -> None:
        """`folder` may not exist."""
        self._folder = folder
        self._file: IO[str] | None = None
        self._phoenix: subprocess.Popen[bytes] | None = None

    def start(self, command: list[str]) -> None:
        """Begin. `command` starts Harken again. If reports can't be stored, Harken runs without them."""
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _forget_old(self._folder)
            path = self._folder / f"{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}-{_NATIVE}.txt"
            self._file = path.open("w", encoding="utf-8")
        except OSError as error:
            log.warning("crashes can't be reported: %s", error.strerror)
            return
        faulthandler.enable(self._file)
        sys.excepthook = self._on_exception
        threading.excepthook = lambda args: self._on_exception(args.exc_type, args.exc_value, args.exc_traceback)
        self._start_phoenix(command, path)

    def stop(self) -> None:
        """Stop watching: Harken is quitting normally."""
        sys.excepthook, threading.excepthook = sys.__excepthook__, threading.__excepthook__
        if self._phoenix and self._phoenix.stdin:
            with contextlib.suppress(OSError):
                self._phoenix.stdin.write(b"done\n")
                self._phoenix.stdin.close()
            try:
                self._phoenix.wait(_PHOENIX_LIMIT_S)
            except subprocess.TimeoutExpired:  # stopped, or the system won't let it exit
                with contextlib.suppress(OSError):  # Windows raises this for one that is about to exit
                    self._phoenix.kill()
        if self._file:
            faulthandler.disable()
            self._file.close()
            with contextlib.suppress(OSError):
                os.unlink(self._file.name)

    def _start_phoenix(self, command: list[str], report: Path) -> None:
        is_packaged = getattr(sys, "frozen", False) or _RESTARTS_LEFT in os.environ
        wanted = os.environ.get(_RESTARTS_LEFT, "")
        left = int(wanted) if re.fullmatch("[0-9]", wanted) else _RESTARTS
        if not is_packaged or left <= 0:
            return
        env = {**os.environ, _RESTARTS_LEFT: str(left - 1)}
        with contextlib.suppress(OSError):
            if sys.platform == "win32":
                env |= {restart_worker.REPORT: str(report), restart_worker.COMMAND: "\n".join(command)}
                self._phoenix = subprocess.Popen(
                    _waiting(), stdin=subprocess.PIPE, env=env, creationflags=subprocess.CREATE_NO_WINDOW
                )
            else:
                self._phoenix = subprocess.Popen(
                    ["/bin/sh", "-c", _PHOENIX, str(report), *command], stdin=subprocess.PIPE, env=env
                )

    def _on_exception(
        self, kind: type[BaseException], error: BaseException | None, where: TracebackType | None
    ) -> None:
        """Write a report of an uncaught exception. Any thread."""
        log.error("uncaught: %s", kind.__name__)
        path = self._folder / f"{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}-{_PYTHON}.txt"
        with contextlib.suppress(OSError):
            files.write_text(path, "\n".join([*_about(), *trace(kind, error, where)]) + "\n")


def reports(folder: Path) -> list[Path]:
    """The existing reports, oldest first. Empty files, which a running Harken keeps ready, don't count.

    Other files in the folder are not Harken's.
    """
    return sorted(path for path, found in _own_files(folder) if found.st_size)


def _own_files(folder: Path) -> Iterator[tuple[Path, os.stat_result]]:
    with contextlib.suppress(OSError):
        for path in folder.iterdir():
            if not _NAME.fullmatch(path.name):
                continue
            with contextlib.suppress(OSError):
                found = path.lstat()
                if stat.S_ISREG(found.st_mode):
                    yield path, found


def untold(folder: Path) -> Path | None:
    """The newest report that hasn't been mentioned yet: its path, for the user; None if there is nothing new."""
    new = [path for path in reports(folder) if not os.path.exists(path.with_suffix(_TOLD))]
    for path in new:
        with contextlib.suppress(OSError):
            path.with_suffix(_TOLD).touch()
    return new[-1] if new else None


def _forget_old(folder: Path) -> None:
    for path in reports(folder)[:-_KEPT]:
        path.unlink(missing_ok=True)
        path.with_suffix(_TOLD).unlink(missing_ok=True)
    for path, found in list(_own_files(folder)):
        name = _NAME.fullmatch(path.name)
        if name and name["what"] == _NATIVE and not found.st_size and not processes.is_running(int(name["pid"])):
            path.unlink(missing_ok=True)  # left by a Harken that was killed


def _waiting() -> list[str]:
    """How restart_worker is started."""
    if getattr(sys, "frozen", False):
        return [sys.executable, "--worker", "restart", restart_worker.__name__, "0"]
    root = str(Path(__file__).parents[2])
    code = f"import sys; sys.path.insert(0, {root!r}); from reader.support.restart_worker import run; run(0, 1)"
    return [sys.executable, "-P", "-c", code]


def _about() -> Iterator[str]:
    yield f"Harken {__version__}, Python {platform.python_version()}, {platform.platform()}"
    yield "This report contains none of your text and was not sent anywhere."
