"""The player as the core's events reach it: what it shows as being heard."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtGui import QAccessible, QFocusEvent

from reader.flow import Ending, ReadingEnded, Segment, SegmentStarted, SpeedChanged, State, StateChanged, WordStarted
from reader.session.current_text import TextArrived, TextLeftOut
from reader.text.left_out import LeftOut, Why
from tests.fakes.bridge import FakeBridge
from ui.player import buttons
from ui.player.window import PlayerWindow

ENGLISH = "One is long, and two is short. Three is [1] last."
ARABIC = "كان المصباح مضيئا. البحر هادئ."
JAPANESE = "灯台は崖の上に立っている。夜は静かだ。"


@pytest.fixture
def player(bridge: FakeBridge) -> Iterator[PlayerWindow]:
    made = PlayerWindow(bridge)
    made.resize(700, 500)
    made.show()
    yield made
    made.close()
    made.deleteLater()


class Heard:
    """A text, and the words that tell the player what of it is heard."""

    def __init__(self, player: PlayerWindow, text: str) -> None:
        self.player, self.text = player, text
        self._segments = 0
        self.tell(TextArrived(1, text, 0))

    def tell(self, event: object) -> None:
        self.player._bridge.happened.emit(event)

    def segment(self, words: str, *, sentence: int, voice: str = "espeak/en", ending: Ending = Ending.CLAUSE) -> None:
        start = self.text.index(words)
        self.now = Segment(1, self._segments, sentence, words, start, start + len(words), ending, "en")
        self._segments += 1
        self.tell(SegmentStarted(1, self.now, voice))

    def word(self, word: str) -> None:
        start = self.text.index(word, self.now.start_chars)
        self.tell(WordStarted(1, self.now, start, start + len(word)))

    @property
    def shown(self) -> list[str]:
        """What has the ground of the sentence, and of the word."""
        return [selection.cursor.selectedText() for selection in self.player.view.extraSelections()]

    @property
    def at_caret(self) -> str:
        return self.player.view.toPlainText()[self.player.view.textCursor().position() :]


def test_a_sentence_of_two_parts_keeps_the_word_until_the_next_one_is_told(player: PlayerWindow) -> None:
    heard = Heard(player, ENGLISH)
    heard.segment("One is long,", sentence=0)
    assert heard.shown == ["One is long,"]
    heard.word("long")
    heard.segment("and two is short.", sentence=0)
    assert heard.shown == ["One is long, and two is short.", "long"]
    assert heard.at_caret.startswith("long")
    heard.word("and")
    assert heard.shown == ["One is long, and two is short.", "and"]
    heard.segment("Three is [1] last.", sentence=1)
    assert heard.shown == ["Three is [1] last."]
    heard.tell(ReadingEnded(1, is_whole=True))
    assert heard.shown == []


def test_another_voice_that_tells_of_no_words_shows_the_sentence_alone(player: PlayerWindow) -> None:
    heard = Heard(player, ENGLISH)
    heard.segment("One is long,", sentence=0)
    heard.word("long")
    heard.segment("and two is short.", sentence=0, voice="polly/Joanna")
    assert heard.shown == ["One is long, and two is short."]
    assert heard.at_caret.startswith("One")


def test_a_sentence_that_is_said_again_begins_again(player: PlayerWindow) -> None:
    heard = Heard(player, ENGLISH)
    heard.segment("One is long,", sentence=0)
    heard.word("long")
    heard._segments = 0
    heard.segment("One is long,", sentence=0)
    assert heard.shown == ["One is long,"]


def test_a_pause_and_another_speed_change_nothing(player: PlayerWindow) -> None:
    heard = Heard(player, ENGLISH)
    heard.segment("One is long,", sentence=0)
    heard.word("is")
    before = heard.shown
    for event in (StateChanged(1, State.PAUSED), SpeedChanged(0, 2.0), StateChanged(1, State.SPEAKING)):
        heard.tell(event)
    assert heard.shown == before


def test_what_belongs_to_another_text_is_not_shown(player: PlayerWindow) -> None:
    heard = Heard(player, ENGLISH)
    heard.segment("One is long,", sentence=0)
    heard.tell(SegmentStarted(2, heard.now, "espeak/en"))
    heard.tell(TextLeftOut(2, (LeftOut(0, 3, Why.CODE, 3),)))
    assert heard.shown == ["One is long,"]
    assert player.view._left_out.at(0) == ""


def test_right_to_left_text_is_marked_where_it_stands(player: PlayerWindow) -> None:
    heard = Heard(player, ARABIC)
    heard.segment("كان المصباح مضيئا.", sentence=0)
    heard.word("المصباح")
    assert heard.shown == ["كان المصباح مضيئا.", "المصباح"]
    view = player.view
    first, second = (view._rect_at(view._shown.char(ARABIC.index(word))) for word in ("كان", "المصباح"))
    assert first.left() > second.left()
    assert first.left() > view.viewport().width() / 2


def test_of_japanese_the_sentence_is_marked(player: PlayerWindow) -> None:
    heard = Heard(player, JAPANESE)
    heard.segment("夜は静かだ。", sentence=1)
    assert heard.shown == ["夜は静かだ。"]
    assert heard.at_caret == "夜は静かだ。"


def test_what_is_left_out_is_named(player: PlayerWindow) -> None:
    heard = Heard(player, ENGLISH)
    start = ENGLISH.index("[1]")
    heard.tell(TextLeftOut(1, (LeftOut(start, start + 3, Why.FOOTNOTES, 1),)))
    assert player.view._left_out.at(start) == "footnote marks"


def test_the_button_with_the_focus_is_called_otherwise_in_silence_and_that_is_told_when_it_has_lost_it(
    player: PlayerWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    silences: list[None] = []

    @contextlib.contextmanager
    def unannounced() -> Iterator[None]:
        silences.append(None)
        yield

    told: list[QAccessible.Event] = []
    monkeypatch.setattr(buttons, "unannounced", unannounced)
    monkeypatch.setattr(QAccessible, "updateAccessibility", lambda event: told.append(event.type()))
    play = player.bar.play
    play.describe("Read selection", "F8")
    play.focusOutEvent(QFocusEvent(QEvent.Type.FocusOut))
    assert (silences, told) == ([], [])
    monkeypatch.setattr(play, "hasFocus", lambda: True)
    play.describe("Pause", "F9")
    assert (play.text(), play.accessibleDescription()) == ("Pause", "F9")
    play.describe("Pause", "F9")
    assert (len(silences), told) == (1, [])
    play.focusOutEvent(QFocusEvent(QEvent.Type.FocusOut))
    assert told == [QAccessible.Event.NameChanged, QAccessible.Event.DescriptionChanged]
