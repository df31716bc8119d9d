"""Silence at the ends of a sentence, in whatever pieces it comes."""

from __future__ import annotations

import numpy as np
import pytest

from reader.voices.remote.edges import Edges

RATE_HZ = 16000
KEPT = 320  # frames


def silence(seconds: float) -> bytes:
    return np.full(round(seconds * RATE_HZ), 20, np.int16).tobytes()


def tone(seconds: float) -> bytes:
    return np.full(round(seconds * RATE_HZ), 5000, np.int16).tobytes()


@pytest.mark.parametrize("piece", [2, 3200, 1_000_000])
def test_ends_go_and_what_is_between_stays(piece: int) -> None:
    edges = Edges(RATE_HZ)
    inside = tone(0.2) + silence(0.3) + tone(0.1)
    sound = silence(0.15) + inside + silence(0.4)
    out = b"".join(edges.feed(sound[i : i + piece]) for i in range(0, len(sound), piece)) + edges.finish()
    assert out == silence(0.02) + inside + silence(0.02)


def test_a_sound_without_silence_stays_as_it_is() -> None:
    edges = Edges(RATE_HZ)
    assert edges.feed(tone(0.1)) + edges.finish() == tone(0.1)


def test_silence_alone_is_nothing() -> None:
    edges = Edges(RATE_HZ)
    assert edges.feed(silence(1)) + edges.finish() == b""
