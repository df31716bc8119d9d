"""The stand-in's other two operations, DescribeVoices and SynthesizeSpeech, over HTTP/2 and HTTP/1.1."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from tests.fakes.polly_service.rules import RefusalError, Request
from tests.fakes.polly_service.texts import plain_text
from tests.fakes.polly_service.voice import speak

if TYPE_CHECKING:
    from tests.fakes.polly_service.service import PollyService

PAGE = 3
MAX_LEXICONS = 5


class Carrier(Protocol):
    """Where an answer goes. A body is sent in pieces, the last of which says so."""

    async def send_headers(self, stream_id: int, status: int, headers: dict[str, str], *, is_last: bool) -> None: ...

    async def send_data(self, stream_id: int, data: bytes, *, is_last: bool = False) -> None: ...

    async def send_refusal(self, stream_id: int, refusal: RefusalError) -> None: ...


@dataclass(frozen=True)
class Voice:
    """One of DescribeVoices."""

    id: str
    language: str
    engines: tuple[str, ...]
    more_languages: tuple[str, ...] = ()
    gender: str = "Female"

    def fields(self) -> dict[str, Any]:
        fields = {"Id": self.id, "Name": self.id, "LanguageCode": self.language, "SupportedEngines": list(self.engines)}
        if self.more_languages:
            fields["AdditionalLanguageCodes"] = list(self.more_languages)
        return {**fields, "LanguageName": self.language, "Gender": self.gender}


VOICES = (
    Voice("Matthew", "en-US", ("generative", "neural", "standard"), gender="Male"),
    Voice("Ruth", "en-US", ("generative", "long-form", "neural")),
    Voice("Amy", "en-GB", ("generative", "neural", "standard")),
    Voice("Vicki", "de-DE", ("generative", "neural", "standard")),
    Voice("Kajal", "en-IN", ("generative", "neural"), ("hi-IN",)),
    Voice("Ivy", "en-US", ("neural", "standard")),
    Voice("Geraint", "en-GB-WLS", ("standard",), gender="Male"),
)


def describe_voices(request: Request) -> bytes:
    """One page of the voices. Raises RefusalError."""
    engine, language = request.query.get("Engine"), request.query.get("LanguageCode")
    found = [v for v in VOICES if engine in (None, *v.engines) and language in (None, v.language, *v.more_languages)]
    token = re.fullmatch("page-([0-9]{1,3})", request.query.get("NextToken", "page-0"))
    if not token or int(token[1]) > len(found):
        raise RefusalError(400, "InvalidNextTokenException", "the token is none")
    start, end = int(token[1]), int(token[1]) + PAGE
    body: dict[str, Any] = {"Voices": [v.fields() for v in found[start:end]]}
    if end < len(found):
        body["NextToken"] = f"page-{end}"
    return json.dumps(body).encode()


def check_voice(name: str, engine: str, language: str) -> None:
    """Raises RefusalError unless there is such a voice of that engine and language."""
    voice = next((v for v in VOICES if v.id == name), None)
    if voice is None:
        raise RefusalError(400, "ValidationException", "no such voice", reason="fieldValidationFailed")
    if engine not in voice.engines:
        raise RefusalError(400, "EngineNotSupportedException", f"This voice does not support the {engine} engine")
    if language and language not in (voice.language, *voice.more_languages):
        raise RefusalError(400, "LanguageNotSupportedException", "The voice does not speak this language")


async def synthesize_speech(service: PollyService, request: Request, carrier: Carrier, stream_id: int) -> None:
    """The sound of a whole text, sent as it is made. Raises RefusalError before the first byte of it."""
    try:
        fields = json.loads(request.body)
        text, kind = fields["Text"], fields.get("TextType", "text")
        name, wanted, engine = fields["VoiceId"], fields["OutputFormat"], fields.get("Engine", "standard")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise RefusalError(400, "ValidationException", f"the request lacks {error}") from error
    check_voice(name, engine, fields.get("LanguageCode", ""))
    try:
        spoken = plain_text(text, kind)
    except RefusalError as refusal:
        name = "InvalidSsmlException" if "SSML" in refusal.text else "TextLengthExceededException"
        raise RefusalError(400, name, refusal.text) from refusal
    if not spoken:
        raise RefusalError(400, "ValidationException", "there is no text")
    lexicons = fields.get("LexiconNames", [])
    if len(lexicons) > MAX_LEXICONS or set(lexicons) - service.lexicons:
        raise RefusalError(404, "LexiconNotFoundException", "there is no such lexicon")
    sound = service.check_format(wanted, fields.get("SampleRate"), engine)
    if sound is None:
        raise RefusalError(400, "InvalidSampleRateException", "the rate does not go with the format")
    if engine == "generative":
        service.admit()
    service.speeches.append(spoken)
    service.speech_chars += len(spoken)
    service.active_calls += engine == "generative"
    service.changed()
    try:
        headers = {"content-type": f"audio/{wanted}", "x-amzn-requestcharacters": str(len(spoken))}
        # Its own work is part of the time that the service is said to take.
        first_s = service.clock() + service.first_audio_s
        encoder, pcm = service.formats[sound](sound[1]), speak(spoken, sound[1])
        data = encoder.add(pcm) + encoder.finish()
        await service.wait(first_s - service.clock())
        await carrier.send_headers(stream_id, 200, headers, is_last=False)
        await _send_speech(service, data, len(pcm) / 2 / sound[1] / service.pace, carrier, stream_id)
    finally:
        service.active_calls -= engine == "generative"


async def _send_speech(service: PollyService, data: bytes, length_s: float, carrier: Carrier, stream_id: int) -> None:
    start_s = service.clock()
    for start in range(0, len(data), service.event_bytes):
        block = data[start : start + service.event_bytes]
        await carrier.send_data(stream_id, block)
        await service.wait(start_s + length_s * (start + len(block)) / len(data) - service.clock())
    await carrier.send_data(stream_id, b"", is_last=True)
