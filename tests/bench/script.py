"""What a Linux user would write today: a key, the selection, espeak-ng; another key ends it.

    kill the one before; xsel | espeak-ng

xbindkeys takes the keys and starts the script, as it is done on desktops without an own way to do so.
"""

from __future__ import annotations

import subprocess
import time

from tests.desktop.desk import Desk, wait_for

READ, STOP = "shift+F9", "shift+F10"
_READ = """\
#!/bin/sh
kill "$(cat "$HOME/reading" 2>/dev/null)" 2>/dev/null
xsel -o | espeak-ng -v en-us &
echo $! >"$HOME/reading"
"""
_STOP = """\
#!/bin/sh
kill "$(cat "$HOME/reading")"
"""
_KEYS = """\
"{home}/read.sh"
  Shift + F9
"{home}/stop.sh"
  Shift + F10
"""


def install(desk: Desk) -> None:
    """Put the script onto a desk and its keys into force."""
    for name, text in (("read.sh", _READ), ("stop.sh", _STOP)):
        path = desk.home / name
        path.write_text(text)
        path.chmod(0o700)
    keys = desk.home / "xbindkeysrc"
    keys.write_text(_KEYS.format(home=desk.home))
    desk.start_program(["xbindkeys", "--nodaemon", "--file", str(keys)], "xbindkeys")
    settled = time.monotonic() + 1.0  # it says nowhere when it has the keys
    wait_for(lambda: time.monotonic() > settled, "xbindkeys")


def voiced(text: str) -> bytes:
    """What its voice makes of a text: a WAV file."""
    return subprocess.run(["espeak-ng", "-v", "en-us", "--stdout", text], capture_output=True, check=True).stdout
