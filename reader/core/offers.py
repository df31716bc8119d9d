"""Lists the voices that can be had, and gets one of them for the command line. Core thread only.

No server is asked for anything unless the user wants a voice, or has named another list.
"""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from reader.errors import VoiceMissingError
from reader.flow import Voice
from reader.support import foreign
from reader.support.i18n import translate
from reader.support.languages import code_of
from reader.support.voice_folder import voices_folder
from reader.voices.local import neural_added
from reader.voices.offered import elsewhere
from reader.voices.offered.index import Asks as Asks
from reader.voices.offered.index import Index as Index
from reader.voices.offered.index import OfferedVoice as OfferedVoice
from reader.voices.piper import folder

if TYPE_CHECKING:
    from reader.voices.offered.getting import Progress as Progress


@dataclass(frozen=True, slots=True)
class Offers:
    """What can be had, and what is here: `sizes` are bytes on disk, by the names of voices' folders.

    `found` are nets of voices that other programs have put here.
    """

    index: Index
    sizes: dict[str, int]
    found: tuple[Path, ...]


async def find() -> Offers:
    """All of it. Raises HarkenError."""
    index = await (await getting()).find_index()
    return await asyncio.to_thread(_find, index)


def _find(index: Index) -> Offers:
    place = voices_folder()
    sizes = {name: folder.size_bytes(place, name) for name in folder.names(place)}
    found = [net for net in elsewhere.find() if net.name.removesuffix(".onnx") not in sizes]
    return Offers(index, sizes, tuple(found))


async def rows(language: str = "") -> list[dict[str, Any]]:
    """The voices of a language, or all, for programs. Raises HarkenError."""
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


async def get(name: str, on_progress: Callable[[Progress], None]) -> tuple[list[Voice], bool]:
    """Download a voice, named by itself or by its language, and add it. Raises HarkenError.

    Returns its voices, and whether they are new: a voice that is here and usable is not downloaded again.
    """
    downloading = await getting()
    index = await downloading.find_index()
    voice = index.voice(name) or index.best(code_of(name))
    if not voice and (unclear := index.of_language(code_of(name))):
        sentence = translate(
            "reader", "All voices for “{language}” have an unclear licence. Name the one you want, such as “{voice}”."
        )
        raise VoiceMissingError(sentence.format(language=foreign.shown(name), voice=unclear[0].key))
    if not voice:
        sentence = translate(
            "reader", "There is no voice “{voice}” to download. “harken voices available” lists them all."
        )
        raise VoiceMissingError(sentence.format(voice=foreign.shown(name)))
    if here := await asyncio.to_thread(_here, voice):
        return here, False
    return await downloading.get(voice, index, voices_folder(), on_progress), True


def _here(voice: OfferedVoice) -> list[Voice]:
    place = voices_folder()
    voices = (*folder.voices(place), *neural_added.voices(place))
    return [one for one in voices if one.id.partition(folder.SPEAKER_MARK)[0] == voice.id]


async def getting() -> ModuleType:
    """What downloads voices."""
    return await module("reader.voices.offered.getting")


async def module(name: str) -> ModuleType:
    """Import a module that has no use until a voice is wanted; on a thread, because it would hold up the loop."""
    return await asyncio.to_thread(importlib.import_module, name)
