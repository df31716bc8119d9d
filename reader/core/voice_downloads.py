"""Downloads voices for a window, and reports on them by events. Core thread only."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reader import tasks
from reader.core.offers import getting, module
from reader.errors import HarkenError
from reader.flow import Event, Voice
from reader.support.i18n import translate
from reader.support.voice_folder import voices_folder
from reader.voices.offered.index import Index, OfferedVoice
from reader.voices.piper import folder

if TYPE_CHECKING:
    from reader.voices.offered.getting import Progress

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class VoiceDownloading(Event):
    """A voice that the user wants is being downloaded. `key` is its name in the list of those that can be had."""

    key: str
    percent: int
    is_adding: bool = False  # all of it has arrived, and it is being tried


@dataclass(frozen=True, slots=True)
class VoiceDownloaded(Event):
    """A voice is ready to read; or it isn't, and `problem` is the sentence saying why."""

    key: str
    voice_id: str = ""
    problem: str = ""


class VoiceDownloads:
    """Those that the window has started. It follows them by events."""

    def __init__(self, publish: Callable[[Event], None], look_again: Callable[[], Any]) -> None:
        """`look_again` is called when voices have been added or removed."""
        self._publish = publish
        self._look_again = look_again
        self._running: dict[str, asyncio.Task[None]] = {}

    async def begin(self, voice: OfferedVoice, index: Index) -> None:
        """Start downloading a voice, unless that is going on already."""
        if voice.key not in self._running:
            self._running[voice.key] = tasks.start(self._get(voice, index), f"download {voice.key}")

    async def cancel(self, key: str) -> None:
        """Stop a download. If it is started again, it continues from what has arrived."""
        if task := self._running.get(key):
            task.cancel()

    async def add(self, path: Path) -> list[Voice]:
        """Add a voice from a file. Raises HarkenError."""
        installation = await module("reader.voices.piper.installation")
        added: list[Voice] = await installation.add(path, voices_folder())
        await self._look_again()
        return added

    async def remove(self, key: str) -> None:
        """Remove a voice. Raises OSError."""
        await asyncio.to_thread(folder.remove, voices_folder(), key)
        await self._look_again()

    async def close(self) -> None:
        """Stop all downloads."""
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
            added = await (await getting()).get(voice, index, voices_folder(), tell)
            await self._look_again()
        except HarkenError as error:
            ended = VoiceDownloaded(0, voice.key, problem=error.sentence)
        except asyncio.CancelledError:
            sentence = translate("reader", "Stopped. If you download the voice again, Harken continues from there.")
            self._publish(VoiceDownloaded(0, voice.key, problem=sentence))
            raise
        except Exception:  # unforeseen; the window waits for an end
            log.exception("%s could not be downloaded", voice.key)
            sentence = translate("reader", "Harken could not do this. Run “harken doctor” to find the log.")
            ended = VoiceDownloaded(0, voice.key, problem=sentence)
        else:
            ended = VoiceDownloaded(0, voice.key, voice_id=added[0].id if added else "")
        finally:
            del self._running[voice.key]
        self._publish(ended)
