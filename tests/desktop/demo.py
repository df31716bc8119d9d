"""The demonstration: `make demo`. Somebody else's editor, a selection, the real key, and what was heard.

Runs on a desktop of its own (see desk.py), so it needs no screen and no sound card, and leaves in demo-output/
  heard.wav      what the sound server played, from the key press on
  desktop.png    the screen while it was read
  spoken.txt     a line a segment: when it began (ms after the key press), its voice, its text
Ends with 1 when the text was not read to its end or nothing was heard.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
import wave
from pathlib import Path

import numpy as np

from tests.desktop import hearing
from tests.desktop.desk import Desk, missing
from tests.desktop.recorder import RATE_HZ, Samples

OUTPUT = Path("demo-output")
TEXT = """\
Harken reads this aloud. The text stands in the window
of another program; it was selected there, and one key
was pressed.

Lines that were broken to fit a page are joined, and para-
graphs are heard as such.

Wer einen deutschen Satz auswählt, hört ihn auf Deutsch.
"""
KEY = "super+alt+r"
# A larger type, as somebody would set it who finds it hard to read.
_EDITOR_SETTINGS = """\
[org/xfce/mousepad/preferences/view]
word-wrap=true
use-default-monospace-font=false
font-name='DejaVu Sans 15'
[org/xfce/mousepad/preferences/window]
path-in-title=false
"""
_BACKDROP = 0x2B4A6B
# Root is warned by the editor with a red banner, which nobody is to see who is shown Harken.
_AS_A_USER = ("unshare", "--user", "--map-user=1000", "--map-group=1000")


def main() -> int:
    """Run it and return the exit code."""
    options = argparse.ArgumentParser(prog="packaging/demo.sh", description=__doc__)
    options.add_argument("--picture", type=Path, help="keep the screenshot under this name too")
    picture: Path | None = options.parse_args().picture
    if lacking := missing():
        print("Install these first: " + ", ".join(lacking), file=sys.stderr)
        return 1
    OUTPUT.mkdir(exist_ok=True)
    try:
        with Desk(tray=True) as desk:
            _set_up_editor(desk)
            problem = _demonstrate(desk)
            if problem:
                print(desk.report(), file=sys.stderr)
    except AssertionError as error:
        problem = str(error)
    if problem:
        print(f"The demonstration failed: {problem}", file=sys.stderr)
        return 1
    if picture:
        picture.parent.mkdir(parents=True, exist_ok=True)
        picture.write_bytes((OUTPUT / "desktop.png").read_bytes())
    return 0


def _set_up_editor(desk: Desk) -> None:
    root = desk.keyboard.display.screen().root
    root.change_attributes(background_pixel=_BACKDROP)
    root.clear_area()
    desk.env["GSETTINGS_BACKEND"] = "keyfile"
    path = desk.home / ".config" / "glib-2.0" / "settings" / "keyfile"
    path.parent.mkdir(parents=True)
    path.write_text(_EDITOR_SETTINGS)


def _demonstrate(desk: Desk) -> str:
    """Show everything. Returns what went wrong, "" when nothing did."""
    print("Starting Harken …", flush=True)
    desk.start_harken()
    print("Opening an editor (mousepad) and selecting its text …", flush=True)
    desk.open_text(TEXT, through=_AS_A_USER if os.geteuid() == 0 else ())
    desk.select_all(TEXT)
    print(f"Pressing {KEY} …", flush=True)
    pressed_s, pressed_at = desk.keyboard.press(KEY), time.time()
    desk.wait_for_record("segment", index=1)
    desk.open_tray_menu()
    desk.screenshot(OUTPUT / "desktop.png")
    desk.close_tray_menu()
    desk.wait_for_record("ended")
    heard = desk.recorder.since(pressed_s)
    _write_wave(OUTPUT / "heard.wav", heard)
    segments = [record for record in desk.records() if record["event"] == "segment"]
    lines = [f"{(s['at_s'] - pressed_at) * 1000:6.0f} ms  {s['voice']:14}  {s['text']}" for s in segments]
    (OUTPUT / "spoken.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(*lines, sep="\n")
    if not desk.records() or not any(r["event"] == "ended" and r["whole"] for r in desk.records()):
        return "the text was not read to its end"
    first = hearing.first_sound(heard)
    if first is None:
        return "nothing was heard"
    length_s = ((hearing.last_sound(heard) or first) - first) / RATE_HZ
    print(f"Heard for {length_s:.1f} s; the first sound came {first / RATE_HZ * 1000:.0f} ms after the key.")
    print(f"What was heard, seen and spoken is in {OUTPUT}/: heard.wav, desktop.png, spoken.txt")
    return ""


def _write_wave(path: Path, sound: Samples) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes((sound * 32767).astype(np.int16).tobytes())


if __name__ == "__main__":
    sys.exit(main())
