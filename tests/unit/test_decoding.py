"""Characters of bytes in every encoding people have, whole and piece by piece."""

from __future__ import annotations

import random

import pytest

from reader.documents.decoding import Decoder, is_readable, wide_encoding

TEXTS = {
    "cp1252": "Le café est fermé, l'été est passé. “Ça va” – dit-il…",
    "latin-1": "Schöne Grüße aus München, die Straße ist lang.",
    "cp1250": "Příliš žluťoučký kůň úpěl ďábelské ódy.",
    "iso-8859-2": "Zażółć gęślą jaźń, proszę bardzo. Mąż święty.",
    "cp1251": "Привет, как дела? Сегодня хорошая погода.",
    "koi8-r": "Привет, как дела? Сегодня хорошая погода.",
    "cp866": "Привет, как дела? Сегодня хорошая погода.",
    "iso-8859-5": "Привет, как дела? Сегодня хорошая погода.",
    "koi8-u": "Її дім їде, хай живе Україна. Ґанок.",
    "cp1253": "Καλημέρα κόσμε, τι κάνεις;",
    "iso-8859-7": "Καλημέρα κόσμε, τι κάνεις σήμερα;",
    "cp1254": "Şişli'de güneş doğuyor, ışık geliyor.",
    "cp1255": "שלום עולם, מה שלומך היום?",
    "cp1256": "مرحبا بالعالم، كيف حالك اليوم؟",
    "cp874": "สวัสดีครับ วันนี้อากาศดี",
    "shift_jis": "これは日本語のテキストです。猫がいます。",
    "euc_jp": "これは日本語のテキストです。猫がいます。",
    "iso2022_jp": "これは日本語のテキストです。猫がいます。",
    "gb18030": "这是一个中文文本，今天天气很好。",
    "big5": "這是一個中文文本，今天天氣很好。",
    "euc_kr": "안녕하세요, 오늘 날씨가 좋습니다.",
    "utf-8": "Grüße, 猫, Привет.",
    "utf-8-sig": "Grüße, 猫, Привет.",
    "utf-16": "Grüße, 猫, Привет.",
    "utf-32": "Grüße, 猫, Привет.",
    "utf-16-le": "Plain words without a mark. Grüße.",
    "utf-16-be": "Plain words without a mark. Grüße.",
    "utf-32-le": "Привет, как дела? Сегодня хорошая погода.",
    "utf-32-be": "Привет, как дела? Сегодня хорошая погода.",
}


def decoded(data: bytes, step: int, begin: int = 4) -> str:
    decoder = Decoder()
    text = decoder.decode(data[:begin])
    for at in range(begin, len(data), step):
        text += decoder.decode(data[at : at + step])
    return text + decoder.decode(b"", is_last=True)


@pytest.mark.parametrize("step", [1, 2, 3, 7, 100_000])
@pytest.mark.parametrize("encoding", TEXTS)
def test_a_text_of_one_sentence(encoding: str, step: int) -> None:
    text = TEXTS[encoding]
    assert decoded(text.encode(encoding), step) == text


@pytest.mark.parametrize("encoding", TEXTS)
def test_what_is_no_ascii_may_come_late(encoding: str) -> None:
    text = "Plain words come first. " * 4000 + TEXTS[encoding] * 3
    assert decoded(text.encode(encoding), 65536, 65536) == text


