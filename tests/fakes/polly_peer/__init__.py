"""The official AWS SDK for JavaScript in a process of its own, as another client of the stand-in for Amazon Polly.

It proves that the stand-in is one, and benches stand beside it. `packaging/setup.sh test` installs it into
`.venv/node`; the script is copied there because Node looks for packages beside a script.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
FOLDER = HERE.parents[2] / ".venv" / "node"
SCRIPT = "polly_peer.mjs"
# An answer is one line, with all of the sound in it.
_MAX_LINE_BYTES = 1 << 27


def missing() -> str:
    """What keeps it from running here, "" if nothing does."""
    if not shutil.which("node"):
        return "node"
    return "" if (FOLDER / "node_modules" / "@aws-sdk" / "client-polly").is_dir() else "the AWS SDK for JavaScript"


class PeerError(Exception):
    """It ended before it answered."""


class Peer:
    """A process that runs. One command at a time."""

    def __init__(self, process: asyncio.subprocess.Process, errors: Path) -> None:
        self.pid = process.pid
        self.notes: list[dict[str, Any]] = []  # of the last command, as they came
        self._process = process
        self._errors = errors
        self._asked = 0

    async def ask(self, do: str, **options: Any) -> dict[str, Any]:
        """Do a command of the script's, and return what it says at the end."""
        assert self._process.stdin
        self._asked += 1
        self.notes.clear()
        self._process.stdin.write(json.dumps({"id": self._asked, "do": do, **options}).encode() + b"\n")
        while True:
            note = await self._next()
            self.notes.append(note)
            if note["event"] == "done":
                return note

    async def stream(self, *texts: str, **options: Any) -> dict[str, Any]:
        """Speak pieces of plain text with StartSpeechSynthesisStream."""
        return await self.ask("stream", pieces=[{"text": text} for text in texts], **options)

    async def ready(self) -> dict[str, Any]:
        return await self._next()

    async def close(self) -> int:
        """Let it come to its end, and return its exit code."""
        assert self._process.stdin
        self._process.stdin.close()
        return await self._process.wait()

    async def _next(self) -> dict[str, Any]:
        assert self._process.stdout
        line = await self._process.stdout.readline()
        if not line:
            raise PeerError(await asyncio.to_thread(self._errors.read_text))
        note = json.loads(line)
        assert isinstance(note, dict)
        return note


@asynccontextmanager
async def official_sdk(
    folder: Path,
    endpoint: str,
    ca: Path,
    *,
    access_key: str,
    secret_key: str,
    token: str = "",
    region: str = "us-east-1",
) -> AsyncIterator[Peer]:
    """Run it. `folder` takes what it writes to standard error."""
    script = FOLDER / SCRIPT
    await asyncio.to_thread(shutil.copyfile, HERE / SCRIPT, script)
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "NODE_"))}
    environment |= {
        "AWS_ACCESS_KEY_ID": access_key,
        "AWS_SECRET_ACCESS_KEY": secret_key,
        "AWS_REGION": region,
        "AWS_ENDPOINT_URL_POLLY": endpoint,
        "NODE_EXTRA_CA_CERTS": str(ca),
        "NODE_NO_WARNINGS": "1",
    }
    if token:
        environment["AWS_SESSION_TOKEN"] = token
    errors = folder / "polly-peer-errors"
    with errors.open("wb") as stderr:
        process = await asyncio.create_subprocess_exec(
            *("node", str(script)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=stderr,
            env=environment,
            limit=_MAX_LINE_BYTES,
        )
    peer = Peer(process, errors)
    try:
        await peer.ready()
        yield peer
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
