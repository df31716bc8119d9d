"""What a voice is given instead of forms that it could misread."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reader.text.spoken import spoken
from tests.heard import sounds, voices

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
    ("x -> y", "x arrow y"),
    ("5 Main St. in Rome", "five Main Street in Rome"),
    ("1,250 or 1,2,3", "one thousand two hundred fifty or one, two, three"),
    ("He came—late", "He came, late"),
    ("1.2M users, 3.5k likes, 5G", "one point two million users, three point five thousand likes, five G"),
    ("a != b && c <= 5", "a is not equal to b and c is less than or equal to five"),
    ("C++, C# and .NET", "C plus plus, C sharp and dot net"),
    ("5-3=2 and 2+2=4", "five minus three equals two and two plus two equals four"),
    ("Louis XIV, Part III, vitamin C, I am.", "Louis the fourteenth, Part three, vitamin C, I am."),
    ("5-10 min. or 7 lbs. or so", "five to ten minutes or seven pounds or so"),
    ("0.25 mg", "zero point two five milligrams"),
    ("On 1️⃣ 👩🏽‍🔬 🏳️‍🌈 😂😂😂", "On one woman scientist rainbow flag face with tears of joy"),
    ("A π r² and 3 × 4, 10 x 20", "A pi r squared and three times four, ten by twenty"),
    ("€1.500,00 or 20 €/month, 16:9", "one thousand five hundred euros or twenty euros per month, sixteen to nine"),
    ("Nobody could say it better.", "Nobody could say it better."),
]

OTHERS = [
    ("de", "Am 3.10.1990 um 9.05 Uhr", "Am dritten Oktober neunzehnhundertneunzig um 9 Uhr 5"),
    ("de", "z.B. im 20. Jh., S. 12, 2,75 €", "zum Beispiel im zwanzigsten Jahrhundert, Seite 12, 2 Euro 75"),
    ("de", "Die 3. Auflage. Ludwig XIV. kam.", "Die dritte Auflage. Ludwig der Vierzehnte kam."),
    ("de", "in der Bahnhofstr. 5, -5 °C", "in der Bahnhofstraße 5, minus 5 Grad Celsius"),
    ("fr", "Le 1er mai, François Ier, vers le XVIIe", "Le premier mai, François premier, vers le dix-septième"),
    ("fr", "M. Petit, n° 5, 2,75 €", "monsieur Petit, numéro 5, 2 virgule 75 euros"),
    ("es", "El siglo XX, Felipe II y Alfonso XIII", "El siglo veinte, Felipe segundo y Alfonso trece"),
    ("it", "nel XX secolo, sig.ra Bianchi", "nel ventesimo secolo, signora Bianchi"),
    ("pt", "D. Pedro II, R$ 5,50", "Dom Pedro segundo, cinco vírgula cinquenta reais"),
    ("nl", "D.w.z. op nr. 5, € 2,75", "dat wil zeggen op nummer vijf, 2,75 euro"),
    ("pl", "W XX wieku, np. 20 zł", "W dwudziestym wieku, na przykład dwadzieścia złotych"),
    (
        "ru",
        "В XIX веке, начало III века, т. е. 5 км",
        "В девятнадцатом веке, начало третьего века, то есть пять километров",
    ),
    ("sv", "T.ex. 5 km", "till exempel 5 kilometer"),
    ("he", "סֵפֶר", "ספר"),
    ("ja", "うれしい😀", "うれしい にっこり笑う"),
    ("xx", "5 km", "5 km"),
]


@pytest.mark.parametrize(("language", "text", "said"), OTHERS)
def test_other_languages(language: str, text: str, said: str) -> None:
    assert spoken(text, language).text == said


def test_short_forms_that_no_voice_knows_are_said_in_full() -> None:
    said = spoken("Assn. of Nurses, Univ. of Iowa, the univ. of Iowa", "en").text
    assert said == "Association of Nurses, University of Iowa, the university of Iowa"


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


@pytest.mark.parametrize(
    "text",
    ["Vitamin A is good.", "from A to Z", "an A student", "A or B?", "Plan A", "Use A4 paper.", "A+ and B-", "(a) so",
     "the \"A\" team", "M&A at work", "a² = 5", "a Type-A person"],
)  # fmt: skip
@pytest.mark.parametrize("voice_id", ["espeak/en-us", "espeak/en-gb", "neural/heart"])
def test_the_letter_a_is_not_heard_as_the_article(text: str, voice_id: str) -> None:
    (voice,) = (one for one in voices() if one.id == voice_id)
    letter = "A" if voice.engine == "neural" else "eɪ"
    assert letter in sounds(spoken(text, "en").text, voice).replace("peɪpɚ", "").replace("pApəɹ", "")


@pytest.mark.parametrize("text", ["A vitamin is good.", "He has a plan.", "A Tale of Two Cities", "the book A Tale"])
def test_the_article_is_not_heard_as_the_letter(text: str) -> None:
    assert spoken(text, "en").text == text


@pytest.mark.parametrize("word", ["RAM", "ROM", "PIN", "SIM", "LAN", "MAC", "ZIP", "VIN", "CAD"])
@pytest.mark.parametrize("voice_id", ["espeak/en-us", "neural/heart"])
def test_what_people_say_as_a_word_is_not_spelt(word: str, voice_id: str) -> None:
    (voice,) = (one for one in voices() if one.id == voice_id)
    assert sounds(spoken(f"My {word} is.", "en").text, voice) == sounds(f"My {word.lower()} is.", voice)


def test_a_word_leads_back_to_its_own_place() -> None:
    text = "They paid $5 on Jan. 5, and then left."
    result = spoken(text, "en")
    for word in ("They", "then", "left"):
        assert result.source_offset(result.text.index(word)) == text.index(word)
    assert result.source_offset(result.text.index("five")) == text.index("$5")


@given(st.lists(st.sampled_from(["word", "another", "café", "hello", "Ann", "the", "quick"]), max_size=30))
def test_words_stay(words: list[str]) -> None:
    assert spoken(" ".join(words), "en").text == " ".join(words)
