"""Installs, updates, enables and removes the extension in the user's own folder of GNOME Shell.

GNOME only looks for new extensions when the user logs in: one that it does not know yet can only be listed as enabled
in its settings. Blocking; run on a thread, except for what asks the shell.
"""

from __future__ import annotations

import ast
import asyncio
import importlib.resources
import json
import logging
import os
import shutil
import tempfile
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reader.errors import DesktopError
from reader.gnome_shell.state import (
    EXTENSIONS,
    SHELL,
    UUID,
    ShellState,
    ask_state,
    is_gnome,
    own_folder,
    why_not_version,
)
from reader.gsettings import gsettings
from reader.support import files
from reader.support.files import reason
from reader.support.i18n import translate

if TYPE_CHECKING:
    from reader.dbus import Bus

log = logging.getLogger(__name__)

_SHELL_PATH = "/org/gnome/Shell"
_ENABLED, _DISABLED = "enabled-extensions", "disabled-extensions"
_START_LIMIT_S = 3.0


def shipped_version() -> int:
    """The version of the extension that comes with this Harken."""
    return _version(_source())


def installed_version() -> int:
    """The version of the user's copy, 0 if there is none."""
    return _version(own_folder()) if own_folder().is_dir() else 0


def update() -> bool:
    """Update the user's copy, if there is one; it runs from the next login on. Returns whether it was older.

    A damaged copy is repaired.
    """
    if not own_folder().is_dir() or installed_version() >= shipped_version():
        return False
    try:
        _copy()
    except OSError as error:
        log.warning("the extension of GNOME Shell could not be updated: %s", error.strerror)
        return False
    return True


def _expect_gnome() -> None:
    """Raises DesktopError."""
    if not is_gnome():
        raise DesktopError(translate("reader", "The extension is for GNOME, but this is a different desktop."))


async def state() -> ShellState:
    """The state of the extension. Raises DesktopError if this is not GNOME, or it does not answer."""
    _expect_gnome()
    async with _connected() as bus:
        return await ask_state(bus)


async def install() -> ShellState:
    """Copy it, and have GNOME run it: at once or, if it is new, from the next login on. Raises DesktopError."""
    _expect_gnome()
    async with _connected() as bus:
        before = await ask_state(bus)
        if why := why_not_version(before.shell_version):
            log.info("no extension: %s", why)
            sentence = translate("reader", "Harken's extension does not support this version of GNOME ({version}).")
            raise DesktopError(sentence.format(version=before.shell_version))
        if installed_version() < shipped_version():
            try:
                await asyncio.to_thread(_copy)
            except OSError as error:
                sentence = translate("reader", "{file} can't be changed: {why}.")
                raise DesktopError(sentence.format(file=own_folder(), why=reason(error))) from error
        if before.is_known:
            await bus.call(SHELL, _SHELL_PATH, EXTENSIONS, "EnableExtension", "s", UUID)
            return await _settled(bus)
        await _note(_ENABLED, is_in=True)
        await _note(_DISABLED, is_in=False)
        return await ask_state(bus)


async def remove() -> bool:
    """Have GNOME forget it, and delete the user's copy. Returns whether there was one. Raises DesktopError."""
    folder = own_folder()
    was_there = folder.is_dir()
    try:
        if was_there:
            async with _connected() as bus:
                # It unloads the extension, which deleting its files would not.
                if (await ask_state(bus)).is_known:
                    await bus.call(SHELL, _SHELL_PATH, EXTENSIONS, "UninstallExtension", "s", UUID)
    except DesktopError as error:
        log.info("GNOME Shell is not asked to forget the extension: %s", error)
    try:
        if folder.is_symlink():
            await asyncio.to_thread(folder.unlink)
        elif folder.is_dir():
            await asyncio.to_thread(shutil.rmtree, folder)
    except OSError as error:
        sentence = translate("reader", "{file} can't be changed: {why}.")
        raise DesktopError(sentence.format(file=folder, why=reason(error))) from error
    if was_there:
        for key in (_ENABLED, _DISABLED):
            await _note(key, is_in=False)
    return was_there


def _connected() -> AbstractAsyncContextManager[Bus]:
    """The session bus. Systems without one lack its package, too."""
    from reader.dbus import connect

    return connect()


async def _settled(bus: Bus) -> ShellState:
    """The state once the shell runs it, which takes a moment after it was told to."""
    from reader.gnome_shell.extension import ShellExtension

    here = asyncio.Event()
    extension = ShellExtension(here.set)
    await extension.start()
    try:
        async with asyncio.timeout(_START_LIMIT_S):
            while not extension.is_here:
                await here.wait()
                here.clear()
    except TimeoutError:
        log.info("the extension has not begun: %s", extension.absence)
    finally:
        await extension.close()
    return await ask_state(bus)


def _source() -> Path:
    return Path(str(importlib.resources.files("resources").joinpath(f"gnome-shell/{UUID}")))


def _version(folder: Path) -> int:
    """The version in its metadata; 0 if that can't be read, for example because it is damaged."""
    try:
        data: Any = json.loads((folder / "metadata.json").read_text(encoding="utf-8"))
        return int(data["version-name"])
    except (OSError, ValueError, KeyError, TypeError):
        return 0


def _copy() -> None:
    """Replace the user's copy by the one that comes with this Harken, completely or not at all. Raises OSError."""
    folder = own_folder()
    folder.parent.mkdir(parents=True, exist_ok=True)
    # Not in the extensions' folder, where the shell could find it half copied.
    with tempfile.TemporaryDirectory(prefix="harken-", dir=folder.parents[1]) as draft:
        new, old = Path(draft, "new"), Path(draft, "old")
        new.mkdir()
        for file in sorted(_source().iterdir()):
            files.write_text(new / file.name, file.read_text(encoding="utf-8"))
        if folder.exists():
            os.replace(folder, old)
        try:
            os.replace(new, folder)
        except OSError:
            if old.exists():
                os.replace(old, folder)
            raise


async def _note(key: str, *, is_in: bool) -> None:
    """Add the extension to one of the shell's lists, or remove it. Raises DesktopError."""
    try:
        names = read_list(await gsettings("get", "org.gnome.shell", key))
        if (UUID in names) is not is_in:
            changed = [*names, UUID] if is_in else [name for name in names if name != UUID]
            await gsettings("set", "org.gnome.shell", key, str(changed) if changed else "@as []")
    except DesktopError as error:
        raise DesktopError(
            translate("reader", "GNOME's settings can't be changed: {why}.").format(why=error)
        ) from error


def read_list(text: str) -> list[str]:
    """Parse a list of strings as `gsettings get` prints it. Raises DesktopError for anything else."""
    try:
        names = ast.literal_eval(text.strip().removeprefix("@as ")) if len(text) < 1 << 20 else None
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        names = None
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise DesktopError("gsettings: no list")
    return names
