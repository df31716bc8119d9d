"""Takes the pictures of every window and of the tray's menu: `make screenshots`.

In five looks: light, dark, at 200 % on a screen of 1280x800, from right to left, and on a desktop with a high-contrast
theme; the player also in yellow on black and with its ruler. Each is a desktop of its own (see desk.py) with the real
program on it; windows are opened from the menu with keys.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from reader.settings.setting import Page
from tests.desktop.desk import Desk, missing, wait_for

FOLDER = Path("resources/screenshots")
_BACKDROP = 0x2B4A6B
_LIMIT_S = 30.0
# The corner of the screen that the menu fills, where the screen is not smaller.
_MENU_PX = (960, 470)
# A desktop's theme in high contrast, as KDE keeps it: Qt takes its colours from there without KDE, too.
_CONTRAST_ENV = {"XDG_CURRENT_DESKTOP": "KDE", "KDE_SESSION_VERSION": "6", "KDE_FULL_SESSION": "true"}
_CONTRAST = "".join(
    f"""[Colors:{part}]
BackgroundNormal={ground}
BackgroundAlternate={ground}
ForegroundNormal={ink}
ForegroundInactive={ink}
ForegroundLink=130,200,255
ForegroundVisited=220,170,255
DecorationFocus=255,255,0
DecorationHover=255,255,0
"""
    for part, ground, ink in (
        *((part, "0,0,0", "255,255,255") for part in ("Window", "View", "Button", "Tooltip")),
        ("Selection", "255,255,0", "0,0,0"),
    )
)
# What is read in the player, as far as this word.
_ENGLISH = """The keeper of the lighthouse

The old lighthouse stood on the cliff for more than two hundred years. Every evening its keeper climbed the winding \
stairs, lit the great lamp, and wrote the weather into a heavy book: see https://example.org/books/weather for a page \
of it. Ships from many countries passed by night, and their captains knew the light as they knew the faces of friends.

One evening in November the fog came in so thick that the keeper could not see his own hands. He lit the lamp as \
always and sat down to listen. Towards midnight he heard a bell, and then another, and then a voice that called a \
name he had not heard for thirty years.

“Nobody goes out in such a night,” he said to the dog. The dog looked at the door.
"""
_ARABIC = """حارس المنارة

وقفت المنارة القديمة على الجرف أكثر من مئتي عام. وفي كل مساء كان حارسها يصعد الدرج الملتوي ويشعل المصباح الكبير \
ويكتب حالة الطقس في كتاب ثقيل. وكانت السفن من بلاد كثيرة تمر ليلا، وكان ربابنتها يعرفون ضوءها كما يعرفون وجوه \
الأصدقاء.

وفي مساء من نوفمبر جاء الضباب كثيفا حتى لم يعد الحارس يرى يديه. أشعل المصباح كعادته وجلس يصغي.
"""
_AT_WORD = 32


@dataclass(frozen=True)
class Look:
    """One way to look: settings, by what factor everything is larger, and how large a screen that leaves.

    `text` is what the player reads. With `only_player`, no other window is opened. With `has_contrast` the desktop has
    a theme in high contrast.
    """

    name: str
    settings: str
    factor: int = 1
    room: tuple[int, int] = (1280, 800)
    text: str = _ENGLISH
    only_player: bool = False
    has_contrast: bool = False


LOOKS = (
    Look("light", '[system]\nappearance = "light"'),
    Look("dark", '[system]\nappearance = "dark"'),
    # A screen of 1280x800 at 200 %.
    Look("large", '[system]\nappearance = "light"', 2, (640, 400)),
    Look("rtl", '[system]\nappearance = "light"\nlanguage = "ar"', text=_ARABIC),
    Look("contrast", "", has_contrast=True),
    Look(
        "yellow",
        '[system]\nappearance = "dark"\n[player]\ncolours = "yellow"\nface = "atkinson"\ntype_pt = 28.0',
        only_player=True,
    ),
    Look(
        "ruler",
        '[system]\nappearance = "light"\n[player]\ncolours = "paper"\nface = "opendyslexic"\nruler = true',
        only_player=True,
    ),
)
# The windows that the menu opens: how many entries up from its beginning theirs is, and in the menu “More” within it.
# And the voices, whose menu's last entry shows those that can be had.
_VOICE = 4
WINDOWS = {"settings": (2, 0), "privacy": (3, 3), "first-steps": (3, 2), "help": (3, 1), "voices": (_VOICE, 1)}


def main() -> int:
    """Take them, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("looks", nargs="*", help="only these: " + ", ".join(look.name for look in LOOKS))
    parser.add_argument("--folder", type=Path, default=FOLDER)
    options = parser.parse_args()
    if lacking := missing():
        print("Install these first: " + ", ".join(lacking), file=sys.stderr)
        return 1
    options.folder.mkdir(parents=True, exist_ok=True)
    for look in LOOKS:
        if not options.looks or look.name in options.looks:
            _Photographer(look, options.folder.resolve()).take_all()
    return 0


