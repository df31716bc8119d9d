"""What a person sees of Harken, and works with a mouse, with keys alone or through a screen reader."""

from __future__ import annotations

import importlib.resources
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from jeepney.wrappers import DBusErrorResponse
from PySide6.QtCore import QByteArray
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from tests.desktop.accessible import Item, Watcher, wait_for_focus
from tests.desktop.desk import Desk, wait_for

TEXT = "This sentence is long enough for somebody to look at the tray while it is being read aloud. And one more."
ICONS = ("idle", "preparing", "speaking", "paused", "problem")
READ, PAUSE = "super+alt+r", "super+alt+space"

Pixels = npt.NDArray[np.int16]


# ---- the tray ----


def pixels(image: QImage) -> Pixels:
    """(height, width, 3), 0 to 255."""
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    raw = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return raw[:, : image.width() * 3].reshape(image.height(), image.width(), 3).astype(np.int16)


def shown_icon(desk: Desk) -> str:
    """Which of the icons is seen in the tray: the one that differs least from the picture."""
    path = desk.folder / "icon.png"
    desk.call(["import", "-window", str(desk.tray_window()), str(path)])
    seen = pixels(QImage(str(path)))
    size = seen.shape[0]

    def difference(name: str) -> float:
        image = QImage(size, size, QImage.Format.Format_RGB888)
        image.fill(QColor(*(int(v) for v in seen[0, 0])))  # the panel's own colour, in the icon's free corner
        painter = QPainter(image)
        data = importlib.resources.files("resources").joinpath(f"icons/{name}.svg").read_bytes()
        QSvgRenderer(QByteArray(data)).render(painter)
        painter.end()
        return float(np.abs(pixels(image) - seen).mean())

    return min(ICONS, key=difference)


def wait_for_icon(desk: Desk, name: str) -> None:
    wait_for(lambda: shown_icon(desk) == name, f"the icon {name}")


def test_the_icon_follows_the_state(desk: Desk) -> None:
    wait_for_icon(desk, "idle")
    desk.open_text(TEXT)
    desk.select_all(TEXT)
    desk.keyboard.press(READ)
    wait_for_icon(desk, "speaking")
    desk.keyboard.press(PAUSE)
    wait_for_icon(desk, "paused")
    desk.keyboard.press(PAUSE)
    wait_for_icon(desk, "speaking")
    desk.wait_for_record("ended")
    wait_for_icon(desk, "idle")


def test_waiting_and_a_problem_are_seen(desk: Desk) -> None:
    owner = desk.open_window([sys.executable, "-m", "tests.fakes.x11_owner", "hang"], "owner")
    assert owner
    desk.keyboard.press(READ)
    wait_for_icon(desk, "preparing")
    desk.wait_for_record("notice", problem=True)
    desk.wait_for_record("ended", whole=True)  # it is said aloud
    wait_for_icon(desk, "problem")


def test_a_click_reads_and_another_pauses(desk: Desk) -> None:
    desk.open_text(TEXT)
    desk.select_all(TEXT)
    desk.click_tray(1)
    desk.wait_for_record("segment", index=0)
    desk.click_tray(1)
    desk.wait_for_record("state", state="paused")
    desk.click_tray(1)
    desk.wait_for_record("ended", whole=True)
    assert " ".join(desk.spoken()) == TEXT


@pytest.fixture
def watcher(desk: Desk) -> Iterator[Watcher]:
    made = Watcher(desk)
    made.follow_focus()
    yield made
    made.close()


