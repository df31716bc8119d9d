"""From a word that is heard to where it is written."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reader.flow import AudioChunk, Voice, WordMark
from reader.session.voice_choice import VoiceChoice
from reader.session.word_places import WordPlaces
from reader.text.pronunciations import Entry, Pronunciations
from reader.text.segment import Segmenter
from reader.text.traced import replaced
from reader.text.words import word_at

ENGLISH = Voice("espeak/en", "English", "en")


def written(text: str, *entries: Entry, language: str = "en") -> list[str]:
    """What is shown for each word that is heard, by a voice that knows its words."""
    voices = [Voice(f"espeak/{language}", language, language), ENGLISH]
    choice = VoiceChoice(voices, language=language, pronunciations=lambda: Pronunciations(entries))
    segmenter = Segmenter(1, language)
    segmenter.feed(text)
    segmenter.close()
    places = WordPlaces()
    found = []
    for segment in segmenter.take_all():
        for request in choice.requests_for(segment, 1.0):
            starts = [i for i in range(len(request.text)) if i == 0 or request.text[i - 1] == " "]
            marks = tuple(WordMark(start, start, start + 1) for start in starts)
            chunk = AudioChunk(1, segment.index, 8000, b"", 1.0, words=marks)
            found += [text[mark.start : mark.end] for mark in places.found(chunk, request).words]
    return found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("It costs $5 now.", ["It", "costs", "$5", "now"]),
        ("Dr. Smith ran 5 km on 3 May 2024.", ["Dr.", "Smith", "ran", "5 km", "on", "3 May 2024"]),
        ("Some **bold** and [a link](https://example.org/x) here.", ["Some", "bold", "and", "a", "link", "here"]),
        ("A twenty-five year-\nold “quoted” man.", ["A", "twenty-five", "year-\nold", "quoted", "man"]),
        ("Wide   space,\nnew line & sign.", ["Wide", "space", "new", "line", "&", "sign"]),
        ("The eﬃcient soft\u00adware.", ["The", "eﬃcient", "soft\u00adware"]),
        ("One. Two.\n\nThree.", ["One", "Two", "Three"]),
    ],
)
def test_what_is_written_is_shown_whatever_is_said(text: str, words: list[str]) -> None:
    assert written(text) == words


def test_a_pronunciation_of_the_users_is_shown_as_its_word() -> None:
    entries = Entry("SQL", "sequel server language"), Entry("cat", "at")
    assert written("My SQL has a cat.", *entries) == ["My", "SQL", "has", "a", "cat"]


def test_a_language_that_is_written_from_right_to_left() -> None:
    text = "مرحبا بالعالم، كيف حالك اليوم؟"
    assert written(text, language="ar") == ["مرحبا", "بالعالم", "كيف", "حالك", "اليوم"]


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        ("de", "Das kostet 5,50 € mehr, z. B. heute.", ["Das", "kostet", "5,50 €", "mehr", "z. B.", "heute"]),
        ("es", "Es un 25 %.", ["Es", "un", "25", "%"]),
        ("es", "En EE. UU. son 5 € ahora.", ["En", "EE. UU.", "son", "5", "€", "ahora"]),
    ],
)
def test_what_is_said_in_other_words_is_shown_whole(language: str, text: str, words: list[str]) -> None:
    assert written(text, language=language) == words


@pytest.mark.parametrize("text", ["これは日本語です。", "你好，世界。", "สวัสดีครับ"])
def test_no_word_is_told_where_none_is_written_apart(text: str) -> None:
    assert word_at(text, 0) is None


@pytest.mark.parametrize(
    ("position", "word"), [(0, "“One"), (3, "“One"), (5, "“One"), (6, "two-way"), (9, "two-way"), (99, "हैं")]
)
def test_a_word_is_whole_wherever_its_voice_points(position: int, word: str) -> None:
    text = "“One” two-way, हैं!"
    found = word_at(text, position)
    assert found
    assert text[slice(*found)] == word.lstrip("“")


@pytest.mark.parametrize(
    ("edit", "part", "source"),
    [
        ((2, 4, "five dollars"), (2, 6), (2, 4)),
        ((2, 4, "five dollars"), (7, 14), (2, 4)),
        ((2, 4, "five dollars"), (0, 1), (0, 1)),
        ((2, 4, "five dollars"), (15, 16), (5, 6)),
        ((2, 4, ""), (0, 3), (0, 5)),
        ((0, 1, ""), (0, 4), (1, 5)),
    ],
)
def test_a_part_of_a_replacement_is_all_that_it_replaces(
    edit: tuple[int, int, str], part: tuple[int, int], source: tuple[int, int]
) -> None:
    assert replaced("a $5 b", [edit]).source_span(*part) == source


@given(st.text(max_size=200) | st.text("0123456789.,-/$%°'\"#+:@²½ mkgAI*_[](）\n", max_size=200))
@settings(max_examples=300, deadline=None)
def test_whatever_is_said_is_written_somewhere(text: str) -> None:
    segmenter = Segmenter(1, "en")
    segmenter.feed(text)
    segmenter.close()
    for segment in segmenter.take_all():
        for request in VoiceChoice([ENGLISH]).requests_for(segment, 1.0):
            marks = tuple(WordMark(at, at, at + 1) for at in range(len(request.text)))
            chunk = AudioChunk(1, segment.index, 8000, b"", 1.0, words=marks)
            for word in WordPlaces().found(chunk, request).words:
                assert segment.start_chars <= word.start < word.end <= segment.end_chars
