"""The menu entry on Linux, in the user's folder unless a package installed one, and the session bus's service file.

Desktops grant keys only to programs with a menu entry, and a bus starts only programs with a service file; a wheel, an
AppImage and a checkout bring neither.
"""

from __future__ import annotations

import contextlib
import importlib.resources
import logging
import os
from collections.abc import Callable
from pathlib import Path

from reader.desktop import desktop_entry, service_file
from reader.support import files
from reader.support.app_id import APP_ID, ENTRY
from reader.support.i18n import translate

log = logging.getLogger(__name__)

# Marks entries that Harken itself has written, and so may change and remove.
_OURS = "X-Harken-Own"
SERVICE = f"dbus-1/services/{APP_ID}.service"


class XdgMenuEntry:
    """Implements MenuEntry."""

    def __init__(self, command: Callable[[], list[str]]) -> None:
        """`command` starts Harken."""
        self._command = command

    def make(self) -> None:
        """Updates an entry whose program has moved."""
        for make in (self._make_entry, self._make_service):
            try:
                make()
            except OSError as error:
                log.warning("no menu entry: %s", error.strerror)

    def _make_entry(self) -> None:
        own = _own_file()
        found = next((file for file in (own, *_system_files()) if os.path.isfile(file)), None)
        if found:
            entry = desktop_entry.read(found)
            if desktop_entry.has_program(entry) or (found == own and _OURS not in entry):
                return
        own.parent.mkdir(parents=True, exist_ok=True)
        files.write_text(own, self._text())

    def _make_service(self) -> None:
        own = _own_file(SERVICE)
        text = service_file.text(self._command())
        found = next((file for file in (own, *_system_files(SERVICE)) if os.path.isfile(file)), None)
        if found is None or (service_file.is_own(found) and found == own and not service_file.has_program(found)):
            own.parent.mkdir(parents=True, exist_ok=True)
            files.write_text(own, text)

    def remove(self) -> bool:
        service = _own_file(SERVICE)
        if service_file.is_own(service):
            with contextlib.suppress(OSError):
                service.unlink()
        own = _own_file()
        if _OURS not in desktop_entry.read(own):
            return False
        with contextlib.suppress(OSError):
            own.unlink()
        return not own.exists()

    def _text(self) -> str:
        icon = importlib.resources.files("resources").joinpath("icons/harken.svg")
        return desktop_entry.text(
            self._command(),
            translate("reader", "Reads selected text aloud"),
            Icon=str(icon),
            Categories="Utility;Accessibility;",
            StartupWMClass="harken",
            **{_OURS: "true"},
        )


def _own_file(place: str = f"applications/{ENTRY}") -> Path:
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share") / place


def _system_files(place: str = f"applications/{ENTRY}") -> list[Path]:
    folders = os.environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
    return [Path(folder) / place for folder in folders.split(":") if folder]
