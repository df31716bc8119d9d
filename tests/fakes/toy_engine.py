"""A second engine on this computer, to see what adding one takes: this file, toy_worker.py and a row."""

from __future__ import annotations

from collections.abc import Sequence

from reader.flow import Voice
from reader.voices.local.engine import LocalEngine
from reader.voices.registry import EngineEntry
from reader.workers.worker import Worker

WORKER = Worker("toy", "tests.fakes.toy_worker", memory_bytes=1 << 28)


def make(entry: EngineEntry) -> LocalEngine:
    return LocalEngine(entry.name, entry.speeds, WORKER, _voices)


def _voices() -> Sequence[Voice]:
    return [Voice("toy/tlh", "Toy", "tlh")]
