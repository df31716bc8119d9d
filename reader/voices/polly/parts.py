"""Assembles Amazon Polly's parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from reader.aws.account import Accounts
from reader.voices.base import Engine
from reader.voices.polly.client import PollyClient
from reader.voices.polly.engine import FORMATS, PollyEngine, SentencesEngine
from reader.voices.polly.examine import examine
from reader.voices.polly.spending import Spending
from reader.voices.polly.voice_cache import VoiceCache
from reader.voices.service import Examination


@dataclass(frozen=True, slots=True)
class Choices:
    """The user's settings for Amazon Polly, and where Harken may store what it learns about it."""

    voices_file: Path
    spending_file: Path
    output_format: str = "pcm"
    lexicons: tuple[str, ...] = ()
    monthly_limit: int = 0  # characters, 0 for none


class Parts:
    """The engines by name, which share an account and the service's health, and what else the service can be asked."""

    def __init__(self, accounts: Accounts, choices: Choices) -> None:
        """Nothing is contacted yet."""
        self._client = PollyClient(accounts)
        self._lexicons = choices.lexicons
        self._formats = sorted(FORMATS, key=lambda one: one[0] != choices.output_format)
        voice_cache = VoiceCache(self._client, choices.voices_file)
        spending = Spending(choices.spending_file, datetime.now, choices.monthly_limit)
        self.problem = spending.problem
        shared = self._client, voice_cache, spending
        self._streams = PollyEngine(*shared, formats=self._formats, lexicons=self._lexicons)
        sentences = SentencesEngine(*shared, formats=self._formats, lexicons=self._lexicons)
        self.engines: Mapping[str, Engine] = {engine.name: engine for engine in (self._streams, sentences)}

    async def examine(self, voice_id: str) -> Examination:
        """Find out what the account may do with the chosen voice, within half a minute and free of charge."""
        checks = await examine(self._client, voice_id, self._formats[0], self._lexicons)
        refused = (
            f"{name} does not take {output_format} at {rate_hz} Hz"
            for name, formats in self._streams.refused_formats.items()
            for output_format, rate_hz in formats
        )
        return Examination(checks, self._client.is_backing_off, tuple(refused), await self._client.proxy())
