"""How this Harken is started again: from a checkout, an installed package, a frozen bundle or an AppImage."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import subprocess

# Environment variable for a Harken started to carry out a command, also by the session bus: it tells the user so. If
# another is already running, it does not show that one's window.
FOR_COMMAND = "HARKEN_FOR_COMMAND"
# Environment variable for a Harken that restarts because its display was lost: it tells the user.
DISPLAY_LOST = "HARKEN_DISPLAY_LOST"
# Environment variable for a command that should start Harken if it is not running: `harken-key` sets it.
STARTS = "HARKEN_STARTS"


def command() -> list[str]:
    """The command line that starts the tray app, from any folder."""
    if image := os.environ.get("APPIMAGE"):
        return [image]  # what runs now is in a folder that disappears with it
    if getattr(sys, "frozen", False):
        return [sys.executable]
    import sysconfig  # only needed here, and commands must be quick
    from pathlib import Path

    for script in (Path(sys.argv[0]).absolute(), Path(sysconfig.get_path("scripts")) / "harken"):
        if script.name == "harken" and script.is_file():
            return [str(script)]
    root = Path(__file__).parents[2]
    code = f"import sys; sys.path.insert(0, {str(root)!r}); from ui.launch import main; main()"
    return [_python(), "-c", code]


def _python() -> str:
    """On Windows, the one without a console, whose window would sit behind the icon; pip's harken.exe has one too."""
    without = os.path.join(os.path.dirname(sys.executable), "pythonw.exe")
    return without if sys.platform == "win32" and os.path.isfile(without) else sys.executable


def start() -> subprocess.Popen[bytes]:
    """Start the tray app as an independent program, which outlives this one. Raises OSError."""
    import subprocess

    silent = subprocess.DEVNULL
    env = {**os.environ, FOR_COMMAND: "1"}
    env.pop(STARTS, None)
    return subprocess.Popen(command(), env=env, stdin=silent, stdout=silent, stderr=silent, start_new_session=True)
