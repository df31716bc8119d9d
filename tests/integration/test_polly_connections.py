"""The stand-in for Amazon Polly as a peer of HTTP/2: one stream at a time, windows, good-byes."""

from __future__ import annotations

import pytest
from h2.errors import ErrorCodes
from h2.settings import SettingCodes
from hyperframe.frame import DataFrame, GoAwayFrame

from reader.http.h2_protocol import STREAM_WINDOW_BYTES
from reader.voices.polly.events import AudioEvent, ServiceException, SpeechEvents, text_event
from tests.fakes.polly_service import PollyService
from tests.fakes.polly_service import speak as sound_of
from tests.integration.polly_client import Opening, connected, opened
from tests.integration.raw_http2 import RawClient, raw

pytestmark = pytest.mark.own_time

LONG = "".join(f"This is sentence {number} of a text that takes minutes. " for number in range(50))


# Much to be taken, and nothing to be said.
SILENT = " " * 2000


def wrong_voice(opening: Opening) -> None:
    opening.set("x-amzn-voiceid", "Ivy")


async def said(client: RawClient, stream_id: int) -> None:
    """Wait until a stream has come to its end as it should."""
    await client.until(lambda: stream_id in client.ended)
    assert b"StreamClosedEvent" in client.bodies[stream_id]


# ---- one stream a connection ----


async def test_the_settings_allow_one_stream() -> None:
    async with PollyService() as service, raw(service) as client:
        await client.until(lambda: SettingCodes.MAX_CONCURRENT_STREAMS in client.settings)
        assert client.settings[SettingCodes.MAX_CONCURRENT_STREAMS] == 1


async def test_a_second_stream_is_refused_and_the_first_goes_on() -> None:
    async with PollyService() as service, raw(service) as client:
        first = client.open()
        client.text(first, "One. ")
        second = client.open()
        client.text(second, "Two. ")
        await client.until(lambda: second in client.resets)
        client.finish(first)
        await said(client, first)
        assert client.resets == {second: ErrorCodes.REFUSED_STREAM}
        assert service.refused_streams == 1
        assert [stream.spoken for stream in service.streams] == [["One. "]]
        # What came for the refused one was given back to the connection's window.
        third = client.open()
        client.finish(third)
        await said(client, third)


async def test_a_reset_frees_the_place_at_once() -> None:
    async with PollyService() as service, raw(service) as client:
        service.pace = 1.0
        first = client.open()
        client.text(first, LONG)
        await client.until(lambda: first in client.bodies)
        # In one flight: the reset, and the next stream with its first text.
        client.reset(first)
        second = client.open()
        client.text(second, "Two. ")
        client.finish(second)
        service.pace = 1000.0
        await said(client, second)
        assert (service.refused_streams, service.handshakes) == (0, 1)
        assert [stream.end for stream in service.streams] == ["reset: CANCEL", "closed"]


async def test_a_reset_behind_the_next_headers_is_too_late() -> None:
    async with PollyService() as service, raw(service) as client:
        first = client.open()
        client.text(first, "One. ")
        await client.until(lambda: first in client.bodies)
        second = client.open()
        client.reset(first)
        await client.until(lambda: second in client.resets)
        assert client.resets == {second: ErrorCodes.REFUSED_STREAM}


async def test_an_answered_request_counts_until_the_client_ends_it() -> None:
    async with PollyService() as service, raw(service) as client:
        first = client.open(wrong_voice)
        await client.until(lambda: first in client.ended)
        assert client.statuses[first] == 400
        second = client.open()
        await client.until(lambda: second in client.resets)
        client.h2.end_stream(first)
        third = client.open()
        client.finish(third)
        await said(client, third)
        assert service.refused_streams == 1


async def test_a_whole_request_counts_until_it_is_answered() -> None:
    async with PollyService() as service, raw(service) as client:
        service.pace = 1.0
        first = client.open()
        client.text(first, LONG)
        client.finish(first)
        await service.until(lambda: bool(service.streams) and service.streams[0].is_end_signed)
        second = client.open()
        await client.until(lambda: second in client.resets)
        assert client.resets == {second: ErrorCodes.REFUSED_STREAM}


