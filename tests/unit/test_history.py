import itertools

from reader.flow import CapturedText, Source
from reader.session.history import History


def text(words: str) -> CapturedText:
    return CapturedText(words, Source.SELECTION)


def test_the_newest_is_first_and_twenty_are_kept() -> None:
    history = History(itertools.count(100.0).__next__)
    for n in range(1, 26):
        history.add(text(f"Text {n}."))
    assert [entry.id for entry in history.entries()] == list(range(25, 5, -1))
    newest = history.entries()[0]
    assert (newest.first_words, newest.when_s, newest.source) == ("Text 25.", 124.0, Source.SELECTION)
    assert history.text(25) == text("Text 25.")
    assert history.text(5) is None


def test_the_same_text_moves_to_the_top_and_keeps_its_number() -> None:
    history = History()
    for words in ("One.", "Two.", "One."):
        history.add(text(words))
    assert [(entry.id, entry.first_words) for entry in history.entries()] == [(1, "One."), (2, "Two.")]


def test_a_long_text_is_shown_by_its_first_words() -> None:
    history = History()
    history.add(text("  Now is\nthe time " + "for all good men " * 1000))
    shown = history.entries()[0].first_words
    assert shown.startswith("Now is the time for all good men")
    assert shown.endswith("…")
    assert len(shown) <= 61
    history.add(text("x" * 1000))
    assert len(history.entries()[0].first_words) <= 61


def test_what_says_nothing_is_not_remembered() -> None:
    history = History()
    history.add(text(" \n"))
    assert history.entries() == []


def test_turning_it_off_forgets() -> None:
    history = History()
    history.add(text("One."))
    history.is_kept = False
    history.add(text("Two."))
    history.is_kept = True
    assert history.entries() == []
    history.add(text("Three."))
    assert [entry.first_words for entry in history.entries()] == ["Three."]
