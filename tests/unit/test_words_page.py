"""The page of pronunciations without a core: which words are offered, and what its table does to the fields."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from reader.core.words import Entry, HeardSentence, Kind
from reader.flow import Ending, Segment, SegmentStarted, Voice
from reader.session.recent_sentences import RecentSentences
from tests.fakes.bridge import FakeBridge
from ui.menu.misread import Misread
from ui.settings.words.heard import words_of
from ui.settings.words.page import WordsPage

GIF, FIVE = Entry("GIF", "jif"), Entry("5G", "fünf G", Kind.PART, "de", "espeak/de")
STARTED = SegmentStarted(1, Segment(1, 0, 0, "We have", 0, 7, Ending.CLAUSE, "en"), "espeak/en")


@pytest.fixture
def page(bridge: FakeBridge) -> WordsPage:
    made = WordsPage(bridge)
    made._show_entries([GIF, FIVE])
    return made


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("Dr. Nguyen's “GIF” (of C++), -- please.", ["Dr.", "Nguyen's", "GIF", "of", "C++", "please"]),
        ("Ist das z. B. „so“?", ["Ist", "das", "z.", "B.", "so"]),
        ("… — !", []),
        ("", []),
    ],
)
def test_the_words_of_a_sentence(sentence: str, words: list[str]) -> None:
    assert list(words_of(sentence)) == words


def test_an_entry_that_is_selected_is_in_the_fields(page: WordsPage) -> None:
    page.table.select(FIVE)
    assert page.fields_of_entry.entry == FIVE
    assert page.remove.isEnabled()
    assert page.fields_of_entry.change.isEnabled()


def test_what_is_typed_stays_while_the_list_changes(page: WordsPage) -> None:
    page.table.select(GIF)
    page.fields_of_entry.spoken.setText("gif")
    page._show_entries([GIF, FIVE, Entry("x", "y")])
    page._show_voices([])
    assert page.fields_of_entry.entry == Entry("GIF", "gif")
    assert page.table.chosen_entry() == GIF
    page._show_entries([FIVE])
    assert page.fields_of_entry.entry == Entry("GIF", "gif")
    assert not page.fields_of_entry.change.isEnabled()


def test_all_voices_of_an_engine_can_be_chosen(page: WordsPage) -> None:
    box = page.fields_of_entry.voice
    page._show_voices([Voice("espeak/de", "German", "de"), Voice("espeak/fr", "French", "fr")])
    assert [box.itemData(i) for i in range(box.count())][:2] == ["", "espeak/"]
    box.setCurrentIndex(1)
    assert box.currentText() == "All voices: eSpeak NG"
    assert page.fields_of_entry.entry.voice == "espeak/"
    entry = Entry("Bonn", "bonn", voice="polly/")  # of a service that is off
    page._show_entries([entry])
    page.table.select(entry)
    assert page.fields_of_entry.entry == entry
    assert box.currentText() == "All voices: Amazon Polly, generative"
    assert page.table.selectedItems()[0].text(4) == box.currentText()


def test_a_word_of_the_sentence_is_taken(page: WordsPage) -> None:
    page.table.select(FIVE)
    page._show_heard([HeardSentence("We have a GIF.", "en", "espeak/en"), HeardSentence("Older.", "en", "espeak/en")])
    page._take("GIF")
    assert page.fields_of_entry.entry == Entry("GIF", "")
    assert not page.fields_of_entry.hear.isEnabled()
    page.fields_of_entry.spoken.setText("jif")
    assert page.fields_of_entry.hear_sentence.isEnabled()
    assert page.heard.text == "We have a GIF."
    page.heard.sentence.setCurrentIndex(1)
    assert page.heard.text == "Older."


def test_the_menu_offers_it_once_something_of_the_users_was_read(
    bridge: FakeBridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[HeardSentence] = []

    def ask(_work: object, then: Callable[[Any], None]) -> None:
        then(heard)

    monkeypatch.setattr(bridge, "ask", ask)
    entry = Misread(bridge, lambda: None, bridge)
    assert not entry.isEnabled()
    bridge.happened.emit(STARTED)  # of a sentence of Harken's own
    assert not entry.isEnabled()
    heard.append(HeardSentence("We have.", "en", "espeak/en"))
    bridge.happened.emit(STARTED)
    assert entry.isEnabled()


def test_the_last_sentences_are_kept_whole_and_once() -> None:
    recent = RecentSentences()
    recent.note(STARTED, "We have")
    recent.note(STARTED, "We have a GIF.")
    for number in range(1, 7):
        segment = Segment(1, number, number, "x", 0, 1, Ending.SENTENCE, "en")
        recent.note(SegmentStarted(1, segment, "espeak/en"), f"Sentence {number}.")
    assert [heard.text for heard in recent.entries()] == [f"Sentence {number}." for number in (6, 5, 4, 3, 2)]
    recent = RecentSentences()
    recent.note(STARTED, "We have")
    recent.note(STARTED, "We have a GIF.")
    assert [heard.text for heard in recent.entries()] == ["We have a GIF."]
