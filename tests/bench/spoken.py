"""What the voices on this computer make of a text, for benches and tests that look at sound and not at the desktop."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import numpy as np

from reader.audio.track import Mark, Samples, Track
from reader.core.engines_here import local_engines
from reader.flow import AudioChunk, Ending, Segment, SpeechRequest

SENTENCES = (
    "The old lighthouse stood on the cliff for more than two hundred years.",
    "Every evening its keeper climbed the winding stairs, lit the great lamp, and wrote the weather into a heavy book.",
    "Ships from many countries passed by night, and their captains knew the light as they knew the faces of friends.",
)
WORDS = sum(len(sentence.split()) for sentence in SENTENCES)
# The voices of the README's figures.
VOICES = ("espeak/en-us", "neural/heart")
Spoken = list[list[AudioChunk]]  # the chunks of each sentence


def speak(speeds: Sequence[float], voices: Sequence[str] = VOICES) -> dict[tuple[str, float], Spoken]:
    """The sentences by each voice at each speed it was asked for, in the chunks in which they came."""
    return asyncio.run(_speak(speeds, voices))


async def _speak(speeds: Sequence[float], voices: Sequence[str]) -> dict[tuple[str, float], Spoken]:
    made: dict[tuple[str, float], Spoken] = {}
    all_engines = local_engines()
    try:
        for voice_id in voices:
            engine = all_engines[voice_id.partition("/")[0]]
            await engine.start()
            voice = next(voice for voice in engine.voices() if voice.id == voice_id)
            for speed in speeds:
                spoken: Spoken = []
                for i, text in enumerate(SENTENCES):
                    stream = engine.open_stream(1)
                    await stream.send(SpeechRequest(1, i, text, voice, speed))
                    await stream.finish()
                    spoken.append([chunk async for chunk in stream])
                made[voice_id, speed] = spoken
    finally:
        for engine in all_engines.values():
            await engine.close()
    return made


def track(spoken: Spoken, speed: float, rate_hz: int) -> Track:
    """The sentences on their way to a device, with the pauses between them."""
    made = Track(rate_hz, speed)
    for i, chunks in enumerate(spoken):
        segment = Segment(1, i, i, SENTENCES[i], 0, len(SENTENCES[i]), Ending.SENTENCE, "en")
        made.mark(Mark(segment, ""))
        for chunk in chunks:
            made.add(chunk)
        made.pause(segment.ending)
    return made


def taken(made: Track) -> Samples:
    """All that a track gives, -1 to 1."""
    pcm = b"".join(block.pcm for block in iter(made.take, None))
    return np.asarray(np.frombuffer(pcm, np.int16) / 32768, np.float32)


def plain(spoken: Spoken) -> Samples:
    """The voice's own sound, -1 to 1, without pauses."""
    pcm = b"".join(chunk.pcm for chunks in spoken for chunk in chunks)
    return np.asarray(np.frombuffer(pcm, np.int16) / 32768, np.float32)
