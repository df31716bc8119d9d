"""What `harken doctor` says on today's desktops, and where parts of one are missing, or accept and never answer."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.desktop.desk import wait_for
from tests.wayland.desk import WaylandDesk

pytestmark = [pytest.mark.desktop, pytest.mark.usefixtures("wayland_root")]
# Of each desktop: what takes keys and what selections.
WAYS = {
    "sway": ("sway", "wayland"), "labwc": ("no hotkeys", "wayland"), "kwin": ("portal", "wayland"),
    "gnome": ("portal", "x11"),
}  # fmt: skip


# One of the session's own kind has the system's folder of programs to start, whatever the environment says.
_BARE_BUS = """<busconfig>
  <type>session</type>
  <listen>unix:path=/desk/run/bare</listen>
  <policy context="default">
    <allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/>
  </policy>
</busconfig>
"""


@dataclass(frozen=True)
class Row:
    """Of the report."""

    chosen: str
    refused: dict[str, str]
    notes: list[str]


def report(desk: WaylandDesk, *changes: str) -> dict[str, Row]:
    """Its rows, in an environment that env(1) has made these changes to. It ends by itself."""
    options_first = sorted(changes, key=lambda change: not change.startswith("-"))
    done = desk.run("env", *options_first, *desk.program, "doctor", "--json")
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    return {row["part"]: Row(row["chosen"], dict(row["refused"]), row["notes"]) for row in json.loads(done.stdout)}


def test_on_each_desktop(desk: WaylandDesk) -> None:
    rows = report(desk)
    keys, place = WAYS[desk.desktop]
    assert rows["keys"].chosen == keys
    assert rows["text"].chosen == f"{place} selection, {place} clipboard, at-spi focus"
    assert rows["sound"].chosen == "pipewire at 48000 Hz"
    assert "grabs do not keep a key from the program in front" in rows["keys"].refused["x11 grabs"]
    if desk.desktop == "labwc":
        assert "this desktop has no portal with global shortcuts" in rows["keys"].refused["portal"]
        assert any("rc.xml" in note for note in rows["keys"].notes)
    else:
        assert any(note.startswith("read-selection: ") for note in rows["keys"].notes)


@pytest.fixture(scope="module")
def lone(wayland_root: Path) -> Iterator[WaylandDesk]:
    """A session in which no Harken runs."""
    with WaylandDesk("sway", wayland_root) as desk:
        yield desk


@pytest.fixture
def silent(lone: WaylandDesk) -> Iterator[str]:
    """The path of a socket of the session that accepts and never answers."""
    path = lone.folder / "run/silent"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen(100)
        os.chmod(path, 0o777)
        yield "/desk/run/silent"
    path.unlink()


def test_without_a_session_bus(lone: WaylandDesk) -> None:
    for change, why in (
        ("--unset=DBUS_SESSION_BUS_ADDRESS", "no session bus: DBUS_SESSION_BUS_ADDRESS is not set"),
        ("DBUS_SESSION_BUS_ADDRESS=unix:path=/desk/none", "no session bus: nothing is there"),
    ):
        rows = report(lone, change)
        assert rows["keys"].chosen == "sway"
        assert rows["text"].chosen == "wayland selection, wayland clipboard, no focus"
        assert rows["text"].refused["at-spi"] == f"no accessibility bus: {why}"
        assert "Harken can't see the focused text on this desktop. Select text instead." in rows["text"].notes
        assert rows["sound"].chosen == "pipewire at 48000 Hz"


def test_with_one_that_never_answers_there_is_sound_all_the_same(lone: WaylandDesk, silent: str) -> None:
    rows = report(lone, f"DBUS_SESSION_BUS_ADDRESS=unix:path={silent}")
    assert rows["text"].refused["at-spi"] == "no accessibility bus: no session bus: it does not answer"
    assert rows["sound"].chosen == "pipewire at 48000 Hz"


def test_without_accessibility_and_portal(lone: WaylandDesk) -> None:
    """A bus of its own, which knows of no program to start."""
    config = lone.write("bare.conf", _BARE_BUS)
    bus = lone.start(["dbus-daemon", f"--config-file={config}", "--nofork"], "bare")
    wait_for((lone.folder / "run/bare").exists, "the bus")
    try:
        rows = report(lone, "DBUS_SESSION_BUS_ADDRESS=unix:path=/desk/run/bare", "--unset=SWAYSOCK")
    finally:
        lone.stop(bus)
    assert rows["text"].chosen == "wayland selection, wayland clipboard, no focus"
    assert "at-spi2-core is not installed" in rows["text"].refused["at-spi"]
    assert rows["keys"].chosen == "no hotkeys"
    assert "this desktop has no portal with global shortcuts" in rows["keys"].refused["portal"]
    assert any("bindsym Mod4+Mod1+r exec" in note for note in rows["keys"].notes)


def test_without_x(lone: WaylandDesk) -> None:
    for change in ("--unset=DISPLAY", "DISPLAY=:77"):
        rows = report(lone, change)
        assert rows["keys"].chosen == "sway"
        assert rows["text"].chosen == "wayland selection, wayland clipboard, at-spi focus"


def test_where_no_display_is_at_its_place(lone: WaylandDesk) -> None:
    rows = report(lone, "DISPLAY=:77", "WAYLAND_DISPLAY=wayland-77", "SWAYSOCK=/desk/none")
    assert rows["text"].chosen == "no selection, no clipboard, at-spi focus"
    assert rows["text"].refused["wayland"] == "no compositor answers at WAYLAND_DISPLAY: nothing is there"
    assert "Can't connect to display" in rows["text"].refused["x11"]
    assert rows["keys"].refused["sway"] == "no sway answers at SWAYSOCK: nothing is there"
    assert "a selection is seen only in programs that report their focused text" in rows["text"].notes


def test_where_a_display_never_answers(lone: WaylandDesk, silent: str) -> None:
    rows = report(lone, f"WAYLAND_DISPLAY={silent}", f"SWAYSOCK={silent}", "--unset=DISPLAY")
    assert rows["text"].refused["wayland"] == "the compositor did not answer within 2 s"
    assert rows["keys"].refused["sway"] == "sway does not answer"
    assert rows["sound"].chosen == "pipewire at 48000 Hz"


def test_without_a_sound_server(lone: WaylandDesk) -> None:
    rows = report(lone, "PULSE_SERVER=unix:/desk/none", "PIPEWIRE_REMOTE=none", "PIPEWIRE_RUNTIME_DIR=/desk/none")
    assert rows["sound"].chosen == "none"
    assert "start the sound system" in rows["sound"].refused["portaudio"]
    assert rows["text"].chosen == "wayland selection, wayland clipboard, at-spi focus"


def test_over_ssh_without_a_desktop(lone: WaylandDesk) -> None:
    """The same user is logged in at the desktop, whose bus this session has."""
    without = [f"--unset={name}" for name in ("DISPLAY", "WAYLAND_DISPLAY", "SWAYSOCK", "XDG_CURRENT_DESKTOP")]
    rows = report(lone, *without, "XDG_SESSION_TYPE=tty", "SSH_CONNECTION=10.0.0.2 5000 10.0.0.1 22")
    assert "session: no display, over SSH" in rows["system"].notes[0]
    assert rows["keys"].chosen == "no hotkeys"
    assert rows["keys"].refused["portal"] == "there is no display"
    assert "This session has no desktop that could give Harken keys." in rows["keys"].notes
    assert any("“harken speak” reads a file or a text aloud" in note for note in rows["keys"].notes)
    assert rows["text"].chosen.startswith("no selection, no clipboard")
