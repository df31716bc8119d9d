"""What a speech server answers: sound in a file that is still arriving, and refusals."""

from __future__ import annotations

import contextlib

from reader.errors import RemoteVoiceError
from reader.flow import FRAME_BYTES
from reader.voices.server import faults, sounds
from reader.voices.server.wav import BrokenWavError, Wav


def wav_sounds(data: bytes) -> None:
    """A WAV file, in pieces: its first byte says how long they are."""
    step = 1 + (data[0] if data else 0)
    wav, sound = Wav(), data[1:]
    with contextlib.suppress(BrokenWavError):
        for at in range(0, len(sound), step):
            made = wav.feed(sound[at : at + step])
            assert len(made) % FRAME_BYTES == 0
            assert not made or wav.rate_hz
        wav.finish()


def server_refusals(data: bytes) -> None:
    """An answer that is no sound: its status in two bytes, its type in a line, and its body."""
    content_type, _, body = data[2:].partition(b"\n")
    status = 100 + int.from_bytes(data[:2], "big") % 500
    told = content_type.decode("latin-1")
    assert sounds.kind_of(told, "pcm") in ("", "pcm", "wav", "mp3")
    assert 4000 <= sounds.pcm_rate_hz(told) <= 192_000
    headers = {"retry-after": told}
    error = faults.fault_of_response(status, headers, body, host="localhost", url="http://localhost", has_key=True)
    assert isinstance(error, RemoteVoiceError)
    assert error.sentence
    assert faults.no_sound(told, host="localhost").sentence
