"""Texts of every kind, read over streams that are cut anywhere by services that speak and deliver in many ways.

`python -m tests.bench.polly cuts` runs many; the tests take a few of them.
"""

from __future__ import annotations

import asyncio
import math
import re
import wave
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

from h2.errors import ErrorCodes

from reader.audio.file import FileDevice
from reader.voices.polly.synthesis_stream import Limits
from tests.fakes.heard_desk import RATE_HZ
from tests.fakes.polly_desk import desk
from tests.fakes.polly_service import Habits, PollyService, Stalls, words
from tests.fakes.polly_service.faults import Fault, Faults

QUICK = Limits(first_sound_s=4.0, stall_s=3.0)
_SYLLABLES = ["ba", "ke", "di", "fo", "gu", "la", "me", "ni", "po", "ru", "sa", "te", "vi", "wo", "zu"]
# Of a text's sound at most so much comes before a cut, in seconds.
_FIRST_CUT_S, _LAST_CUT_S = 0.1, 40.0
_LAST_CUT_BEHIND_STALL_S = 4.0
# A service that stalls does so every so many seconds of sound, for so long: longer than it is silent behind sentences.
_STALL_EVERY_S, _STALL_S = 15.0, (0.5, 1.4)

# How voices pause: (behind commas, behind sentences). Some hardly do between sentences, some as long at a comma.
PAUSES = [((0.02, 0.05), (0.3, 0.6)), ((0.2, 0.6), (0.0, 0.05)), ((0.0, 0.0), (0.0, 0.0)), ((0.1, 0.4), (0.1, 0.4))]
# How sound comes: (times real time, bytes of an event, seconds to think before a sentence).
WAYS = [(math.inf, 3200, 0.0), (60.0, 3200, 0.02), (30.0, 16000, 0.05), (200.0, 640, 0.1), (12.0, 32000, 0.0)]


# ---- texts ----


def _word(chance: Random) -> str:
    return "".join(chance.choice(_SYLLABLES) for _ in range(chance.randint(1, 4)))


def _sentence(chance: Random, count: int, comma: float = 0.15) -> str:
    found = [_word(chance) + ("," if chance.random() < comma and i < count - 1 else "") for i in range(count)]
    return " ".join(found).capitalize()


def numbered(chance: Random) -> str:
    """Sentences that say which they are."""
    return " ".join(f"Satz {i} {_sentence(chance, chance.randint(2, 6))}." for i in range(1, 31))


def items(chance: Random) -> str:
    """A list of short items, one a line."""
    return "\n".join(f"- {_sentence(chance, chance.randint(1, 3), 0.0)}" for _ in range(40))


def prose(chance: Random) -> str:
    """Paragraphs."""
    return "\n\n".join(
        " ".join(_sentence(chance, chance.randint(5, 22)) + "." for _ in range(chance.randint(2, 6))) for _ in range(4)
    )


def dialogue(chance: Random) -> str:
    """Short lines that answer each other, a paragraph each."""
    return "\n\n".join(f"“{_sentence(chance, chance.randint(1, 8))}{chance.choice('.!?')}”" for _ in range(25))


def mixed(chance: Random) -> str:
    """Very short and very long sentences."""
    counts = [chance.choice([1, 1, 2, 60, 90]) for _ in range(12)]
    return " ".join(_sentence(chance, count, 0.2) + "." for count in counts)


def figures(chance: Random) -> str:
    """Numbers, which take longer than they look."""
    return " ".join(f"Punkt {chance.randint(1000, 99999)} und {chance.randint(100, 999)} sind da." for _ in range(20))


_LANGUAGES = (
    "The rain had stopped by noon. We walked along the river, past the mill, and sat down. Nobody spoke. "
    "Later, when the light was going, she asked me what I had meant.",
    "Der Regen hatte bis Mittag aufgehört. Wir gingen am Fluss entlang, an der Mühle vorbei, und setzten uns. "
    "Niemand sprach. Später, als es dunkel wurde, fragte sie mich, was ich gemeint hatte.",
    "La pluie avait cessé vers midi. Nous avons marché le long de la rivière, passé le moulin, et nous nous sommes "
    "assis. Personne ne parlait. Plus tard, elle me demanda ce que j'avais voulu dire.",
)


def languages(chance: Random) -> str:
    """Three, a paragraph each."""
    return "\n\n".join(chance.sample(_LANGUAGES, 3))


KINDS: dict[str, Callable[[Random], str]] = {
    kind.__name__: kind for kind in (numbered, items, prose, dialogue, mixed, figures, languages)
}


def sentences(text: str) -> list[list[str]]:
    """The words of what may not be lost, one after the other."""
    parts = re.split(r"(?<=[.!?])[”]?\s+|\n+", text)
    return [found for part in parts if (found := words(part))]


# ---- readings ----


@dataclass(frozen=True)
class Outcome:
    """How a reading over cut streams went."""

    lost: int  # sentences not heard whole
    repeated: int  # sentences heard whole more than once
    broken: int  # sentences that were begun and broke off
    cuts: int
    is_whole: bool  # it ended as it should
    others: bool  # another voice spoke
    ends: tuple[str, ...]  # of its streams
    calls: int  # of SynthesizeSpeech: sentences that came without a stream, in a sound that the ruler does not know
    unknown: int  # words heard that are none of the text's, or were cut

    def is_good(self, *, is_file: bool) -> bool:
        """Nothing lost; at most one sentence begun twice a cut, none in a file."""
        twice = self.repeated + self.broken
        is_streamed = not self.others and not self.calls
        return self.is_whole and is_streamed and not self.lost and twice <= (0 if is_file else self.cuts)


