"""Meets a fault of the stand-in's with the small client."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from reader.errors import ConnectionBrokenError
from tests.fakes.polly_service import PollyService, hear, words
from tests.fakes.polly_service.faults import Fault, Faults
from tests.integration.polly_client import Client, Stream, connected, opened, speak

Inject = Callable[[Faults], AbstractContextManager[Fault]]

TROUBLED = "Hello there, my friend. And how are you today? I am"
# Two and a half events, so a fault is due behind the third.
AFTER_BYTES = 8000
AFTER_SOUND = 3 * 3200


async def struck(service: PollyService, inject: Inject) -> tuple[Stream, Client]:
    """A stream that meets a fault, and another one that does not."""
    with inject(service.faults) as fault:
        async with connected(service) as client:
            stream = await opened(client)
            await stream.text(TROUBLED)
            await stream.close()
            await stream.end()
        assert fault.hits == 1
        # Once is once, and in its own connection.
        again = await speak(service, TROUBLED)
        assert fault.hits == 1
    assert again.closed
    assert hear(again.audio, 16000, words(TROUBLED)) == words(TROUBLED)
    assert service.broken == 0
    return stream, client


def unfinished(stream: Stream) -> bool:
    """Whether the client's protocol says that something is missing."""
    with pytest.raises(ConnectionBrokenError):
        stream.events.finish()
    return stream.closed is None
