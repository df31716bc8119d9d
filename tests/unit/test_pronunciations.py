"""The user's list of pronunciations: which words it means, which not, and what of it is refused."""

from __future__ import annotations

import time

import pytest

from reader.errors import SettingsError
from reader.flow import Voice
from reader.support.files import DamagedFileError
from reader.text import pronunciation_table
from reader.text.pronunciations import (
    MAX_ENTRIES,
    MAX_EXPRESSIONS,
    Entry,
    Kind,
    Pronunciations,
    check_speed,
    checked,
)

ENGLISH, GERMAN = Voice("espeak/en", "English", "en"), Voice("neural/de", "German", "de")
# Each takes years where nothing ends it.
NASTY = {
    r"(a+)+$": "a" * 5000 + "!",
    r"(\w+\s?)+$": "word " * 5000 + "!",
    r"^(([a-z])+.)+[A-Z]([a-z])+$": "a" * 5000,
    r"(x+x+)+y": "x" * 5000 + "z y",
    r"(?R)?a(?R)?b": "a" * 5000,
    r"(?:.*.*.*.*)=": "=" + "y" * 5000,
    r"(?b)(?:abc){e}": "x" * 5000,
    r"(.+)+\1\1!": "ab" * 2000 + "?!",
    r"(?<=(a+)+)b": "a" * 3000 + "cb",
    r"((a{1,50}){1,50}){1,50}c": "a" * 3000 + "bc",
}


def said(text: str, *entries: Entry, voice: Voice = ENGLISH, besides: Voice | None = None) -> str:
    return Pronunciations(map(checked, entries)).said(text, voice, besides).text


@pytest.mark.parametrize(
    ("word", "text", "wanted"),
    [
        ("nguyen", "Nguyen and NGUYEN, nguyens", "X and X, nguyens"),
        ("Nguyen", "Nguyen, NGUYEN, nguyen", "X, X, nguyen"),
        ("US", "US us Us", "X us Us"),
        ("cat", "Cat's cat-like concatenate cat_2 cat2 2cat (cat)", "X's X-like concatenate cat_2 cat2 2cat (X)"),
        ("c++", "C++, c++11 and C+", "X, X11 and C+"),
        (".net", "ASP.NET and .NET", "ASPX and X"),
        ("5G", "5G, 15G 5GB 5g", "X, 15G 5GB 5g"),
        ("straße", "Straße STRAßE Straßen", "X X Straßen"),
        ("don't", "Don’t", "X"),
        ("new york", "New\u00a0York", "X"),
        ("क", "क कि", "X कि"),
        ("東京", "東京都へ", "X都へ"),
        ("👍", "Well 👍!", "Well X!"),
        ("καλός", "ΚΑΛΌΣ", "X"),
    ],
)
def test_a_word_is_meant_where_it_is_whole(word: str, text: str, wanted: str) -> None:
    assert said(text, Entry(word, "X")) == wanted


def test_a_part_is_meant_within_words_too() -> None:
    assert said("Concatenate the Cat", Entry("cat", "X", Kind.PART)) == "ConXenate the X"


def test_an_expression_takes_what_it_found_along() -> None:
    entry = Entry(r"\bv(\d+)", r"version \1", Kind.EXPRESSION)
    assert said("v2 and v10, not V3", entry) == "version 2 and version 10, not V3"
    assert said("über", Entry(r"\büber\b", "X", Kind.EXPRESSION)) == "X"


def test_of_two_words_the_longer_is_said_and_nothing_is_replaced_twice() -> None:
    entries = [Entry("new", "old"), Entry("new york", "NYC"), Entry("old", "new"), Entry("NYC", "wrong")]
    assert said("New old New York", *entries) == "old new NYC"


def test_expressions_come_first_in_their_order() -> None:
    first, second = Entry("a b", "X", Kind.EXPRESSION), Entry("[ab]", "Y", Kind.EXPRESSION)
    assert said("a b c b", Entry("b", "Z"), first, second) == "X c Y"
    assert said("a b c b", Entry("b", "Z"), second, first) == "Y Y c Y"


def test_the_entry_that_fits_best_is_said() -> None:
    entries = [
        Entry("live", "all"),
        Entry("live", "english", language="en"),
        Entry("live", "one", voice="espeak/en"),
        Entry("LIVE", "capitals"),
    ]
    assert said("live LIVE", *entries) == "one capitals"
    assert said("live", *entries, voice=Voice("neural/x", "X", "en")) == "english"
    assert said("live", *entries, voice=GERMAN) == "all"
    assert said("live", Entry("live", "X", voice="neural/")) == "live"
    assert said("live", Entry("live", "X", voice="neural/"), voice=GERMAN) == "X"


def test_a_part_for_another_voice_is_not_said_twice() -> None:
    entries = [Entry("a", "b"), Entry("b", "a"), Entry("c", "d", language="de")]
    assert said("a b c", *entries, voice=GERMAN, besides=ENGLISH) == "a b d"


def test_positions_lead_back() -> None:
    done = Pronunciations([Entry("sql", "sequel")]).said("The SQL way", ENGLISH)
    assert done.text == "The sequel way"
    assert [done.source_offset(i) for i in (0, 3, 4, 9, 10, 11)] == [0, 3, 4, 6, 7, 8]


def test_a_sentence_does_not_fall_silent() -> None:
    entry = Entry(r"(x*)word", r"\1", Kind.EXPRESSION)
    assert said("word.", entry) == "word."
    assert said("word and more", entry) == " and more"


