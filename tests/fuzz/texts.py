"""Targets that take a text, or a file that may be one."""

from __future__ import annotations

import contextlib

from reader.capture import terminal
from reader.documents import kinds
from reader.documents.decoding import Decoder as CharacterDecoder
from reader.errors import (
    MarkupError,
)
from reader.flow import Segment, Voice
from reader.support.files import DamagedFileError
from reader.text import around, pronunciation_table, ssml
from reader.text.choices import MILD, Addresses, Choices, Code, Emoji, Footnotes, Pages, Repeats
from reader.text.clean import clean
from reader.text.language import detect
from reader.text.pronunciations import Entry, Pronunciations
from reader.text.segment import Segmenter
from reader.text.spoken import spoken
from tests.fuzz.others import pieces

_CHOICES = (
    MILD,
    Choices(Addresses.LINK, Code.NONE, Footnotes.NONE, Emoji.NONE, Repeats.NONE, Pages.NONE, brackets=False),
    Choices(
        Addresses.HOST, Code.NAME, Footnotes.READ, Emoji.FIRST, Repeats.ONCE, Pages.READ, marks=True, thoughts=True
    ),
)


def text(data: bytes) -> None:
    """A text that arrives in pieces: segments in order, in the text, and not endless."""
    raw = data[1:].decode("utf-8", "surrogateescape" if data[:1] < b"\x80" else "replace")
    size = max(data[0] if data else 1, 1)
    segmenter = Segmenter(1)
    segmenter.choices = _CHOICES[size % len(_CHOICES)]
    found: list[Segment] = []
    for start in range(0, len(raw), size):
        segmenter.feed(raw[start : start + size])
        found += segmenter.take_all()
    segmenter.close()
    found += segmenter.take_all()
    position = 0
    for number, segment in enumerate(found):
        assert segment.index == number
        assert segment.text.strip()
        assert position <= segment.start_chars < segment.end_chars <= len(raw)
        position = segment.start_chars


def around_the_cursor(data: bytes) -> None:
    """The word, the sentence, the paragraph and the last output at a place in a text: parts of it."""
    raw = data[2:].decode("utf-8", "replace")
    at = int.from_bytes(data[:2], "big") % (len(raw) + 1)
    for start, end in (around.word(raw, at), around.paragraph(raw, at), around.sentence(raw, at, "", "en")):
        assert 0 <= start <= end <= len(raw)
        assert raw[start:end].strip() or not raw.strip()
    assert terminal.last_output(raw, at) in raw


def cleaning(data: bytes) -> None:
    """A block of text made readable: each character leads back to where it stood."""
    raw = data.decode("utf-8", "replace")
    cleaned = clean(raw)
    offsets = [cleaned.source_offset(place) for place in range(len(cleaned.text))]
    assert offsets == sorted(offsets)
    assert all(0 <= offset < len(raw) for offset in offsets)


def speakable(data: bytes) -> None:
    """A sentence as voices of several languages get it: each character leads back to where it stood."""
    raw = data[1:].decode("utf-8", "replace")[:400]
    spoken_in = ("en", "de", "fr", "es", "it", "pt", "nl", "pl", "ru", "sv", "he", "ja")
    said = spoken(raw, spoken_in[(data[0] if data else 0) % len(spoken_in)])
    offsets = [said.source_offset(place) for place in range(len(said.text))]
    assert offsets == sorted(offsets)
    assert all(0 <= offset < len(raw) for offset in offsets)


def pronunciation_tables(data: bytes) -> None:
    """A list of pronunciations that somebody imports: what is taken of it can be written, read again, and used."""
    entries: list[Entry] = []
    problems: list[str] = []
    with contextlib.suppress(DamagedFileError):
        entries, problems = pronunciation_table.read(CharacterDecoder().decode(data, is_last=True))
    assert all(problem.endswith(".") for problem in problems)
    assert pronunciation_table.read(pronunciation_table.written(entries)) == (entries, [])
    words = " ".join(entry.word for entry in entries)[:400]
    said = Pronunciations(entries).said(f"{words} a1 b2", Voice("espeak/en", "English", "en"))
    offsets = [said.source_offset(place) for place in range(len(said.text))]
    assert offsets == sorted(offsets)


def languages(data: bytes) -> None:
    """The language of a text."""
    assert detect(data.decode("utf-8", "replace"), "en")


def markup(data: bytes) -> None:
    """A document of speech markup."""
    with contextlib.suppress(MarkupError, UnicodeDecodeError):
        assert len(ssml.spoken(data.decode("utf-8", "surrogatepass"))) <= ssml.MAX_SPOKEN_CHARS


def kinds_of_files(data: bytes) -> None:
    """What a file is. Its beginning is judged while it arrives; what is text stays text."""
    assert isinstance(kinds.is_begun(data) or kinds.is_short(data) or kinds.is_binary(data), bool)
    kind = kinds.of_bytes(data[1:], data[:1])
    assert kind is None or (kind.name and kind.advice)
    if kind is None:
        kinds.of_text(data.decode("utf-8", "replace"), is_page=True)


def characters(data: bytes) -> None:
    """Bytes in any encoding, in any pieces: UTF-8 as it is, and nothing raised by what is not."""
    decoder = CharacterDecoder()
    found = "".join(decoder.decode(piece, is_paused=not index % 3) for index, piece in enumerate(pieces(data)))
    found += decoder.decode(b"", is_last=True)
    if not set(data[1:]) & {0, 0x1B} and not data[1:].startswith((b"\xef\xbb\xbf", b"\x84\x31\x95\x33")):
        with contextlib.suppress(UnicodeDecodeError):
            assert found == data[1:].decode()
