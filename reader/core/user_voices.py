"""The voices that may read for this user. Core thread only."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from reader.core.app import App
from reader.errors import HarkenError
from reader.flow import Voice
from reader.session.engines import not_ready
from reader.voices import registry
from reader.voices.base import Collecting

_START_LIMIT_S = 30.0


async def find(app: App, engine: str = "") -> tuple[list[Voice], str]:
    """(the voices of `engine`, or all that may read for this user; why some of them are missing, or "").

    A service is asked only if its voices are wanted: by `engine`, or because one of them is chosen.
    """
    wanted = [name for name in app.engines.all if not registry.is_remote(name) and engine in ("", name)]
    with suppress(TimeoutError):  # a list can wait for a slow computer; a sentence says what is missing
        async with asyncio.timeout(_START_LIMIT_S):
            await asyncio.gather(*map(app.engines.started, wanted))
    found: dict[str, Voice] = {}
    problem: HarkenError | None = None
    service = registry.service_of(engine or app.settings.text("voice.id"))
    names = sorted(registry.engines_of(service)) if service and not engine else [engine]
    if service and service.needs_account:
        # This may wait for a person, longer than an engine would. If there is none, the engine says why.
        await app.find_account()
    for name in names:
        voices, problem = await app.engines.ready(f"{name}/")
        found |= {voice.id: voice for voice in voices}
        if problem:
            break
    may_be_none = {name for name, one in app.engines.all.items() if isinstance(one, Collecting) and not one.has_voices}
    missing = [name for name in wanted if name not in may_be_none and not any(v.engine == name for v in found.values())]
    if not problem and missing:
        problem = not_ready(missing[0])
    return [voice for voice in found.values() if engine in ("", voice.engine)], problem.sentence if problem else ""


def row(voice: Voice) -> dict[str, str]:
    """A voice, for programs."""
    return {"id": voice.id, "name": voice.name, "language": voice.language}
