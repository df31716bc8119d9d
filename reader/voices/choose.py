"""Builds the engines there are, in the order in which they are tried for a text.

The neural voice speaks English; eSpeak NG speaks everything else, and stands in when the neural one
fails. The order is the fallback order. Amazon Polly's are made when one of its voices is chosen.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reader.flow import Voice
from reader.support.i18n import translate
from reader.voices.base import Engine
from reader.voices.local.engine import LocalEngine
from reader.voices.polly.spending import Spending, Spent

if TYPE_CHECKING:
    from reader.voices.polly.choose import Parts
    from reader.voices.polly.examine import Examination
    from reader.voices.polly.service import Accounts

# Speeds the voices reach by themselves, as factors of their own pace: the neural one's are its
# documentation's, eSpeak's are 80 to 450 words a minute around 175.
NEURAL_SPEEDS = (0.5, 2.0)
ESPEAK_SPEEDS = (80 / 175, 450 / 175)

# ISO 639-1 codes of what eSpeak NG names otherwise.
_ISO = {"cmn": "zh"}
# The variety to take where a language has several and none is simply called by its code.
_FIRST_OF = {"en": "en-us", "fr": "fr-fr"}

# The engines on a network.
REMOTE = frozenset({"polly", "polly-sentences"})


@dataclass(frozen=True, slots=True)
class PollyChoices:
    """What the user has set for Amazon Polly, and where Harken may keep what it knows of it."""

    voices_file: Path
    spending_file: Path
    output_format: str = "pcm"
    lexicons: tuple[str, ...] = ()
    monthly_limit: int = 0  # characters, 0 for none


class Polly:
    """Amazon Polly. Nobody who does not use it pays for reading its modules.

    Core thread only.
    """

    def __init__(self, accounts: Accounts, choices: Callable[[], PollyChoices]) -> None:
        """`choices` is asked whenever engines are made."""
        self._accounts = accounts
        self._choices = choices
        self._parts: Parts | None = None
        self.problem = ""  # why what was spent is not known; the sentence for the user

    async def engines(self) -> Mapping[str, Engine]:
        """Its engines by name, made anew. They are started and closed by whoever asks."""
        polly = await asyncio.to_thread(_import_polly)
        self._parts = polly.Parts(self._accounts, self._choices())
        self.problem = self._parts.problem
        return self._parts.engines

    async def examine(self, voice_id: str) -> Examination:
        """What the account may do with this voice. Takes up to half a minute, and costs nothing.

        For engines that were made.
        """
        assert self._parts
        return await self._parts.examine(voice_id)

    async def spent(self) -> Spent:
        """The characters of this month, also those that other processes of Harken's wrote down."""
        spending = await asyncio.to_thread(Spending, self._choices().spending_file, datetime.now)
        return spending.this_month


def _import_polly() -> Any:
    import reader.voices.polly.choose as polly  # takes a tenth of a second, and memory

    return polly


def engines() -> Mapping[str, Engine]:
    """The engines on this computer by name, in fallback order. They are started by whoever owns them."""
    return {
        "neural": LocalEngine("neural", NEURAL_SPEEDS, _neural_voices),
        "espeak": LocalEngine("espeak", ESPEAK_SPEEDS, _espeak_voices),
    }


def _neural_voices(_reported: Sequence[Mapping[str, Any]]) -> Sequence[Voice]:
    return [Voice("neural/heart", translate("reader", "Heart (natural, American English)"), "en")]


def _espeak_voices(reported: Sequence[Mapping[str, Any]]) -> Sequence[Voice]:
    """ESpeak's voices, so ordered that the first one of a language is the one to take."""
    voices = []
    for voice in reported:
        code: str = voice["code"]
        base = code.partition("-")[0]
        voices.append((code != _FIRST_OF.get(base, base), code, base, voice["name"]))
    return [Voice(f"espeak/{code}", f"{name} (eSpeak)", _ISO.get(base, base)) for _, code, base, name in sorted(voices)]
