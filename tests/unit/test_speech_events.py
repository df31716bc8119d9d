import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from botocore.loaders import Loader
from botocore.model import OperationModel, ServiceModel

from reader.aws.eventstream import Decoder, encode
from reader.errors import (
    AccessRefusedError,
    ClockSkewError,
    ConnectionBrokenError,
    CredentialsExpiredError,
    Fault,
    PermissionMissingError,
    RemoteVoiceError,
    RequestRefusedError,
    ServiceFailedError,
    StreamCorruptError,
    StreamLimitError,
    ThrottledError,
)
from reader.voices.polly.events import (
    MAX_BILLED_CHARS,
    MAX_TEXT_CHARS,
    OPERATION,
    AudioEvent,
    ServiceException,
    SpeechEvent,
    SpeechEvents,
    SpeechParameters,
    StreamClosedEvent,
    close_event,
    request_headers,
    text_event,
)
from reader.voices.polly.faults import fault_of, fault_of_response

NOW = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def operation() -> OperationModel:
    return ServiceModel(Loader().load_service_model("polly", "service-2"), "polly").operation_model(OPERATION)


def read(event: bytes) -> tuple[dict[str, Any], Any]:
    decoder = Decoder()
    decoder.feed(event)
    message = decoder.take()
    assert message is not None
    return dict(message.headers), json.loads(message.payload)


def take_all(*messages: bytes) -> list[SpeechEvent]:
    events = SpeechEvents()
    events.feed(b"".join(messages))
    found = []
    while event := events.take():
        found.append(event)
    return found


def out(name: str, payload: bytes = b"", **more: str) -> bytes:
    return encode({":message-type": "event", ":event-type": name, **more}, payload)


def exception(name: str, **fields: Any) -> bytes:
    return encode({":message-type": "exception", ":exception-type": name}, json.dumps(fields).encode())


# ---- the request ----


def test_the_request_is_that_of_the_services_own_model(operation: OperationModel) -> None:
    parameters = SpeechParameters("Matthew", "mp3", 24000, "en-US", ("names", "Places2"))
    path, headers = request_headers(parameters, operation)
    assert path == "/v1/synthesisStream"
    assert dict(headers) == {
        "x-amzn-engine": "generative",
        "x-amzn-voiceid": "Matthew",
        "x-amzn-outputformat": "mp3",
        "x-amzn-samplerate": "24000",
        "x-amzn-languagecode": "en-US",
        "x-amzn-lexiconnames": "names,Places2",
        "content-type": "application/vnd.amazon.eventstream",
    }
    assert set(dict(request_headers(SpeechParameters("Matthew"), operation)[1])) == {
        *("x-amzn-engine", "x-amzn-voiceid", "x-amzn-outputformat", "x-amzn-samplerate", "content-type")
    }


def test_voices_newer_than_the_model_are_asked_for(operation: OperationModel) -> None:
    assert ("x-amzn-voiceid", "Nova") in request_headers(SpeechParameters("Nova", language="xx-XX"), operation)[1]


@pytest.mark.parametrize(
    "parameters",
    [
        SpeechParameters("Matthew", "json"),
        SpeechParameters("Matthew", "wav"),
        SpeechParameters("Matthew", lexicons=tuple("abcdef")),
        SpeechParameters("Matthew", lexicons=("no good",)),
        SpeechParameters("Matthew\r\nx: y"),
        SpeechParameters("Matthew", language="en US"),
    ],
)
def test_what_can_not_be_right_is_not_asked(operation: OperationModel, parameters: SpeechParameters) -> None:
    with pytest.raises(RequestRefusedError) as caught:
        request_headers(parameters, operation)
    assert not caught.value.retry


