"""`harken purge`: remove what Harken has kept of this user, and say what that was."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import reader.desktop.choose
from reader import account
from reader.cli import output
from reader.cli.settings import is_wished
from reader.errors import HarkenError, InstanceError, NotRunningError
from reader.ipc.client import connected
from reader.settings.paths import log_file, settings_file, socket_address, state_folder
from reader.support.files import reason

_FAILED = 1


def purge(is_confirmed: bool) -> int:
    """Ask, remove and tell; `is_confirmed`: without asking. Raises InstanceError while Harken runs."""
    _refuse_while_running()
    folders = [settings_file().parent, state_folder(), log_file().parent]
    output.say("This removes Harken's settings, its log and notes, its start at login, and its keys in the keyring:")
    for folder in dict.fromkeys(folders):
        output.say(f"    {folder}")
    if not is_confirmed and not is_wished("Remove all this? Type yes: "):
        output.say("Nothing was removed.")
        return _FAILED
    code = 0
    for remove in (account.forget_any, _forget_autostart):  # the account is found through the settings
        try:
            remove()
        except HarkenError as error:
            output.complain(error.sentence)
            code = _FAILED
    for folder in dict.fromkeys(folders):
        code = max(code, _remove(folder))
    return code


def _refuse_while_running() -> None:
    try:
        with connected(socket_address()):
            raise InstanceError("Harken is running. Quit it first, from its menu.")
    except NotRunningError:
        pass


def _forget_autostart() -> int:
    autostart = reader.desktop.choose.autostart()
    if autostart.is_on():
        autostart.set(False)
        output.say("Harken does not start at login any more.")
    return 0


def _remove(folder: Path) -> int:
    if not os.path.lexists(folder):
        return 0  # it was inside one that was removed
    try:
        shutil.rmtree(folder)
    except OSError as error:
        output.complain(f"{folder} can't be removed: {reason(error)}.")
        return _FAILED
    output.say(f"Removed: {folder}")
    return 0
