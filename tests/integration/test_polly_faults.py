"""The trouble that the stand-in for Amazon Polly can make: each does what it says, once, and nothing behind it."""

from __future__ import annotations

from typing import Any

import pytest
from h2.errors import ErrorCodes

from reader.http.h2_protocol import ConnectionClosing
from tests.fakes.polly_service import PollyService, hear, words
from tests.integration.polly_client import connected, opened, speak
from tests.integration.polly_trouble import AFTER_BYTES, AFTER_SOUND, TROUBLED, struck, unfinished

pytestmark = pytest.mark.own_time


@pytest.mark.parametrize("code", list(ErrorCodes), ids=lambda code: code.name)
async def test_reset(code: ErrorCodes) -> None:
    async with PollyService() as service:
        stream, client = await struck(service, lambda faults: faults.reset(code, after_bytes=AFTER_BYTES))
        assert stream.failure
        assert stream.failure.code == code
        assert len(stream.audio) == AFTER_SOUND
        assert unfinished(stream)
        assert service.streams[0].end == "fault"
        assert not any(isinstance(event, ConnectionClosing) for event in client.happened)


@pytest.mark.parametrize("is_answered", [True, False])
async def test_reset_before_the_first_sound(is_answered: bool) -> None:
    async with PollyService() as service:
        stream, _ = await struck(
            service, lambda faults: faults.reset(ErrorCodes.INTERNAL_ERROR, is_answered=is_answered)
        )
        assert stream.failure
        assert stream.failure.code == ErrorCodes.INTERNAL_ERROR
        assert (stream.status, stream.audio) == (200 if is_answered else 0, b"")


@pytest.mark.parametrize("code", [ErrorCodes.NO_ERROR, ErrorCodes.INTERNAL_ERROR])
async def test_goaway_lets_the_open_stream_end(code: ErrorCodes) -> None:
    async with PollyService() as service:
        stream, client = await struck(service, lambda faults: faults.goaway(code, after_bytes=AFTER_BYTES))
        assert ConnectionClosing(0, code) in client.happened
        assert stream.closed
        assert hear(stream.audio, 16000, words(TROUBLED)) == words(TROUBLED)


async def test_goaway_may_leave_the_stream_out() -> None:
    async with PollyService() as service:
        stream, client = await struck(
            service, lambda faults: faults.goaway(is_stream_kept=False, after_bytes=AFTER_BYTES)
        )
        assert ConnectionClosing(0, 0) in client.happened
        assert stream.failure
        assert stream.failure.is_untouched
        assert len(stream.audio) == AFTER_SOUND


async def test_goaway_when_idle() -> None:
    async with PollyService() as service:
        stream, client = await struck(service, lambda faults: faults.goaway_when_idle())
        assert stream.closed
        with service.faults.goaway_when_idle():
            async with connected(service) as client:
                first = await opened(client)
                await first.close()
                await first.end()
                await client.until(lambda: client.is_lost)
                assert client.streams.keys() == {first.stream_id}
                assert ConnectionClosing(0, 0) in client.happened


async def test_goaway_in_an_open_connection_without_a_stream() -> None:
    async with PollyService() as service, connected(service) as client:
        await service.until(lambda: service.open_connections == 1)
        await service.go_away()
        await client.until(lambda: client.is_lost)
        assert ConnectionClosing(0, 0) in client.happened


@pytest.mark.parametrize("is_within_event", [True, False])
async def test_the_connection_is_cut(is_within_event: bool) -> None:
    async with PollyService() as service:
        stream, client = await struck(
            service, lambda faults: faults.cut(is_within_event=is_within_event, after_bytes=AFTER_BYTES)
        )
        assert stream.failure
        assert stream.failure.code is None
        assert client.is_lost
        assert len(stream.audio) == AFTER_SOUND
        assert unfinished(stream)
        # What came of the event that was cut is held back, and shows that it is not whole.
        assert bool(stream.events._decoder._data) == is_within_event


async def test_the_body_ends_without_its_last_event() -> None:
    async with PollyService() as service:
        stream, _ = await struck(service, lambda faults: faults.end(after_bytes=AFTER_BYTES))
        assert stream.failure is None
        assert stream.exception is None
        assert len(stream.audio) == AFTER_SOUND
        assert unfinished(stream)