def test_text_is_sent_as_the_model_has_it() -> None:
    headers, body = read(text_event("Grüße 😀"))
    assert headers == {
        ":message-type": "event",
        ":event-type": "TextEvent",
        ":content-type": "application/json",
    }
    assert body == {"Text": "Grüße 😀"}
    assert read(text_event("<speak/>", is_ssml=True, is_forced=True))[1] == {
        "Text": "<speak/>",
        "TextType": "ssml",
        "FlushStreamConfiguration": {"Force": True},
    }
    assert read(close_event())[0][":event-type"] == "CloseStreamEvent"
    assert read(close_event())[1] == {}


def test_half_a_surrogate_pair_does_not_end_the_stream() -> None:
    assert read(text_event("a\ud83d b"))[1] == {"Text": "a? b"}


@pytest.mark.parametrize(("is_ssml", "limit"), [(False, MAX_BILLED_CHARS), (True, MAX_TEXT_CHARS)])
def test_a_text_that_the_service_would_refuse_is_not_sent(is_ssml: bool, limit: int) -> None:
    text_event("a" * limit, is_ssml=is_ssml)
    with pytest.raises(RequestRefusedError):
        text_event("a" * (limit + 1), is_ssml=is_ssml)


# ---- the answer ----


def test_sound_and_the_end_are_told() -> None:
    events = SpeechEvents()
    events.feed(out("AudioEvent", b"\x01\x02") + out("StreamClosedEvent", b'{"RequestCharacters": 12}'))
    assert events.take() == AudioEvent(b"\x01\x02")
    assert events.take() == StreamClosedEvent(12)
    assert events.take() is None
    events.finish()


def test_what_harken_does_not_know_is_passed_over() -> None:
    strange = [
        out("AudioEvent"),
        out("WordEvent", b"?"),
        encode({":message-type": "event", ":event-type": "initial-response"}, b"{}"),
        encode({":message-type": "news"}, b"x"),
        encode({}),
        encode({":event-type": b"AudioEvent"}, b"x"),
    ]
    assert take_all(*strange, out("AudioEvent", b"ab", extra="1"), *strange) == [AudioEvent(b"ab")]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"RequestCharacters": "many"}', b"[" * 100_000])
def test_an_end_without_its_figure_is_an_end(body: bytes) -> None:
    events = SpeechEvents()
    events.feed(out("StreamClosedEvent", body))
    assert events.take() == StreamClosedEvent(None)
    events.finish()


@pytest.mark.parametrize("messages", [b"", out("AudioEvent", b"ab"), exception("ValidationException")])
def test_an_end_without_stream_closed_is_a_failure(messages: bytes) -> None:
    events = SpeechEvents()
    events.feed(messages)
    while events.take():
        pass
    with pytest.raises(ConnectionBrokenError):
        events.finish()


def test_damage_is_told_behind_what_was_good() -> None:
    events = SpeechEvents()
    events.feed(out("AudioEvent", b"ab") + b"x" * 20)
    assert events.take() == AudioEvent(b"ab")
    with pytest.raises(StreamCorruptError):
        events.take()


def test_exceptions_of_the_model_and_of_the_framing() -> None:
    fields = {"message": "no", "reason": "other"}
    error = encode({":message-type": "error", ":error-code": "InvalidSignature", ":error-message": "bad"})
    assert take_all(exception("ValidationException", **fields), error) == [
        ServiceException("ValidationException", "no", fields),
        ServiceException("InvalidSignature", "bad", {}),
    ]
    assert take_all(encode({":message-type": "exception"}, b"?")) == [ServiceException("UnknownException", "", {})]


# ---- faults ----


