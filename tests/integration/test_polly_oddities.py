"""The stand-in for Amazon Polly: damage, and what is legal and strange, each as it says."""

from __future__ import annotations

import math

import pytest

from reader.errors import StreamCorruptError
from tests.fakes.polly_service import PollyService, hear, words
from tests.integration.polly_client import connected, opened, speak
from tests.integration.polly_trouble import AFTER_BYTES, AFTER_SOUND, TROUBLED, Inject, struck, unfinished

pytestmark = pytest.mark.own_time


async def test_a_bad_checksum() -> None:
    async with PollyService() as service:
        stream, client = await struck(service, lambda faults: faults.bad_crc(after_bytes=AFTER_BYTES))
        (error,) = client.failures
        assert isinstance(error, StreamCorruptError)
        assert len(stream.audio) == AFTER_SOUND


async def test_a_prelude_that_is_cut_off() -> None:
    async with PollyService() as service:
        stream, _ = await struck(service, lambda faults: faults.truncated_prelude(after_bytes=AFTER_BYTES))
        assert stream.failure is None
        assert len(stream.audio) == AFTER_SOUND
        assert unfinished(stream)
        with pytest.raises(StreamCorruptError):
            stream.events._decoder.finish()


@pytest.mark.parametrize(
    "inject",
    [
        lambda faults: faults.strange_events(after_bytes=AFTER_BYTES),
        lambda faults: faults.ping_flood(5000, after_bytes=AFTER_BYTES),
        lambda faults: faults.window(1024, after_bytes=AFTER_BYTES),
    ],
    ids=["strange events", "ping flood", "small window"],
)
async def test_what_a_client_has_to_take(inject: Inject) -> None:
    async with PollyService() as service:
        stream, _ = await struck(service, inject)
        assert stream.closed
        assert hear(stream.audio, 16000, words(TROUBLED)) == words(TROUBLED)


async def test_a_window_is_shrunk_below_nothing_and_text_still_goes_through() -> None:
    async with PollyService() as service, connected(service) as client:
        stream = await opened(client)
        with service.faults.closed_window():
            await stream.text(" " * 2000)
            await service.until(lambda: len(service.streams[0].events) == 1)
            with service.faults.window(1024) as fault:
                await stream.text("Hello there. ")
                await service.until(lambda: fault.hits == 1)
                await client.until(lambda: client.http._h2.remote_settings.initial_window_size == 1024)
            await stream.text("How are you? " * 200)
            assert client.http._h2.local_flow_control_window(stream.stream_id) < 0
        await stream.close()
        await stream.end()
        assert stream.closed
        assert len(service.streams[0].spoken) == 201


@pytest.mark.parametrize("size", [1, 1 << 20])
async def test_sizes_of_audio_events(size: int) -> None:
    # One sentence of more than a mebibyte.
    text = TROUBLED if size == 1 else "word " * 170
    async with PollyService() as service:
        with service.faults.event_size(size):
            stream = await speak(service, text)
        assert stream.closed
        assert hear(stream.audio, 16000, words(text)) == words(text)
        assert max(map(len, stream.pieces)) == size
        assert service.event_bytes == 3200


async def test_legal_additions() -> None:
    async with PollyService() as service:
        service.early_hints = service.has_trailers = True
        stream = await speak(service, TROUBLED)
        assert stream.status == 200
        assert stream.closed
        assert stream.failure is None
        assert hear(stream.audio, 16000, words(TROUBLED)) == words(TROUBLED)


async def test_a_fault_strikes_a_stream_once() -> None:
    async with PollyService() as service:
        with service.faults.strange_events(times=math.inf) as fault:
            await speak(service, TROUBLED)
            assert fault.hits == 1
            await speak(service, TROUBLED)
            assert fault.hits == 2


async def test_faults_need_not_come_one_by_one() -> None:
    async with PollyService() as service:
        with service.faults.strange_events() as strange, service.faults.end(after_bytes=AFTER_BYTES) as end:
            stream = await speak(service, TROUBLED)
        assert (strange.hits, end.hits) == (1, 1)
        assert len(stream.audio) == AFTER_SOUND
        assert service.faults._active == []
