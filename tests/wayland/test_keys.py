"""Keys on today's desktops: pressed for real, heard, and never typed into the program in front."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import pytest

from tests.desktop.desk import wait_for
from tests.wayland.binding import COMMANDS, bind_by_hand, keys, leave_the_overview, press_button, wait_for_keys
from tests.wayland.desk import WaylandDesk, root
from tests.wayland.test_programs import show_of

pytestmark = [pytest.mark.desktop, pytest.mark.usefixtures("wayland_root")]
TEXT = "The quick brown fox jumps over the lazy dog.\n"
CRASH = "the compositor crashes and is started again: Harken is there again"
PORTAL = "the portal is restarted: Harken has its keys again"


@contextmanager
def desk_of(desktop: str) -> Iterator[WaylandDesk]:
    """One whose programs say what went on when a test fails."""
    with WaylandDesk(desktop, root()) as desk:
        try:
            yield desk
        except BaseException:
            print(desk.report(), file=sys.stderr)
            raise


class Editor:
    """A program of Wayland's own with a text. What is typed arrives in its file: so it tells when it has the keys."""

    def __init__(self, desk: WaylandDesk, *command: str) -> None:
        self._desk = desk
        self._file = desk.folder / "home" / "text.txt"
        self.process = desk.start([*command, str(desk.write("text.txt", TEXT))], "editor")
        wait_for(self._takes_keys, "the editor", 60.0)
        desk.press("ctrl+a")

    def _takes_keys(self) -> bool:
        self._desk.press("x")
        return self._desk.save(self._file, lambda text: "x" in text.partition("The")[0])

    def expect_nothing_typed(self) -> None:
        """Nothing came into it but what was typed to find out whether it takes keys, and what is selected is there."""
        self._desk.press("end")
        self._desk.press("y")  # behind all that came before it

        wait_for(lambda: self._desk.save(self._file, lambda text: text.rstrip("\n").endswith("y")), "the file", 60.0)
        assert re.fullmatch(rf"[xs]+{re.escape(TEXT.strip())}\n?y\n?", self._file.read_text(encoding="utf-8"))


def expect_heard(desk: WaylandDesk) -> None:
    """The words that are selected, and sound of them."""
    words = TEXT.strip().removeprefix("The ")  # what was typed to find out whether keys arrive is before it
    wait_for(lambda: words in " ".join(desk.spoken()), "the selection", 20.0)
    wait_for(lambda: bool(desk.recorder.sound().any()), "a sound", 20.0)


def speed(desk: WaylandDesk) -> str:
    return desk.harken_run("status").stdout.split(",")[1].strip()


def expect_faster(desk: WaylandDesk, key: str = "super+alt+f") -> None:
    """A key changes what Harken does."""
    before = speed(desk)
    desk.press(key)
    wait_for(lambda: speed(desk) != before, "another speed", 20.0)


def test_sway_gives_keys_and_takes_none_of_the_users() -> None:
    with desk_of("sway") as desk:
        desk.start_harken()
        assert wait_for_keys(desk)["read-selection"] == "Super+Alt+R"
        editor = Editor(desk, "env", "GDK_BACKEND=wayland", "mousepad", "--disable-server")
        desk.press("super+alt+r")
        expect_heard(desk)
        expect_faster(desk)
        assert desk.run("swaymsg", "reload").returncode == 0
        expect_faster(desk)
        editor.expect_nothing_typed()
        assert "sway" in desk.harken_run("doctor").stdout
        assert desk.harken_run("quit").returncode == 0
        desk.open_empty()
        desk.press("super+alt+r")
        wait_for(lambda: "key R\n" in (desk.folder / "window.out").read_text(), "the key, which is unbound, in front")


