"""A second service on a network, to see what adding one takes: this file and two rows."""

from __future__ import annotations

from collections.abc import Mapping

from reader.voices.base import Engine
from reader.voices.service import Check, Context, Examination, Spent
from tests.fakes.engine import FakeEngine


def make(context: Context) -> ToyService:
    return ToyService()


class ToyService:
    problem = ""

    async def engines(self) -> Mapping[str, Engine]:
        return {"toynet": FakeEngine("toynet", ["eo"])}

    async def examine(self, voice_id: str) -> Examination:
        return Examination((Check("Speak", is_allowed=True),))

    async def spent(self) -> Spent:
        return Spent(7)