class TestMenu:
    def test_every_entry_is_told_and_one_is_chosen_with_keys(self, desk: Desk, watcher: Watcher) -> None:
        desk.open_text(TEXT)
        desk.select_all(TEXT)
        desk.open_tray_menu()
        names = []
        while "Quit Harken" not in names:
            desk.keyboard.press("Down")
            role, name = next_in_menu(watcher)
            assert role == "menu item"
            names.append(name.partition("\t")[0].partition(":")[0])
        # What can't be done now is passed over.
        assert names == [
            "Read selection", "Read clipboard", "Move around", "Open the player", "Open a document…",
            "Recent texts", "Speed", "Voice", "More", "Settings…", "Quit Harken",
        ]  # fmt: skip
        desk.keyboard.press("Down")
        desk.keyboard.press("Return")
        desk.wait_for_record("ended", whole=True)
        assert " ".join(desk.spoken()) == TEXT

    def test_speed_and_voice_are_chosen_with_keys(self, desk: Desk, watcher: Watcher) -> None:
        try:
            desk.open_tray_menu()
            choose(desk, watcher, "d", "1.25× ")
            desk.wait_for_record("speed", speed=1.25)
            desk.open_tray_menu()
            choose(desk, watcher, "o", ESPEAK)
            wait_for(lambda: desk.setting("voice.id") == "espeak/", "the setting")
            desk.open_text(TEXT)
            desk.select_all(TEXT)
            desk.keyboard.press(READ)
            desk.wait_for_record("segment", voice="espeak/en-us")  # behind what is said of the new speed
        finally:
            desk.harken_call("settings", "set", "voice.id", "")
            desk.harken_call("settings", "set", "voice.speed", "1")


ESPEAK = "eSpeak NG, in the text's language (clear when very fast)"


def choose(desk: Desk, watcher: Watcher, submenu: str, entry: str) -> None:
    """Open a submenu by its letter, go down to an entry and choose it."""
    title = {"d": "Speed", "o": "Voice"}[submenu]
    desk.keyboard.press(submenu)
    while not (name := next_in_menu(watcher)[1]).startswith(entry):
        if not name.startswith(title):
            desk.keyboard.press("Down")
    desk.keyboard.press("Return")


def next_in_menu(watcher: Watcher) -> tuple[str, str]:
    """(role, name) of the entry that gets the focus next."""
    while True:
        role, name = watcher.next_focus()
        if "menu item" in role:
            return role, name


def everything_named(desk: Desk) -> list[tuple[str, str]]:
    """(role, name) of all there is of Harken on the accessibility bus."""
    watcher = Watcher(desk)
    try:
        return [pair for window in harkens_windows(watcher) for pair in watcher.named(window)]
    except (DBusErrorResponse, TimeoutError):  # it changes while one looks
        return []
    finally:
        watcher.close()


def harkens_windows(watcher: Watcher) -> list[Item]:
    return [w for w in watcher.windows() if watcher.application(w) == "harken"]


# ---- without a tray ----


@pytest.fixture(scope="module")
def bare() -> Iterator[Desk]:
    """A desktop without a tray, with Harken on it."""
    with Desk(tray=False) as made:
        made.start_harken()
        made.restart_texts()
        yield made


