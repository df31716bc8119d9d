"""The stand-in for Amazon Polly refuses every event that is not as the service wants it, and every other order."""

from __future__ import annotations

import json
from typing import Any

import pytest

from reader.aws.eventstream import Timestamp, encode
from reader.voices.polly.events import close_event, text_event
from tests.fakes.polly_service import PollyService
from tests.integration.polly_client import connected, opened

pytestmark = pytest.mark.own_time

TEXT = "Hello there, my friend. And how are you today? I am"


def event(name: str = "TextEvent", body: Any = None, **headers: str | bytes) -> bytes:
    """An event of a client that has other ideas."""
    mine: dict[str, str | bytes | Timestamp] = {
        ":message-type": "event",
        ":event-type": name,
        ":content-type": "application/json",
    }
    mine |= {f":{key.replace('_', '-')}": value for key, value in headers.items()}
    payload = body if isinstance(body, bytes) else json.dumps({"Text": "Hi. "} if body is None else body).encode()
    return encode({key: value for key, value in mine.items() if value}, payload)


INVALID = "ValidationException"
EVENTS: dict[str, bytes] = {
    "an unknown event": event("PauseEvent", {}),
    "an event without a type": event(event_type=""),
    "an event of another content": event(content_type="application/octet-stream"),
    "an event without content": event(content_type=""),
    "an exception": event(message_type="exception"),
    "a header more": event(language="en"),
    "a header of another type": event(language=b"en"),
    "no text": event(body={"TextType": "text"}),
    "a number": event(body={"Text": 3}),
    "a list": event(body=["Hi. "]),
    "no JSON": event(body=b"Hi. "),
    "no UTF-8": event(body=b'{"Text": "\xff"}'),
    "an unknown field": event(body={"Text": "Hi. ", "Voice": "Ruth"}),
    "an unknown type of text": event(body={"Text": "Hi. ", "TextType": "html"}),
    "force that is text": event(body={"Text": "Hi. ", "FlushStreamConfiguration": {"Force": "yes"}}),
    "an unknown flush": event(body={"Text": "Hi. ", "FlushStreamConfiguration": {"Now": True}}),
    "two events in one": text_event("Hi. ") * 2,
    "an event and a little more": text_event("Hi. ") + b"\0",
    "half an event": text_event("Hi. ")[:-4],
    "what is no event": b"Hi. ",
    "a document in two pieces": text_event("<speak>Hi. ", is_ssml=True),
    "another document": text_event("<html>Hi. </html>", is_ssml=True),
    "3,001 characters": event(body={"Text": "a" * 3001}),
    "3,001 characters within markup": text_event(f"<speak>{'a' * 3001}</speak>", is_ssml=True),
    "6,001 characters with the markup": event(
        body={"Text": f"<speak>{'<break/>' * 749}</speak>".ljust(6001, " "), "TextType": "ssml"}
    ),
}


@pytest.mark.parametrize("what", EVENTS)
async def test_an_event_is_refused_for(what: str) -> None:
    async with PollyService() as service, connected(service) as client:
        stream = await opened(client)
        await stream.text("Before. ")
        await stream.until_audio()
        await stream.event(EVENTS[what])
        await stream.end()
        assert stream.exception
        assert stream.exception.name == INVALID
        assert stream.exception.fields["reason"] in ("invalidInboundEvent", "fieldValidationFailed")
        assert stream.closed is None
        assert len(service.streams[0].events) == 1


@pytest.mark.parametrize("late", [text_event("More."), text_event(" "), close_event()], ids=["text", "blank", "close"])
async def test_nothing_follows_the_close(late: bytes) -> None:
    async with PollyService() as service:
        service.pace = 1.0  # so that the sound is not all there before it is refused
        async with connected(service) as client:
            stream = await opened(client)
            await stream.text(TEXT)
            await stream.event(close_event())
            await stream.event(late)
            await stream.end()
            assert stream.exception
            assert stream.exception.name == INVALID
            assert stream.closed is None


DAMAGED = text_event("Hi. ")


@pytest.mark.parametrize(
    ("is_signed", "tail"),
    [(False, b""), (False, DAMAGED[:5]), (False, DAMAGED[:30]), (True, DAMAGED[:5]), (True, DAMAGED[:30])],
    ids=["nothing", "part of a prelude", "part of an event", "a signed end and 5 bytes", "a signed end and 30 bytes"],
)
async def test_a_body_ends_with_a_signed_end(is_signed: bool, tail: bytes) -> None:
    async with PollyService() as service:
        service.pace = 1.0
        async with connected(service) as client:
            stream = await opened(client)
            await stream.text(TEXT)
            await stream.event(close_event())
            end = stream.signer.finish(stream.now()) if is_signed else b""
            await stream.raw(end + tail, is_last=True)
            await stream.end()
            assert stream.exception
            assert stream.exception.name == INVALID
            assert "signed end" in stream.exception.message
            assert not service.streams[0].is_end_signed


@pytest.mark.parametrize(
    ("place", "said"),
    [(3, "Prelude checksum"), (10, "Prelude checksum"), (20, "Message checksum"), (-1, "Message checksum")],
)
async def test_a_damaged_message_is_refused(place: int, said: str) -> None:
    async with PollyService() as service, connected(service) as client:
        stream = await opened(client)
        data = bytearray(stream.signer.sign(text_event("Hi. "), stream.now()))
        data[place] ^= 1
        await stream.raw(bytes(data))
        await stream.end()
        assert (stream.status, stream.said_no.split(":")[0]) == (400, INVALID)
        assert said in stream.said_no
