"""Voices that can be had: for the command line, and for the window that has one downloaded. Core thread only.

Nothing here is asked of any server unless the user wants a voice, or has named another list.
"""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from reader import tasks
from reader.errors import HarkenError, VoiceMissingError
from reader.flow import Event, Voice
from reader.session.preferences import preferred
from reader.support import foreign
from reader.support.i18n import translate
from reader.support.voice_folder import voices_folder
from reader.voices.offered import elsewhere
from reader.voices.offered.index import Asks as Asks
from reader.voices.offered.index import Index as Index
from reader.voices.offered.index import OfferedVoice as OfferedVoice
from reader.voices.piper import folder

if TYPE_CHECKING:
    from reader.voices.offered.getting import Progress as Progress


@dataclass(frozen=True, slots=True)
class Offers:
    """What can be had, and what is here: `sizes` are bytes on the disk, by the names of voices' folders.

    `found` are nets of voices that other programs have put here.
    """

    index: Index
    sizes: dict[str, int]
    found: tuple[Path, ...]


async def find() -> Offers:
    """All of it. Raises HarkenError."""
    getting = await _module("reader.voices.offered.getting")
    index = await getting.find_index()
    return await asyncio.to_thread(_find, index)


def _find(index: Index) -> Offers:
    place = voices_folder()
    sizes = {name: folder.size_bytes(place, name) for name in folder.names(place)}
    found = [net for net in elsewhere.find() if net.name.removesuffix(".onnx") not in sizes]
    return Offers(index, sizes, tuple(found))


async def rows(language: str = "") -> list[dict[str, Any]]:
    """Those of a language, or all, for programs. Raises HarkenError."""
    offers = await find()
    order = sorted(offers.index.voices, key=lambda voice: voice.locale)  # the best stay first in each
    files = [] if language else [{"file": str(net)} for net in offers.found]
    return [*files, *(_row(voice, offers) for voice in order if language in ("", voice.language))]


def _row(voice: OfferedVoice, offers: Offers) -> dict[str, Any]:
    checked = {"sha256" if f.sha256 else "md5" if f.md5 else "first use" for f in voice.files}
    return {
        "id": voice.id,
        "name": voice.name,
        "language": voice.language,
        "locale": voice.locale,
        "bytes": voice.size_bytes,
        "licence": voice.licence,
        "asks": str(voice.asks),
        "credit": voice.credit,
        "page": voice.page,
        "score": voice.score,
        "quality": voice.quality,
        "sample_rate": voice.rate_hz,
        "speakers": voice.speakers,
        "phonemes": voice.phonemes,
        "checked_by": sorted(checked),
        "recommended": voice.is_recommended,
        "installed": voice.key in offers.sizes,
    }


async def get(name: str, on_progress: Callable[[Progress], None]) -> list[Voice]:
    """Download a voice, named by itself or by its language, and add it. Raises HarkenError."""
    getting = await _module("reader.voices.offered.getting")
    index = await getting.find_index()
    voice = index.voice(name) or index.best(name)
    if not voice and (unclear := index.of_language(name)):
        sentence = translate(
            "reader", "For “{language}” there are only voices whose licence is not clear. Name one, such as “{voice}”."
        )
        raise VoiceMissingError(sentence.format(language=foreign.shown(name), voice=unclear[0].key))
    if not voice:
        sentence = translate("reader", "No voice “{voice}” can be downloaded. “harken voices available” lists them.")
        raise VoiceMissingError(sentence.format(voice=foreign.shown(name)))
    added: list[Voice] = await getting.get(voice, index, voices_folder(), on_progress)
    return added


async def _module(name: str) -> ModuleType:
    """A module that has no use before somebody wants a voice, imported on a thread: it would hold up the loop."""
    return await asyncio.to_thread(importlib.import_module, name)


@dataclass(frozen=True, slots=True)
class VoiceDownloading(Event):
    """A voice that the user wants is on its way. `key` is its name in the list of those that can be had."""

    key: str
    percent: int
    is_adding: bool = False  # all of it is here, and it is being tried


@dataclass(frozen=True, slots=True)
class VoiceDownloaded(Event):
    """A voice can read now; or it can't, and `problem` is the sentence why."""

    key: str
    voice_id: str = ""
    problem: str = ""


class VoiceDownloads:
    """Those that the window has begun. It learns of them by events."""

    def __init__(self, publish: Callable[[Event], None], look_again: Callable[[], Any]) -> None:
        """`look_again` is called when voices have come or gone."""
        self._publish = publish
        self._look_again = look_again
        self._running: dict[str, asyncio.Task[None]] = {}

    async def begin(self, voice: OfferedVoice, index: Index) -> None:
        """Begin to download a voice, unless that is going on."""
        if voice.key not in self._running:
            self._running[voice.key] = tasks.start(self._get(voice, index), f"download {voice.key}")

    async def cancel(self, key: str) -> None:
        """Stop a download. What has arrived is gone on with when it is begun again."""
        if task := self._running.get(key):
            task.cancel()

    async def add(self, path: Path) -> list[Voice]:
        """Add the voice of a file. Raises HarkenError."""
        installation = await _module("reader.voices.piper.installation")
        added: list[Voice] = await installation.add(path, voices_folder())
        await self._look_again()
        return added

    async def remove(self, key: str) -> None:
        """Remove a voice. Raises OSError."""
        await asyncio.to_thread(folder.remove, voices_folder(), key)
        await self._look_again()

    async def close(self) -> None:
        """Stop all."""
        running = list(self._running.values())
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    async def _get(self, voice: OfferedVoice, index: Index) -> None:
        told = -1

        def tell(progress: Progress) -> None:
            nonlocal told
            percent = 100 * progress.have_bytes // max(progress.size_bytes, 1)
            if percent != told or progress.is_adding:
                told = percent
                self._publish(VoiceDownloading(0, voice.key, percent, progress.is_adding))

        try:
            getting = await _module("reader.voices.offered.getting")
            added = await getting.get(voice, index, voices_folder(), tell)
            await self._look_again()
        except HarkenError as error:
            ended = VoiceDownloaded(0, voice.key, problem=error.sentence)
        except asyncio.CancelledError:
            sentence = translate("reader", "Stopped. Harken goes on from there when you download the voice again.")
            self._publish(VoiceDownloaded(0, voice.key, problem=sentence))
            raise
        else:
            ended = VoiceDownloaded(0, voice.key, voice_id=added[0].id if added else "")
        finally:
            del self._running[voice.key]
        self._publish(ended)


def with_preferred(known: str, language: str, voice_id: str) -> str:
    """The setting voice.preferred with another voice for a language."""
    others = {code: voice for code, voice in preferred(known).items() if code != language}
    return " ".join(f"{code}={voice}" for code, voice in sorted({**others, language: voice_id}.items()))
