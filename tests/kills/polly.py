"""Amazon Polly's stand-in speaks, and the processes that unpack its sound and look for keys are ended meanwhile."""

from __future__ import annotations

import asyncio
import math
import os
import random
import signal
import sys
import wave
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from reader import tasks
from tests import kills as program
from tests.desktop.desk import Desk as HeardDesk
from tests.fakes.gate import on_thread
from tests.fakes.heard_desk import RATE_HZ, numbered
from tests.fakes.polly_desk import Desk, desk
from tests.fakes.polly_service import PollyService, hear, speak, words
from tests.kills.aloud import alone

_RATE_HZ = 24000
_WORDS_EACH = 6
# How long after the decoder was first seen it is ended at most: it has unpacked a paragraph by then.
_LATEST_S = 0.8
IN_FILE = ("decoder", "credentials")
ALOUD = (*IN_FILE, "audio")
_ROOT = str(Path(__file__).parents[2])
_PROGRAM = [sys.executable, "-m", "ui.launch"]
_VOICE = ("--engine", "polly", "--voice", "Matthew")


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
        killing = tasks.start(_kill(made, killed, places, len(speak(text, RATE_HZ)), chance), "kills")
        heard = await made.read(text)
        killing.cancel()
        return Outcome(words(text), heard, len(killed), list(made.notices), (loop.time() - began_s) / 60)


async def _kill(made: Desk, killed: list[int], places: list[float], whole_bytes: int, chance: random.Random) -> None:
    """End the process when so much of the whole has been heard."""
    decoders = made.client.decoders
    for place in places:
        while len(made.ear.heard) < place * whole_bytes:  # noqa: ASYNC110 - the ear wakes others
            await asyncio.sleep(0.01)
        while not (child := decoders._child) or child.pid in killed:  # noqa: ASYNC110 - it says nothing
            await asyncio.sleep(0.01)
        await asyncio.sleep(chance.uniform(0, _LATEST_S))  # while it starts, unpacks, or has nothing to do
        with suppress(ProcessLookupError):
            os.kill(child.pid, signal.SIGKILL)
            killed.append(child.pid)


# ---- the whole program ----


def into_file(
    folder: Path, output_format: str, sentences: list[str], *, kills: int, seed: int, pace: float = math.inf
) -> program.Outcome:
    """`harken speak --out`: what is in the file is every word, once. The service is `pace` times as fast as life."""
    service = taking(output_format)
    service.pace = pace
    with on_thread(service):
        env = {**os.environ, "PYTHONPATH": _ROOT, "HARKEN_AUDIO": "none", **_variables(service, folder)}
        outcome, _ = program.write_file(
            sentences, folder, _PROGRAM, env, kills=kills, seed=seed, name="file", kinds=IN_FILE, options=_VOICE
        )
    text = program.text_of(sentences)
    with wave.open(str(folder / "file" / "text.wav")) as file:
        rate_hz = file.getframerate()
        heard = hear(file.readframes(file.getnframes()), rate_hz, words(text))
    assert heard == hear(speak(text, rate_hz), rate_hz, words(text)), "the file has other words"
    return outcome


def aloud(made: HeardDesk, output_format: str, sentences: list[str], *, kills: int, seed: int) -> program.Outcome:
    """`harken speak`, where a sound server listens."""
    service = taking(output_format)
    with on_thread(service):
        made.env |= _variables(service, made.folder)
        return alone(made, sentences, kills=kills, seed=seed, kinds=ALOUD, options=_VOICE)


def taking(output_format: str) -> PollyService:
    """A service that speaks in no other format."""
    service = PollyService()
    service.formats = {key: encoder for key, encoder in service.formats.items() if key[0] == output_format}
    return service


def _variables(service: PollyService, folder: Path) -> dict[str, str]:
    """The environment of somebody whose keys are given by a program, and last for so short that it is asked often.

    Some are renewed while they still serve, others are waited for: see `reader/credentials/credentials.py`.
    """
    giver, config = folder / "give_keys.py", folder / "aws_config"
    giver.write_text(_GIVER.format(access_key=service.account.access_key, secret_key=service.account.secret_key))
    config.write_text(f'[default]\ncredential_process="{sys.executable}" -S "{giver}"\n')
    return {
        "AWS_CONFIG_FILE": str(config),
        "AWS_REGION": service.region,
        "AWS_ENDPOINT_URL_POLLY": service.endpoint,
        "AWS_CA_BUNDLE": str(service.write_ca(folder)),
    }


# It takes its time, as one that asks a service does.
_GIVER = """
import json, random, time
from datetime import datetime, timedelta, timezone
time.sleep(0.3)
end = datetime.now(timezone.utc) + timedelta(minutes=random.choice([2, 5]))
print(json.dumps({{
    "Version": 1, "AccessKeyId": "{access_key}", "SecretAccessKey": "{secret_key}",
    "Expiration": end.strftime("%Y-%m-%dT%H:%M:%SZ"),
}}))
"""
