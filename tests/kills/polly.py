"""Amazon Polly's stand-in speaks in mp3 or Ogg, and the process that unpacks it is ended at random moments."""

from __future__ import annotations

import asyncio
import os
import random
import signal
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from reader import tasks
from tests.fakes.polly_desk import RATE_HZ, Desk, desk, numbered
from tests.fakes.polly_service import speak, words

_RATE_HZ = 24000
_WORDS_EACH = 6


@dataclass(frozen=True)
class Outcome:
    """What was heard of a text, in words."""

    wanted: list[str]
    heard: list[str]
    kills: int
    notices: list[str]
    minutes: float

    def check(self) -> None:
        """Every word in order, and one sentence again a kill at most."""
        heard = iter(self.heard)
        assert [word for word in self.wanted if word not in heard] == []
        assert len(self.heard) - len(self.wanted) <= self.kills * _WORDS_EACH
        assert len(self.notices) <= 1 + self.minutes, self.notices

    def __str__(self) -> str:
        return f"{len(self.heard)} words of {len(self.wanted)} heard; decoder {self.kills}; notices {len(self.notices)}"


async def read(
    folder: Path, output_format: str, sentences: int, *, kills: int, seed: int, pace: float = 40.0
) -> Outcome:
    """Read so many sentences, `pace` times as fast as life, with kills at random places of them."""
    async with desk(folder, formats=((output_format, _RATE_HZ),), pace=pace) as made:
        text = numbered(sentences, words_each=_WORDS_EACH)
        chance, loop = random.Random(seed), asyncio.get_running_loop()
        places = sorted(chance.uniform(0, 0.9) for _ in range(kills))
        killed: list[int] = []
        began_s = loop.time()
        killing = tasks.start(_kill(made, killed, places, len(speak(text, RATE_HZ))), "kills")
        heard = await made.read(text)
        killing.cancel()
        return Outcome(words(text), heard, len(killed), list(made.notices), (loop.time() - began_s) / 60)


async def _kill(made: Desk, killed: list[int], places: list[float], whole_bytes: int) -> None:
    """End the process when so much of the whole has been heard."""
    for place in places:
        while len(made.ear.heard) < place * whole_bytes:  # noqa: ASYNC110 - the ear wakes others
            await asyncio.sleep(0.01)
        if child := made.client.decoders._child:
            with suppress(ProcessLookupError):
                os.kill(child.pid, signal.SIGKILL)
                killed.append(child.pid)