def test_what_entries_add_is_limited() -> None:
    assert len(said("e " * 1000, Entry("e", "long " * 40))) < 5000
    assert len(said("e " * 1000, Entry("(.+)", r"\1" * 60, Kind.EXPRESSION))) < 5000


@pytest.mark.parametrize("expression", NASTY)
def test_no_expression_holds_up_the_reading(expression: str) -> None:
    """Processor time of this thread, so that a busy machine makes no difference."""
    words = Pronunciations([Entry(expression, "X", Kind.EXPRESSION), Entry("fine", "good")])
    begin_s = time.thread_time()
    texts = [NASTY[expression] + " fine." for _ in range(50)]
    for text in texts:
        assert words.said(text, ENGLISH).text.endswith(("good.", "X."))
    took_s = time.thread_time() - begin_s
    problems = words.take_problems()
    assert took_s < 2, f"{took_s:.1f} s for 50 sentences"
    assert all("takes too long" in problem for problem in problems)
    assert len(problems) <= 1
    assert words.take_problems() == []


def test_slow_expressions_are_found_before_they_are_kept() -> None:
    slow = (r"(\w+\s?)+$", r"^(([a-z])+.)+[A-Z]([a-z])+$", r"(a|aa)+$", r"(.*)*!\1z|(x+x+)+$")
    for expression in slow:
        with pytest.raises(SettingsError, match="takes too long"):
            check_speed(Entry(expression, "X", Kind.EXPRESSION))
    for expression in (r"\bv(\d+)\b", r"(?i)chapter\s+([ivx]+)", r"[\w.]+@[\w.]+", r"(\d+)(?:st|nd|rd|th)"):
        check_speed(Entry(expression, "X", Kind.EXPRESSION))


@pytest.mark.parametrize(
    ("expression", "spoken", "why"),
    [
        ("(a", "x", "a closing “)” is missing"),
        ("a)", "x", "there is one “)” too many"),
        ("[a", "x", "a closing “]” is missing"),
        ("*a", "x", "nothing before"),
        ("[b-a]", "x", "runs backwards"),
        ("a{3,2}", "x", "smaller number"),
        ("a", r"x\2", "group that does not exist"),
        ("a", r"x\g<no>", "group that does not exist"),
        (r"\p{Nonsense}", "x", "unknown property"),
        ("(?P<1>a)", "x", "bad character in group name"),
    ],
)
def test_a_bad_expression_is_refused_with_its_reason(expression: str, spoken: str, why: str) -> None:
    with pytest.raises(SettingsError) as refusal:
        checked(Entry(expression, spoken, Kind.EXPRESSION))
    assert why in refusal.value.sentence
    assert refusal.value.sentence.count(".") == 1


@pytest.mark.parametrize(
    "entry",
    [
        Entry("", "x"),
        Entry("x", " "),
        Entry("x", "…"),
        Entry("x\ny", "x"),
        Entry("x", "\x1b[31m"),
        Entry("x" * 201, "x"),
        Entry("x", "y", language="english"),
        Entry("x", "y", voice="heart"),
    ],
)
def test_what_can_not_be_an_entry_is_refused(entry: Entry) -> None:
    with pytest.raises(SettingsError) as refusal:
        checked(entry)
    assert refusal.value.sentence.endswith(".")


class TestTable:
    ENTRIES = (
        Entry('say "hi", now', "x; y"),
        Entry("5G", "five gee", Kind.PART, "de", "espeak/de"),
        Entry(r"(\d+),(\d+)", r"\1 comma \2", Kind.EXPRESSION),
        Entry("=1+1", "a sum"),
    )

    def test_is_read_as_it_is_written(self) -> None:
        assert pronunciation_table.read(pronunciation_table.written(self.ENTRIES)) == (list(self.ENTRIES), [])

    def test_is_taken_as_spreadsheets_write_it(self) -> None:
        table = "\ufeff\r\nSpoken;Other;WORD\r\nsequel;1;SQL\r\n;;\r\n"
        assert pronunciation_table.read(table) == ([Entry("SQL", "sequel")], [])

    def test_a_line_that_can_not_be_used_costs_only_itself(self) -> None:
        entries, problems = pronunciation_table.read("word,spoken,kind\na,b\nc\nd,e,verb\n(,f,expression\ng,h\n")
        assert [entry.word for entry in entries] == ["a", "g"]
        assert [problem.partition(":")[0] for problem in problems] == ["line 3", "line 4", "line 5"]

    def test_of_two_for_the_same_the_later_counts(self) -> None:
        assert pronunciation_table.read("word,spoken\na,b\nc,d\na,e\n")[0] == [Entry("a", "e"), Entry("c", "d")]

    @pytest.mark.parametrize("table", ["", "a,b\n", "\0\0", "word\na\n", "word,spoken\n" + 200_000 * "x"])
    def test_anything_else_is_none(self, table: str) -> None:
        with pytest.raises(DamagedFileError):
            pronunciation_table.read(table)

    def test_has_an_end(self) -> None:
        full = "word,spoken,kind\n" + "".join(f"a{i},b,expression\n" for i in range(MAX_EXPRESSIONS + 1))
        entries, problems = pronunciation_table.read(full)
        assert (len(entries), len(problems)) == (MAX_EXPRESSIONS, 1)
        full = "word,spoken\n" + "".join(f"a{i},b\n" for i in range(MAX_ENTRIES + 2))
        entries, problems = pronunciation_table.read(full)
        assert (len(entries), len(problems)) == (MAX_ENTRIES, 2)
