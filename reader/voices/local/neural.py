"""The neural voice as an engine, with voices of its kind that the user has added: all English.

They run in neural_worker.py.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from reader.flow import Voice
from reader.support.i18n import translate
from reader.support.voice_folder import voices_folder
from reader.voices.local import neural_added
from reader.voices.local.engine import LocalEngine
from reader.voices.registry import EngineEntry
from reader.workers.worker import Worker

# Uses 0.2 GB, and 0.5 GB for the longest phrases. Without the variable, ONNX Runtime (since 1.31, on Linux as well)
# records an id of this computer and reports to its maker.
WORKER = Worker(
    "neural",
    "reader.voices.local.neural_worker",
    memory_bytes=2 << 30,
    variables=(("ORT_DISABLE_TELEMETRY", "1"),),
)


class NeuralEngine(LocalEngine):
    """Implements Engine, Sleeping and Collecting."""

    has_voices = True

    def __init__(self, entry: EngineEntry) -> None:
        self._folder = voices_folder()
        self._may_read = False  # whether the process may read the folder: only if it existed at start
        super().__init__(entry.name, entry.speeds, replace(WORKER, reads=str(self._folder)), self._find_all)

    async def renew(self) -> None:
        if self._voices:
            self._voices = await asyncio.to_thread(self._find_all)
        if not self._may_read and await asyncio.to_thread(self._folder.is_dir):
            self._replace()  # the next one may

    async def _start(self) -> None:
        self._may_read = await asyncio.to_thread(self._folder.is_dir)
        await super()._start()

    def _find_all(self) -> Sequence[Voice]:
        own = Voice("neural/heart", translate("reader", "Heart (natural, American English)"), "en")
        return [own, *neural_added.voices(self._folder)]


def make(entry: EngineEntry) -> NeuralEngine:
    """Make the engine. Its owner starts it."""
    return NeuralEngine(entry)