class _Photographer:
    """Takes the pictures of one look."""

    def __init__(self, look: Look, folder: Path) -> None:
        self._look = look
        self._folder = folder

    def take_all(self) -> None:
        width, height = (self._look.factor * pixels for pixels in self._look.room)
        with Desk(sound=False, screen=f"{width}x{height}") as self._desk:
            root = self._desk.keyboard.display.screen().root
            root.change_attributes(background_pixel=_BACKDROP)
            root.clear_area()
            settings = self._desk.home / ".config" / "harken" / "settings.toml"
            settings.parent.mkdir(parents=True)
            settings.write_text(f"{self._look.settings}\n")
            self._desk.env["QT_SCALE_FACTOR"] = str(self._look.factor)
            if self._look.has_contrast:
                (self._desk.home / ".config" / "kdeglobals").write_text(_CONTRAST)
                self._desk.env |= _CONTRAST_ENV
            self._desk.start_harken(HARKEN_AUDIO="none")
            player = self._active()
            self._take_player(player)
            if self._look.only_player:
                return
            self._take_bar()
            player = self._active()
            self._desk.start_program(["tint2"], "tint2")  # now there is a tray, and the window goes
            self._wait_until_gone(player)
            self._take_menu()
            for name, place in WINDOWS.items():
                window = self._open(*place)
                if name == "settings":
                    self._take_pages(window)
                else:
                    self._take(name, window)
                self._desk.keyboard.press("Escape")
                self._wait_until_gone(window)

    def _take_player(self, player: int) -> None:
        """With a text that is being read."""
        (self._desk.home / "text.txt").write_text(self._look.text, encoding="utf-8")
        self._desk.start_program([*self._desk.program, "speak", str(self._desk.home / "text.txt")], "speak")
        self._desk.wait_for_record("word", _AT_WORD)
        self._desk.harken_call("pause")
        self._desk.wait_for_record("state", state="paused")
        self._take("player", player)
        if not self._look.only_player:
            self._take_dialogs(player)
        assert self._desk.harken_call("stop") == 0

    def _take_dialogs(self, player: int) -> None:
        """The player on the whole screen, and what it asks."""
        self._desk.keyboard.press("F11")
        self._take("full-screen", player)
        self._desk.keyboard.press("F11")
        for name, key in (("open", "ctrl+o"), ("save", "ctrl+s")):
            self._desk.keyboard.press(key)
            dialog = wait_for(lambda: (now := self._active()) not in (0, player) and now, "a dialog", _LIMIT_S)
            self._take(name, dialog)
            self._desk.keyboard.press("Escape")
            self._wait_until_gone(dialog)

    def _take_bar(self) -> None:
        """The player without its text, as it is opened by who has left it so."""
        assert self._desk.harken
        self._desk.end(self._desk.harken)
        kept = self._desk.home / ".local" / "state" / "harken" / "player.json"
        kept.write_text(json.dumps({"geometry": "", "height_px": 0, "shows_text": False}))
        self._desk.start_harken(HARKEN_AUDIO="none")
        self._take("bar", self._active())

    def _wait_until_gone(self, window: int) -> None:
        wait_for(lambda: window not in self._desk.find_windows("harken"), "a window's end", _LIMIT_S)

    def _active(self) -> int:
        """The window in front, 0 for none."""
        found = self._desk.output(["xdotool", "getactivewindow"]).strip()
        return int(found) if found else 0

    def _open(self, up: int, up_within: int) -> int:
        """Open the window of an entry of the menu."""
        before = self._desk.find_windows("harken")
        self._desk.open_tray_menu()
        self._press("Up", up)
        if up_within:
            self._open_submenu()
            self._press("Up", up_within)
        self._desk.keyboard.press("Return")
        opened: int = wait_for(
            lambda: (now := self._active()) in self._desk.find_windows("harken") - before and now, "a window", _LIMIT_S
        )
        return opened

    def _take_pages(self, window: int) -> None:
        for page in Page:
            self._take(f"settings-{page}", window)
            self._desk.keyboard.press("Down")

    def _press(self, key: str, times: int) -> None:
        for _ in range(times):
            self._desk.keyboard.press(key)

    def _open_submenu(self) -> None:
        """Open the menu of the marked entry, with its first entry marked."""
        menu = self._desk.find_windows("harken")
        self._desk.keyboard.press("Return")
        wait_for(lambda: self._desk.find_windows("harken") - menu, "the menu within the menu")

    def _take_menu(self) -> None:
        """The menu with its voices."""
        self._desk.open_tray_menu()
        self._press("Up", _VOICE)
        self._open_submenu()
        width, height = (
            min(wanted, there) * self._look.factor for wanted, there in zip(_MENU_PX, self._look.room, strict=True)
        )
        self._shoot("menu", "root", "-gravity", "SouthEast", "-crop", f"{width}x{height}+0+0", "+repage")
        for _ in range(2):
            self._desk.keyboard.press("Escape")

    def _take(self, name: str, window: int) -> None:
        self._shoot(name, str(window))

    def _shoot(self, name: str, window: str, *crop: str) -> None:
        """Wait until the window has been drawn, and keep its picture, in few colours."""
        path = self._folder / f"{name}-{self._look.name}.png"
        import_it = ["import", "-window", window, "png:-"]

        def shoot() -> bytes:
            return subprocess.run(import_it, env=self._desk.env, check=True, capture_output=True).stdout

        _settle(shoot)
        shrink = ["convert", "png:-", *crop, "+dither", "-colors", "256", "-strip", f"png8:{path}"]
        subprocess.run(shrink, input=shoot(), env=self._desk.env, check=True)
        print(path.name, path.stat().st_size // 1024, "KB", flush=True)


def _settle(shoot: Callable[[], bytes]) -> None:
    """Wait until nothing moves any more."""
    before = b""

    def is_still() -> bool:
        nonlocal before
        time.sleep(0.3)
        now = shoot()
        is_same, before = now == before, now
        return is_same

    wait_for(is_still, "a picture that stands still")


if __name__ == "__main__":
    sys.exit(main())
