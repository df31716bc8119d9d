"""The Wayland wire format, against what libwayland's documentation gives, and against itself."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.wayland.wire import Arguments, Event, Parser, WireError, request

_NUMBERS = st.integers(0, 0xFFFFFFFF)
_TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))


def test_a_request_is_a_head_and_padded_arguments() -> None:
    assert request(3, 1, 7, "ab") == struct.pack("=IIII4s", 3, 20 << 16 | 1, 7, 3, b"ab\0\0")


def test_a_request_that_is_too_long_is_not_sent() -> None:
    with pytest.raises(ValueError, match="request of"):
        request(1, 0, "x" * 70_000)


@given(st.lists(st.tuples(_NUMBERS, st.integers(0, 0xFFFF), _NUMBERS, _TEXTS), max_size=5), st.integers(1, 40))
def test_what_is_sent_is_understood_in_any_pieces(sent: list[tuple[int, int, int, str]], size: int) -> None:
    data = b"".join(request(number, opcode, value, text) for number, opcode, value, text in sent)
    parser = Parser()
    found = [event for at in range(0, len(data), size) for event in parser.feed(data[at : at + size])]
    understood = []
    for event in found:
        arguments = Arguments(event.arguments)
        understood.append((event.object, event.opcode, arguments.number(), arguments.text()))
    assert understood == sent


def test_an_array_is_numbers() -> None:
    assert Arguments(struct.pack("=III", 8, 2, 3)).numbers() == [2, 3]


def test_no_text_is_an_empty_one() -> None:
    assert Arguments(struct.pack("=I", 0)).text() == ""


@pytest.mark.parametrize("length", [0, 4, 7, 9, 4097])
def test_a_length_that_can_not_be_ends_it(length: int) -> None:
    with pytest.raises(WireError):
        list(Parser().feed(struct.pack("=II", 1, length << 16)))


def test_events_before_a_wrong_one_are_handed_over() -> None:
    data = request(5, 2, 9) + struct.pack("=II", 1, 4 << 16)
    events = Parser().feed(data)
    assert next(events) == Event(5, 2, struct.pack("=I", 9))
    with pytest.raises(WireError):
        next(events)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", "number"),
        (b"\1\2", "number"),
        (struct.pack("=I", 5), "text"),
        (struct.pack("=I4s", 4, b"abcd"), "text"),
        (struct.pack("=I", 0xFFFFFFFF), "text"),
        (struct.pack("=I4s", 3, b"abc\0"), "numbers"),
    ],
)
def test_arguments_that_are_not_there_are_an_error(data: bytes, kind: str) -> None:
    with pytest.raises(WireError):
        getattr(Arguments(data), kind)()
