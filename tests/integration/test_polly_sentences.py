"""The stand-in for Amazon Polly: SynthesizeSpeech and DescribeVoices, and the stand-in as a program of its own."""

from __future__ import annotations

import asyncio
import json
import ssl
import sys
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import miniaudio
import pytest

from reader.aws.signing import AwsKeys, AwsRequest, sign_request
from reader.http.address import Origin
from reader.http.h1_client import HttpClient as Http1Client
from reader.http.h1_client import HttpRequest
from tests.fakes.polly_service import VOICES, PollyService, hear, serving, words
from tests.fakes.polly_service import speak as sound_of
from tests.integration.polly_client import connected, opened

TEXT = "Hello there, my friend. And how are you today?"
SPEECH = {"Text": TEXT, "VoiceId": "Matthew", "OutputFormat": "pcm", "Engine": "generative", "SampleRate": "16000"}


class Answer:
    def __init__(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.status = status
        self.headers = headers
        self.body = body

    @property
    def error(self) -> str:
        return self.headers["x-amzn-errortype"].partition(":")[0]

    @property
    def json(self) -> Any:
        return json.loads(self.body)


async def ask(
    service: PollyService,
    method: str,
    path: str,
    body: dict[str, Any] | bytes = b"",
    query: tuple[tuple[str, str], ...] = (),
    *,
    secret: str = "",
    shift: timedelta = timedelta(),
    sent: bytes | None = None,
) -> Answer:
    """A signed call over HTTP/1.1. `sent` goes out instead of the body that was signed."""
    account = service.account
    data = json.dumps(body).encode() if isinstance(body, dict) else body
    headers = [("host", f"localhost:{service.port}"), ("content-type", "application/json")]
    request = AwsRequest(method, path, headers, query)
    keys = AwsKeys(account.access_key, secret or account.secret_key, account.token)
    signed = sign_request(request, keys, service.region, "polly", service.now() + shift, data)
    client = Http1Client(Origin("localhost", service.port), service.client_context("http/1.1"))
    made = HttpRequest(method, request.target, signed.headers, data if sent is None else sent)
    try:
        async with client.ask(made) as response:
            return Answer(response.status, response.headers, await response.whole())
    finally:
        client.close()


async def synthesize(service: PollyService, **changes: Any) -> Answer:
    fields = {name: value for name, value in (SPEECH | changes).items() if value is not None}
    return await ask(service, "POST", "/v1/speech", fields)


# ---- SynthesizeSpeech ----


async def test_a_text_is_spoken_and_billed() -> None:
    async with PollyService() as service:
        answer = await synthesize(service)
        assert (answer.status, answer.body) == (200, sound_of(TEXT, 16000))
        assert answer.headers["content-type"] == "audio/pcm"
        assert answer.headers["x-amzn-requestcharacters"] == str(len(TEXT))
        assert (service.speeches, service.billed_chars) == ([TEXT], len(TEXT))


@pytest.mark.parametrize("engine", ["standard", "neural", "generative"])
async def test_every_engine_has_its_voices(engine: str) -> None:
    async with PollyService() as service:
        assert (await synthesize(service, Engine=engine)).status == 200
        assert (await synthesize(service, Engine=engine, VoiceId="Geraint")).status == (
            200 if engine == "standard" else 400
        )


async def test_without_an_engine_and_a_rate_it_is_standard_at_its_own() -> None:
    async with PollyService() as service:
        answer = await synthesize(service, Engine=None, SampleRate=None, OutputFormat="mp3")
        sound = miniaudio.decode(answer.body, nchannels=1, sample_rate=22050)
        assert hear(sound.samples.tobytes(), 22050, words(TEXT)) == words(TEXT)
        assert (await synthesize(service, Engine=None, VoiceId="Ruth")).error == "EngineNotSupportedException"


async def test_markup_is_not_billed() -> None:
    async with PollyService() as service:
        answer = await synthesize(service, Text="<speak>Hello <break/>there.</speak>", TextType="ssml")
        assert answer.headers["x-amzn-requestcharacters"] == str(len("Hello there."))


CALLS: dict[str, tuple[dict[str, Any], int, str]] = {
    "no text": ({"Text": None}, 400, "ValidationException"),
    "no voice": ({"VoiceId": None}, 400, "ValidationException"),
    "a voice that is none": ({"VoiceId": "Nobody"}, 400, "ValidationException"),
    "an engine of other voices": ({"VoiceId": "Ivy"}, 400, "EngineNotSupportedException"),
    "a language of other voices": ({"LanguageCode": "de-DE"}, 400, "LanguageNotSupportedException"),
    "a rate that does not go with pcm": ({"SampleRate": "24000"}, 400, "InvalidSampleRateException"),
    "a rate that is none": ({"SampleRate": "fast"}, 400, "InvalidSampleRateException"),
    "3,001 characters": ({"Text": "a" * 3001}, 400, "TextLengthExceededException"),
    "a document that is none": ({"Text": "<speak>Hi", "TextType": "ssml"}, 400, "InvalidSsmlException"),
    "a lexicon that is none": ({"LexiconNames": ["mine"]}, 404, "LexiconNotFoundException"),
}


@pytest.mark.parametrize("what", CALLS)
async def test_a_call_is_refused_for(what: str) -> None:
    changes, status, name = CALLS[what]
    async with PollyService() as service:
        answer = await synthesize(service, **changes)
        assert (answer.status, answer.error) == (status, name)
        assert service.billed_chars == 0


@pytest.mark.parametrize(
    ("options", "name"),
    [
        ({"secret": "wrong"}, "InvalidSignatureException"),
        ({"shift": timedelta(minutes=6)}, "InvalidSignatureException"),
        ({"sent": json.dumps(SPEECH | {"Text": "Hullo."}).encode()}, "InvalidSignatureException"),
    ],
    ids=["another secret", "another time", "another body"],
)
async def test_a_call_is_signed_with_its_body(options: dict[str, Any], name: str) -> None:
    async with PollyService() as service:
        answer = await ask(service, "POST", "/v1/speech", SPEECH, **options)
        assert (answer.status, answer.error) == (403, name)
        assert "date" in answer.headers
        assert service.speeches == []


async def test_faults_of_calls() -> None:
    async with PollyService() as service:
        with service.faults.http_error(503, times=2) as fault:
            assert [(await synthesize(service)).status for _ in range(3)] == [503, 503, 200]
        assert fault.hits == 2


@pytest.mark.parametrize("path", ["/v1/synthesisStream", "/v1/lexicons"])
async def test_there_are_no_streams_over_http1_and_no_other_operations(path: str) -> None:
    async with PollyService() as service:
        answer = await ask(service, "POST", path, {})
        assert answer.status in (403, 404)
        assert service.streams == []


# ---- too much ----


async def opening_of_many(service: PollyService, count: int) -> list[str]:
    """What streams are told that begin and go on, and then a call."""
    async with AsyncExitStack() as stack:
        said = []
        for _ in range(count):
            client = await stack.enter_async_context(connected(service))
            stream = await client.open()
            await stream.text("Hello. ")
            await stream.until_answered()
            said.append(stream.said_no)
        call = await synthesize(service)
        return [*said, call.error if call.status == 400 else ""]


async def test_an_account_may_have_so_many_at_once() -> None:
    async with PollyService() as service:
        service.concurrent_limit = 2
        said = await opening_of_many(service, 3)
        assert said == ["", "", "ThrottlingException: Rate exceeded", "ThrottlingException"]
        # Those that are over count no more.
        await service.until(lambda: service.open_connections == 0)
        assert [(await synthesize(service)).status for _ in range(3)] == [200] * 3


async def test_an_account_may_begin_so_many_within_a_second() -> None:
    async with PollyService() as service:
        service.rate_limit = 2
        service._admitted_s = [service.clock() + 60] * 2  # so that it can't pass while this is busy
        assert await opening_of_many(service, 1) == ["ThrottlingException: Rate exceeded", "ThrottlingException"]
        assert (await synthesize(service, Engine="neural")).status == 200
        service._admitted_s = [service.clock() - 1] * 2
        assert (await synthesize(service)).status == 200


async def test_the_limit_of_an_account_is_26_at_once() -> None:
    async with PollyService() as service:
        said = await opening_of_many(service, 26)
        assert said == [""] * 26 + ["ThrottlingException"]


# ---- DescribeVoices ----


async def test_voices_come_in_pages() -> None:
    async with PollyService() as service:
        found: list[str] = []
        token = None
        pages = 0
        while pages == 0 or token:
            query = (("Engine", "generative"), *((("NextToken", token),) if token else ()))
            page = (await ask(service, "GET", "/v1/voices", query=query)).json
            found += [voice["Id"] for voice in page["Voices"]]
            token = page.get("NextToken")
            pages += 1
        assert found == [voice.id for voice in VOICES if "generative" in voice.engines]
        assert pages > 1


@pytest.mark.parametrize(("language", "found"), [("de-DE", ["Vicki"]), ("hi-IN", ["Kajal"]), ("fr-FR", [])])
async def test_voices_of_a_language(language: str, found: list[str]) -> None:
    async with PollyService() as service:
        answer = await ask(service, "GET", "/v1/voices", query=(("LanguageCode", language),))
        assert [voice["Id"] for voice in answer.json["Voices"]] == found


@pytest.mark.parametrize("token", ["page-99", "page-", "4"])
async def test_a_token_that_is_none(token: str) -> None:
    async with PollyService() as service:
        answer = await ask(service, "GET", "/v1/voices", query=(("NextToken", token),))
        assert (answer.status, answer.error) == (400, "InvalidNextTokenException")


# ---- by itself ----


async def test_it_runs_by_itself() -> None:
    settings = json.dumps({"pace": 1000, "event_bytes": 1600})
    program = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.fakes.polly_service", settings),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    assert program.stdin
    assert program.stdout
    told = json.loads(await program.stdout.readline())
    there = PollyService()  # which is not running, and knows where the other one is
    there.port = int(told["endpoint"].rpartition(":")[2])
    context = ssl.create_default_context(cafile=told["ca"])
    context.set_alpn_protocols(["h2"])
    async with connected(there, context) as client:
        stream = await client.open()
        await stream.text(TEXT)
        await stream.close()
        await stream.end()
    assert stream.audio == b"".join(sound_of(s, 16000) for s in ("Hello there, my friend. ", "And how are you today?"))
    assert max(map(len, stream.pieces)) == 1600
    program.stdin.close()
    seen = json.loads(await program.stdout.read())
    assert await program.wait() == 0
    assert not Path(told["ca"]).exists()
    (stream,) = seen["streams"]
    assert seen["handshakes"] == 1
    assert (stream["end"], stream["billed_chars"]) == ("closed", len(TEXT))
    assert [event["name"] for event in stream["events"]] == ["TextEvent", "CloseStreamEvent"]
    assert stream["opened_s"] <= stream["events"][0]["at_s"] <= stream["first_audio_s"]
    assert "authorization" not in json.dumps(seen)


@pytest.mark.parametrize("settings", ['{"speed": 2}', '{"until": 1}', "[]", '{"handshakes": 1}'])
async def test_by_itself_it_takes_settings_only(settings: str) -> None:
    program = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.fakes.polly_service", settings),
        stdin=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    _, errors = await program.communicate()
    assert program.returncode == 2
    assert b"pace" in errors


async def test_it_serves_clients_that_block() -> None:
    service = PollyService()
    with serving(service) as until:

        async def go() -> bytes:
            async with connected(service) as client:
                stream = await client.open()
                await stream.text(TEXT)
                await stream.close()
                return (await stream.end()).audio

        assert hear(await go(), 16000, words(TEXT)) == words(TEXT)
        until(lambda: service.streams[0].end == "closed")
        until(lambda: service.open_connections == 0)
    with pytest.raises(OSError, match="Connect call failed"):
        await opened_there(service)


async def opened_there(service: PollyService) -> None:
    async with connected(service) as client:
        await opened(client)
