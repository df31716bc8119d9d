"""Offers a natural voice, once for each language that can have one: after a text that only eSpeak could read.

It remembers the languages of its offers. Nothing is downloaded, and only the program's own list is looked at.
Core thread only.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable
from dataclasses import dataclass

from reader import tasks
from reader.flow import Event, ReadingEnded, SegmentStarted
from reader.settings.paths import state_folder
from reader.settings.store import Settings
from reader.support import files
from reader.support.files import DamagedFileError
from reader.voices.offered import own
from reader.voices.offered.index import OfferedVoice

log = logging.getLogger(__name__)

FILE = "voices-offered.json"
_ENGINE = "espeak"
# More text than is read by accident.
_LEAST_CHARS = 40
_MOST_LANGUAGES = 100


@dataclass(frozen=True, slots=True)
class VoiceOffered(Event):
    """A language was read for which there is a natural voice, but not on this computer."""

    language: str
    size_bytes: int


class VoiceOffer:
    """Subscribes to all events."""

    def __init__(self, settings: Settings, publish: Callable[[Event], None], *, is_served: bool) -> None:
        """Offers nothing unless it `is_served`: a single reading for the command line is over at once."""
        self._settings = settings
        self._publish = publish
        self._is_served = is_served
        self._chars: dict[str, int] = {}  # read by eSpeak since the last offer, by language
        self._known: list[str] | None = None  # the languages of former offers
        self.looking: asyncio.Task[None] | None = None  # finding out what to offer

    def __call__(self, event: Event) -> None:
        """Count what only eSpeak could read, and look for a voice after it has been heard."""
        if not self._is_served or self._settings.text("voice.id"):
            return  # the user has chosen, and knows where
        if isinstance(event, SegmentStarted) and event.voice_id.startswith(f"{_ENGINE}/"):
            language = event.segment.language
            self._chars[language] = self._chars.get(language, 0) + len(event.segment.text)
        elif isinstance(event, ReadingEnded) and self._chars and not self.looking:
            self.looking = tasks.start(self._offer(), "offer a voice")

    async def languages(self) -> list[str]:
        """The languages for which a voice was offered, because they were read."""
        await asyncio.to_thread(self._load)
        return list(self._known or ())

    async def voice(self, language: str) -> OfferedVoice | None:
        """The voice to recommend for a language. Takes a few ms on a thread."""
        index = await asyncio.to_thread(own.own_index)
        return index.best(language)

    async def close(self) -> None:
        """Close it. A reading that ends after this no longer makes it look for anything."""
        self._is_served = False
        if self.looking:
            self.looking.cancel()
            await asyncio.gather(self.looking, return_exceptions=True)

    async def _offer(self) -> None:
        try:
            known = await self.languages()
            read = [code for code, chars in self._chars.items() if chars >= _LEAST_CHARS and code not in known]
            for language in read:
                del self._chars[language]
                if voice := await self.voice(language):
                    self._known = [*known, language][-_MOST_LANGUAGES:]
                    await asyncio.to_thread(self._keep)
                    self._publish(VoiceOffered(0, language, voice.size_bytes))
                    break  # one at a time
        finally:
            self.looking = None

    def _load(self) -> None:
        if self._known is None:
            self._known = []
            with contextlib.suppress(OSError, DamagedFileError):
                value = files.read_json(state_folder() / FILE)
                if isinstance(value, list):
                    self._known = [code for code in value[:_MOST_LANGUAGES] if isinstance(code, str)]

    def _keep(self) -> None:
        try:
            files.write_json(state_folder() / FILE, self._known)
        except OSError as error:  # it is offered again next time
            log.warning("offers of voices: %s", error)
