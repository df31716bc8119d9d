"""Harken's own client in a process of its own, which takes the commands of `tests/fakes/polly_peer`: see there.

From the text to the sound it is what the session uses: an engine, its connections, a reading over streams. The
commands are "stream" and "interrupt", which breaks off a text at its first sound for another one.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from reader.aws.signing import AwsKeys
from reader.flow import Ending, SpeechRequest, Voice
from reader.voices.polly.client import PollyClient
from reader.voices.polly.engine import PollyEngine
from reader.voices.polly.spending import Spending
from reader.voices.polly.utterance_stream import UtteranceStream
from reader.voices.polly.voice_cache import VoiceCache

VOICE = Voice("polly/Matthew", "Matthew", "en")
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


@dataclass
class Account:
    """From the variables that the SDK reads."""

    keys: AwsKeys
    region: str
    endpoint: str
    ca_bundle: str


class Accounts:
    async def account(self, *, is_renewed: bool = False) -> Account:
        found = os.environ
        keys = AwsKeys(found["AWS_ACCESS_KEY_ID"], found["AWS_SECRET_ACCESS_KEY"])
        return Account(keys, found["AWS_REGION"], found["AWS_ENDPOINT_URL_POLLY"], found["NODE_EXTRA_CA_CERTS"])


@asynccontextmanager
async def engine(client: PollyClient, folder: Path) -> AsyncIterator[PollyEngine]:
    made = PollyEngine(client, VoiceCache(client, folder / "voices"), Spending(folder / "spent", datetime.now))
    try:
        yield made
    finally:
        await made._spending.saved()
        await made._connections.close()


def requests(texts: list[str]) -> list[SpeechRequest]:
    return [SpeechRequest(1, i, text, VOICE, 1.0, Ending.PARAGRAPH) for i, text in enumerate(texts)]


class Peer:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._client = PollyClient(Accounts())

    async def run(self, commands: asyncio.Queue[str]) -> None:
        async with engine(self._client, self._folder) as warm:
            say(None, event="ready", rss_bytes=rss_bytes())
            while line := await commands.get():
                command = json.loads(line)
                if command.get("connection") == "warm":
                    warm._connections.warm()
                    await until_warm(warm)
                    await self._do(warm, command)
                else:
                    async with engine(self._client, self._folder) as cold:
                        await self._do(cold, command)

    async def _do(self, used: PollyEngine, command: dict[str, Any]) -> None:
        started, cpu = time.perf_counter(), time.process_time()
        speech = UtteranceStream(used, 1)
        done: dict[str, Any] = {}
        texts = [piece["text"] for piece in command["pieces"]]
        if command["do"] == "interrupt":
            await speech.send(requests([texts[0]])[0])
            async for chunk in speech:
                if chunk.pcm:
                    break
            started, cpu = time.perf_counter(), time.process_time()
            speech.cancel()
            texts, speech = texts[1:], UtteranceStream(used, 2)
        sending = asyncio.create_task(send(speech, texts))
        size = 0
        async for chunk in speech:
            if chunk.pcm and not size:
                done["first_audio"] = (time.perf_counter() - started) * 1000
            size += len(chunk.pcm)
        await sending
        say(
            command["id"],
            event="done",
            **done,
            ms=(time.perf_counter() - started) * 1000,
            bytes=size,
            cpu_ms=(time.process_time() - cpu) * 1000,
            rss_bytes=rss_bytes(),
        )


async def send(speech: UtteranceStream, texts: list[str]) -> None:
    for request in requests(texts):
        await speech.send(request)
    await speech.finish()


async def until_warm(used: PollyEngine) -> None:
    connections = used._connections
    while sum(connection.can_open for connection in connections._open) < 2:
        connections._change.clear()
        await connections._change.wait()


def rss_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE_BYTES


def say(number: int | None, **what: Any) -> None:
    print(json.dumps({"id": number, **what}), flush=True)


async def main() -> None:
    commands: asyncio.Queue[str] = asyncio.Queue()
    loop = asyncio.get_running_loop()
    loop.add_reader(sys.stdin, lambda: commands.put_nowait(sys.stdin.readline()))
    with tempfile.TemporaryDirectory() as folder:
        await Peer(Path(folder)).run(commands)


if __name__ == "__main__":
    asyncio.run(main())
