"""How to stay awake and start at login on a Mac. Never run: there was no Mac to test on."""

from __future__ import annotations

import contextlib
import os
import plistlib
import subprocess
from collections.abc import Callable
from pathlib import Path

from reader.errors import SettingsError
from reader.support import files
from reader.support.i18n import translate

_LABEL = "reader.harken"


class Caffeinate:
    """Implements ScreenLockInhibitor with the system's own program, which exits when Harken does."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def hold(self) -> None:
        if self._process is None or self._process.poll() is not None:
            with contextlib.suppress(OSError):
                self._process = subprocess.Popen(["/usr/bin/caffeinate", "-d", "-i", "-w", str(os.getpid())])

    def release(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None

    async def close(self) -> None:
        self.release()


class LaunchAgent:
    """Implements Autostart: a file in the user's folder of launch agents."""

    def __init__(self, command: Callable[[], list[str]]) -> None:
        """`command` starts Harken."""
        self._command = command
        self._file = Path.home() / "Library" / "LaunchAgents" / f"{_LABEL}.plist"

    def is_on(self) -> bool:
        try:
            agent = plistlib.loads(self._file.read_bytes())
        except (OSError, plistlib.InvalidFileException, ValueError):
            return False
        return bool(agent.get("RunAtLoad")) and not agent.get("Disabled")

    def set(self, is_on: bool) -> None:
        agent = {
            "Label": _LABEL,
            "ProgramArguments": self._command(),
            "RunAtLoad": True,
            "ProcessType": "Interactive",
        }
        try:
            if is_on:
                self._file.parent.mkdir(parents=True, exist_ok=True)
                files.write_bytes(self._file, plistlib.dumps(agent))
            else:
                self._file.unlink(missing_ok=True)
        except OSError as error:
            sentence = translate("reader", "{file} can't be changed: {why}.")
            raise SettingsError(sentence.format(file=self._file, why=error.strerror)) from error
