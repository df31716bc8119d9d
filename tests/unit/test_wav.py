"""The header of a WAV file."""

from __future__ import annotations

import io
import struct
import wave
from pathlib import Path

import pytest
import soundfile

from reader.audio.wav import MAX_BYTES, file_header, stream_header


def test_a_file_says_how_long_it_is() -> None:
    with wave.open(io.BytesIO(file_header(24000, 8) + bytes(8))) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth(), file.getnframes()) == (24000, 1, 2, 4)


def test_a_stream_goes_on_to_its_end() -> None:
    header = stream_header(24000)
    assert header[4:8] == header[40:44] == b"\xff" * 4
    assert soundfile.info(io.BytesIO(header + bytes(8))).frames == 4


def test_beyond_four_gigabytes_sizes_have_64_bits(tmp_path: Path) -> None:
    data_bytes = (5 << 30) + 2
    path = tmp_path / "large.wav"
    with path.open("wb") as file:
        file.write(file_header(24000, data_bytes))
        file.truncate(file.tell() + data_bytes)  # takes no room
    found = soundfile.info(path)
    assert (found.format, found.frames, found.samplerate) == ("RF64", data_bytes // 2, 24000)


@pytest.mark.parametrize("data_bytes", [MAX_BYTES - 1, MAX_BYTES + 1])
def test_no_size_is_too_large_for_its_place(data_bytes: int) -> None:
    header = file_header(24000, data_bytes)
    assert len(header) == 80
    (size,) = struct.unpack_from("<I", header, 4)
    assert size == 72 + data_bytes or header.startswith(b"RF64\xff\xff\xff\xffWAVEds64")
