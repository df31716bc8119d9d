"""Frames are found in what comes, and nothing else is."""

from __future__ import annotations

import random

import pytest

from reader.voices.remote.mp3 import Frames
from tests.fakes.polly_service import speak
from tests.fakes.polly_service.codecs import FORMATS

RATES_HZ = [rate_hz for name, rate_hz in FORMATS if name == "mp3"]


def encoded(rate_hz: int) -> bytes:
    encoder = FORMATS["mp3", rate_hz](rate_hz)
    return encoder.add(speak("Some words in frames", rate_hz)) + encoder.finish()


def taken(data: bytes, size: int = 1 << 20) -> list[bytes]:
    frames, found = Frames(), []
    for start in range(0, len(data), size):
        frames.feed(data[start : start + size])
        while frame := frames.take():
            found.append(frame)
    return found


@pytest.mark.parametrize("rate_hz", RATES_HZ)
def test_frames_are_all_there_is(rate_hz: int) -> None:
    data = encoded(rate_hz)
    found = taken(data)
    assert b"".join(found) == data
    # Of 576 samples below 32 kHz, and the encoder's own in front.
    assert len(found) == pytest.approx(len(speak("Some words in frames", rate_hz)) / 2 / 576, abs=4)


def test_cuts_make_no_difference() -> None:
    data = encoded(24000)
    for size in (1, 7, 400):
        assert taken(data, size) == taken(data)


def test_a_long_frame_of_the_first_version() -> None:
    header = b"\xff\xfb\xe2\x00"  # 320 kbit/s at 44.1 kHz, padded
    frame = header + bytes(144_000 * 320 // 44_100 + 1 - 4)
    assert taken(frame * 2) == [frame, frame]


@pytest.mark.parametrize(
    "header",
    [
        b"\xff\xf3\x00\x00",  # of free length
        b"\xff\xf3\xf0\x00",
        b"\xff\xf3\x6c\x00",  # reserved rate
        b"\xff\xeb\x64\x00",  # reserved version
        b"\xff\xf1\x64\x00",  # another layer
        b"\xff\xc3\x64\x00",
    ],
)
def test_what_looks_like_a_header_and_is_none(header: bytes) -> None:
    frames = taken(encoded(24000))
    assert taken(frames[0] + header + b"".join(frames[1:])) == frames


def test_garbage_is_passed_over_and_not_kept() -> None:
    frames = Frames()
    for _ in range(100):
        frames.feed(bytes(random.Random(1).choices(range(255), k=1000)))
        assert frames.take() == b""
    assert len(frames._data) < 4