async def test_or_the_service_resets_what_it_need_not_read() -> None:
    async with PollyService() as service, raw(service) as client:
        service.resets_unread = True
        first = client.open(wrong_voice)
        await client.until(lambda: first in client.resets)
        assert client.resets == {first: ErrorCodes.NO_ERROR}
        assert first in client.ended
        second = client.open()
        client.finish(second)
        await said(client, second)


async def test_a_body_without_its_end_is_noted_behind_the_answer_too() -> None:
    async with PollyService() as service, raw(service) as client:
        stream_id = client.open()
        client.close_text(stream_id)
        await said(client, stream_id)
        client.h2.end_stream(stream_id)
        client.flush()
        record = service.streams[0]
        await service.until(lambda: record.breach != "")
        assert (record.end, record.is_end_signed) == ("closed", False)


# ---- good-bye ----


async def test_a_client_that_says_good_bye_still_hears_its_stream() -> None:
    async with PollyService() as service, raw(service) as client:
        stream_id = client.open()
        client.text(stream_id, "One. ")
        client.flush()
        client.more = GoAwayFrame(0, 0, ErrorCodes.NO_ERROR).serialize()
        client.flush()
        await service.until(lambda: service.goodbyes != [])
        client.text(stream_id, "Two. ")
        client.finish(stream_id)
        await said(client, stream_id)
        assert service.goodbyes == [ErrorCodes.NO_ERROR]
        assert service.streams[0].spoken == ["One. ", "Two. "]


async def test_no_stream_is_taken_behind_the_services_good_bye() -> None:
    async with PollyService() as service, raw(service) as client:
        service.pace = 1.0
        first = client.open()
        client.text(first, LONG)
        with service.faults.goaway():
            await client.until(lambda: client.goodbyes == [ErrorCodes.NO_ERROR])
        # The place is free, but nobody is to sit there any more.
        client.reset(first)
        second = client.open()
        client.flush()
        await client.until_lost()
        assert client.resets == {second: ErrorCodes.REFUSED_STREAM}
        assert len(service.streams) == 1


async def test_a_client_that_drops_its_connection_is_lost() -> None:
    async with PollyService() as service, raw(service) as client:
        service.pace = 1.0
        stream_id = client.open()
        client.text(stream_id, LONG)
        await client.until(lambda: stream_id in client.bodies)
        client.drop()
        await service.until(lambda: service.open_connections == 0)
        assert service.streams[0].end == "lost"
        assert service.billed_chars < len(LONG)
        assert service.broken == 0


# ---- windows ----


async def test_no_more_is_sent_than_the_windows_take() -> None:
    """h2 on this side would end the connection over one byte too many."""
    window_bytes = 1000
    async with PollyService() as service, raw(service, window_bytes=window_bytes) as client:
        client.credits = False
        stream_id = client.open()
        client.text(stream_id, LONG)
        client.finish(stream_id)
        await client.until(lambda: len(client.bodies.get(stream_id, b"")) == window_bytes)
        assert service.streams[0].audio_bytes <= window_bytes
        assert len(service.streams[0].spoken) == 1  # nor is more made than can be sent
        client.h2.increment_flow_control_window(10, stream_id)
        await client.until(lambda: len(client.bodies[stream_id]) == window_bytes + 10)
        client.credits = True
        client.h2.increment_flow_control_window(1 << 20, stream_id)
        client.h2.increment_flow_control_window(1 << 20)
        await said(client, stream_id)


async def test_a_refusal_stands_behind_the_event_that_waits_for_a_window() -> None:
    async with PollyService() as service, raw(service, window_bytes=1000) as client:
        client.credits = False
        stream_id = client.open()
        client.text(stream_id, LONG)
        await client.until(lambda: len(client.bodies.get(stream_id, b"")) == 1000)
        client.h2.send_data(stream_id, client.signed(stream_id, b"This is no event."))
        client.flush()
        await service.until(lambda: service.refusals != [])
        client.h2.increment_flow_control_window(1 << 20, stream_id)
        await client.until(lambda: stream_id in client.ended)
        events = SpeechEvents()
        events.feed(client.bodies[stream_id])
        sound, refusal = events.take(), events.take()
        assert isinstance(sound, AudioEvent)
        assert len(sound.data) == service.event_bytes
        assert isinstance(refusal, ServiceException)
        assert refusal.name == "ValidationException"
        assert events.take() is None


