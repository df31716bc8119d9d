"""Adds an English voice in the neural one's format, after trying it in a separate process.

It is added completely or not at all, like those of voices/piper/installation.py.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import shutil
from dataclasses import replace
from pathlib import Path

from reader.errors import VoiceFileError
from reader.flow import Voice
from reader.support import files, foreign
from reader.support.files import DamagedFileError
from reader.support.i18n import translate
from reader.voices.local import neural_added
from reader.voices.local.neural_added import NET, Known
from reader.voices.piper import folder, installation
from reader.workers.frames import BrokenFrameError, Frame
from reader.workers.worker import Worker

log = logging.getLogger(__name__)

EXAMINER = Worker(
    "examiner",
    "reader.voices.local.neural_examine_worker",
    memory_bytes=2 << 30,
    variables=(("ORT_DISABLE_TELEMETRY", "1"),),
)
# The existing ones have 8 MB.
_MOST_BYTES = 1 << 26


async def add(net: Path, place: Path, key: str, name: str, locale: str) -> list[Voice]:
    """Add the voice of a net to those in `place` as `key`, replacing any voice with that key.

    `name` is for users. Raises VoiceFileError, OSError.
    """
    making = place / f"{installation.MAKING}{secrets.token_hex(4)}"
    known = Known(name, locale, 1.0)

    def write() -> None:
        making.mkdir(mode=0o700, parents=True)
        files.write_bytes(making / NET, files.read_bytes(net, _MOST_BYTES))
        files.write_json(making / folder.FACTS, neural_added.as_json(known))

    try:
        await asyncio.to_thread(write)
        gain = _gain(await installation.ask(replace(EXAMINER, reads=str(making))), name)
        found = neural_added.as_json(replace(known, gain=gain))
        await asyncio.to_thread(files.write_json, making / folder.FACTS, found)
        await asyncio.to_thread(installation.put, making, place, key)
    except DamagedFileError as error:
        raise _unusable(name) from error
    finally:
        await asyncio.to_thread(shutil.rmtree, making, True)
    return [voice for voice in neural_added.voices(place) if voice.id == f"{neural_added.ENGINE}/{key}"]


def _gain(frame: Frame | None, name: str) -> float:
    try:
        message = frame.json() if frame else {"is": "refused", "why": "its process has ended"}
        if message["is"] == "examined":
            return float(message["gain"])
        log.info("a voice can't be used: %s", foreign.shown(message["why"]))
    except (BrokenFrameError, KeyError, TypeError, ValueError):
        log.info("a voice's process answered with something else")
    raise _unusable(name)


def _unusable(name: str) -> VoiceFileError:
    sentence = translate(
        "reader", "This version of Harken can't speak with the voice “{voice}”. Look for a newer version of Harken."
    )
    return VoiceFileError(sentence.format(voice=foreign.shown(name)))
