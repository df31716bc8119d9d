"""Ogg that is not as it was sent is never taken for whole."""

from __future__ import annotations

import random
from functools import cache

import pytest

from reader.voices.remote.ogg import Pages
from tests.fakes.polly_service import speak
from tests.fakes.polly_service.codecs import FORMATS

RATE_HZ = 24000


@cache
def packed() -> bytes:
    encoder = FORMATS["ogg_vorbis", RATE_HZ](RATE_HZ)
    return encoder.add(speak("Some words that fill a few pages " * 6, RATE_HZ)) + encoder.finish()


def cut(data: bytes, size: int = 300) -> tuple[list[bytes], str]:
    """(the pages of data that comes in pieces, what was wrong with it)."""
    pages, found = Pages(), []
    for start in range(0, len(data), size):
        pages.feed(data[start : start + size])
        while page := pages.take():
            found.append(page)
    pages.finish()
    return found, pages.damage


@pytest.mark.parametrize("size", [1, 299, 100_000])
def test_what_is_whole_comes_whole(size: int) -> None:
    pages, damage = cut(packed(), size)
    assert b"".join(pages) == packed()
    assert len(pages) > 4
    assert damage == ""


def test_every_changed_byte_is_seen() -> None:
    chance = random.Random(1)
    for at in [*range(60), *(chance.randrange(len(packed())) for _ in range(150))]:
        data = bytearray(packed())
        data[at] ^= 1 << chance.randrange(8)
        pages, damage = cut(bytes(data))
        assert damage, at
        assert packed().startswith(b"".join(pages))


def test_a_missing_page_is_seen() -> None:
    pages, _ = cut(packed())
    for left_out in range(len(pages) - 1):
        assert cut(b"".join(pages[:left_out] + pages[left_out + 1 :]))[1]


def test_an_end_within_a_page_is_seen() -> None:
    assert cut(packed()[:-1])[1]
    assert cut(b"")[1] == ""


@pytest.mark.parametrize("data", [b"x", b"OggS", b"ID3" * 30, bytes(500), b"OggS" * 50])
def test_garbage_is_seen(data: bytes) -> None:
    assert cut(data)[1]
