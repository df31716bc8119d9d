"""Voices in Piper's format as an engine: those that the user has added. They run in piper_worker.py.

Without any there is no process. Core thread only.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from reader.flow import Voice
from reader.support.voice_folder import voices_folder
from reader.voices.local.engine import LocalEngine
from reader.voices.piper import folder
from reader.voices.registry import EngineEntry
from reader.workers.worker import Worker

# Two voices of the largest kind use 0.6 GB. For the variable see neural.py.
WORKER = Worker(
    "piper",
    "reader.voices.piper.piper_worker",
    memory_bytes=2 << 30,
    variables=(("ORT_DISABLE_TELEMETRY", "1"),),
)


class PiperEngine(LocalEngine):
    """Implements Engine and Collecting."""

    def __init__(self, entry: EngineEntry) -> None:
        self._folder = voices_folder()
        self._added: Sequence[Voice] | None = None  # None before the first look
        super().__init__(entry.name, entry.speeds, replace(WORKER, reads=str(self._folder)), lambda: self._added or ())

    @property
    def has_voices(self) -> bool:
        return bool(self._added)

    async def look(self) -> None:
        if self._added is None:
            self._added = await asyncio.to_thread(folder.voices, self._folder)
        await super().look()

    async def start(self) -> None:
        if self._added is None:
            self._added = await asyncio.to_thread(folder.voices, self._folder)
        if self._added:
            await super().start()

    async def renew(self) -> None:
        self._added = await asyncio.to_thread(folder.voices, self._folder)
        if self._voices:  # the process loads voices as they are asked for
            self._voices = self._added
        await self.start()


def make(entry: EngineEntry) -> PiperEngine:
    """The engine. Its owner starts it."""
    return PiperEngine(entry)
