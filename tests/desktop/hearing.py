"""Compares what was recorded with what the voices make of a text."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import soxr

from reader.core.engines_here import local_engines
from reader.flow import Ending, Segment
from reader.session.voice_choice import VoiceChoice
from reader.text.segment import Segmenter
from tests.desktop.recorder import RATE_HZ, Samples


def voiced(
    texts: Sequence[str], language: str = "en", voice_id: str = "", speed: float = 1.0, pitch: float = 0.0
) -> list[Samples]:
    """Each text as its voice makes it, at the recorder's rate: one array a text."""
    segments = [Segment(1, i, i, text, 0, len(text), Ending.SENTENCE, language) for i, text in enumerate(texts)]
    return voiced_segments(segments, voice_id, speed, pitch)


def voiced_text(text: str, speed: float = 1.0, pitch: float = 0.0, voice_id: str = "") -> list[Samples]:
    """An English text as it is spoken, at the recorder's rate: one array for each of its segments."""
    segmenter = Segmenter(1, "en")
    segmenter.feed(text)
    segmenter.close()
    return voiced_segments(list(segmenter.take_all()), voice_id, speed, pitch)


def voiced_segments(
    segments: Sequence[Segment], voice_id: str = "", speed: float = 1.0, pitch: float = 0.0
) -> list[Samples]:
    """Each segment as its voice makes it, at the recorder's rate."""
    return asyncio.run(_voiced(segments, voice_id, speed, pitch))


async def _voiced(segments: Sequence[Segment], voice_id: str, speed: float, pitch: float) -> list[Samples]:
    all_engines = local_engines()
    try:
        for engine in all_engines.values():
            await engine.start()
        voice_choice = VoiceChoice([v for e in all_engines.values() for v in e.voices()], voice_id, pitch=pitch)
        made = []
        for segment in segments:
            parts = []
            for request in voice_choice.requests_for(segment, speed):
                stream = all_engines[request.voice.engine].open_stream(1)
                await stream.send(request)
                await stream.finish()
                chunks = [chunk async for chunk in stream]
                pcm = np.frombuffer(b"".join(c.pcm for c in chunks), np.int16).astype(np.float32) / 32768
                parts.append(soxr.resample(pcm, chunks[0].rate_hz, RATE_HZ))
            made.append(np.concatenate(parts).astype(np.float32))
        return made
    finally:
        for engine in all_engines.values():
            await engine.close()


@dataclass(frozen=True)
class Found:
    """Where in a recording a sound was heard. `likeness` is 1.0 for the very same."""

    start: int
    end: int
    likeness: float


def find(sound: Samples, recording: Samples) -> Found:
    """The place in a recording that is most like a sound."""
    likeness = _likeness(sound, recording)
    start = int(likeness.argmax())
    return Found(start, start + sound.size, float(likeness[start]))


def count(sound: Samples, recording: Samples, at_least: float = 0.6) -> int:
    """How often a sound is in a recording."""
    likeness = _likeness(sound, recording)
    times = 0
    while likeness.size and likeness.max() >= at_least:
        peak = int(likeness.argmax())
        likeness[max(peak - sound.size // 2, 0) : peak + sound.size // 2] = 0
        times += 1
    return times


def _likeness(sound: Samples, recording: Samples) -> Samples:
    """The normalised correlation of a sound with each place of a recording."""
    if recording.size < sound.size:
        return np.zeros(1, np.float32)
    size = 1 << (recording.size + sound.size).bit_length()
    product = np.fft.irfft(np.fft.rfft(recording, size) * np.conj(np.fft.rfft(sound, size)), size)
    product = product[: recording.size - sound.size + 1]
    energy = np.concatenate([[0.0], np.cumsum(recording.astype(np.float64) ** 2)])
    there = np.sqrt(np.maximum(energy[sound.size :] - energy[: -sound.size], 1e-6))
    likeness: Samples = (product / (there * np.sqrt((sound.astype(np.float64) ** 2).sum()))).astype(np.float32)
    return likeness


def envelope(sound: Samples) -> Samples:
    """How loud it is every 5 ms, over 30 ms: likeness of rhythm, for voices that never repeat a wave."""
    step = round(0.005 * RATE_HZ)
    power = (sound[: sound.size // step * step].reshape(-1, step) ** 2).mean(axis=1)
    level: Samples = np.sqrt(np.convolve(power, np.ones(6) / 6, "same")).astype(np.float32)
    return level


def is_silent(recording: Samples, threshold: float = 0.002) -> bool:
    """Whether nothing can be heard."""
    return not recording.size or float(np.abs(recording).max()) < threshold


def first_sound(recording: Samples, threshold: float = 0.004) -> int | None:
    """The first sample that can be heard."""
    loud = np.flatnonzero(np.abs(recording) > threshold)
    return int(loud[0]) if loud.size else None


def last_sound(recording: Samples, threshold: float = 0.004) -> int | None:
    """The last sample that can be heard."""
    loud = np.flatnonzero(np.abs(recording) > threshold)
    return int(loud[-1]) if loud.size else None
