"""The list of voices: at once from its file, or from the service if that is missing or old.

Core thread only.
"""

from __future__ import annotations

import asyncio
import math
import time
from contextlib import suppress
from pathlib import Path

from reader import tasks
from reader.errors import AccessRefusedError, HarkenError, PermissionMissingError, RemoteVoiceError, VoiceMissingError
from reader.support.i18n import translate
from reader.voices.polly import voice_list
from reader.voices.polly.client import PollyClient
from reader.voices.polly.voice_list import PollyVoice

# Delays before asking for the list again, if that may help, and how long to keep trying: less than a start may take
# (session/engines.py).
_AGAIN_AFTER_S = (0.25, 0.5, 1.0)
_ASK_FOR_S = 3.0
# A list older than this is refreshed, while the old one is used.
_FRESH_S = 24 * 3600.0


class VoiceCache:
    def __init__(self, client: PollyClient, path: Path) -> None:
        """`path` is where the list is stored; each region has its own beside it, because their voices differ."""
        self.entries: list[PollyVoice] = []
        self._client = client
        self._path = path
        self._stem = path.stem
        self._loading: asyncio.Task[None] | None = None
        self._refreshing: asyncio.Task[None] | None = None

    async def load(self) -> None:
        """Get a list. Raises VoiceMissingError, with the reason, if there is none yet and none can be fetched."""
        may_ask = (
            not self.entries and not self._client.is_backing_off
        )  # otherwise each reading would wait for the same failure
        if self._loading is None or (self._loading.done() and may_ask):
            self._loading = tasks.start(self._load(), "list of polly's voices")
        await asyncio.shield(self._loading)

    async def close(self) -> None:
        """Stop asking."""
        tasks = [task for task in (self._loading, self._refreshing) if task]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _load(self) -> None:
        if region := await self._client.region():
            self._path = self._path.with_stem(f"{self._stem}-{region}")
        self.entries, age_s = await asyncio.to_thread(_read, self._path)
        if not self.entries:
            await self._ask_and_learn()
        elif age_s > _FRESH_S:
            self._refreshing = tasks.start(self._refresh(), "voices of polly again")

    async def _refresh(self) -> None:
        with suppress(HarkenError):  # the old list is better than none, and a reading will see for itself
            await self._take(await self._ask())

    async def _ask(self) -> list[PollyVoice]:
        """Fetch the list, retrying if necessary. Raises RemoteVoiceError."""
        loop = asyncio.get_running_loop()
        until_s = loop.time() + _ASK_FOR_S
        waits_s = iter(_AGAIN_AFTER_S)
        while True:
            try:
                return await voice_list.ask(lambda values: self._client.call("DescribeVoices", values))
            except RemoteVoiceError as error:
                wait_s = max(next(waits_s, math.inf), error.retry_after_s)
                if not error.retry or loop.time() + wait_s > until_s:
                    raise
            await asyncio.sleep(wait_s)

    async def _ask_and_learn(self) -> None:
        try:
            entries = await self._ask()
        except AccessRefusedError as error:
            self._client.note_failure(error)
            if not isinstance(error, PermissionMissingError):
                raise VoiceMissingError(error.sentence) from error
            if self.entries:
                return
            # An account that may speak may still not be allowed to list: the model has names, but no languages.
            model = await self._client.model()
            self.entries = [
                PollyVoice(name, ("en-US",), (voice_list.GENERATIVE,)) for name in sorted(model.voice_names())
            ]
        except RemoteVoiceError as error:
            self._client.note_failure(error)
            raise VoiceMissingError(error.sentence) from error
        else:
            await self._take(entries)

    async def _take(self, entries: list[PollyVoice]) -> None:
        if not entries:
            raise VoiceMissingError(translate("reader", "Amazon Polly lists no voices. Try again later."))
        self.entries = entries
        await asyncio.to_thread(voice_list.write, self._path, entries)


def _read(path: Path) -> tuple[list[PollyVoice], float]:
    """(the stored list, its age in seconds)."""
    try:
        age_s = time.time() - path.stat().st_mtime
    except OSError:
        age_s = float("inf")
    return voice_list.read(path), age_s
