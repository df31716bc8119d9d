"""A speech server as a Service. Its parts are imported when they are wanted. Core thread only."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Mapping
from typing import TYPE_CHECKING, Any

from reader.errors import RemoteVoiceError, RequestRefusedError
from reader.flow import SpeechRequest
from reader.support import foreign
from reader.support.i18n import translate
from reader.voices.base import Engine
from reader.voices.service import Check, Context, Examination, Spent

if TYPE_CHECKING:
    from reader.voices.server.engine import ServerEngine

# The voice name that every such server knows, used if the settings name none.
_USUAL_VOICE = "alloy"
_LISTS, _SPEAKS = "models", "audio/speech"


def make(context: Context) -> SpeechServer:
    """Create the service. Nothing is contacted yet."""
    return SpeechServer(context)


class SpeechServer:
    """Implements Service."""

    problem = ""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._engine: ServerEngine | None = None

    async def engines(self) -> Mapping[str, Engine]:
        module = await asyncio.to_thread(_import_engine)
        options = self._context.options()
        address = module.ServerAddress.of(options["url"])  # valid, since the setting is checked
        choices = module.Choices(address, options["voice"] or _USUAL_VOICE, options["model"], options["format"])
        engine: ServerEngine = module.ServerEngine(choices, self._context.key)
        self._engine = engine
        return {engine.name: engine}

    async def examine(self, voice_id: str) -> Examination:
        """Listing the models is free; only a server on this computer is asked to say a word."""
        engine = self._engine
        assert engine
        client = engine.client
        model = self._context.options()["model"]
        checks = [await _check(_LISTS, _look_for(model, engine))]
        if client.address.is_here and checks[0].is_allowed:
            checks.append(await _check(_SPEAKS, _say_a_word(engine)))
        return Examination(tuple(checks), engine.is_backing_off, proxy=await client.proxy(), where=client.address.shown)

    async def spent(self) -> Spent:
        """Nothing is counted."""
        return Spent()


async def _check(operation: str, asking: Awaitable[str]) -> Check:
    try:
        return Check(operation, True, await asking)
    except RemoteVoiceError as error:
        return Check(operation, False, error.sentence)


async def _look_for(model: str, engine: ServerEngine) -> str:
    """What is wrong although it answers; "" for nothing. Raises RemoteVoiceError."""
    try:
        async with engine.client.ask(_LISTS) as response:
            names = _names(await response.whole())
    except RequestRefusedError as error:
        if error.code in ("404", "405"):
            return translate("reader", "it does not list its models")
        raise
    if not names or not model or model in names:
        return ""
    meant = ", ".join(foreign.shown(name) for name in sorted(names)[:5])
    return translate("reader", "it does not list the model {model}; it lists {others}").format(
        model=model, others=meant
    )


async def _say_a_word(engine: ServerEngine) -> str:
    """Raises RemoteVoiceError."""
    stream = engine.open_stream(0)
    await stream.send(SpeechRequest(0, 0, "Hello.", engine.voices()[0], 1.0))
    await stream.finish()
    async for _ in stream:
        pass
    return ""


def _names(body: bytes) -> frozenset[str]:
    """The names of the models in an answer; none if it is not such a list."""
    try:
        rows = json.loads(body)["data"]
        return frozenset(row["id"] for row in rows if isinstance(row["id"], str))
    except (ValueError, KeyError, TypeError, RecursionError):
        return frozenset()


def _import_engine() -> Any:
    from reader.voices.server import engine

    return engine
