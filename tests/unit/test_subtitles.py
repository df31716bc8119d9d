"""Subtitles as they are read."""

from __future__ import annotations

import pytest

from reader.documents import kinds, subtitles
from reader.documents.document import TITLE


def read(text: str) -> list[str]:
    kind = kinds.of_text(text)
    assert kind is not None
    assert kind.format == "subtitles"
    return [block.text for block in subtitles.parse(text.encode()) if block.level != TITLE]


SUBRIP = (
    "1\n00:00:01,600 --> 00:00:04,200\n<i>English</i> (US)\n\n2\n00:00:05,900 --> 00:00:07,999 X1:40\n{\\an8}Hi.\nHo.\n"
)
MARKED = """WEBVTT - a film

NOTE made by Kyle
for his parents

STYLE
::cue { color: lime }

REGION
id:fred width:40%

one
00:01.000 --> 00:04.000 position:50%
<v Fred>Never <b.loud>drink</b> liquid nitrogen &amp; <00:02.000>oil.

00:05.000 --> 00:09.000
- It will perforate your stomach.
- You could die.

NOTE the end
"""
AUTOMATIC = """WEBVTT
Kind: captions
Language: en

00:00:01.000 --> 00:00:02.000 align:start
this<00:00:01.199><c> will</c><00:00:01.379><c> happen</c>

00:00:02.000 --> 00:00:02.010 align:start
this will happen

00:00:02.010 --> 00:00:04.000 align:start
this will happen
is<00:00:02.860><c> what</c> I said
"""


def test_what_subrip_shows() -> None:
    assert read(SUBRIP) == ["English (US)", "Hi.\nHo."]
    twice = SUBRIP.replace("Hi.\nHo.", "<i>English</i> (US)")
    assert read(twice) == ["English (US)", "English (US)"]
    assert read(SUBRIP.replace("\n", "\r\n")) == ["English (US)", "Hi.\nHo."]


def test_what_webvtt_shows() -> None:
    assert read(MARKED) == [
        "Fred: Never drink liquid nitrogen & oil.",
        "- It will perforate your stomach.\n- You could die.",
    ]


def test_each_line_of_automatic_captions_is_read_once() -> None:
    assert read(AUTOMATIC) == ["this will happen", "is what I said"]


def test_what_has_no_times_is_read_all_the_same() -> None:
    assert read("WEBVTT\n\n00:01.000 --> 00:02.000\nOne.\n\nTwo, 3 < 4 and 5 > 4.\n") == [
        "One.",
        "Two, 3 < 4 and 5 > 4.",
    ]
    assert read("WEBVTT\n00:01.000 --> 00:02.000\nOne.\n") == ["One."]
    numbers = "1\n00:00:01,600 --> 00:00:04,200\n1984\n\n2\n00:00:05,900 --> 00:00:07,999\n2001\n"
    assert read(numbers) == ["1984", "2001"]


@pytest.mark.parametrize(
    "text", ["WEBVTT is a format.\n", "1\nOne --> two.\n", "12\n00:00:01 is a time.\n", "WEBVTT has “1 --> 2”."]
)
def test_a_text_about_subtitles_is_a_text(text: str) -> None:
    assert kinds.of_text(text) is None