def service_for(seed: int) -> PollyService:
    """A service with ways of its own."""
    chance = Random(seed)
    service = PollyService()
    comma_s, sentence_s = chance.choice(PAUSES)
    service.habits = Habits(seed, comma_s=comma_s, sentence_s=sentence_s)
    service.pace, service.event_bytes, service.think_s = chance.choice(WAYS)
    return service


async def read(
    folder: Path, seed: int, *, cuts: int, is_file: bool, text: str = "", pace: float = 40.0, stalls: bool = False
) -> Outcome:
    """One reading, over a service whose streams are cut; of a text of the seed's kind unless it is given.

    With `stalls` the service stops in the middle of sentences, goes on, and is cut soon after it did.
    """
    chance = Random(seed)
    text = text or list(KINDS.values())[seed % len(KINDS)](chance)
    service = service_for(seed)
    assert service.habits
    service.stalls = Stalls(Random(seed), _STALL_EVERY_S, _STALL_S) if stalls else None
    path = folder / f"{seed}.wav"
    device = FileDevice(path, RATE_HZ) if is_file else None
    async with desk(folder, service, pace=pace, device=device, limits=QUICK) as d:
        await d.engine.start()
        with ExitStack() as stack:
            faults = [stack.enter_context(_fault(service.faults, chance, behind_stall=stalls)) for _ in range(cuts)]
            d.begin(text, falls_back=False)
            await d.until(lambda: d.endings)
            hits = sum(fault.hits for fault in faults)
        pcm = bytes(d.ear.heard)
        ended, others = d.endings, {voice for voice in d.voices if not voice.startswith("polly/")}
        ends, calls = tuple(stream.end for stream in service.streams), len(service.speeches)
    if is_file:
        with wave.open(str(path)) as file:
            pcm = file.readframes(file.getnframes())
    heard = service.habits.hear(pcm, RATE_HZ, words(text))
    expected = [[service.habits.pitch(word) for word in sentence] for sentence in sentences(text)]
    lost, repeated, broken = compare(expected, heard)
    return Outcome(lost, repeated, broken, hits, ended == [True], bool(others), ends, calls, heard.count(-1))


@contextmanager
def _fault(faults: Faults, chance: Random, *, behind_stall: bool) -> Iterator[Fault]:
    latest_s = _LAST_CUT_BEHIND_STALL_S if behind_stall else _LAST_CUT_S
    after = round(chance.uniform(_FIRST_CUT_S, latest_s) * RATE_HZ) * 2
    ways = [
        lambda: faults.reset(ErrorCodes.INTERNAL_ERROR, after_bytes=after),
        lambda: faults.cut(after_bytes=after),
        lambda: faults.cut(is_within_event=False, after_bytes=after),
        lambda: faults.end(after_bytes=after),
        lambda: faults.exception("ServiceFailureException", after_bytes=after),
        lambda: faults.stall(after_bytes=after),
    ]
    with chance.choice(ways)() as fault:
        fault.is_behind_stall = behind_stall
        yield fault


def compare(expected: list[list[int]], heard: list[int]) -> tuple[int, int, int]:
    """(sentences lost, heard whole again, begun and broken off) of what was expected, in its order."""
    lost = repeated = broken = at = number = 0
    while at < len(heard):
        rest = heard[at:]
        back = range(number, max(number - 5, -1), -1)
        whole = next((n for n in back if n < len(expected) and rest[: len(expected[n])] == expected[n]), None)
        if whole is not None:
            repeated += number - whole
            at, number = at + len(expected[whole]), whole + 1
            continue
        # The beginning of a sentence that follows whole, or something else if more was lost.
        near = expected[max(number - 5, 0) : number + 1]
        step = max((_same(sentence, rest) for sentence in near), default=0)
        later = next((n for n in range(number, len(expected)) if rest[: len(expected[n])] == expected[n]), None)
        if later is not None and step < len(expected[later]):
            lost, number = lost + later - number, later
            continue
        # The word that was cut may sound like another one.
        starts = {sentence[0] for sentence in near}
        part, following = [*rest[step : step + 2], None, None][:2]
        step += part == -1 or (part not in starts and following in starts)
        at, broken = at + max(step, 1), broken + 1
    return lost + len(expected) - number, repeated, broken


def _same(sentence: list[int], heard: list[int]) -> int:
    """How many words of a sentence begin what was heard."""
    return next((i for i, pair in enumerate(zip(sentence, heard, strict=False)) if pair[0] != pair[1]), len(sentence))


async def read_many(
    folder: Path, seeds: range, *, cuts: int, is_file: bool, stalls: bool = False, at_once: int = 4
) -> dict[int, Outcome]:
    """A reading for each seed, some at once."""
    found: dict[int, Outcome] = {}
    room = asyncio.Semaphore(at_once)

    async def one(seed: int) -> None:
        async with room:
            own = folder / f"{'file' if is_file else 'live'}{seed}"
            own.mkdir()
            found[seed] = await read(own, seed, cuts=cuts, is_file=is_file, stalls=stalls)

    async with asyncio.TaskGroup() as group:
        for seed in seeds:
            group.create_task(one(seed))
    return found