@pytest.mark.parametrize(
    ("name", "fields", "kind", "retry"),
    [
        ("ThrottlingException", {}, ThrottledError, True),
        ("ServiceQuotaExceededException", {"quotaCode": "input-stream-timeout"}, StreamLimitError, True),
        ("ServiceQuotaExceededException", {"quotaCode": "input-stream-inbound-event-timeout"}, StreamLimitError, True),
        ("ServiceQuotaExceededException", {"quotaCode": "else"}, ThrottledError, True),
        ("ServiceFailureException", {}, ServiceFailedError, True),
        ("ValidationException", {}, RequestRefusedError, False),
        ("InvalidSignatureException", {}, AccessRefusedError, False),
        ("SomethingNewException", {}, ServiceFailedError, True),
    ],
)
def test_faults_within_a_stream(name: str, fields: dict[str, str], kind: type[RemoteVoiceError], retry: bool) -> None:
    error = fault_of(ServiceException(name, "they said", fields))
    assert type(error) is kind
    assert (error.retry, error.code, error.detail) == (retry, name, "they said")
    assert "they said" not in error.sentence
    assert (error.retry_after_s > 0) == (kind in (ThrottledError, ServiceFailedError))


@pytest.mark.parametrize(
    ("status", "name", "kind", "fault"),
    [
        (400, "ValidationException:http://internal.example/", RequestRefusedError, Fault.HARKEN),
        (400, "com.amazonaws.polly#ThrottlingException", ThrottledError, Fault.SYSTEM),
        (404, "LexiconNotFoundException", RequestRefusedError, Fault.HARKEN),
        (429, "", ThrottledError, Fault.SYSTEM),
        (403, "ExpiredTokenException", CredentialsExpiredError, Fault.USER),
        (403, "AccessDeniedException", PermissionMissingError, Fault.USER),
        (403, "UnrecognizedClientException", AccessRefusedError, Fault.USER),
        (403, "InvalidSignatureException", AccessRefusedError, Fault.USER),
        (403, "", AccessRefusedError, Fault.USER),
        (500, "ServiceFailureException", ServiceFailedError, Fault.SYSTEM),
        (503, "", ServiceFailedError, Fault.SYSTEM),
        (302, "", ServiceFailedError, Fault.SYSTEM),
    ],
)
def test_faults_of_an_answer(status: int, name: str, kind: type[RemoteVoiceError], fault: Fault) -> None:
    error = fault_of_response(status, {"x-amzn-errortype": name}, b'{"message": "they said"}', NOW)
    assert type(error) is kind
    assert error.fault is fault
    assert error.detail == "they said"
    assert error.code


def test_the_name_may_be_in_the_body_which_may_be_anything() -> None:
    body = b'{"__type": "com.amazon.coral.availability#ThrottlingException", "Message": "slow"}'
    error = fault_of_response(400, {}, body, NOW)
    assert isinstance(error, ThrottledError)
    assert error.detail == "slow"
    for garbage in (b"", b"<html>", b"[1]", b"\xff", b"[" * 100_000):
        assert isinstance(fault_of_response(502, {}, garbage, NOW), ServiceFailedError)


def test_how_long_to_wait_is_the_services_word() -> None:
    assert fault_of_response(503, {"retry-after": "7"}, b"", NOW).retry_after_s == 7.0
    assert fault_of_response(503, {"retry-after": "soon"}, b"", NOW).retry_after_s == ServiceFailedError.retry_after_s


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_wrong_clock_is_found_by_the_services_date(hours: int) -> None:
    date = format_datetime(NOW + timedelta(hours=hours), usegmt=True)
    headers = {"x-amzn-errortype": "InvalidSignatureException", "date": date}
    error = fault_of_response(403, headers, b"", NOW)
    assert isinstance(error, ClockSkewError)
    assert error.skew_s == hours * 3600
    assert error.retry


@pytest.mark.parametrize(
    "date", ["", "yesterday", format_datetime(NOW, usegmt=True), "Sun, 01 Mar 2026 12:00:00 -0000"]
)
def test_a_right_clock_is_not_blamed(date: str) -> None:
    headers = {"x-amzn-errortype": "InvalidSignatureException", "date": date}
    error = fault_of_response(403, headers, b"", NOW)
    assert type(error) is AccessRefusedError
    assert not error.retry


def test_a_long_answer_is_kept_short() -> None:
    error = fault_of_response(500, {}, json.dumps({"message": "x" * 10_000}).encode(), NOW)
    assert len(error.detail) <= 500
