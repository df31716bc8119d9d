"""The word, sentence or paragraph at the cursor.

All are spans of the unchanged text, (start, end) in characters. Sentences and paragraphs are the ones that are read
aloud: `segment.py` and `layout.py` find them. Whatever lies between two spans belongs to the following one, or to the
last one at the end of the text. Pure; may take tens of milliseconds.
"""

from __future__ import annotations

import re

from reader.text.layout import blocks
from reader.text.segment import Segmenter

# Longer sentences and paragraphs are cut: real ones are shorter.
_SENTENCE_CHARS = 3000
_PARAGRAPH_CHARS = 30_000
# How much text to search for the previous sentence.
_BEFORE_CHARS = 500
_PARAGRAPH_END = re.compile(r"\n(?:[ \t>]*\n)+")
_WORD = re.compile(r"\S+")
_SIGNS = re.compile(r"\A[^\w\s]+(?=\w)|(?<=\w)[^\w\s]+\Z")

Span = tuple[int, int]


def word(text: str, at: int) -> Span:
    """The word at `at`, without surrounding punctuation."""
    start = at
    while start > 0 and not text[start - 1].isspace():
        start -= 1
    found = _WORD.search(text, start)
    if not found:  # after the last word
        found = next(iter(reversed([*_WORD.finditer(text[:at])])), None)
    if not found:
        return at, at
    start, end = found.span()
    for signs in _SIGNS.finditer(found.group()):
        if signs.start():
            end = min(end, found.start() + signs.start())
        else:
            start += signs.end()
    return start, end


def paragraph(text: str, at: int) -> Span:
    """The paragraph at `at`, or the line if its end is intended."""
    start, end = 0, len(text)
    for gap in _PARAGRAPH_END.finditer(text):
        if gap.start() >= at and text[start : gap.start()].strip():
            end = gap.start()
            break
        start = gap.end()
    if not text[start:end].strip() and text.strip():  # after the last paragraph
        return paragraph(text[:start].rstrip(), len(text[:start].rstrip()))
    low, high = max(start, at - _PARAGRAPH_CHARS), min(end, at + _PARAGRAPH_CHARS)
    spans = [(low + a, low + b) for a, b in blocks(text[low:high])[0] if text[low + a : low + b].strip()]
    return next((span for span in spans if span[1] >= at), spans[-1] if spans else (low, high))


def paragraph_before(text: str, at: int) -> int:
    """Start of the paragraph that ends before `at`; 0 if there is none."""
    low = max(0, at - _PARAGRAPH_CHARS)
    before = text[low:at].rstrip()
    return low + paragraph(before, len(before))[0]


def sentence_before(text: str, at: int, language: str, expected: str) -> int:
    """Start of the sentence that ends before `at`; 0 if there is none.

    As `sentence`, but takes only a few milliseconds.
    """
    low = max(0, at - _BEFORE_CHARS)
    low = text.find(" ", low, at) + 1 or low if low else 0
    segmenter = Segmenter(0, language, expected, low)
    segmenter.feed(text[low:at])
    segmenter.close()
    starts: dict[int, int] = {}
    for segment in segmenter.take_all():
        starts.setdefault(segment.sentence, segment.start_chars)
    return list(starts.values())[-1] if starts else low


def sentence(text: str, at: int, language: str, expected: str) -> Span:
    """The sentence at `at`. `language` and `expected` are as for Segmenter."""
    start, end = paragraph(text, at)
    low = start
    if at - start > _SENTENCE_CHARS:
        begins = text.find(" ", at - _SENTENCE_CHARS, at)
        low = begins + 1 or at - _SENTENCE_CHARS
    high = end if end - at <= _SENTENCE_CHARS else at + _SENTENCE_CHARS
    segmenter = Segmenter(0, language, expected)
    segmenter.feed(text[low:high])
    segmenter.close()
    ends: dict[int, int] = {}
    for segment in segmenter.take_all():
        ends[segment.sentence] = low + segment.end_chars
    for number, stop in enumerate(ends.values()):
        if stop >= at or number == len(ends) - 1:
            return low, stop if number < len(ends) - 1 else high
        low = stop
    return start, end
