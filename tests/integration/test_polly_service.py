"""The stand-in for Amazon Polly: what it does for a client that is right."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from tests.fakes.polly_service import PollyService, hear, words
from tests.integration.polly_client import speak

Run = Callable[[Coroutine[Any, Any, Any]], Any]


def test_text_in_pieces_is_joined_and_spoken(run: Run) -> None:
    async def go() -> None:
        async with PollyService() as service:
            stream = await speak(service, "Hello there, my ", "friend. And how", " are you today? I am")
        text = "Hello there, my friend. And how are you today? I am"
        assert hear(stream.audio, 16000, words(text)) == words(text)
        assert stream.closed
        assert stream.closed.request_chars == len(text) == service.billed_chars
        assert service.streams[0].spoken == ["Hello there, my friend. ", "And how are you today? ", "I am"]

    run(go())
