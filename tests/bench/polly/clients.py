"""Harken's client beside the official SDK for JavaScript: the same texts, the same service, in turns.

The service answers at once and as fast as it is read, so what is left is the client, and the loopback.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench import footprint
from tests.fakes.polly_peer import Peer, official_sdk

ACCESS_KEY, SECRET_KEY = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
SENTENCE = "When the train finally arrived, everyone climbed aboard."
# Some ten minutes of speech.
PARAGRAPHS = [" ".join([SENTENCE] * 10)] * 15
RATE_BYTES = 16000 * 2


@dataclass
class Figures:
    """Milliseconds, but for the memory in MB. CPU is of one minute of sound."""

    warm: list[float] = field(default_factory=list)
    cold: list[float] = field(default_factory=list)
    interrupt: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    memory_mb: float = 0.0


async def compare(turns: int) -> dict[str, Figures]:
    """Both clients' figures, by name."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with _service() as (endpoint, ca):
            keys = {"access_key": ACCESS_KEY, "secret_key": SECRET_KEY}
            async with official_sdk(folder, endpoint, ca, **keys) as sdk, _harken(endpoint, ca) as harken:
                peers = {"official SDK": sdk, "Harken": harken}
                found = {name: Figures() for name in peers}
                for turn in range(turns + 2):
                    for name, peer in peers.items():
                        # The first ones read modules and warm compilers up.
                        await _turn(peer, found[name] if turn >= 2 else Figures())
                for _ in range(3):
                    for name, peer in peers.items():
                        await _read_long(peer, found[name])
    return found


async def _turn(peer: Peer, figures: Figures) -> None:
    pieces = [{"text": SENTENCE, "force": True}]
    for connection, times in (("warm", figures.warm), ("new", figures.cold)):
        done = await peer.ask("stream", pieces=pieces, connection=connection)
        times.append(done["first_audio"])
    done = await peer.ask("interrupt", pieces=[pieces[0], pieces[0]], connection="warm")
    # A client that can't says so: its new text needs a new connection.
    figures.interrupt.append(done.get("first_audio", float("nan")))


async def _read_long(peer: Peer, figures: Figures) -> None:
    pieces = [{"text": paragraph, "force": True} for paragraph in PARAGRAPHS]
    done = await peer.ask("stream", pieces=pieces, connection="warm")
    figures.cpu.append(done["cpu_ms"] / (done["bytes"] / RATE_BYTES / 60))
    figures.memory_mb = max(figures.memory_mb, footprint.peak_mb(peer.pid))


@asynccontextmanager
async def _service() -> AsyncIterator[tuple[str, Path]]:
    """In a process of its own, so that its work is nobody's."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.fakes.polly_service", json.dumps({"silence_s": 60.0})),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout
    assert process.stdin
    where = json.loads(await process.stdout.readline())
    try:
        yield where["endpoint"], Path(where["ca"])
    finally:
        process.stdin.close()
        await process.communicate()


@asynccontextmanager
async def _harken(endpoint: str, ca: Path) -> AsyncIterator[Peer]:
    environment = {
        **os.environ,
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
        "AWS_REGION": "us-east-1",
        "AWS_ENDPOINT_URL_POLLY": endpoint,
        "NODE_EXTRA_CA_CERTS": str(ca),
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.bench.polly.harken_peer"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env=environment,
    )
    peer = Peer(process, Path(os.devnull))
    await peer.ready()
    try:
        yield peer
    finally:
        await peer.close()


def rows(found: dict[str, Figures]) -> list[list[str]]:
    """A table's rows: what, the SDK, Harken, and Harken as a share of the SDK."""
    sdk, harken = found["official SDK"], found["Harken"]
    table: list[tuple[str, list[float], list[float], str]] = [
        ("text to first sound, warm connection", sdk.warm, harken.warm, "ms"),
        ("text to first sound, cold connection", sdk.cold, harken.cold, "ms"),
        ("interrupt to first sound of the new text", sdk.interrupt, harken.interrupt, "ms"),
        ("CPU for a minute of sound", sdk.cpu, harken.cpu, "ms"),
        ("memory at most (whole process)", [sdk.memory_mb], [harken.memory_mb], "MB"),
    ]
    return [
        [what, _shown(theirs, unit), _shown(ours, unit), f"{statistics.median(ours) / statistics.median(theirs):.2f}"]
        for what, theirs, ours, unit in table
    ]


def _shown(values: list[float], unit: str) -> str:
    if len(values) < 5:
        return f"{statistics.median(values):.0f} {unit}"
    late = statistics.quantiles(values, n=20)[-1]
    return f"{statistics.median(values):.1f} / {late:.1f} {unit}"
