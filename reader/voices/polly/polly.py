"""Amazon Polly as a Service. Its parts take a tenth of a second to import, so they are imported when they are wanted.

Core thread only.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reader.voices.base import Engine
from reader.voices.service import Context, Examination, Spent

if TYPE_CHECKING:
    from reader.voices.polly.parts import Parts


def make(context: Context) -> Polly:
    """Create the service. Nothing is contacted yet."""
    return Polly(context)


class Polly:
    """Implements Service."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._parts: Parts | None = None
        self.problem = ""  # why the spending is unknown, as a sentence for the user

    async def engines(self) -> Mapping[str, Engine]:
        module = await asyncio.to_thread(_import_parts)
        options = self._context.options()
        choices = module.Choices(
            self._context.folder() / "polly-voices.json",
            self._spending_file,
            options["format"],
            tuple(name for name in re.split(r"[,\s]+", options["lexicons"]) if name),
            round(options["monthly_limit"]),
        )
        parts: Parts = module.Parts(self._context.accounts, choices)
        self._parts, self.problem = parts, parts.problem
        return parts.engines

    async def examine(self, voice_id: str) -> Examination:
        assert self._parts
        return await self._parts.examine(voice_id)

    async def spent(self) -> Spent:
        """Includes what other Harken processes have recorded."""
        return await asyncio.to_thread(_this_month, self._spending_file)

    @property
    def _spending_file(self) -> Path:
        return self._context.folder() / "polly-spent.json"


def _import_parts() -> Any:
    from reader.voices.polly import parts

    return parts


def _this_month(file: Path) -> Spent:
    from reader.voices.polly.spending import Spending

    return Spending(file, datetime.now).this_month
