"""Key to first sound on today's desktops, through PipeWire: `python -m tests.bench.wayland [--presses N] [DESKTOP…]`.

Each desktop in turn, in the root that tests/wayland/root.sh makes. Harken's key is the one that it has there; beside
it, in the same run and in turns, the script that a user would write, bound in the desktop's own way: sway's bindsym,
labwc's rc.xml, a custom command of KDE's, a custom shortcut of GNOME's. A time ends where PipeWire renders the first
sample above -48 dB. Both read the same selection of the same window. The same row says how long it takes to fetch that
selection alone, how long `harken-key` takes beside `true`, and the machine's load (of the last minute, at the end).
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from reader.hotkeys.chord import Chord
from reader.hotkeys.kde import qt_key
from tests.bench.latency import LEVEL, Times
from tests.bench.texts import TEXTS
from tests.desktop import hearing
from tests.desktop.desk import wait_for
from tests.desktop.recorder import RATE_HZ
from tests.wayland.binding import bind, copy_extension, leave_the_overview, wait_for_keys
from tests.wayland.desk import WaylandDesk, needs, root

_SILENCE_S = 0.4
_LIMIT_S = 20.0
_SETTLED_S = 0.5
_TEXT = TEXTS["a sentence"]
READ, SCRIPT_READ = "super+alt+r", "super+alt+j"
_SCRIPT = """\
#!/bin/sh
kill "$(cat /desk/home/reading 2>/dev/null)" 2>/dev/null
wl-paste --primary --no-newline | espeak-ng -v en-us &
echo $! >/desk/home/reading
"""
_ENTRY = """[Desktop Entry]
Type=Application
Name=read.sh
Exec=/desk/home/read.sh
NoDisplay=true
StartupNotify=false
X-KDE-GlobalAccel-CommandShortcut=true
"""
_GNOME = "org.gnome.settings-daemon.plugins.media-keys"
_GNOME_KEY = "/org/gnome/settings-daemon/plugins/media-keys/custom-keybindings/read/"


def _bind_sway(desk: WaylandDesk) -> None:
    assert desk.run("swaymsg", "bindsym", "Mod4+Mod1+j", "exec", "/desk/home/read.sh").returncode == 0


def _bind_labwc(desk: WaylandDesk) -> None:
    """Beside Harken's own line."""
    file = desk.folder / "home/.config/labwc/rc.xml"
    line = '<keybind key="W-A-j"><action name="Execute" command="/desk/home/read.sh"/></keybind>'
    file.write_text(file.read_text().replace("</keyboard>", f"{line}</keyboard>"))
    desk.run("pkill", "-HUP", "-x", "labwc")


def _bind_kwin(desk: WaylandDesk) -> None:
    desk.run("mkdir", "-p", "/desk/home/.local/share/kglobalaccel")
    desk.write(".local/share/kglobalaccel/read.sh.desktop", _ENTRY)
    key = str(qt_key(Chord.parse(SCRIPT_READ)))
    done = desk.run("python3", "-m", "tests.wayland.kglobalaccel", "command", "read.sh.desktop", key)
    assert done.returncode == 0, done.stderr


def _bind_gnome(desk: WaylandDesk) -> None:
    row = f"{_GNOME}.custom-keybinding:{_GNOME_KEY}"
    for schema, name, value in (
        (row, "name", "read"),
        (row, "command", "/desk/home/read.sh"),
        (row, "binding", "<Super><Alt>j"),
        (_GNOME, "custom-keybindings", f"['{_GNOME_KEY}']"),
    ):
        assert desk.run("gsettings", "set", schema, name, value).returncode == 0
    desk.start(["/usr/libexec/gsd-media-keys"], "media-keys")


EXTENSION = "gnome, extension"


_BINDS: dict[str, Callable[[WaylandDesk], None]] = {
    "sway": _bind_sway, "labwc": _bind_labwc, "kwin": _bind_kwin, "gnome": _bind_gnome,
    EXTENSION: _bind_gnome,
}  # fmt: skip


@dataclass(frozen=True)
class Found:
    """Of one desktop."""

    script: Times
    espeak: Times
    neural: Times
    prepared_espeak: Times
    prepared_neural: Times
    way: str
    capture: Times
    paste: Times
    client: Times
    true: Times
    load: float


def measure(desktop: str, presses: int) -> Found:
    """Press on a desktop of its own."""
    has_extension = desktop == EXTENSION
    session = WaylandDesk("gnome" if has_extension else desktop, root(), is_timed=True)
    if has_extension:
        copy_extension(session)
    with session as desk:
        desk.write("read.sh", _SCRIPT)
        (desk.folder / "home" / "read.sh").chmod(0o755)
        if has_extension:
            assert desk.harken_run("extension", "install").returncode == 0
        desk.start_harken()
        if has_extension:
            wait_for_keys(desk)
            leave_the_overview(desk)
        else:
            bind(desk)
        _BINDS[desktop](desk)
        desk.open_text(_TEXT, "mousepad")
        _wait_for_key(desk)
        _wait_for_script(desk)
        voices = ("espeak/en-us", "neural/heart")
        rows = [("script", False), *((voice, is_restart) for is_restart in (False, True) for voice in voices)]
        times = {row: Times() for row in rows}
        for _ in range(presses):
            for name, is_restart in rows:
                if name != "script":
                    assert desk.harken_run("settings", "set", "voice.id", name).returncode == 0
                if is_restart:
                    _select_again(desk)
                desk.begin()
                key = SCRIPT_READ if name == "script" else READ
                times[name, is_restart].ms.append(_press_and_hear(desk, key, name))
                if name != "script":
                    _is_read(desk, name)
                _fall_silent(desk)
        commands = json.loads(desk.output("python3", "-m", "tests.bench.commands", str(presses)))
        assert desk.harken_run("quit").returncode == 0
        alone = _capture(desk, presses)
        client, true = Times(commands["harken-key"]), Times(commands["true"])
        capture, paste = Times(alone["harken"]), Times(alone["wl-paste"])
        script, espeak, neural, *prepared = times.values()
        return Found(
            script,
            espeak,
            neural,
            prepared[0],
            prepared[1],
            alone["way"],
            capture,
            paste,
            client,
            true,
            os.getloadavg()[0],
        )


