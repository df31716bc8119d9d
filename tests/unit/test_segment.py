import tracemalloc

import pytest

from reader.flow import Ending, Segment
from reader.text.pieces import MAX_CHARS
from reader.text.script import is_speakable
from reader.text.segment import Segmenter


def cut(text: str, *, language: str = "", expected: str = "en", start_chars: int = 0) -> list[Segment]:
    segmenter = Segmenter(1, language, expected, start_chars)
    segmenter.feed(text)
    segmenter.close()
    return list(segmenter.take_all())


def test_sentences_and_paragraphs() -> None:
    segments = cut("One is short. Two is too.\n\nThree is alone.")
    assert [(s.text, s.ending, s.sentence) for s in segments] == [
        ("One is short.", Ending.SENTENCE, 0),
        ("Two is too.", Ending.PARAGRAPH, 1),
        ("Three is alone.", Ending.PARAGRAPH, 2),
    ]


def test_abbreviations_do_not_end_a_sentence() -> None:
    assert len(cut("Dr. Smith came at 3 p.m. on Jan. 5th with J. K. Rowling.")) <= 2


def test_offsets_lead_to_the_original() -> None:
    text = (
        "The exami-\nnation is over, as far as I can tell at this\nmoment of the day. \u200bNext one.\n\n  Last one. "
    )
    for segment in cut(text):
        original = text[segment.start_chars : segment.end_chars]
        assert original.split()[-1] == segment.text.split()[-1]
        assert original[0] == segment.text[0]


def test_the_first_segment_is_short() -> None:
    text = (
        "When the train finally arrived, everyone who had been waiting in the cold wind climbed aboard without a word."
    )
    first, *rest = cut(text)
    assert first.text == "When the train finally arrived,"
    assert first.ending is Ending.CLAUSE
    assert len({s.sentence for s in (first, *rest)}) == 1


def test_an_english_sentence_without_a_clause_is_cut_at_a_phrase() -> None:
    first = cut("The committee met on Tuesday to discuss the budget for the coming year in detail.")[0]
    assert first.text == "The committee met on Tuesday"
    assert first.ending is Ending.CUT


def test_only_the_first_sentence_is_cut_short() -> None:
    long = "When the train finally arrived, everyone who had been waiting in the cold wind climbed aboard."
    assert cut(f"Yes. {long}")[1].text == long


def test_a_sentence_without_end_is_cut_at_clauses() -> None:
    segments = cut("and then we went on, " * 200)
    assert all(len(s.text) <= MAX_CHARS for s in segments)
    assert all(s.text.endswith(",") for s in segments)


def test_a_word_without_end_is_spelt_in_pieces_of_one_sentence() -> None:
    segments = cut("x" * 1000)
    assert "".join(s.text for s in segments) == "x" * 1000
    assert len({s.sentence for s in segments}) <= 2


def test_an_address_without_end_is_cut_behind_its_signs() -> None:
    text = "See https://example.org/" + "/".join(["archive-of-letters", "nineteen_hundred", "page"] * 6) + "?id=7."
    segments = cut(text)
    assert "".join(s.text for s in segments).replace(" ", "") == text.replace(" ", "")
    assert all(s.text[-1] in "/-_?=." for s in segments[1:])


@pytest.mark.parametrize("mark", ["1.", "12.", "2.1.", "3)", "a)", "B."])
def test_the_mark_of_an_item_is_no_sentence(mark: str) -> None:
    assert [s.text for s in cut(f"{mark} First this. Then that.")] == [f"{mark} First this.", "Then that."]
    assert [s.text for s in cut(f"Take:\n{mark} Flour\n{mark} Oil")] == ["Take:", f"{mark} Flour", f"{mark} Oil"]
    assert [s.text for s in cut(mark)] == [mark]


@pytest.mark.parametrize("rule", ["|------|-----|", "| --- | --- |", "|:---|:---:|", "|-----|-----|"])
def test_of_a_table_its_cells_are_read(rule: str) -> None:
    table = f"| Name | Age |\n{rule}\n| Bob | 42 |"
    assert [s.text for s in cut(table)] == ["Name , Age", "Bob , 42"]


def test_languages_change_by_paragraph() -> None:
    text = (
        "This is an English paragraph with enough words.\n\n"
        "Dies ist ein deutscher Absatz mit genügend Wörtern.\n\nПо-русски."
    )
    assert list(dict.fromkeys(s.language for s in cut(text))) == ["en", "de", "ru"]