class TestPlayerWithoutATray:
    def test_it_is_there_and_everything_has_a_name(self, bare: Desk) -> None:
        found: list[tuple[str, str]] = []

        def all_there() -> bool:
            found[:] = everything_named(bare)
            return any("button" in role and name == "Close the window" for role, name in found)

        wait_for(all_there, "the window")
        names = [name.partition(":")[0] for role, name in found if "button" in role]
        assert names == [
            "Previous sentence", "Read selection", "Next sentence", "Speed", "Voice", "Menu", "Close the window",
        ]  # fmt: skip
        assert ("check box", "Show the text") in found
        assert found[0] == ("frame", "Harken")  # the title changes: it would be said over what is read
        assert not [role for role, name in found if not name and role not in ("filler", "panel")]

    def test_it_is_worked_with_keys_alone_and_says_what_happens(self, bare: Desk) -> None:
        bare.begin()
        bare.focus(max(bare.find_windows("harken")))
        bare.keyboard.press("alt+r")  # Read selection, and there is none
        bare.wait_for_record("notice", problem=True)
        bare.wait_for_record("ended", whole=True)
        wait_for(lambda: any("Nothing is selected" in name for _, name in everything_named(bare)), "the sentence")
        assert bare.harken
        assert bare.harken.poll() is None

    def test_a_button_that_can_no_longer_be_pressed_gives_the_focus_to_the_first(self, bare: Desk) -> None:
        watcher = Watcher(bare)
        bare.begin()
        bare.start_program([sys.executable, "-m", "ui.launch", "speak", "--text", TEXT], "speak")
        bare.wait_for_record("segment")
        assert bare.harken_call("pause") == 0
        bare.focus(max(bare.find_windows("harken")))

        def focused() -> str:
            found = watcher.focused()
            return str(watcher.read(found, "Accessible", "Name")) if found else ""

        wait_for(lambda: focused() == "Resume", "the focus")
        bare.keyboard.press("Tab")
        wait_for(lambda: focused() == "Next sentence", "the focus")
        bare.keyboard.press("alt+u")
        bare.wait_for_record("ended", whole=True)
        wait_for(lambda: focused() == "Read selection", "the focus")
        watcher.close()

    def test_quit_ends_everything(self, bare: Desk) -> None:
        assert bare.harken
        children = descendants(bare.harken.pid)
        assert children
        bare.focus(max(bare.find_windows("harken")))
        wait_for_focus(bare)
        before = bare.find_windows("harken")
        bare.keyboard.press("alt+m")
        wait_for(lambda: bare.find_windows("harken") - before, "the menu")
        bare.keyboard.press("q")
        assert bare.harken.wait(10) == 0
        wait_for(lambda: not any(map(is_running, children)), "the children's end")


# ---- start and end ----


def descendants(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    threads = [
        int(c)
        for t in os.listdir(f"/proc/{pid}/task")
        for c in Path(f"/proc/{pid}/task/{t}/children").read_text().split()
    ]
    return sorted({*map(int, children), *threads})


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Desk]:
    """A desktop on which Harken has not been started yet."""
    with Desk(tray=True, sound=False, bus=False) as made:
        yield made


class TestStartAndEnd:
    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
    def test_a_signal_ends_it_as_quit_does(self, fresh: Desk, number: signal.Signals) -> None:
        harken = fresh.start_harken(HARKEN_AUDIO="none")
        children = descendants(harken.pid)
        assert len(children) >= 2  # the voices
        harken.send_signal(number)
        assert harken.wait(10) == 0
        wait_for(lambda: not any(map(is_running, children)), "the children's end")
        assert not list(fresh.runtime.rglob("*.sock"))

    def test_it_leaves_no_children_when_it_is_killed(self, fresh: Desk) -> None:
        harken = fresh.start_harken(HARKEN_AUDIO="none")
        children = descendants(harken.pid)
        harken.kill()
        harken.wait()
        wait_for(lambda: not any(map(is_running, children)), "the children's end")
        fresh.start_harken(HARKEN_AUDIO="none")  # what it left behind is in nobody's way

    def test_settings_that_can_not_be_read_are_told_and_kept(self, fresh: Desk) -> None:
        path = fresh.home / ".config" / "harken" / "settings.toml"
        path.parent.mkdir(parents=True)
        path.write_text("voice = [broken")
        fresh.start_harken(HARKEN_AUDIO="none")
        (sentence,) = fresh.notices()
        assert "settings.toml can't be read" in sentence
        assert path.read_text() == "voice = [broken"
        assert fresh.harken_call("settings", "set", "voice.speed", "2") == 0  # it is rewritten, so it is kept aside
        assert "settings.broken.toml" in fresh.wait_for_record("notice", 2)["sentence"]
        assert path.with_suffix(".broken.toml").read_text() == "voice = [broken"

    def test_nothing_is_printed(self, fresh: Desk) -> None:
        harken = fresh.start_harken(HARKEN_AUDIO="none")
        harken.terminate()
        harken.wait(10)
        assert (fresh.folder / "harken.log").read_text() == ""
