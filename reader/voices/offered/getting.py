"""Gets a voice from the list: downloads its files, checks and adds them. It is added completely or not at all.

An interrupted download stays in a hidden folder beside the voices, and the next one resumes it. Core thread only.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from reader.errors import DownloadError, HarkenError, RemoteVoiceError
from reader.flow import Voice
from reader.support import files, foreign
from reader.support.files import DamagedFileError
from reader.support.i18n import translate
from reader.voices.local import neural_added, neural_adding
from reader.voices.offered import index, own
from reader.voices.offered.download import Lock, download, sha256
from reader.voices.offered.index import Index, OfferedVoice
from reader.voices.offered.web import Web
from reader.voices.piper import folder, installation

# The environment variable that names a different list, for tests and mirrors.
VARIABLE = "HARKEN_VOICE_INDEX"
_PINS = "pins.json"
# Partial downloads older than this are deleted, not resumed.
_STALE_S = 30 * 24 * 3600.0
# While a voice is added, its parts lie beside its net; and some space is always left for other programs.
_ROOM_FACTOR, _ROOM_BYTES = 1.1, 50_000_000


@dataclass(frozen=True, slots=True)
class Progress:
    """How much of a voice has arrived. `is_adding`: all of it, and it is being tried."""

    have_bytes: int
    size_bytes: int
    is_adding: bool = False


OnProgress = Callable[[Progress], None]


async def find_index(web: Web | None = None) -> Index:
    """The list of voices: Harken's own, or the one that the variable names. Raises HarkenError."""
    address = os.environ.get(VARIABLE, "")
    if not address:
        return await asyncio.to_thread(own.own_index)
    if not index.is_safe(address):
        sentence = translate(
            "reader", "{variable} must begin with https://, or with http:// for this computer only, not “{address}”."
        )
        raise DownloadError(sentence.format(variable=VARIABLE, address=foreign.shown(address)))
    host = address.split("/")[2].lower()
    data = bytearray()
    async with (web or Web()).get(address, [host]) as response:
        if response.status != 200:
            sentence = translate("reader", "The server refused the download (HTTP {status}). Try again later.")
            raise DownloadError(sentence.format(status=response.status))
        async for piece in response.pieces:
            data += piece
            if len(data) > index.MAX_BYTES:
                break
    return await asyncio.to_thread(own.read, bytes(data))


async def get(
    voice: OfferedVoice, known: Index, place: Path, on_progress: OnProgress, web: Web | None = None
) -> list[Voice]:
    """Add a voice to those in `place`, and return what can read now. Raises HarkenError.

    If cancelled, what has arrived is kept.
    """
    waiting = place / folder.DOWNLOADS
    mine = waiting / voice.key
    try:
        lock = await asyncio.to_thread(Lock, waiting / f"{voice.key}.lock")
    except OSError as error:
        raise _failed(voice, error) from error
    try:
        await asyncio.to_thread(_make_room, waiting, mine, voice)
        await _download(voice, known, mine, on_progress, web or Web())
        await asyncio.to_thread(_pin, waiting / _PINS, mine, voice)
        on_progress(Progress(voice.size_bytes, voice.size_bytes, is_adding=True))
        added = await _add(voice, mine, place)
        await asyncio.to_thread(shutil.rmtree, mine, True)
    except (OSError, DamagedFileError) as error:
        raise _failed(voice, error) from error
    except HarkenError as error:
        raise _about(voice, error) from error
    else:
        return added
    finally:
        await asyncio.to_thread(lock.close)


async def _add(voice: OfferedVoice, mine: Path, place: Path) -> list[Voice]:
    net = next(file for file in voice.files if file.name.endswith(".onnx"))
    if voice.engine == neural_added.ENGINE:
        return await neural_adding.add(mine / net.name, place, voice.key, voice.name, voice.locale)
    return await installation.add(mine / net.name, place, first_speaker=voice.speaker)


async def _download(voice: OfferedVoice, known: Index, mine: Path, on_progress: OnProgress, web: Web) -> None:
    before = 0
    for file in voice.files:
        target = mine / file.name

        def tell(have: int, before: int = before) -> None:
            on_progress(Progress(min(before + have, voice.size_bytes), voice.size_bytes))

        if not target.exists():  # a file has this name only once its checksums match
            await download(web, file, target, known.hosts, tell)
        before += file.size_bytes if file.is_exact else 0


def _make_room(waiting: Path, mine: Path, voice: OfferedVoice) -> None:
    """Remove stale downloads. Raises DownloadError if there is not enough space for the voice, OSError."""
    for left in waiting.iterdir():
        if left != mine and left.is_dir() and time.time() - left.stat().st_mtime > _STALE_S:
            shutil.rmtree(left, ignore_errors=True)
    mine.mkdir(mode=0o700, exist_ok=True)
    here = sum(file.stat().st_size for file in mine.iterdir())
    needed = round(voice.size_bytes * (1 + _ROOM_FACTOR)) - here + _ROOM_BYTES
    free = shutil.disk_usage(mine).free
    if needed > free:
        sentence = translate(
            "reader", "There is not enough disk space: the voice needs {needed} MB, but only {free} MB are free."
        )
        raise DownloadError(sentence.format(needed=round(needed / 1e6), free=round(free / 1e6)))


def _pin(pins: Path, mine: Path, voice: OfferedVoice) -> None:
    """For files without a SHA-256 in the list, remember that of the first download, and insist on it from then on."""
    known = {}
    with contextlib.suppress(OSError, DamagedFileError):
        known = dict(files.read_json(pins))
    new = {file.url: sha256(mine / file.name) for file in voice.files if not file.sha256}
    changed = [file for file in voice.files if known.get(file.url, new.get(file.url)) != new.get(file.url)]
    if changed:
        shutil.rmtree(mine, ignore_errors=True)
        sentence = translate(
            "reader", "The file on the server has changed since you first downloaded it, so Harken did not keep it."
        )
        raise DownloadError(sentence)
    files.write_json(pins, known | new)


def _failed(voice: OfferedVoice, error: Exception) -> DownloadError:
    sentence = translate("reader", "The voice “{voice}” can't be downloaded: {reason}.")
    return DownloadError(sentence.format(voice=voice.name, reason=foreign.shown(files.reason(error))))


def _about(voice: OfferedVoice, error: HarkenError) -> HarkenError:
    """The error to raise instead, which names the voice."""
    if not isinstance(error, DownloadError | RemoteVoiceError):
        return error
    sentence = translate("reader", "“{voice}” was not downloaded. {problem}")
    return DownloadError(sentence.format(voice=voice.name, problem=error.sentence))
