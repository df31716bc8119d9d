"""Documents of speech markup: what they say, and what is none."""

from __future__ import annotations

import pytest

from reader.errors import MarkupError
from reader.flow import Ending
from reader.text.ssml import MAX_CHARS, MAX_SPOKEN_CHARS, Document, spoken


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<speak>Hello there.</speak>", "Hello there."),
        ("<speak>One<break time='1s'/>two</speak>", "One  two"),
        ("<speak><p>One.</p><p><s>Two.</s><s>Three.</s></p></speak>", "One.\n\n\n\n\nTwo.\n\nThree."),
        ("<speak>The <sub alias='World Wide Web'>W<b>W</b>W</sub> is.</speak>", "The World Wide Web is."),
        ("<speak><amazon:effect name='drc'>Soft &amp; low</amazon:effect></speak>", "Soft & low"),
        ("<?xml version='1.0' encoding='UTF-16'?>\n<speak>Grüße</speak>", "Grüße"),
        ("<speak><![CDATA[a < b]]><!-- not this --></speak>", "a < b"),
        ("<speak/>", ""),
    ],
)
def test_the_text_without_markup(markup: str, text: str) -> None:
    assert spoken(markup) == text


@pytest.mark.parametrize(
    ("markup", "why"),
    [
        ("", "begin with <speak>"),
        ("Hello", "begin with <speak>"),
        ("Hello <speak>there</speak>", "begin with <speak>"),
        ("<speak>Hello", "not well-formed"),
        ("<speak>a & b</speak>", "not well-formed"),
        ("<speak>a</speak><speak>b</speak>", "not well-formed"),
        ("<speak>&nbsp;</speak>", "not well-formed"),
        ("<html>a</html>", "<speak>"),
        ("<!DOCTYPE speak [<!ENTITY a 'b'>]><speak>&a;</speak>", "document type"),
        ("<speak>\ud83d</speak" + ">" * 3, "not well-formed"),
        (f"<speak>{' ' * MAX_CHARS}</speak>", "too long"),
        (f"<speak>{'a' * (MAX_SPOKEN_CHARS + 1)}</speak>", "too much text"),
    ],
)
def test_what_is_no_document_is_told_in_one_sentence(markup: str, why: str) -> None:
    with pytest.raises(MarkupError, match=why) as caught:
        spoken(markup)
    assert caught.value.sentence.count(". ") == 0


def test_what_is_just_short_enough() -> None:
    assert len(spoken(f"<speak>{'a' * MAX_SPOKEN_CHARS}</speak>")) == MAX_SPOKEN_CHARS
    assert spoken("<speak>" + " " * (MAX_CHARS - 15) + "</speak>") == ""


def test_a_document_is_one_segment() -> None:
    markup = "<speak>Das ist ein Satz. Und <emphasis>das</emphasis> ist noch ein anderer.</speak>"
    document = Document(7)
    document.feed(markup)
    document.close()
    segment = document.take()
    assert segment
    assert (segment.utterance_id, segment.index, segment.markup) == (7, 0, markup)
    assert segment.text == "Das ist ein Satz. Und das ist noch ein anderer."
    assert (segment.ending, segment.language, segment.end_chars) == (Ending.PARAGRAPH, "de", len(markup))
    assert document.take() is None


def test_a_document_without_words_has_nothing_to_say() -> None:
    document = Document(1)
    document.feed("<speak><break time='3s'/></speak>")
    assert document.take() is None