async def test_the_app_is_held_by_its_own_window() -> None:
    async with PollyService() as service, connected(service) as client:
        client.is_crediting = False
        stream = await opened(client)
        await stream.text(LONG)
        await stream.close()
        await client.until(lambda: sum(client.credit.values()) == STREAM_WINDOW_BYTES)
        record = service.streams[0]
        assert record.audio_bytes <= STREAM_WINDOW_BYTES
        assert record.billed_chars < len(LONG)
        client.is_crediting = True
        await client.give_credit()
        await stream.end()
        assert stream.closed
        assert stream.audio == b"".join(sound_of(sentence, 16000) for sentence in record.spoken)
        assert "".join(record.spoken) == LONG


async def test_what_came_is_given_back_to_the_windows_and_no_more() -> None:
    default = 65_535
    async with PollyService() as service, raw(service) as client:
        for _ in range(3):
            stream_id = client.open()
            for _ in range(3):
                client.text(stream_id, SILENT)
                assert client.h2.outbound_flow_control_window < default
                await client.until(lambda: client.h2.outbound_flow_control_window >= default)
                assert client.h2.outbound_flow_control_window == default
                assert client.h2.local_flow_control_window(stream_id) == default
            client.finish(stream_id)
            await said(client, stream_id)


async def test_a_client_that_overruns_a_window_is_cut_off() -> None:
    async with PollyService() as service, raw(service) as client:
        service.keeps_credit = True
        stream_id = client.open()
        client.flush()
        frame = DataFrame(stream_id, b"x" * (1 << 14)).serialize()
        client.more = frame * 4  # one byte more than 65,535
        await client.until_lost()
        assert service.broken == 1
        assert client.goodbyes == [ErrorCodes.FLOW_CONTROL_ERROR]


async def test_what_was_sent_before_the_settings_were_known_may_fill_the_default_window() -> None:
    async with PollyService() as service:
        service.window_bytes = 1024
        async with raw(service) as client:
            stream_id = client.open()
            for _ in range(20):
                client.text(stream_id, SILENT)
            assert client.settings == {}
            await client.until(lambda: SettingCodes.INITIAL_WINDOW_SIZE in client.settings)
            await client.until(lambda: client.h2.local_flow_control_window(stream_id) > 1024 // 2)
            client.finish(stream_id)
            await said(client, stream_id)
            assert service.broken == 0


@pytest.mark.parametrize("window_bytes", [1, 100, 1024, 1 << 20])
async def test_text_goes_through_any_window(window_bytes: int) -> None:
    async with PollyService() as service:
        service.window_bytes = window_bytes
        async with connected(service) as client:
            stream = await opened(client)
            await stream.text(LONG[:300])
            await stream.close()
            await stream.end()
            assert stream.closed
            assert "".join(service.streams[0].spoken) == LONG[:300]


async def test_text_waits_while_the_service_gives_no_credit() -> None:
    async with PollyService() as service, connected(service) as client:
        with service.faults.closed_window():
            stream = await opened(client)
            for _ in range(40):
                await stream.text(SILENT)
            taken = 65_535 // (len(text_event(SILENT)) + 150)
            await service.until(lambda: len(service.streams[0].events) >= taken)
            assert len(service.streams[0].events) < 40
            await stream.close()
        await stream.end()
        assert stream.closed
        assert len(service.streams[0].events) == 41


async def test_an_unknown_path_is_no_operation() -> None:
    async with PollyService() as service, raw(service) as client:
        stream_id = client.open(lambda opening: setattr(opening, "path", "/v1/synthesis"))
        client.h2.end_stream(stream_id)
        await client.until(lambda: stream_id in client.ended)
        # It is signed as a stream of events, which this is not.
        assert client.statuses[stream_id] == 403
        assert b"x-amz-content-sha256" in client.bodies[stream_id]