def test_the_users_own_key_of_sway_stays() -> None:
    with desk_of("sway") as desk:
        config = desk.folder / "home" / "sway.conf"
        config.write_text(config.read_text() + "bindsym Mod4+Mod1+f exec touch /desk/home/pressed\n")
        assert desk.run("swaymsg", "reload").returncode == 0
        desk.start_harken()
        wait_for(lambda: keys(desk).keys() == COMMANDS - {"faster"}, "the keys")
        desk.press("super+alt+f")
        wait_for((desk.folder / "home/pressed").exists, "the user's own command")
        assert "Super+Alt+F is taken by sway." in desk.harken_run("doctor").stdout


def test_kde_gives_keys_through_its_portal_and_again_when_that_is_restarted(request: pytest.FixtureRequest) -> None:
    with desk_of("kwin") as desk:
        show_of(desk, request, PORTAL)
        desk.start_harken()
        assert wait_for_keys(desk)["read-selection"] == "Meta+Alt+R"
        editor = Editor(desk, "env", "QT_QPA_PLATFORM=wayland", "kwrite")
        desk.press("super+alt+r")
        expect_heard(desk)
        expect_faster(desk)
        editor.expect_nothing_typed()
        restart_portal(desk)
        expect_faster(desk)


def restart_portal(desk: WaylandDesk) -> None:
    """Have it end, its desktop's part as well; the bus starts both again. Harken loses its keys and has them again."""
    told = len([record for record in desk.records() if record["event"] == "keys"])
    desk.run("pkill", "-f", "/xdg-desktop-portal")
    wait_for(lambda: len([r for r in desk.records() if r["event"] == "keys"]) >= told + 2, "other keys", 60.0)
    wait_for_keys(desk)


def test_gnome_asks_once_and_then_gives_keys_at_each_start_also_of_its_portal(request: pytest.FixtureRequest) -> None:
    with desk_of("gnome") as desk:
        show_of(desk, request, PORTAL)
        desk.start_harken()
        assert keys(desk) == {}
        wait_for(lambda: "asking you whether" in desk.harken_run("doctor").stdout, "the doctor", 20.0)
        press_button(desk, "Add")
        assert wait_for_keys(desk)["read-selection"] == "Super+Alt+R"
        leave_the_overview(desk)
        editor = Editor(desk, "gnome-text-editor", "--standalone")
        desk.press("super+alt+r")
        expect_heard(desk)
        expect_faster(desk)
        editor.expect_nothing_typed()
        assert desk.harken_run("quit").returncode == 0
        (desk.folder / "record.jsonl").unlink()
        desk.start_harken()
        wait_for_keys(desk)
        expect_faster(desk)
        restart_portal(desk)
        expect_faster(desk)
        assert not [record for record in desk.records() if "asking" in str(record.get("sentence"))]
        assert desk.notices() == []
        expect_end_with_the_session(desk)


def expect_end_with_the_session(desk: WaylandDesk) -> None:
    """Where the compositor has gone for good: GNOME ends the session then. Nothing of Harken's is left."""
    assert desk.harken
    desk.kill_compositor()
    wait_for(lambda: desk.harken and desk.harken.poll() is not None, "Harken's end", 60.0)
    assert desk.harken.returncode == 0
    assert not (desk.folder / "run/harken.sock").exists()
    assert list((desk.folder / "home/.local/state/harken/crashes").iterdir()) == []
    assert json.loads(desk.harken_run("status", "--json").stdout or "{}") == {}
    assert desk.run("pgrep", "-f", "reader.workers").returncode == 1


