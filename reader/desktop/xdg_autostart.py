"""Start at login on Linux: an entry in the user's autostart folder (freedesktop.org's Desktop Application Autostart).

Desktops' own tools remove such an entry or disable it in the file. An entry in a system folder, which a package may
install, applies to all users who have none of the same name.

Older versions used another name for their entry. Its state is carried over to the new name: with both, a desktop would
start Harken twice.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from pathlib import Path

from reader.desktop import desktop_entry
from reader.errors import SettingsError
from reader.support import files
from reader.support.app_id import ENTRY, OLD_ENTRY
from reader.support.i18n import translate


class XdgAutostart:
    """Implements Autostart."""

    def __init__(self, command: Callable[[], list[str]]) -> None:
        """`command` starts Harken."""
        self._command = command

    def is_on(self) -> bool:
        """Updates an entry whose program has moved, and one with the old name."""
        with contextlib.suppress(OSError):
            _rename_old()
        own = _own_file(ENTRY)
        if _is_on(ENTRY) and os.path.isfile(own) and not desktop_entry.has_program(desktop_entry.read(own)):
            with contextlib.suppress(SettingsError):
                self.set(True)
        return _is_on(ENTRY) or _is_on(OLD_ENTRY)

    def set(self, is_on: bool) -> None:
        own = _own_file(ENTRY)
        try:
            if is_on or _has_system(ENTRY):
                self._write(own, is_hidden=not is_on)
            else:
                own.unlink(missing_ok=True)
            old = _own_file(OLD_ENTRY)
            if _has_system(OLD_ENTRY):  # a package's, to be hidden in favour of the new one
                self._write(old, is_hidden=True)
            else:
                old.unlink(missing_ok=True)
        except OSError as error:
            sentence = translate("reader", "{file} can't be changed: {why}.")
            raise SettingsError(sentence.format(file=own, why=error.strerror)) from error

    def _write(self, file: Path, *, is_hidden: bool) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        comment = translate("reader", "Reads selected text aloud")
        files.write_text(
            file, desktop_entry.text(self._command(), comment, Icon="harken", Hidden=str(is_hidden).lower())
        )


def _rename_old() -> None:
    """Rename an older Harken's entry, keeping what the user set in it. Raises OSError."""
    old, own = _own_file(OLD_ENTRY), _own_file(ENTRY)
    if _has_system(OLD_ENTRY) or not os.path.isfile(old):
        return
    if own.exists():
        old.unlink()
    else:
        old.rename(own)


def _is_on(name: str) -> bool:
    found = next((file for file in (_own_file(name), *_system_files(name)) if os.path.isfile(file)), None)
    if found is None:
        return False
    entry = desktop_entry.read(found)
    return entry.get("Hidden") != "true" and entry.get("X-GNOME-Autostart-enabled") != "false"


def _own_file(name: str) -> Path:
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "autostart" / name


def _has_system(name: str) -> bool:
    return any(os.path.isfile(file) for file in _system_files(name))


def _system_files(name: str) -> list[Path]:
    folders = os.environ.get("XDG_CONFIG_DIRS") or "/etc/xdg"
    return [Path(folder) / "autostart" / name for folder in folders.split(":") if folder]