@pytest.mark.parametrize("word", ["café", "Grüße", "niño", "Привет мир"])
@pytest.mark.parametrize("encoding", ["cp1252", "cp1251", "koi8-r"])
def test_a_word_is_enough(word: str, encoding: str) -> None:
    try:
        data = word.encode(encoding)
    except UnicodeEncodeError:
        pytest.skip("not in this encoding")
    assert decoded(data, 1) == word


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp852", "Čeština je krásný jazyk. Ledňáček říční je průměrně velký pták."),
        ("cp852", "Życie jest piękne, więc żyjmy. Dziękuję bardzo, proszę."),
        ("iso-8859-15", "L'œuf de poule: deux œufs, un bœuf et une sœur. Où est-ce que j'ai été?"),
        ("iso-8859-3", "Eĥoŝanĝo ĉiuĵaŭde: la lingvo disvastiĝis ĉie, ĝi estas neŭtrala kaj taŭga."),
        ("mac-latin2", "Ledňáček říční je průměrně velký pták z čeledi ledňáčkovitých."),
        ("cp1250", "Jestem z Łodzi, a ty skąd?"),
        ("cp1252", "Ça va être très bien"),
    ],
)
def test_a_text_in_an_encoding_that_few_have(encoding: str, text: str) -> None:
    assert decoded(text.encode(encoding), 100_000) == text


def test_utf8_is_not_kept_waiting() -> None:
    decoder = Decoder()
    assert decoder.decode("Grü".encode()) == "Grü"
    first, second = "ß".encode()[:1], "ß".encode()[1:]
    assert decoder.decode(first) == ""
    assert decoder.decode(second + b"e") == "ße"


def test_a_pause_is_time_to_decide() -> None:
    decoder = Decoder()
    assert decoder.decode(b"Ein caf") == "Ein caf"
    assert decoder.decode(b"\xe9 am See. ") == ""
    assert decoder.is_waiting
    assert decoder.decode(b"", is_paused=True) == "é am See. "
    assert decoder.decode(b"Das caf\xe9.") == "Das café."


def test_a_foreign_byte_costs_no_more_than_itself() -> None:
    data = "Größe und Länge, für möglichst viele Wörter. ".encode() + b"It\x92s one byte. " + "Übrig.".encode()
    assert decoded(data, 100_000) == "Größe und Länge, für möglichst viele Wörter. It’s one byte. Übrig."


def test_a_text_that_breaks_off_inside_a_character() -> None:
    assert decoded("Grüße, naïve Leute: 猫".encode()[:-1], 100).startswith("Grüße, naïve Leute: ")


@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"\xef\xbb\xbf", b"\xff\xfe\xfd", b"\0\0\0"])
def test_next_to_nothing(data: bytes) -> None:
    assert not decoded(data, 1).strip("\ufffd\0")


@pytest.mark.parametrize(
    "text",
    [
        "これは日本語の文章です。短い文もあります。\n",
        "中文文本，今天天气很好。\r\n第二行。\r\n",
        "Это русский текст, and some English.",
        "안녕하세요, 오늘 날씨가 좋습니다.",
        "Τι κάνεις σήμερα;",
        "Hi you",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_two_bytes_a_letter_without_a_mark(text: str, encoding: str) -> None:
    assert decoded(text.encode(encoding), 100_000, 100_000) == text


@pytest.mark.parametrize(
    "data",
    [
        b"first record is here\0second record is there\0third record follows\0",
        b"/usr/bin/python\0-m\0ui.launch\0speak\0/proc/self/cmdline\0",
        b"A text whose last line ends with a zero.\0",
        bytes.fromhex("b15964c405a600908b5a59570022a22de52d0072620479fd39fe4e"),
    ],
)
def test_nul_bytes_alone_make_no_letters_of_two_bytes(data: bytes) -> None:
    assert wide_encoding(data) == ""


@pytest.mark.parametrize("mark", ["utf-16-le", "utf-16-be", "utf-32-le"])
def test_a_mark_alone_makes_no_text(mark: str) -> None:
    noise = random.Random(1).randbytes(4000)
    assert not is_readable("\ufeff".encode(mark) + noise, mark)
    assert is_readable("\ufeffGrüße, 猫, Привет.\x00".encode(mark), mark)


def test_what_a_document_says_of_itself() -> None:
    text = "<?xml version='1.0' encoding='iso-8859-2'?><speak>Łódź</speak>"
    assert decoded(text.encode("iso-8859-2"), 100_000) == text