def test_gnome_before_48_gives_keys_in_its_settings_and_has_none_left_of_them() -> None:
    """With GNOME 48's shell and settings daemon, and a portal that has no keys to give, as those before it."""
    with desk_of("gnome") as desk:
        portal = "org.freedesktop.portal"
        mock = ["python3", "-m", "dbusmock", "--session", f"{portal}.Desktop", "/org/freedesktop/portal/desktop"]
        desk.start([*mock, f"{portal}.Settings"], "portal")
        desk.start(["/usr/libexec/gsd-media-keys"], "media-keys")
        for name in (f"{portal}.Desktop", "org.gnome.SettingsDaemon.MediaKeys"):
            wait_for(partial(has_owner, desk, name), name)
        desk.start_harken()
        assert wait_for_keys(desk)["read-selection"] == "Super+Alt+R"
        assert "keys: gnome settings" in desk.harken_run("doctor").stdout
        leave_the_overview(desk)
        editor = Editor(desk, "gnome-text-editor", "--standalone")
        desk.press("super+alt+r")
        expect_heard(desk)
        expect_faster(desk)
        editor.expect_nothing_typed()
        custom = "org.gnome.settings-daemon.plugins.media-keys.custom-keybinding"
        own = "/org/gnome/settings-daemon/plugins/media-keys/custom-keybindings/harken-faster/"
        assert desk.run("gsettings", "set", f"{custom}:{own}", "binding", "<Super>F7").returncode == 0
        wait_for(lambda: keys(desk).get("faster") == "Super+F7", "the user's own key")
        expect_faster(desk, "super+f7")
        assert desk.harken_run("quit").returncode == 0
        left = desk.output("gsettings", "get", "org.gnome.settings-daemon.plugins.media-keys", "custom-keybindings")
        assert left.strip() in ("[]", "@as []")


def has_owner(desk: WaylandDesk, name: str) -> bool:
    """Whether a program has a name on the session's bus."""
    bus = "org.freedesktop.DBus"
    return "true" in desk.output("gdbus", "call", "--session", "-d", bus, "-o", "/", "-m", f"{bus}.NameHasOwner", name)


def test_gnomes_dialog_that_is_answered_late_gives_the_keys_that_are_wanted_by_then() -> None:
    """Nothing waits for the user: Harken reads meanwhile, and a key that is changed meanwhile is asked for again."""
    with desk_of("gnome") as desk:
        desk.start_harken()
        assert desk.harken_run("speak", "--text", "Read while the desktop asks.").returncode == 0
        wait_for(lambda: "Read while the desktop asks." in " ".join(desk.spoken()), "what is read meanwhile")
        assert desk.harken_run("settings", "set", "keys.faster", "super+alt+g").returncode == 0
        wait_for(lambda: "asking you whether" in desk.harken_run("doctor").stdout, "the second dialog")
        assert keys(desk) == {}
        press_button(desk, "Add")  # in the first dialog, which GNOME leaves there though nobody waits for its answer
        press_button(desk, "Add")
        assert wait_for_keys(desk)["faster"] == "Super+Alt+G"
        leave_the_overview(desk)
        expect_faster(desk, "super+alt+g")
        assert "asking you whether" not in desk.harken_run("doctor").stdout


def test_gnome_gives_none_where_the_dialog_is_refused() -> None:
    with desk_of("gnome") as desk:
        desk.start_harken()
        press_button(desk, "Cancel")
        wait_for(lambda: "gave Harken no keys" in desk.harken_run("doctor").stdout, "what came of it", 20.0)
        assert keys(desk) == {}


def test_labwc_has_the_line_that_it_needs_which_also_works_when_labwc_is_started_again(
    request: pytest.FixtureRequest,
) -> None:
    with desk_of("labwc") as desk:
        show_of(desk, request, CRASH)
        desk.start_harken()
        assert "keys: no hotkeys" in desk.harken_run("doctor").stdout
        assert keys(desk) == {}
        bind_by_hand(desk)
        editor = Editor(desk, "env", "GDK_BACKEND=wayland", "mousepad", "--disable-server")
        desk.press("super+alt+r")
        expect_heard(desk)
        editor.expect_nothing_typed()
        desk.stop(editor.process)
        desk.begin()
        desk.restart_compositor()
        wait_for(lambda: "Harken has restarted." in " ".join(desk.notices()), "what Harken says of it", 60.0)
        desk.harken_run("stop")
        desk.open_text("A selection on the new one.", "mousepad")
        desk.begin()
        desk.press("super+alt+r")
        wait_for(lambda: "A selection on the new one." in desk.spoken(), "the selection", 60.0)
