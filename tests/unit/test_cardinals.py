"""Numbers in words, in languages whose figures eSpeak NG says wrongly."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reader.text.spoken import cardinals, spoken
from reader.text.spoken.tables import tables

LANGUAGES = ["es", "it", "nl", "pl", "pt", "ru", "sv", "uk"]
WORDS = [
    ("es", 21_000, "veintiún mil"),
    ("es", 1_000_100, "un millón cien"),
    ("es", 2_000_000_000, "dos mil millones"),
    ("it", 28, "ventotto"),
    ("it", 21_000, "ventunmila"),
    ("nl", 22, "tweeëntwintig"),
    ("pl", 2_000, "dwa tysiące"),
    ("pl", 12_000, "dwanaście tysięcy"),
    ("pl", 22_000_005, "dwadzieścia dwa miliony pięć"),
    ("pt", 1_500, "mil e quinhentos"),
    ("pt", 1_234, "mil duzentos e trinta e quatro"),
    ("ru", 60, "шестьдесят"),
    ("sv", 21_000_000, "tjugoen miljoner"),
    ("uk", 2_021, "дві тисячі двадцять один"),
    ("uk", 11_000_000, "одинадцять мільйонів"),
    ("uk", 21_000_000, "двадцять один мільйон"),
    ("uk", 5, "п'ять"),
]
# Codes, names and what others have said already; figures of other scripts; languages that need no words.
LEFT = [
    ("es", "007, 12345678901, v. 2.4.1, COVID-19, A4, 3/7, 16:9, x_5 y +34 91"),
    ("es", "1 2 3 y 10.0.0.1"),
    ("es", "٢٥ २५ ５ ²"),
    ("pl", "Zajęła 5. miejsce"),
    ("pt", "16 ou 119"),
    ("ru", "1500 и 60-й"),
    ("sv", "25 och 1984"),
    ("nl", "1984"),
    ("fr", "5 et 80"),
    ("ar", "5"),
]


@pytest.mark.parametrize(("language", "value", "said"), WORDS)
def test_a_number_in_words(language: str, value: int, said: str) -> None:
    assert cardinals.words(language, value) == said


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("de", "am 31. Mai 1871", "am einunddreißigsten Mai achtzehnhunderteinundsiebzig"),
        ("de", "Papst Klaus CXX. sprach.", "Papst Klaus der Einhundertzwanzigste sprach."),
        ("fr", "le 81e et le 200e", "le quatre-vingt-unième et le deux centième"),
        ("fr", "le 5e, le 71e et le 99e", "le cinquième, le soixante-et-onzième et le quatre-vingt-dix-neuvième"),
        ("cs", "4 km, 23 km", "4 kilometry, 23 kilometrů"),
    ],
)
def test_years_ordinals_and_what_is_counted(language: str, text: str, said: str) -> None:
    assert spoken(text, language).text == said


@pytest.mark.parametrize(("language", "text"), LEFT)
def test_what_stays_in_figures(language: str, text: str) -> None:
    assert spoken(text, language).text == text


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("ru", "1,5 и 21,01", "одна целая пять десятых и двадцать одна целая одна сотая"),
        ("uk", "Тут 2,125.", "Тут дві цілих сто двадцять п'ять тисячних."),
        ("es", "Son -5 (o 3).", "Son menos cinco (o tres)."),
        ("uk", "5 000 000 000", "п'ять мільярдів"),
    ],
)
def test_decimals_signs_and_round_numbers(language: str, text: str, said: str) -> None:
    assert spoken(text, language).text == said


@given(st.integers(0, 10**12 - 1))
@settings(deadline=None)  # a busy machine
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_has_words_without_figures_or_marks(language: str, value: int) -> None:
    said = cardinals.words(language, value)
    assert said
    assert said == " ".join(said.split())
    assert all(c.isalpha() or c in " -'" for c in said)


@given(st.integers(0, 999_999), st.integers(0, 999_999))
@settings(max_examples=200)
@pytest.mark.parametrize("language", LANGUAGES)
def test_different_numbers_have_different_words(language: str, one: int, other: int) -> None:
    assert (cardinals.words(language, one) == cardinals.words(language, other)) == (one == other)


@given(st.text("0123456789٠٥५９.,-/ %€²½kmл", max_size=60))
@settings(deadline=None)
@pytest.mark.parametrize("language", LANGUAGES)
def test_whatever_figures_there_are_it_leads_back_into_the_text(language: str, text: str) -> None:
    result = spoken(text, language)
    offsets = [result.source_offset(i) for i in range(len(result.text))]
    assert all(0 <= offset < len(text) for offset in offsets)
    assert offsets == sorted(offsets)


def test_only_languages_with_rules_have_numbers_in_words() -> None:
    assert all("in_words" in tables(language) for language in LANGUAGES)
    assert not cardinals.rules("de")
    assert not cardinals.rules("xx")
