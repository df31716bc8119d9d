"""The stand-in for Amazon Polly refuses every request that is not signed or filled in as the service wants it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import pytest

from reader.aws.signing import AwsKeys
from reader.voices.polly.events import SpeechParameters
from tests.fakes.polly_service import Account, PollyService
from tests.integration.polly_client import Headers, Opening, Stream, connected, replaced

Mutate = Callable[[Opening], None]

MINUTE = timedelta(minutes=1)


def after(name: str, change: Callable[[str], str | None]) -> Mutate:
    """Another value for a header once everything is signed."""

    def mutate(opening: Opening) -> None:
        opening.after = lambda headers: replaced(headers, name, change(dict(headers).get(name, "")))

    return mutate


def before(name: str, value: str | None) -> Mutate:
    return lambda opening: opening.set(name, value)


def keys(access_key: str = "AKIDEXAMPLE", secret_key: str = "", token: str = "") -> Mutate:
    def mutate(opening: Opening) -> None:
        opening.keys = AwsKeys(access_key, secret_key or opening.keys.secret_key, token)

    return mutate


def put(**values: Any) -> Mutate:
    def mutate(opening: Opening) -> None:
        for name, value in values.items():
            assert hasattr(opening, name)
            setattr(opening, name, value)

    return mutate


def skewed(by: timedelta) -> Mutate:
    def mutate(opening: Opening) -> None:
        opening.now += by

    return mutate


def unsigned(name: str, value: str) -> Mutate:
    def mutate(opening: Opening) -> None:
        opening.set(name, None)
        opening.after = lambda headers: [*headers, (name, value)]

    return mutate


def doubled(headers: Headers) -> Headers:
    return [*headers, ("x-amzn-voiceid", "Matthew")]


STREAMING_HASH = "x-amz-content-sha256"
BAD = "InvalidSignatureException"
REQUESTS: dict[str, tuple[Mutate, str]] = {
    "another secret": (keys(secret_key="wrong"), BAD),
    "another access key": (keys(access_key="AKIDOTHER"), "UnrecognizedClientException"),
    "a token nobody gave": (keys(token="token"), "UnrecognizedClientException"),
    "no signature": (after("authorization", lambda _: None), "MissingAuthenticationTokenException"),
    "another algorithm": (after("authorization", lambda a: a.replace("SHA256", "SHA1")), "MissingAuthentication"),
    "one digit of the signature": (after("authorization", lambda a: a[:-1] + ("0" if a[-1] != "0" else "1")), BAD),
    "half a signature": (after("authorization", lambda a: a[:-32]), "MissingAuthentication"),
    "another region": (put(region="eu-west-2"), BAD),
    "another service": (put(service="transcribe"), BAD),
    "a scope of another day": (after("authorization", lambda a: a.replace("/20", "/19", 1)), BAD),
    "names out of order": (
        after("authorization", lambda a: a.replace("content-type;host;", "host;content-type;")),
        BAD,
    ),
    "six minutes late": (skewed(-6 * MINUTE), BAD),
    "six minutes early": (skewed(6 * MINUTE), BAD),
    "no date": (after("x-amz-date", lambda _: None), "IncompleteSignatureException"),
    "a date that is none": (after("x-amz-date", lambda d: d[:8]), "IncompleteSignatureException"),
    "another second": (after("x-amz-date", lambda d: d[:-2] + ("1Z" if d[-2] != "1" else "2Z")), BAD),
    "an x-amz- header that is not signed": (unsigned("x-amz-extra", "1"), BAD),
    "a type that is not signed": (unsigned("content-type", "application/vnd.amazon.eventstream"), BAD),
    "a host that is not signed": (put(signs_host=False), BAD),
    "another host signed than sent": (put(pseudo={":authority": "polly.us-east-1.amazonaws.com"}), BAD),
    "another host, signed": (put(authority="polly.us-east-1.amazonaws.com"), BAD),
    "a voice that was changed": (after("x-amzn-voiceid", lambda _: "Ruth"), BAD),
    "a voice that comes twice": (put(after=doubled), BAD),
    "another method": (put(pseudo={":method": "PUT"}), BAD),
    "a query": (put(pseudo={":path": "/v1/synthesisStream?voice=Ruth"}), BAD),
    "no hash": (after(STREAMING_HASH, lambda _: None), BAD),
    "the hash of nothing": (after(STREAMING_HASH, lambda _: "e3b0c44298fc1c149afbf4c8996fb924"), BAD),
    "an unsigned payload": (after(STREAMING_HASH, lambda _: "UNSIGNED-PAYLOAD"), BAD),
    "chunks of S3": (after(STREAMING_HASH, lambda _: "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"), BAD),
}


async def open_wrong(service: PollyService, mutate: Mutate) -> Stream:
    async with connected(service) as client:
        opening = client.opening()
        mutate(opening)
        return await (await client.open(opening)).end()


@pytest.mark.parametrize("what", REQUESTS)
async def test_a_request_is_refused_for(what: str) -> None:
    mutate, name = REQUESTS[what]
    async with PollyService() as service:
        stream = await open_wrong(service, mutate)
        assert stream.status == 403
        assert stream.said_no.startswith(name)
        assert service.streams == []
        assert [r.split(":")[0].startswith(name) for r in service.refusals] == [True]


@pytest.mark.parametrize("hours", [-1, 1])
async def test_a_clock_that_is_wrong_is_told_the_right_time(hours: int) -> None:
    async with PollyService() as service:
        with service.faults.clock_skew(hours=hours):
            stream = await open_wrong(service, skewed(timedelta(hours=-hours)))
            assert stream.status == 403
            assert stream.said_no.startswith(BAD)
            assert abs(parsedate_to_datetime(stream.headers["date"]) - service.now()) < MINUTE
        assert service.clock_skew == timedelta()


async def test_a_token_belongs_to_its_keys_and_runs_out() -> None:
    account = Account(token="token")
    async with PollyService(account=account) as service:
        without = await open_wrong(service, keys())
        assert without.said_no.startswith("UnrecognizedClientException")
        with service.faults.expired_token("token"):
            expired = await open_wrong(service, lambda _: None)
        assert (expired.status, expired.said_no.split(":")[0]) == (403, "ExpiredTokenException")
        async with connected(service) as client:
            stream = await client.open()
            await stream.close()
            assert (await stream.end()).closed


PARAMETERS: dict[str, tuple[Mutate, str]] = {
    "another engine": (before("x-amzn-engine", "neural"), "Engine"),
    "no engine": (before("x-amzn-engine", None), "Engine"),
    "a voice that is none": (before("x-amzn-voiceid", "Nobody"), "VoiceId"),
    "no voice": (before("x-amzn-voiceid", None), "VoiceId"),
    "a voice of other engines": (before("x-amzn-voiceid", "Ivy"), "VoiceId"),
    "a language of another voice": (before("x-amzn-languagecode", "de-DE"), "VoiceId"),
    "speech marks": (before("x-amzn-outputformat", "json"), "OutputFormat"),
    "no format": (before("x-amzn-outputformat", None), "OutputFormat"),
    "pcm at 24 kHz": (before("x-amzn-samplerate", "24000"), "OutputFormat"),
    "a rate that is none": (before("x-amzn-samplerate", "fast"), "OutputFormat"),
    "a lexicon that is none": (before("x-amzn-lexiconnames", "mine"), "LexiconNames"),
    "six lexicons": (before("x-amzn-lexiconnames", "a,b,c,d,e,f"), "LexiconNames"),
}


@pytest.mark.parametrize("what", PARAMETERS)
async def test_a_stream_is_not_opened_for(what: str) -> None:
    mutate, field = PARAMETERS[what]
    async with PollyService() as service:
        service.lexicons = set("abcdef")
        stream = await open_wrong(service, mutate)
        assert stream.status == 400
        assert stream.said_no.startswith("ValidationException")
        assert f'"name": "{field}"'.encode() in stream.body
        assert service.streams == []


@pytest.mark.parametrize(
    "mutate",
    [before("content-type", "application/json"), before("content-type", None), put(method="PUT")],
    ids=["another type", "no type", "another method"],
)
async def test_what_is_no_stream_of_events_is_not_opened(mutate: Mutate) -> None:
    async with PollyService() as service:
        stream = await open_wrong(service, mutate)
        assert (stream.status, stream.said_no) == (400, "ValidationException: this is no event stream")


async def test_a_bilingual_voice_and_lexicons_are_opened() -> None:
    async with PollyService() as service:
        service.lexicons = set("abcde")
        async with connected(service) as client:
            parameters = SpeechParameters("Kajal", language="hi-IN", lexicons=tuple("abcde"))
            stream = await client.open(client.opening(parameters))
            await stream.close()
            assert (await stream.end()).closed
