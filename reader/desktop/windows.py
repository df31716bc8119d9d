"""How to stay awake and start at login on Windows. Run under Wine, never on Windows itself."""

from __future__ import annotations

import ctypes
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress

from reader.errors import SettingsError
from reader.support.i18n import translate

# SetThreadExecutionState: until changed, neither the computer nor its display sleeps.
_CONTINUOUS, _SYSTEM_REQUIRED, _DISPLAY_REQUIRED = 0x80000000, 0x00000001, 0x00000002
_RUN = r"Software\Microsoft\Windows\CurrentVersion\Run"
# Where the task manager and the settings disable entries: the first byte of the value is then odd.
_APPROVED = r"Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run"
_NAME = "Harken"


class ExecutionState:
    """Implements ScreenLockInhibitor. The state belongs to the thread, so only the core thread sets it."""

    def hold(self) -> None:
        self._set(_CONTINUOUS | _SYSTEM_REQUIRED | _DISPLAY_REQUIRED)

    def release(self) -> None:
        self._set(_CONTINUOUS)

    async def close(self) -> None:
        self.release()

    def _set(self, state: int) -> None:
        if sys.platform == "win32":
            ctypes.windll.kernel32.SetThreadExecutionState(state)


class RunKey:
    """Implements Autostart with a value in the user's registry."""

    def __init__(self, command: Callable[[], list[str]]) -> None:
        """`command` starts Harken."""
        self._command = command

    def is_on(self) -> bool:
        if sys.platform != "win32":
            return False
        import winreg

        try:
            with winreg.OpenKey(winreg.HKEY_CURRENT_USER, _RUN) as key:
                winreg.QueryValueEx(key, _NAME)
        except OSError:
            return False
        try:
            with winreg.OpenKey(winreg.HKEY_CURRENT_USER, _APPROVED) as key:
                state, _ = winreg.QueryValueEx(key, _NAME)
        except OSError:
            return True
        return not (isinstance(state, bytes) and state[:1] and state[0] & 1)

    def set(self, is_on: bool) -> None:
        if sys.platform != "win32":
            return
        import winreg

        try:
            with (
                winreg.CreateKey(winreg.HKEY_CURRENT_USER, _RUN) as run,
                winreg.CreateKey(winreg.HKEY_CURRENT_USER, _APPROVED) as approved,
            ):
                if is_on:
                    winreg.SetValueEx(run, _NAME, 0, winreg.REG_SZ, subprocess.list2cmdline(self._command()))
                    winreg.SetValueEx(approved, _NAME, 0, winreg.REG_BINARY, bytes([2, *[0] * 11]))
                elif self.is_on():
                    for key in (run, approved):
                        with suppress(FileNotFoundError):
                            winreg.DeleteValue(key, _NAME)
        except OSError as error:
            sentence = translate("reader", "Windows does not let Harken change what starts at login: {why}.")
            raise SettingsError(sentence.format(why=error.strerror)) from error