def _capture(desk: WaylandDesk, times: int) -> dict[str, Any]:
    """What tests/bench/capture.py says, while a text is selected in a window that comes to the front before it."""
    text = f"{_TEXT} Alone."
    process = desk.start(["python3", "-m", "tests.bench.capture", str(times), text], "capture")
    printed = desk.folder / "capture.out"
    wait_for(lambda: "watching" in printed.read_text(encoding="utf-8"), "the capture", 60.0)
    desk.close_windows()
    desk.open_text(text, "mousepad")
    wait_for(lambda: process.poll() is not None, "the selection alone", 60.0)
    said = printed.read_text(encoding="utf-8")
    assert process.returncode == 0, said
    found: dict[str, Any] = json.loads(said.splitlines()[-1])
    return found


def _select_again(desk: WaylandDesk) -> None:
    """What is selected already, and let what follows from it come to its end."""
    for chord in ("right", "ctrl+a"):
        desk.press(chord)
    begun_s = time.monotonic()
    wait_for(lambda: time.monotonic() - begun_s > _SETTLED_S, "time to pass")


def _wait_for_key(desk: WaylandDesk) -> None:
    """Until Harken's key reads what is selected. What Harken says of the keys at its start may come before that."""
    desk.press(READ)
    try:
        wait_for(lambda: " ".join(desk.spoken()).endswith(_TEXT), "Harken's key", _LIMIT_S)
    except AssertionError:
        print(desk.report(), file=sys.stderr)
        raise
    _fall_silent(desk)


def _wait_for_script(desk: WaylandDesk) -> None:
    """Until the script's key is bound: GNOME's daemon for such keys takes its time."""

    def is_heard() -> bool:
        pressed_s = desk.press(SCRIPT_READ)
        with contextlib.suppress(AssertionError):
            wait_for(lambda: hearing.first_sound(desk.recorder.since(pressed_s), LEVEL), "the script", 3.0)
            return True
        return False

    wait_for(is_heard, "the script's key", _LIMIT_S)
    _fall_silent(desk)


def _press_and_hear(desk: WaylandDesk, key: str, name: str) -> float:
    pressed_s = desk.press(key)
    first = wait_for(lambda: hearing.first_sound(desk.recorder.since(pressed_s), LEVEL) or 0, name, _LIMIT_S)
    return float(first) / RATE_HZ * 1000


def _is_read(desk: WaylandDesk, voice: str) -> None:
    """What was heard is the text in that voice: Harken's sentence that there is none would be heard as well."""
    begun = wait_for(lambda: [r for r in desk.records() if r["event"] == "segment"], "what is read", _LIMIT_S)[0]
    assert (begun["voice"], _TEXT.startswith(begun["text"])) == (voice, True), f"{begun} {desk.notices()}"


def _fall_silent(desk: WaylandDesk) -> None:
    desk.run("pkill", "-x", "espeak-ng")
    desk.harken_run("stop")
    wait_for(lambda: hearing.is_silent(desk.recorder.sound()[-round(_SILENCE_S * RATE_HZ) :]), "silence", _LIMIT_S)


_HEADER = (
    "", "script: wl-paste \\| espeak-ng", "Harken, eSpeak", "ratio", "Harken, neural", "ratio",
    "eSpeak, prepared", "ratio", "neural, prepared", "ratio", "selection through",
    "alone", "wl-paste", "ratio", "`harken-key stop`", "`true`", "load",
)  # fmt: skip


def _row(desktop: str, found: Found) -> list[str]:
    cells = []
    for times in (found.espeak, found.neural, found.prepared_espeak, found.prepared_neural):
        cells += [str(times), f"{times.median / found.script.median:.2f}"]
    capture, paste = found.capture.median, found.paste.median
    return [
        desktop, str(found.script), *cells, found.way.split()[0], f"{capture:.1f}", f"{paste:.1f}",
        f"{capture / paste:.2f}", f"{found.client.median:.1f}", f"{found.true.median:.1f}", f"{found.load:.0f}",
    ]  # fmt: skip


def main() -> int:
    """Measure, print, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.wayland", description=__doc__)
    parser.add_argument("--presses", type=int, default=10, help="key presses of each program (10)")
    parser.add_argument("desktops", nargs="*", choices=[[], *_BINDS])
    options = parser.parse_args()
    if why := needs():
        print(why, file=sys.stderr)
        return 1
    print(f"{options.presses} presses of each, in turns, milliseconds, median / 95th percentile.\n")
    for row in (_HEADER, ["---"] * len(_HEADER)):
        print("| " + " | ".join(row) + " |")
    for desktop in options.desktops or _BINDS:
        print("| " + " | ".join(_row(desktop, measure(desktop, options.presses))) + " |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
