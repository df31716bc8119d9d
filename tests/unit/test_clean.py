import pytest

from reader.text.clean import clean


@pytest.mark.parametrize(
    ("raw", "readable"),
    [
        ("plain text", "plain text"),
        ("  both ends \n", "both ends"),
        ("two  spaces\tand a tab", "two spaces and a tab"),
        ("wrapped\nline", "wrapped line"),
        ("exami-\nnation", "examination"),
        ("exami-\n  nation", "examination"),
        ("exami\u00ad\nnation", "examination"),
        ("COVID-\n19", "COVID- 19"),
        ("Smith-\nJones", "Smith-Jones"),
        ("soft\u00adhyphen", "softhyphen"),
        ("zero\u200bwidth and \ufeffmark", "zerowidth and mark"),
        ("𝐛𝐨𝐥𝐝 and 𝒻𝒶𝓃𝒸𝓎", "bold and fancy"),
        ("ｗｉｄｅ ４２", "wide 42"),
        ("ﬁne oﬃce", "fine office"),
        ("x² stays, so does 5 °C", "x² stays, so does 5 °C"),
        ("cafe\u0301", "café"),
        ("z\u0351a\u0336l\u0334go", "zalgo"),
        ("раypal and аpple", "paypal and apple"),
        ("\\fBНе тут", "\\fBНе тут"),
        ("Москва и apple", "Москва и apple"),
        ("nul\x00and\x01bell\x07", "nul and bell"),
        ("lone \ud800 surrogate", "lone surrogate"),
        ("icon \ue0b0 font", "icon font"),
        ("> quoted\n> mail\n>> deeper", "> quoted mail deeper"),
        ("=======\nHeading", "Heading"),
        ("| Name | Age |", "Name , Age"),
        ("Late news | The Paper", "Late news , The Paper"),
        ("a|b || c", "a|b || c"),
        ("|", "|"),
        ("contents ........ 12", "contents … 12"),
        ("日本\n語", "日本語"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("fi\u200cx", "fix"),
        ("كـــتاب", "كتاب"),
        ("", ""),
        ("\u200b\u00ad", ""),
    ],
)
def test_readable(raw: str, readable: str) -> None:
    assert clean(raw).text == readable


@pytest.mark.parametrize(
    "raw", ["  some exami-\nnation of\nwords", "𝐛𝐨𝐥𝐝 text", "a\u200bb\u200bc d", "\n\n x  y   z", "cafe\u0301 au lait"]
)
def test_every_plain_letter_leads_back_to_itself(raw: str) -> None:
    cleaned = clean(raw)
    for i, char in enumerate(cleaned.text):
        if char.isascii() and char.isalpha() and raw.isascii():
            assert raw[cleaned.source_offset(i)] == char


def test_offset_of_a_word_behind_changes() -> None:
    raw = "The exami-\nnation was \u00adlong."
    cleaned = clean(raw)
    assert raw[cleaned.source_offset(cleaned.text.index("was")) :].startswith("was")
    assert raw[cleaned.source_offset(cleaned.text.index("long")) :].startswith("long")


def test_a_letter_that_becomes_several_keeps_its_place() -> None:
    cleaned = clean("ﬀﬀ00")
    assert cleaned.text == "ffff00"
    assert [cleaned.source_offset(i) for i in range(6)] == [0, 1, 1, 1, 2, 3]
    assert clean("ﬀ").source_offset(1) == 0
