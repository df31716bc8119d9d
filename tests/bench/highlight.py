"""Prints whether the player shows the word that is heard: `python -m tests.bench.highlight`.

A text of ten paragraphs is read on a desktop of its own and recorded at its sound server. Where in the recording each
word is, the voice says itself: it is asked once more for what was read, and its sound is looked for. What the player
shows is asked as a screen reader does: the caret stands in the word, and each move of it is noted when it is told.
At 50 moments the two are compared: 0 ms apart if the word shown is the one being heard just then, else as much as it
is too early or too late.
"""

from __future__ import annotations

import asyncio
import bisect
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import soxr

from reader.core.engines_here import local_engines
from reader.flow import Segment
from reader.session.voice_choice import VoiceChoice
from reader.session.word_places import WordPlaces
from reader.text.segment import Segmenter
from tests.desktop.accessible import Carets
from tests.desktop.desk import Desk, missing, wait_for
from tests.desktop.hearing import envelope, find
from tests.desktop.recorder import RATE_HZ, Samples

VOICES = ("espeak/en-us", "neural/heart")
MOMENTS = 50
LIMIT_MS = 150
_LINES = (
    "The old lighthouse stood on the cliff above the bay.",
    "Every evening its keeper climbed the winding stairs.",
    "Ships from many countries passed by in the night.",
    "Their captains knew the lamp like the face of a friend.",
    "Nobody in the village remembered who had built it.",
    "Some said monks, and some said smugglers with a bad conscience.",
    "In winter the snow reached up to the lowest window.",
    "Then the keeper read aloud to his dog beside the stove.",
    "The dog had heard every story and slept through them all.",
    "In spring somebody brought a sack of new books.",
)
TEXT = "\n\n".join(_LINES)
# Below this a sound is not found again wave by wave: a neural voice says nothing twice in the same way.
_SAME = 0.7
_ENVELOPE_S = 0.005


@dataclass(frozen=True)
class Word:
    """From when it is heard until the next one is (time.monotonic), and where it stands."""

    start_s: float
    end_s: float
    start_chars: int


def heard_words(desk: Desk, since_s: float, voice_id: str) -> list[Word]:
    """Each word of the text, as the voice itself times it in what was recorded."""
    first = desk.recorder.sample_at(since_s)
    recording = desk.recorder.sound()[first:]
    begins: list[tuple[float, int]] = []
    end_s = since_s
    for sound, marks in asyncio.run(_voiced(voice_id)):
        at = first + _place(sound, recording)
        begins += [(desk.recorder.time_of(at + round(mark_s * RATE_HZ)), chars) for mark_s, chars in marks]
        end_s = desk.recorder.time_of(at + sound.size)
    ends = [*(begin_s for begin_s, _ in begins[1:]), end_s]
    return [Word(begin_s, end_s, chars) for (begin_s, chars), end_s in zip(begins, ends, strict=True)]


def _place(sound: Samples, recording: Samples) -> int:
    same = find(sound, recording)
    if same.likeness >= _SAME:
        return same.start
    alike = find(envelope(sound) - envelope(sound).mean(), envelope(recording))
    return round(alike.start * _ENVELOPE_S * RATE_HZ)


async def _voiced(voice_id: str) -> list[tuple[Samples, list[tuple[float, int]]]]:
    """For each segment its sound, and when in it each word begins, in seconds, and where that stands."""
    engines = local_engines()
    engine = engines[voice_id.partition("/")[0]]
    made = []
    try:
        for each in engines.values():
            await each.start()
        choice = VoiceChoice([voice for each in engines.values() for voice in each.voices()], voice_id)
        for segment in _segments():
            (request,) = choice.requests_for(segment, 1.0)
            stream = engine.open_stream(1)
            await stream.send(request)
            await stream.finish()
            places, parts, marks, frames = WordPlaces(), [], [], 0
            async for chunk in stream:
                told = places.found(chunk, request).words
                marks += [((frames + word.frame) / chunk.rate_hz, word.start) for word in told]
                parts.append(np.frombuffer(chunk.pcm, np.int16).astype(np.float32) / 32768)
                frames += parts[-1].size
                rate_hz = chunk.rate_hz
            made.append((soxr.resample(np.concatenate(parts), rate_hz, RATE_HZ).astype(np.float32), marks))
    finally:
        for each in engines.values():
            await each.close()
    return made


def _segments() -> list[Segment]:
    segmenter = Segmenter(1, "en")
    segmenter.feed(TEXT)
    segmenter.close()
    return [replace(segment, language="en") for segment in segmenter.take_all()]


def apart_ms(words: Sequence[Word], moves: Sequence[tuple[float, int]]) -> list[float]:
    """At so many moments: by how much the word that is shown is too late (or, below 0, too early)."""
    by_place = {word.start_chars: word for word in words}
    told = [at for at, _ in moves]
    begin_s, end_s = words[0].start_s, words[-1].end_s
    found = []
    for i in range(MOMENTS):
        moment_s = begin_s + (end_s - begin_s) * (i + 0.5) / MOMENTS
        _, chars = moves[bisect.bisect_right(told, moment_s) - 1]
        shown = by_place[chars]
        late_s = max(moment_s - shown.end_s, 0.0) - max(shown.start_s - moment_s, 0.0)
        found.append(1000 * late_s)
    return found


def behind_ms(words: Sequence[Word], moves: Sequence[tuple[float, int]]) -> list[float]:
    """How far behind its beginning each word was shown."""
    shown_s = {chars: at for at, chars in moves}
    return [1000 * (shown_s[word.start_chars] - word.start_s) for word in words]


def main() -> int:
    """Measure, print, and return the exit code."""
    if lacking := missing():
        print("Install these first: " + ", ".join(lacking), file=sys.stderr)
        return 1
    columns = ["voice", "words", "moments", "word shown is the one heard", "apart at most, ms", f"within {LIMIT_MS} ms"]
    columns += ["shown behind its beginning, ms: median", "most"]
    print(f"| {' | '.join(columns)} |\n|{' --- |' * len(columns)}")
    is_good = True
    with Desk() as desk:
        desk.start_harken()
        wait_for(lambda: desk.find_windows("harken"), "the player")
        (desk.home / "text.txt").write_text(TEXT, encoding="utf-8")
        for voice in VOICES:
            carets = Carets(desk)
            since_s = time.monotonic()
            assert desk.harken_call("settings", "set", "voice.id", voice) == 0
            assert desk.harken_call("speak", "--lang", "en", str(desk.home / "text.txt")) == 0
            desk.call(["sleep", "0.5"])
            carets.close()
            words = heard_words(desk, since_s, voice)
            apart = apart_ms(words, carets.moves)
            same = sum(each == 0 for each in apart)
            within = sum(abs(each) <= LIMIT_MS for each in apart)
            behind = behind_ms(words, carets.moves)
            is_good &= within == MOMENTS
            print(
                f"| {voice} | {len(words)} | {len(apart)} | {same} | {max(apart, key=abs):.0f} "
                f"| {within} | {statistics.median(behind):.0f} | {max(behind):.0f} |",
                flush=True,
            )
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
