"""Which sound a speech server sends, read as it comes."""

from __future__ import annotations

import struct

import numpy as np
import pytest

from reader.errors import UnreachableError
from reader.http.address import ServerAddress
from reader.voices.server import sounds
from reader.voices.server.wav import BrokenWavError, Wav
from tests.fakes.speech_server import wav_header

FRAMES = np.arange(-300, 300, dtype="<i2") * 100


def read(data: bytes, step: int) -> tuple[bytes, int]:
    wav = Wav()
    made = b"".join(wav.feed(data[at : at + step]) for at in range(0, len(data), step))
    wav.finish()
    return made, wav.rate_hz


@pytest.mark.parametrize("step", [1, 3, 44, 10_000])
def test_a_wav_is_read_wherever_it_is_cut(step: int) -> None:
    assert read(wav_header(22_050) + FRAMES.tobytes(), step) == (FRAMES.astype(np.int16).tobytes(), 22_050)


def test_two_channels_become_one() -> None:
    both = np.column_stack([FRAMES, FRAMES]).astype("<i2").tobytes()
    assert read(wav_header(8000, channels=2) + both, 7)[0] == FRAMES.astype(np.int16).tobytes()


def test_numbers_with_a_point_are_read_and_never_too_loud() -> None:
    header = b"RIFF0000WAVEfmt " + struct.pack("<IHHIIHH", 16, 3, 1, 24_000, 96_000, 4, 32) + b"data0000"
    values = np.asarray([0.0, 0.5, 2.0, -2.0, np.nan], "<f4")
    made, rate_hz = read(header + values.tobytes(), 5)
    assert np.frombuffer(made, np.int16).tolist() == [0, 16383, 32767, -32767, 0]
    assert rate_hz == 24_000


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"RIFF0000WAVE",
        b"OggS" * 9,
        b"RIFF0000WAVEdata0000",
        b"RIFF0000WAVEjunk\xff\xff\xff\x7f",
        b"RIFF0000WAVEfmt \x02\0\0\0ab",
        b"RIFF0000WAVEfmt " + struct.pack("<IHHIIHH", 16, 1, 1, 24_000, 24_000, 1, 8),
        b"RIFF0000WAVEfmt " + struct.pack("<IHHIIHH", 16, 1, 1, 1, 2, 2, 16),
        b"RIFF0000WAVEfmt " + struct.pack("<IHHIIHH", 16, 1, 0, 24_000, 2, 2, 16),
    ],
)
def test_what_is_no_wav_is_refused(data: bytes) -> None:
    with pytest.raises(BrokenWavError):
        read(data, 5)


@pytest.mark.parametrize(
    ("content_type", "kind"),
    [
        ("audio/wav", "wav"),
        ("Audio/X-WAV; charset=binary", "wav"),
        ("audio/mpeg", "mp3"),
        ("audio/pcm;rate=24000", "pcm"),
        ("application/octet-stream", "mp3"),
        ("", "mp3"),
        ("text/html", ""),
        ("audio/flac", ""),
    ],
)
def test_a_type_says_what_comes(content_type: str, kind: str) -> None:
    assert sounds.kind_of(content_type, "mp3") == kind


def test_a_type_may_say_a_rate() -> None:
    assert sounds.pcm_rate_hz("audio/pcm") == 24_000
    assert sounds.pcm_rate_hz("audio/L16; rate=16000; channels=1") == 16_000
    assert sounds.pcm_rate_hz("audio/pcm; rate=999999") == 24_000


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://127.0.0.1:8880/v1", "http://127.0.0.1:8880/v1"),
        ("http://localhost:8880", "http://localhost:8880/v1"),
        (" http://[::1]:8000/v1/audio/speech/ ", "http://[::1]:8000/v1"),
        ("https://speech.example", "https://speech.example/v1"),
        ("https://speech.example:443/api/tts/", "https://speech.example/api/tts"),
        ("http://localhost:80/v1", "http://localhost/v1"),
    ],
)
def test_an_address_is_taken_as_people_write_it(url: str, shown: str) -> None:
    assert ServerAddress.of(url).shown == shown


@pytest.mark.parametrize("url", ["http://192.168.1.5:8880/v1", "http://127.0.0.1.example/v1", "http://speech.example"])
def test_another_computer_needs_https_and_is_told_why(url: str) -> None:
    with pytest.raises(UnreachableError, match=r"must begin with https://\. Otherwise, anyone"):
        ServerAddress.of(url)


@pytest.mark.parametrize(
    "url",
    ["", "nonsense", "ftp://localhost/", "http://", "http://localhost:99999/", "https://me:secret@speech.example/v1"],
)
def test_what_is_no_address_is_refused_without_its_secrets(url: str) -> None:
    with pytest.raises(UnreachableError, match="is not the address of a speech server") as raised:
        ServerAddress.of(url)
    assert "secret" not in raised.value.sentence