def test_a_fixed_language_is_not_judged() -> None:
    assert {s.language for s in cut("Dies ist Deutsch, ganz gewiss.", language="fr")} == {"fr"}


def test_a_short_paragraph_is_in_the_language_of_its_neighbours() -> None:
    text = "Dieser Absatz ist lang genug, um ihn ohne jeden Zweifel für Deutsch zu halten, oder etwa nicht?\n\nHotel"
    assert cut(text)[-1].language == "de"


@pytest.mark.parametrize("text", ["", " \n\n ", "\x00\x00", "\u200b" * 100, "\ud800\ud801", "---\n***", "…", "> \n> "])
def test_nothing_to_say(text: str) -> None:
    assert cut(text) == []


@pytest.mark.parametrize(
    "text",
    ["😀😀😀", "مرحبا بالعالم. كيف حالك؟", "你好。再见。", "a\r\nb\r\n\r\nc", "a\rb", "1\x0c2", "🇩🇪", "\ud83d alone"],
)
def test_odd_text_is_read(text: str) -> None:
    assert cut(text)


def test_is_speakable() -> None:
    assert is_speakable("a")
    assert is_speakable("😀")
    assert is_speakable("50 %")
    assert not is_speakable("… – ()")


class TestWhileItArrives:
    def test_a_sentence_is_given_when_the_next_begins(self) -> None:
        segmenter = Segmenter(1)
        segmenter.feed("First one. ")
        assert segmenter.take() is None
        segmenter.feed("Sec")
        assert (segment := segmenter.take()) is not None
        assert segment.text == "First one."
        assert segmenter.take() is None
        segmenter.feed("ond one.")
        segmenter.close()
        assert (segment := segmenter.take()) is not None
        assert segment.text == "Second one."

    def test_a_hungry_listener_gets_the_words_there_are(self) -> None:
        segmenter = Segmenter(1)
        segmenter.feed("Some words of a sent")
        assert (segment := segmenter.take(is_hungry=True)) is not None
        assert segment.text == "Some words of a"
        assert segment.ending is Ending.OPEN
        segmenter.feed("ence. More")
        segmenter.close()
        assert (segment := segmenter.take()) is not None
        assert segment.text == "sentence."
        assert segment.sentence == 0

    @pytest.mark.parametrize("text", ["Build finished.\n", "Hello.", "Done\n", "It said: “yes.”", "A line\n"])
    def test_a_hungry_listener_gets_whole_lines_and_sentences(self, text: str) -> None:
        segmenter = Segmenter(1)
        segmenter.feed(text)
        assert segmenter.take() is None
        assert (segment := segmenter.take(is_hungry=True)) is not None
        assert segment.text == text.strip()
        assert segment.ending is Ending.SENTENCE

    def test_letter_by_letter_gives_the_same_words(self) -> None:
        text = "Hello there. How are you?\n\nA new paragraph, Dr. Smith said. The end."
        segmenter = Segmenter(1)
        found: list[Segment] = []
        for letter in text:
            segmenter.feed(letter)
            found += segmenter.take_all()
        segmenter.close()
        found += segmenter.take_all()
        assert " ".join(s.text for s in found) == " ".join(s.text for s in cut(text))
        assert [text[s.start_chars : s.end_chars] for s in found] == [s.text for s in found]


def test_the_first_words_of_a_book_cost_no_more_memory_than_a_sentence() -> None:
    book = "It was a dark night, and it rained. " * 280_000  # 10 MB
    segmenter = Segmenter(1)
    segmenter.feed(book)
    segmenter.close()
    segments = segmenter.take_all()
    tracemalloc.start()
    for _ in range(500):
        assert next(segments)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2_000_000


def test_sentences_of_a_writer_without_capitals_end_too() -> None:
    segmenter = Segmenter(1, "en")
    segmenter.feed("i went home. it was late. then i slept.")
    segmenter.close()
    assert [s.text for s in segmenter.take_all()] == ["i went home.", "it was late.", "then i slept."]


@pytest.mark.parametrize("sentence", ["是。", "Er kam heute sehr spät an. "])
def test_a_turn_makes_few_sentences_however_short_they_are(sentence: str) -> None:
    segmenter = Segmenter(1)
    segmenter.feed(sentence * 400)
    segmenter.close()
    in_turns = []
    count = 0
    while (segment := segmenter.take()) or segmenter.is_busy:
        in_turns.append(len(segmenter._ready) + 1)
        count += segment is not None
    assert max(in_turns) <= 6
    assert count == 400
