"""Has a desktop give Harken its keys, in the way in which its user would."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.desktop.desk import wait_for
from tests.wayland.desk import WaylandDesk

_SOURCE = Path(__file__).parents[2]
_TESTER = 1000
COMMANDS = {"read-selection", "pause-resume", "stop", "next", "previous", "repeat", "faster", "slower", "show"}


def keys(desk: WaylandDesk) -> dict[str, str]:
    """What Harken last said of its keys: what this desktop calls the one of each command."""
    told = [record["names"] for record in desk.records() if record["event"] == "keys"]
    return dict(told[-1]) if told else {}


def wait_for_keys(desk: WaylandDesk) -> dict[str, str]:
    """Until every command has one."""
    wait_for(lambda: keys(desk).keys() == COMMANDS, "the keys", 60.0)
    return keys(desk)


def press_button(desk: WaylandDesk, name: str) -> None:
    """Press a button in any window."""
    done = desk.run("python3", "-m", "tests.wayland.buttons", name)
    assert done.returncode == 0, done.stderr


def leave_the_overview(desk: WaylandDesk) -> None:
    """GNOME starts with it, and has it back until a window has the focus."""
    shell = ["gdbus", "call", "--session", "-d", "org.gnome.Shell", "-o", "/org/gnome/Shell", "-m"]
    desk.run(*shell, "org.freedesktop.DBus.Properties.Set", "org.gnome.Shell", "OverviewActive", "<false>")


def copy_extension(desk: WaylandDesk) -> None:
    """Have it in the user's folder before GNOME starts, as after a new login."""
    home = desk.folder / "home"
    home.mkdir(parents=True)
    code = "from reader.gnome_shell import install; install._copy()"
    env = os.environ | {"XDG_DATA_HOME": str(home / ".local/share"), "PYTHONPATH": str(_SOURCE)}
    subprocess.run([sys.executable, "-c", code], check=True, env=env)
    for path in (home, *home.rglob("*")):
        os.chown(path, _TESTER, _TESTER)


def bind_by_hand(desk: WaylandDesk) -> None:
    """labwc: the line that the doctor shows goes into its configuration."""
    report = desk.harken_run("doctor").stdout
    line = report[report.index("<keybind key=") : report.index("</keybind>") + len("</keybind>")]
    folder = desk.folder / "home/.config/labwc"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "rc.xml").write_text(f"<labwc_config><keyboard><default/>{line}</keyboard></labwc_config>\n")
    desk.run("pkill", "-HUP", "-x", "labwc")


def bind(desk: WaylandDesk) -> None:
    """Have the keys of a Harken that was just started bound."""
    if desk.desktop == "labwc":
        bind_by_hand(desk)
        return
    if desk.desktop == "gnome":
        press_button(desk, "Add")
        leave_the_overview(desk)
    wait_for_keys(desk)
