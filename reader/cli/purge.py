"""`harken purge`: removes what Harken has kept of this user, and says what that was.

Only files with names that Harken gives are removed: anything else in its folders is the user's own.
"""

from __future__ import annotations

import asyncio
import contextlib
import fnmatch
import os
from pathlib import Path

import reader.desktop.choose
import reader.hotkeys.choose
from reader.cli import account, output, service_key
from reader.cli.commands import is_running
from reader.desktop import speech_dispatcher
from reader.errors import HarkenError, InstanceError
from reader.gnome_shell import install
from reader.settings.paths import crash_folder, log_file, settings_file, state_folder
from reader.support import log
from reader.support.files import reason
from reader.support.voice_folder import voices_folder
from reader.voices import registry
from reader.voices.piper.folder import remove_all

_FAILED = 1
# What Harken writes into its folders: settings, notes, crash reports, logs. A damaged file is kept beside the new one,
# and one that was being written when the power failed is left incomplete.
_NAMES = (
    *(
        f"{name}{suffix}"
        for name in ("settings", "windows")
        for suffix in (".toml", ".broken*.toml", ".ini", ".ini.lock")
    ),
    *(
        f"{name}{suffix}"
        for name in (
            *("polly-voices", "polly-spent", "recent-voices", "voices-offered", "lowered", "updates", "places"),
            "player",
        )
        for suffix in (".json", ".broken*.json")
    ),
    *("pronunciations.csv", "pronunciations.broken*.csv"),
    *("accessibility-switched-on", "left-out-told", "kept-*.txt"),
    *("first-steps-shown", "*-fault.txt", "*-exception.txt", "*-fault.told", "*-exception.told"),
    *("harken.log", "harken.log.[0-9]", "speechd.log", "speechd.log.[0-9]", ".harken-*.part"),
    *("harken-key", "harken"),  # see key_client.py
)


def purge(is_confirmed: bool) -> int:
    """Ask (unless `is_confirmed`), remove, and report what was removed. Raises InstanceError while Harken runs."""
    _refuse_while_running()
    own = {settings_file().parent, log_file().parent, crash_folder(), state_folder()}
    folders = sorted(own, key=lambda folder: len(folder.parts), reverse=True)  # inner folders first
    output.say("This deletes Harken's settings, logs, stored data, login entry and keys in the keyring:")
    for folder in (*folders, *([voices_folder()] if voices_folder().exists() else [])):
        output.say(f"    {folder}")
    if not is_confirmed and not output.is_confirmed("Delete all of this? Type yes: "):
        output.say("Nothing was removed.")
        return _FAILED
    code = 0
    for remove in (
        account.forget_any,
        _forget_keys_of_services,
        _forget_accessibility,
        _forget_autostart,
        _forget_menu_entry,
        _forget_keys,
        _forget_gnome_extension,
        _forget_speech_dispatcher,
    ):  # the account is found through the settings
        try:
            remove()
        except HarkenError as error:
            output.complain(error.sentence)
            code = _FAILED
    log.stop()  # it was started by looking for the account
    for folder in folders:
        code = max(code, _remove(folder))
    return max(code, _remove_voices(voices_folder()))


def _refuse_while_running() -> None:
    if is_running():
        raise InstanceError("Harken is running. Quit it first with “harken quit”.")


def _forget_keys_of_services() -> int:
    return max((service_key.forget_any(entry) for entry in registry.services() if entry.keeps_key), default=0)


def _forget_accessibility() -> int:
    """Switch off what Harken has switched on, before its note of that is removed."""
    switch = reader.desktop.choose.accessibility(state_folder())
    was_on = asyncio.run(switch.is_on())
    if was_on and asyncio.run(switch.set(False)) is False:
        output.say("The desktop's accessibility, which Harken had turned on, is off again.")
    return 0


def _forget_autostart() -> int:
    autostart = reader.desktop.choose.autostart()
    if autostart.is_on():
        autostart.set(False)
        output.say("Harken no longer starts at login.")
    return 0


def _forget_menu_entry() -> int:
    if reader.desktop.choose.menu_entry().remove():
        output.say("The menu entry that Harken had made was removed.")
    return 0


def _forget_keys() -> int:
    if reader.hotkeys.choose.forget():
        output.say("Harken's keys were removed from the desktop's settings.")
    return 0


def _forget_gnome_extension() -> int:
    if asyncio.run(install.remove()):
        output.say("Harken's extension for GNOME was removed.")
    return 0


def _forget_speech_dispatcher() -> int:
    if speech_dispatcher.remove():
        speech_dispatcher.reload()
        output.say("Other programs no longer speak with Harken's voices.")
    return 0


def _remove_voices(folder: Path) -> int:
    """Remove the voices that were added, and their folder if nothing is left in it."""
    if not folder.exists():
        return 0
    try:
        remove_all(folder)
        is_kept = bool(os.listdir(folder))
        if not is_kept:
            folder.rmdir()
            with contextlib.suppress(OSError):  # others may have something there
                folder.parent.rmdir()
    except OSError as error:
        output.complain(f"{folder} can't be removed: {reason(error)}.")
        return _FAILED
    kept = f"Removed: the voices in {folder}. The folder has other files and was kept."
    output.say(kept if is_kept else f"Removed: {folder}")
    return 0


def _remove(folder: Path) -> int:
    """Remove Harken's files from a folder, and the folder if nothing is left in it."""
    try:
        found = sorted(os.listdir(folder))
    except FileNotFoundError:
        return 0
    except OSError as error:
        output.complain(f"{folder} can't be removed: {reason(error)}.")
        return _FAILED
    for name in found:
        if any(fnmatch.fnmatchcase(name, ours) for ours in _NAMES):
            try:
                (folder / name).unlink()
            except OSError as error:
                output.complain(f"{folder / name} can't be removed: {reason(error)}.")
                return _FAILED
    if os.listdir(folder):
        output.say(f"Removed: Harken's files in {folder}. The folder has other files and was kept.")
        return 0
    try:
        folder.rmdir()
    except OSError as error:
        output.complain(f"{folder} can't be removed: {reason(error)}.")
        return _FAILED
    output.say(f"Removed: {folder}")
    return 0
