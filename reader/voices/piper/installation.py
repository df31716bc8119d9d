"""Adds a voice: its net is cut, tried in a process without privileges, and put beside the others if all is well.

Half-made voices are in hidden folders, which adding another removes later; a voice is added completely or not at all.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from reader.errors import VoiceFileError
from reader.flow import Voice
from reader.support import files, foreign
from reader.support.files import DamagedFileError
from reader.support.i18n import translate
from reader.voices.piper import attention, cut, description, facts, folder, net
from reader.voices.piper.description import Description
from reader.voices.piper.facts import BEFORE, Facts
from reader.workers.child import Child
from reader.workers.frames import BrokenFrameError, Frame
from reader.workers.worker import Worker

log = logging.getLogger(__name__)

# Uses 0.8 GB for the largest voices: the whole sound at once.
EXAMINER = Worker(
    "examiner",
    "reader.voices.piper.examine_worker",
    memory_bytes=3 << 30,
    variables=(("ORT_DISABLE_TELEMETRY", "1"),),
)
# A large voice takes 20 s on a slow machine.
_LIMIT_S = 180.0
# A half-made voice this old was left behind by a process that is gone.
_STALE_S = 3600.0
_NET, _DESCRIPTION = ".onnx", ".onnx.json"
MAKING = ".making-"
_WHOLE = "whole"
# What is known about a voice before it is tried, and its nets.
_Way = tuple[Facts, Callable[[], Mapping[str, bytes]]]


def pair_of(path: Path) -> tuple[Path, Path]:
    """The paths of net and description, given either. Raises VoiceFileError, naming the half that is missing."""
    if path.name.endswith(_DESCRIPTION):
        path = path.with_name(path.name.removesuffix(".json"))
    if not path.name.endswith(_NET):
        sentence = translate("reader", "“{file}” is not a voice. Voices in Piper's format are files named “….onnx”.")
        raise VoiceFileError(sentence.format(file=foreign.shown(path.name)))
    pair = path, path.with_name(path.name + ".json")
    for half in pair:
        if not half.is_file():
            sentence = translate(
                "reader", "There is no file “{file}”. A voice needs “….onnx” and “….onnx.json” in the same folder."
            )
            raise VoiceFileError(sentence.format(file=foreign.shown(half.name)))
    return pair


async def add(path: Path, place: Path, first_speaker: int = -1) -> list[Voice]:
    """Add the voice in a file to those in `place`; one of the same name is replaced. Raises VoiceFileError.

    If there are many speakers, the one with the number `first_speaker` comes first.
    """
    try:
        name, ways = await asyncio.to_thread(_read, path, first_speaker)
        return await _add(name, ways, place)
    except (OSError, DamagedFileError) as error:
        sentence = translate("reader", "The voice “{file}” can't be added: {reason}.")
        raise VoiceFileError(sentence.format(file=foreign.shown(path.name), reason=files.reason(error))) from error


def _read(path: Path, first_speaker: int) -> tuple[str, list[_Way]]:
    """(the voice's name, the ways to store it)."""
    net_file, description_file = pair_of(path)
    stem = net_file.name.removesuffix(_NET)
    about = description.read(files.read_json(description_file, folder.MOST_FACTS_BYTES), net_file.name)
    order = sorted(about.speakers.items(), key=lambda speaker: speaker[1] != first_speaker)
    about = replace(about, speakers=dict(order))
    try:
        whole = net.read(files.read_bytes(net_file, net.MAX_BYTES))
        cut.check(whole)
        ways = _ways(whole, about)
    except net.BrokenNetError as error:
        log.info("a file is no voice: %s", error)
        raise _no_voice(net_file.name) from error
    return description.usable_name(stem) or "voice", ways


def _ways(whole: net.Net, about: Description) -> list[_Way]:
    """How a voice may be stored, the best way first."""
    ways: list[_Way] = []
    if parts := cut.cut(whole):
        known = Facts(
            about, tuple(parts.nets), parts.sound, parts.durations, parts.latent, parts.features, parts.coarse
        )
        if (narrow := attention.narrow(whole)) and (better := cut.cut(narrow)):
            ways.append((known, lambda: {**better.nets, BEFORE: parts.nets["text"]}))
        ways.append((known, lambda: parts.nets))
    (sound,) = whole.outputs
    ways.append((Facts(about, (_WHOLE,), sound), lambda: {_WHOLE: cut.whole(whole)}))
    return ways


def _no_voice(name: str) -> VoiceFileError:
    sentence = translate("reader", "“{file}” is not a voice in Piper's format, or it is damaged.")
    return VoiceFileError(sentence.format(file=foreign.shown(name)))


async def _add(name: str, ways: Sequence[_Way], place: Path) -> list[Voice]:
    making = place / f"{MAKING}{secrets.token_hex(4)}"
    try:
        for known, nets in ways:  # until parts and pieces add up to the whole
            if found := await _try(making, known, await asyncio.to_thread(nets)):
                break
            await asyncio.to_thread(shutil.rmtree, making, True)
        else:
            raise _no_voice(name)
        await asyncio.to_thread((making / f"{BEFORE}.onnx").unlink, missing_ok=True)
        await asyncio.to_thread(files.write_json, making / folder.FACTS, facts.as_json(found))
        await asyncio.to_thread(put, making, place, name)
    finally:
        await asyncio.to_thread(shutil.rmtree, making, True)
    return [voice for voice in folder.voices(place) if _is_of(voice, name)]


def _is_of(voice: Voice, name: str) -> bool:
    return voice.id.partition("/")[2].partition(folder.SPEAKER_MARK)[0] == name


def put(making: Path, place: Path, name: str) -> None:
    """Store what was made as a voice of this name, and remove what others left half made. Raises OSError."""
    with files.locked(place):
        folder.remove(place, name)
        making.rename(place / name)
        for left in place.glob(f"{folder.HIDDEN}*"):
            if left.name != folder.DOWNLOADS and time.time() - left.stat().st_mtime > _STALE_S:
                shutil.rmtree(left, ignore_errors=True)


async def _try(making: Path, known: Facts, nets: Mapping[str, bytes]) -> Facts | None:
    """Write a voice and have it examined. Raises VoiceFileError, OSError."""

    def write() -> None:
        making.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        for part, data in nets.items():
            files.write_bytes(making / f"{part}.onnx", data)
        files.write_json(making / folder.FACTS, facts.as_json(known))

    await asyncio.to_thread(write)
    return _found(await ask(replace(EXAMINER, reads=str(making))), known)


async def ask(examiner: Worker) -> Frame | None:
    """What a process finds out about a voice; None if it dies or takes too long. Raises OSError."""
    answer: asyncio.Future[Frame | None] = asyncio.get_running_loop().create_future()

    def receive(frame: Frame) -> None:
        if frame.tag and not answer.done():  # the first message only says that it is ready
            answer.set_result(frame)

    def end() -> None:
        if not answer.done():
            answer.set_result(None)

    child = await Child.start(examiner, receive, end)
    try:
        child.send(1, {})
        frame = None
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_LIMIT_S):
                frame = await answer
        return frame
    finally:
        await child.close()


def _found(frame: Frame | None, known: Facts) -> Facts | None:
    try:
        message: Mapping[str, Any] = frame.json() if frame else {"is": "refused", "why": "its process has ended"}
        if message["is"] == "examined":
            return facts.of_json(message["facts"]) if message["facts"] else None
        log.info("a voice can't be used: %s", foreign.shown(message["why"]))
    except (BrokenFrameError, KeyError, TypeError, ValueError, AttributeError):
        log.info("a voice's process answered with something else")
    if known.is_cut:
        return None  # uncut, it may still be usable
    raise _no_voice(known.description.title)
