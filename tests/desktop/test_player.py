"""The player as it is used: with real keys and a mouse, and as screen readers see it."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest
import soundfile
from jeepney.wrappers import DBusErrorResponse

from tests import kills
from tests.desktop.accessible import Carets, Item, Watcher
from tests.desktop.desk import Desk, wait_for

SENTENCES = [f"Sentence number {number} stands alone 😀." for number in range(1, 61)]
TEXT = "\n\n".join(SENTENCES)
_VISIBLE, _FOCUSED = 30, 12


@pytest.fixture(scope="module")
def bare() -> Iterator[Desk]:
    """A desktop without a tray, with Harken's player on it."""
    with Desk(sound=False) as made:
        made.start_harken(HARKEN_AUDIO="none")
        yield made


@pytest.fixture
def player(bare: Desk) -> Iterator[Player]:
    """The player in front, with nothing being read."""
    bare.stop_reading()
    bare.begin()
    made = Player(bare)
    yield made
    made.watcher.close()


class Player:
    """What an assistive technology knows of it."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.watcher = Watcher(desk)
        assert desk.harken_call("show") == 0
        self.window = wait_for(lambda: max(desk.find_windows("harken"), default=0), "the player")
        desk.focus(self.window)

    def item(self, name: str) -> Item | None:
        """Something in it, by its name."""
        try:
            for window in self.watcher.windows():
                if self.watcher.application(window) == "harken" and (found := self._find(window, name)):
                    return found
        except (DBusErrorResponse, TimeoutError):
            pass  # it changes while one looks
        return None

    def _find(self, item: Item, name: str) -> Item | None:
        if self.watcher.read(item, "Accessible", "Name") == name:
            return item
        return next((found for child in self.watcher.children(item) if (found := self._find(child, name))), None)

    def is_shown(self, name: str) -> bool:
        found = self.item(name)
        return found is not None and self.watcher.has_state(found, _VISIBLE)

    @property
    def view(self) -> Item:
        found: Item = wait_for(lambda: self.item("Text being read"), "the text")
        return found

    @property
    def text(self) -> str:
        return str(self.watcher.call(self.view, "Text", "GetText", "ii", 0, -1))

    @property
    def at_caret(self) -> str:
        """What follows the caret."""
        caret = self.watcher.read(self.view, "Text", "CaretOffset")
        return str(self.watcher.call(self.view, "Text", "GetText", "ii", caret, -1))

    def read(self, text: str = TEXT) -> None:
        """Have a text read, and wait until its second sentence is heard."""
        (self.desk.home / "text.txt").write_text(text, encoding="utf-8")
        self.desk.start_program([*self.desk.program, "speak", str(self.desk.home / "text.txt")], "speak")
        self.desk.wait_for_record("segment", sentence=1)

    def press_in_text(self, *chords: str) -> None:
        """Press keys with the focus in the text."""
        assert self.watcher.call(self.view, "Component", "GrabFocus")
        wait_for(lambda: self.watcher.has_state(self.view, _FOCUSED), "the focus in the text")
        for chord in chords:
            self.desk.keyboard.press(chord)


def number(sentence: str) -> int:
    return int(sentence.split()[2])


class TestText:
    def test_the_whole_text_is_there_and_the_caret_is_where_it_is_heard(self, player: Player) -> None:
        player.read()
        wait_for(lambda: player.text == TEXT, "the text")
        wait_for(lambda: player.at_caret.startswith("Sentence number 3 "), "the caret at the third sentence")
        assert focused_name(player) != "Text being read"  # nothing has taken the focus

    def test_enter_on_a_word_reads_from_there(self, player: Player) -> None:
        player.read()
        wait_for(lambda: player.text == TEXT, "the text")
        player.press_in_text("ctrl+End")
        wait_for(lambda: player.at_caret == "", "the caret at the end")
        player.press_in_text("Up", "Up", "Home")
        wait_for(lambda: player.at_caret.startswith("Sentence number 59 "), "the caret at the last sentence but one")
        player.press_in_text("ctrl+Right", "ctrl+Right", "Return")
        player.desk.wait_for_record("segment", text=SENTENCES[58].partition("number ")[2])
        player.desk.wait_for_record("segment", text=SENTENCES[59])

    def test_what_is_before_it_is_gone_back_to(self, player: Player) -> None:
        player.read()
        wait_for(lambda: player.text == TEXT, "the text")
        player.press_in_text("ctrl+End")
        wait_for(lambda: player.at_caret == "", "the caret at the end")
        player.press_in_text("Home", "Return")
        player.desk.wait_for_record("segment", text=SENTENCES[59])
        player.desk.keyboard.press("alt+v")
        player.desk.wait_for_record("segment", text=SENTENCES[58])

    def test_who_walks_away_is_not_brought_back_until_they_ask(self, player: Player) -> None:
        player.read()
        wait_for(lambda: player.text == TEXT, "the text")
        assert not player.is_shown("Go to what is being read")
        player.press_in_text("ctrl+End")
        wait_for(lambda: player.is_shown("Go to what is being read"), "the way back")
        player.desk.wait_for_record("segment", 4)
        assert player.at_caret == ""
        player.desk.keyboard.press("alt+e")
        wait_for(lambda: player.at_caret.startswith("Sentence number"), "the caret at what is heard")
        wait_for(lambda: not player.is_shown("Go to what is being read"), "the end of the way back")

    def test_a_text_that_arrives_is_shown_as_it_comes(self, player: Player) -> None:
        program = [*player.desk.program, "speak", "-"]
        shell = f"(echo '{SENTENCES[0]}'; sleep 1; echo '{SENTENCES[1]}') | {' '.join(program)}"
        player.desk.start_program(["sh", "-c", shell], "speak")
        wait_for(lambda: player.text.split("\n")[:2] == SENTENCES[:2], "both lines")


def choose_file(player: Player, name: str, data: bytes) -> None:
    """Open a file from the player, with keys alone."""
    path = player.desk.home / name
    path.write_bytes(data)
    answer_dialog(player, "ctrl+o", path)


def answer_dialog(player: Player, chord: str, path: Path) -> None:
    """Have a key open the dialog for a file, and name one."""
    desk = player.desk
    desk.keyboard.press(chord)
    wait_for(lambda: active(desk) not in (0, player.window), "the dialog")
    desk.output(["xdotool", "type", str(path)])
    desk.keyboard.press("Return")


def active(desk: Desk) -> int:
    """The window in front, 0 for a moment between two."""
    return int(desk.output(["xdotool", "getactivewindow"]) or 0)


class TestOpening:
    def test_a_document_is_chosen_and_read(self, player: Player) -> None:
        choose_file(player, "page", b"<!doctype html><nav>Home</nav><h1>One</h1><p>It rained all night.")
        player.desk.wait_for_record("segment", text="It rained all night.")
        wait_for(lambda: player.text == "One\n\nIt rained all night.\n\n", "the text")

    def test_what_can_not_be_read_is_told_in_the_window(self, player: Player) -> None:
        choose_file(player, "a.txt", b"\x89PNG\r\n\x1a\n" + bytes(100))
        sentence = f"{player.desk.home / 'a.txt'} is a picture (PNG), which Harken can't read."
        wait_for(lambda: any(sentence in notice for notice in player.desk.notices()), "the sentence")
        wait_for(lambda: any(sentence in text for text in shown_texts(player)), "the sentence in the window")


LANGUAGES = [
    "The lamp was lit, and the night was quiet.",
    "Der Wärter stieg die Treppe hinauf.",
    "كان المصباح مضيئا فوق البحر.",
    "灯台は立っている。",
    "Nobody knew who had built it.",
]


class TestWhatIsHeard:
    """Assistive technology is told of every word in the order in which it is heard, whatever happens meanwhile."""

    def test_it_is_told_in_every_language_and_through_a_pause_a_speed_and_the_end_of_a_voice(
        self, player: Player
    ) -> None:
        desk, carets = player.desk, Carets(player.desk)
        assert desk.harken
        player.read("\n\n".join(LANGUAGES))
        player.press_in_text("space")
        desk.wait_for_record("state", state="paused")
        assert desk.harken_call("faster") == 0
        desk.keyboard.press("space")
        desk.wait_for_record("segment", sentence=2)
        for pid, kind in kills.children(desk.harken.pid).items():
            if kind in ("espeak", "neural"):
                os.kill(pid, signal.SIGKILL)
        desk.wait_for_record("ended", whole=True)
        heard = places(desk)
        wait_for(lambda: carets.moves and carets.moves[-1][1] == heard[-1], "the last word")
        carets.close()
        assert in_order(heard, [place for _, place in carets.moves])
        assert {record["language"] for record in desk.records() if record["event"] == "segment"} >= {"de", "ar", "ja"}

    def test_a_click_on_a_word_reads_from_there(self, player: Player) -> None:
        desk = player.desk
        player.read("\n\n".join(LANGUAGES))
        wait_for(lambda: player.text.startswith(LANGUAGES[0]), "the text")
        assert desk.harken_call("stop") == 0
        desk.quiet()
        desk.begin()
        place = player.text.index("night")
        x, y, width, height = player.watcher.call(player.view, "Text", "GetCharacterExtents", "iu", place + 2, 0)
        desk.call(["xdotool", "mousemove", str(x + width // 2), str(y + height // 2), "click", "1"])
        assert desk.wait_for_record("segment")["start"] == place


def places(desk: Desk) -> list[int]:
    """Where what is heard begins, in order: of voices that tell of no words, each sentence."""
    found: list[int] = []
    sentence, index = -1, -1
    for record in desk.records():
        if record["event"] == "segment":
            if record["sentence"] != sentence or record["index"] != index + 1:
                found.append(record["start"])
            sentence, index = record["sentence"], record["index"]
        elif record["event"] == "word":
            found.append(record["start"])
    return found


def in_order(wanted: list[int], told: list[int]) -> bool:
    rest = iter(told)
    before = None
    for place in wanted:
        if place != before and place not in rest:  # which takes what it looks at
            return False
        before = place
    return True


class TestSaving:
    def test_what_is_read_is_saved(self, player: Player) -> None:
        player.read("This is saved.\n\nAnd this.")
        answer_dialog(player, "ctrl+s", player.desk.home / "out")
        sentence = f"Saved in {player.desk.home / 'out.mp3'}."
        wait_for(lambda: sentence in player.desk.notices(), "the sentence", 60)
        assert soundfile.info(player.desk.home / "out.mp3").duration > 1
        wait_for(lambda: active(player.desk) == player.window, "the player")


class TestBar:
    def test_space_pauses_and_resumes(self, player: Player) -> None:
        player.read()
        player.press_in_text("space")
        player.desk.wait_for_record("state", state="paused")
        wait_for(lambda: player.is_shown("Resume"), "the control's name")
        player.press_in_text("space")
        wait_for(lambda: player.is_shown("Pause"), "the control's name")

    def test_it_has_three_sizes_and_remembers_the_last(self, player: Player) -> None:
        desk = player.desk

        def height() -> int:
            told = desk.output(["xdotool", "getwindowgeometry", "--shell", str(player.window)])
            return int(dict(line.split("=") for line in told.splitlines())["HEIGHT"])

        before = height()
        desk.keyboard.press("F11")
        wait_for(lambda: height() == 800, "the full screen")
        desk.keyboard.press("Escape")
        wait_for(lambda: height() == before, "the window as it was")
        desk.keyboard.press("alt+t")
        wait_for(lambda: height() < 160, "the bar alone")
        assert not player.is_shown("Text being read")
        assert desk.harken_call("quit") == 0
        kept = json.loads((desk.home / ".local/state/harken/player.json").read_text())
        assert (kept["shows_text"], kept["height_px"]) == (False, before)
        desk.start_harken(HARKEN_AUDIO="none")
        player.window = wait_for(lambda: max(desk.find_windows("harken"), default=0), "the player")
        wait_for(lambda: 0 < height() < 160, "the bar alone")
        desk.focus(player.window)
        desk.keyboard.press("alt+t")
        wait_for(lambda: height() == before, "the text again")

    def test_every_control_is_large_and_has_a_name(self, player: Player) -> None:
        for name in ("Previous sentence", "Next sentence", "Show the text", "Menu", "Close the window"):
            found: Item = wait_for(partial(player.item, name), name)
            *_, width, height = player.watcher.call(found, "Component", "GetExtents", "u", 0)
            assert min(width, height) >= 48

    def test_type_grows_with_a_key_and_is_remembered(self, player: Player) -> None:
        player.desk.keyboard.press("ctrl+equal")
        wait_for(lambda: player.desk.setting("player.type_pt") == 21, "the setting")
        player.desk.keyboard.press("ctrl+0")
        wait_for(lambda: player.desk.setting("player.type_pt") == 18, "the setting")


def shown_texts(player: Player) -> list[str]:
    """The names of everything that can be seen in the player."""
    waiting = player.watcher.windows()
    found = []
    while waiting:
        item = waiting.pop()
        with suppress(DBusErrorResponse, TimeoutError):  # it may be gone, as the dialog is
            waiting += player.watcher.children(item)
            found.append(str(player.watcher.read(item, "Accessible", "Name")))
    return found


def focused_name(player: Player) -> str:
    found = player.watcher.focused()
    return str(player.watcher.read(found, "Accessible", "Name")) if found else ""


def test_it_opens_by_itself_only_where_that_is_wanted_and_takes_no_keyboard() -> None:
    with Desk(tray=True, sound=False) as desk:
        desk.start_harken(HARKEN_AUDIO="none")
        shown = desk.find_windows("harken")
        editor = desk.open_text("Somebody else's text.")
        desk.harken_call("speak", "--text", "This is read without a window.")
        assert desk.find_windows("harken") == shown
        assert desk.harken_call("settings", "set", "player.opens", "on") == 0
        desk.harken_call("speak", "--text", "This is read in a window.")
        wait_for(lambda: desk.find_windows("harken") - shown, "the player")
        assert int(desk.output(["xdotool", "getactivewindow"])) == editor