@pytest.mark.parametrize("is_deaf", [True, False])
async def test_a_stall_ends_when_the_client_has_enough(is_deaf: bool) -> None:
    async with PollyService() as service:
        with service.faults.stall(is_deaf=is_deaf, after_bytes=AFTER_BYTES) as fault:
            async with connected(service) as client:
                stream = await opened(client)
                await stream.text(TROUBLED)
                await stream.close()
                await stream.until_audio(AFTER_SOUND)
                await service.until(lambda: fault.hits == 1)
                client.http.ping(0.0)
                await client.flush()
                if not is_deaf:
                    await client.until(lambda: client.http._pinged_s is None)
                    await stream.reset()
                    await service.until(lambda: service.streams[0].end == "reset: CANCEL")
            await service.until(lambda: service.open_connections == 0)
            assert service.streams[0].end == ("lost" if is_deaf else "reset: CANCEL")
            assert len(stream.audio) == AFTER_SOUND
        assert (await speak(service, TROUBLED)).closed


async def test_no_answer() -> None:
    async with PollyService() as service:
        with service.faults.no_answer() as fault:
            async with connected(service) as client:
                stream = await client.open()
                await stream.text(TROUBLED)
                await stream.close()
                client.http.ping(0.0)
                await client.flush()
                await client.until(lambda: client.http._pinged_s is None)
                assert (fault.hits, stream.status, stream.is_ended) == (1, 0, False)
                # Its place is taken until it is reset.
                await stream.reset()
                again = await client.open()
                await again.text(TROUBLED)
                await again.close()
                assert (await again.end()).closed
        assert service.refused_streams == 0


@pytest.mark.parametrize(
    ("status", "name"),
    [
        (400, "ValidationException"),
        (400, "ThrottlingException"),
        (403, "AccessDeniedException"),
        (403, ""),
        (429, "TooManyRequestsException"),
        (500, "ServiceFailureException"),
        (503, ""),
    ],
)
async def test_http_errors(status: int, name: str) -> None:
    async with PollyService() as service:
        with service.faults.http_error(status, name, retry_after="3") as fault:
            async with connected(service) as client:
                stream = await (await client.open()).end()
            assert fault.hits == 1
            assert (await speak(service, TROUBLED)).closed
        assert stream.status == status
        assert stream.said_no == f"{name}: injected"
        assert stream.headers["retry-after"] == "3"


@pytest.mark.parametrize("times", [1, 2])
async def test_a_fault_strikes_so_many_times(times: int) -> None:
    async with PollyService() as service:
        with service.faults.http_error(503, times=times) as fault:
            statuses = []
            for _ in range(3):
                async with connected(service) as client:
                    stream = await client.open()
                    await stream.close()
                    statuses.append((await stream.end()).status)
            assert statuses == [503] * times + [200] * (3 - times)
            assert fault.hits == times


EXCEPTIONS: dict[str, dict[str, Any]] = {
    "ValidationException": {"reason": "other", "fields": [{"name": "Text", "message": "no"}]},
    "ThrottlingException": {"throttlingReasons": [{"reason": "rate", "resource": "stream"}]},
    "ServiceQuotaExceededException": {"quotaCode": "input-stream-timeout", "serviceCode": "polly"},
    "ServiceFailureException": {},
    "NewException": {},
}


@pytest.mark.parametrize("name", EXCEPTIONS)
async def test_exceptions_within_a_stream(name: str) -> None:
    async with PollyService() as service:
        fields = EXCEPTIONS[name]
        stream, _ = await struck(service, lambda faults: faults.exception(name, after_bytes=AFTER_BYTES, **fields))
        assert stream.exception
        assert stream.exception.name == name
        assert stream.exception.fields == {"message": "injected", **fields}
        assert stream.status == 200
        assert len(stream.audio) == AFTER_SOUND


async def test_the_network_is_lost_and_comes_back() -> None:
    async with PollyService() as service:
        service.pace = 1.0
        port = service.port
        async with connected(service) as client:
            stream = await opened(client)
            await stream.text(TROUBLED)
            await stream.until_audio()
            async with service.faults.no_network():
                await client.until(lambda: client.is_lost)
                with pytest.raises(ConnectionRefusedError):
                    async with connected(service):
                        pass
            assert stream.failure
            assert service.streams[0].end == "lost"
        service.pace = 1000.0
        assert service.port == port
        assert (await speak(service, TROUBLED)).closed


async def test_a_certificate_of_another_authority() -> None:
    async with PollyService(is_trusted=False) as service:
        with pytest.raises(OSError, match="certificate verify failed"):
            async with connected(service):
                pass
        assert service.handshakes == 0
