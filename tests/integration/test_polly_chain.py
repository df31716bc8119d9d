"""The stand-in for Amazon Polly refuses every event that is not the next link of its stream's signatures."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

import pytest

from reader.aws.eventstream import Timestamp, encode, encode_headers
from reader.aws.signing import EventSigner
from reader.voices.polly.events import close_event, text_event
from tests.fakes.polly_service import PollyService, frames
from tests.integration.polly_client import Stream, connected

pytestmark = pytest.mark.own_time

MINUTE = timedelta(minutes=1)
BAD = "InvalidSignatureException"
HELLO = text_event("Hello. ")


async def wrong_seed(stream: Stream) -> None:
    seed = stream.signer._previous
    stream.signer._previous = seed[:-1] + ("0" if seed[-1] != "0" else "1")
    await stream.text("Hello. ")


async def without_signature(stream: Stream) -> None:
    await stream.raw(HELLO)


async def twice(stream: Stream) -> None:
    event = stream.signer.sign(HELLO, stream.now())
    await stream.raw(event)
    await stream.raw(event)


async def in_another_order(stream: Stream) -> None:
    first, second = (stream.signer.sign(HELLO, stream.now()) for _ in range(2))
    await stream.raw(second + first)


async def with_one_left_out(stream: Stream) -> None:
    stream.signer.sign(HELLO, stream.now())
    await stream.text("Hello. ")


async def late(stream: Stream) -> None:
    await stream.event(HELLO, shift=-6 * MINUTE)


async def early(stream: Stream) -> None:
    await stream.event(HELLO, shift=6 * MINUTE)


async def with_the_keys_of_another_day(stream: Stream) -> None:
    seed = stream.client.opening()
    seed.now -= timedelta(days=1)
    stream.signer._key = EventSigner(seed.sign().seed)._key
    await stream.text("Hello. ")


async def with_text_that_was_changed(stream: Stream) -> None:
    await stream.raw(forged(stream, {}, text_event("Hullo. ")))


async def with_a_date_that_is_text(stream: Stream) -> None:
    await stream.raw(forged(stream, {":date": stream.now().isoformat()}))


async def with_a_date_of_another_second(stream: Stream) -> None:
    await stream.raw(forged(stream, {":date": Timestamp(round((stream.now().timestamp() - 1) * 1000))}))


async def with_a_signature_in_hex(stream: Stream) -> None:
    when = stream.now()
    date = Timestamp(int(when.timestamp() * 1000))
    signature = stream.signer.signature(encode_headers({":date": date}), HELLO, when)
    await stream.raw(encode({":date": date, ":chunk-signature": signature.hex()}, HELLO))


async def with_a_date_that_is_a_number(stream: Stream) -> None:
    await stream.raw(retyped(stream, date=5))


async def with_a_signature_that_is_text(stream: Stream) -> None:
    await stream.raw(retyped(stream, signature=7))


async def behind_the_end(stream: Stream) -> None:
    await stream.raw(stream.signer.finish(stream.now()))
    stream.signer._is_finished = False
    await stream.text("Hello. ")


async def with_a_header_more(stream: Stream) -> None:
    await stream.raw(forged(stream, {":content-type": "application/json"}))


async def with_an_end_that_is_not_signed(stream: Stream) -> None:
    await stream.raw(encode({}), is_last=True)


def forged(stream: Stream, changes: dict[str, str | bytes | Timestamp], payload: bytes = HELLO) -> bytes:
    """An event with the signature of another."""
    when = stream.now()
    date = Timestamp(int(when.timestamp() * 1000))
    signature = stream.signer.signature(encode_headers({":date": date}), HELLO, when)
    headers: dict[str, str | bytes | Timestamp] = {":date": date, ":chunk-signature": signature}
    return encode(headers | changes, payload)


def retyped(stream: Stream, *, date: int = 8, signature: int = 6) -> bytes:
    """An event whose signature is right and whose headers are of other types."""
    when = stream.now()
    ms = Timestamp(int(when.timestamp() * 1000))
    signed = stream.signer.signature(encode_headers({":date": ms}), HELLO, when)
    headers = b"\x05:date" + bytes((date,)) + ms.ms.to_bytes(8)
    headers += b"\x10:chunk-signature" + bytes((signature,)) + len(signed).to_bytes(2) + signed
    return frames.message(headers, HELLO)


CHAINS = [
    wrong_seed,
    without_signature,
    twice,
    in_another_order,
    with_one_left_out,
    late,
    early,
    with_the_keys_of_another_day,
    with_text_that_was_changed,
    with_a_date_that_is_text,
    with_a_date_of_another_second,
    with_a_signature_in_hex,
    with_a_date_that_is_a_number,
    with_a_signature_that_is_text,
    with_a_header_more,
    with_an_end_that_is_not_signed,
]


@pytest.mark.parametrize("send", CHAINS, ids=lambda send: send.__name__)
@pytest.mark.parametrize("is_first", [True, False], ids=["first", "later"])
async def test_an_event_is_refused(send: Callable[[Stream], Coroutine[Any, Any, None]], is_first: bool) -> None:
    """As the first the request is refused; later, in the stream, as an error of its framing."""
    async with PollyService() as service, connected(service) as client:
        stream = await client.open()
        if not is_first:
            await stream.text("Before. ")
            await stream.until_audio()
        await send(stream)
        await stream.end()
        assert stream.said_no.startswith(BAD)
        assert stream.closed is None
        assert service.streams[0].end.startswith("refused: " + BAD)
        # Nothing behind the first bad event was taken.
        assert len(service.streams[0].events) <= (0 if is_first else 1) + (send is twice)


async def test_nothing_follows_the_signed_end() -> None:
    async with PollyService() as service, connected(service) as client:
        service.pace = 1.0
        stream = await client.open()
        await stream.text("Before there was nothing. ")
        await behind_the_end(stream)
        await stream.end()
        assert stream.said_no == "ValidationException: an event behind the end"
        assert len(service.streams[0].events) == 1


async def test_a_chain_goes_on_over_midnight_and_with_any_cut() -> None:
    """The scope stays that of the request; events come in single bytes."""
    async with PollyService() as service, connected(service) as client:
        opening = client.opening()
        now = service.now()
        midnight = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
        # Both clocks stand a minute before midnight when the stream begins, and go on behind it.
        service.clock_skew += midnight - now - MINUTE
        opening.now = service.now()
        stream = await client.open(opening)
        await stream.text("Before. ")
        service.clock_skew += 2 * MINUTE
        assert service.now().date() > opening.now.date()
        for byte in stream.signer.sign(text_event("After."), service.now()):
            await stream.raw(bytes((byte,)))
            await asyncio.sleep(0)
        await stream.close()
        await stream.end()
        assert stream.closed
        assert service.streams[0].spoken == ["Before. ", "After."]
        assert service.streams[0].is_end_signed


async def test_a_close_event_alone_ends_the_text_but_not_the_body() -> None:
    async with PollyService() as service, connected(service) as client:
        stream = await client.open()
        await stream.event(close_event())
        await stream.end()
        assert stream.closed
        await service.until(lambda: service.streams[0].end == "closed")
        assert not service.streams[0].is_end_signed
