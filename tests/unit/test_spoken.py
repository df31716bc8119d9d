"""What a voice is given instead of forms that it could misread."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reader.text.spoken import spoken

ENGLISH = [
    ("They paid $5, 20 people came.", "They paid five dollars, twenty people came."),
    (".5 and .75", "point five and point seven five"),
    ("He is 6'2\" tall.", "He is six feet two inches tall."),
    ("5⅝ and 2 1/2 and 1½", "five and five eighths and two and a half and one and a half"),
    ("It is 3/4.", "It is three quarters."),
    ("3,5 litres", "three point five litres"),
    ("$5–$10 or $1.5bn or -$5", "five to ten dollars or one point five billion dollars or minus five dollars"),
    ("£1.01, $0.50, 5 €", "one pound and one penny, fifty cents, five euros"),
    ("See No. 5 on pp. 10-20.", "See number five on pages ten to twenty."),
    ("on Jan. 5 near St. Paul", "on January fifth near Saint Paul"),
    ("5 January 2024", "the fifth of January, twenty twenty four"),
    ("Call (212) 555-0187.", "Call two one two, five five five, zero one eight seven."),
    ("at 192.168.0.1", "at one nine two dot one six eight dot zero dot one"),
    ("version 2.4.1", "version two point four point one"),
    ("12345678901234567890", "one two three four five six seven eight nine zero " * 2),
    ("It was -5 °C.", "It was minus five degrees Celsius."),
    ("5 m/s over 10 m² and 20 μg", "five meters per second over ten square meters and twenty micrograms"),
    ("In 1905, 2007 and the 1990s", "In nineteen oh five, two thousand seven and the nineteen nineties"),
    ("2025-03-04", "March fourth, twenty twenty five"),
    ("World War II, Henry VIII", "World War two, Henry the eighth"),
    ("jane.doe@example.org", "jane dot doe at example dot org"),
    ("Go to https://example.com/a.", "Go to example dot com slash a."),
    ("~/src and README.md", "tilde slash src and README dot md"),
    ("CO₂ or CO2, SO₄²⁻", "C O two or C O two, S O four two minus"),
    ("Ctrl+C and Alt+F4", "control plus C and alt plus F four"),
    ("x² and 10^5", "x squared and ten to the power of five"),
    ("the word² is here", "the word is here"),
    ("x -> y", "x arrow y"),
    ("5 Main St. in Rome", "five Main Street in Rome"),
    ("1,250 or 1,2,3", "one thousand two hundred fifty or one, two, three"),
    ("He came—late", "He came, late"),
    ("Nobody could say it better.", "Nobody could say it better."),
]


@pytest.mark.parametrize(("text", "said"), ENGLISH)
def test_english(text: str, said: str) -> None:
    assert spoken(text, "en").text == said.strip()


@given(st.text(max_size=200) | st.text("0123456789.,-/$%°'\"#+:@²½ mkgAI", max_size=200))
@settings(max_examples=500, deadline=None)
@pytest.mark.parametrize("language", ["en", "de", "fr", "ru"])
def test_whatever_is_said_leads_back_into_the_text(language: str, text: str) -> None:
    result = spoken(text, language)
    offsets = [result.source_offset(i) for i in range(len(result.text))]
    assert all(0 <= offset < len(text) for offset in offsets)
    assert offsets == sorted(offsets)


def test_a_word_leads_back_to_its_own_place() -> None:
    text = "They paid $5 on Jan. 5, and then left."
    result = spoken(text, "en")
    for word in ("They", "then", "left"):
        assert result.source_offset(result.text.index(word)) == text.index(word)
    assert result.source_offset(result.text.index("five")) == text.index("$5")


@given(st.lists(st.sampled_from(["word", "another", "café", "hello", "Ann", "the", "quick"]), max_size=30))
def test_words_stay(words: list[str]) -> None:
    assert spoken(" ".join(words), "en").text == " ".join(words)
