"""The neural voice, seen from here: English, and one voice. It lives in neural_worker.py."""

from __future__ import annotations

from collections.abc import Sequence

from reader.flow import Voice
from reader.support.i18n import translate
from reader.voices.local.engine import LocalEngine
from reader.voices.registry import EngineEntry
from reader.workers.worker import Worker

# It has 0.2 GB, and 0.5 at the longest phrases. Without the variable ONNX Runtime (since 1.31, also on Linux) notes an
# id of this computer and reports to its maker.
WORKER = Worker(
    "neural",
    "reader.voices.local.neural_worker",
    memory_bytes=2 << 30,
    variables=(("ORT_DISABLE_TELEMETRY", "1"),),
)


def make(entry: EngineEntry) -> LocalEngine:
    """The engine. Its owner starts it."""
    return LocalEngine(entry.name, entry.speeds, WORKER, _voices)


def _voices() -> Sequence[Voice]:
    return [Voice("neural/heart", translate("reader", "Heart (natural, American English)"), "en")]
