"""How this Harken is started again: from a checkout, an installed package, a frozen bundle or an AppImage."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import subprocess

# In the environment of a Harken that is started because somebody wants something of it, also by the session bus: it
# says so, and where another one runs already, it does not show that one's window.
FOR_COMMAND = "HARKEN_FOR_COMMAND"
# In the environment of a Harken that starts again because its display had gone: it says so.
DISPLAY_LOST = "HARKEN_DISPLAY_LOST"
# In the environment of a command that is to start Harken where it is not running: `harken-key` sets it.
STARTS = "HARKEN_STARTS"


def command() -> list[str]:
    """The command line that starts the tray app, from any folder."""
    if image := os.environ.get("APPIMAGE"):
        return [image]  # what runs lies in a folder that goes with it
    if getattr(sys, "frozen", False):
        return [sys.executable]
    import sysconfig  # not for commands, which want only the names above
    from pathlib import Path

    for script in (Path(sys.argv[0]).absolute(), Path(sysconfig.get_path("scripts")) / "harken"):
        if script.name == "harken" and script.is_file():
            return [str(script)]
    root = Path(__file__).parents[2]
    code = f"import sys; sys.path.insert(0, {str(root)!r}); from ui.launch import main; main()"
    return [_python(), "-c", code]


def _python() -> str:
    """On Windows the one without a console, whose window would stand behind the icon; pip's harken.exe has one too."""
    without = os.path.join(os.path.dirname(sys.executable), "pythonw.exe")
    return without if sys.platform == "win32" and os.path.isfile(without) else sys.executable


def start() -> subprocess.Popen[bytes]:
    """Start the tray app as an independent program, which stays when this one ends. Raises OSError."""
    import subprocess

    silent = subprocess.DEVNULL
    env = {**os.environ, FOR_COMMAND: "1"}
    env.pop(STARTS, None)
    return subprocess.Popen(command(), env=env, stdin=silent, stdout=silent, stderr=silent, start_new_session=True)
