"""Amazon Polly's StartSpeechSynthesisStream as values: its request headers, the events sent, the events received.

The request is checked against botocore's own model of the service. The caller passes in its `OperationModel`, because
loading it reads a file. The limits and the meaning of events are from the service's developer guide.

Pure.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ParamValidationError
from botocore.model import OperationModel
from botocore.serialize import create_serializer

from reader.aws.eventstream import Decoder, Message, encode
from reader.errors import ConnectionBrokenError, RequestRefusedError
from reader.support.i18n import QT_TRANSLATE_NOOP, translate

OPERATION = "StartSpeechSynthesisStream"
# The only engine that the operation accepts.
ENGINE = "generative"
CONTENT_TYPE = "application/vnd.amazon.eventstream"
# The limits of one TextEvent; markup counts for the first only.
MAX_TEXT_CHARS = 6000
MAX_BILLED_CHARS = 3000
# The service ends a stream after this long without an inbound event, and every stream at this age.
MAX_SILENCE_S = 5.0
MAX_AGE_S = 600.0


@dataclass(frozen=True, slots=True)
class SpeechParameters:
    """The parameters that open a stream. `language` (as in "en-GB") matters only for bilingual voices."""

    voice: str
    output_format: str = "pcm"
    rate_hz: int = 16000
    language: str = ""
    lexicons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AudioEvent:
    """Sound in the requested format, cut anywhere; never empty."""

    data: bytes


@dataclass(frozen=True, slots=True)
class StreamClosedEvent:
    """All sound was sent. `request_chars` is what is billed, None if the service does not say."""

    request_chars: int | None


@dataclass(frozen=True, slots=True)
class ServiceException:
    """What the service reports instead of continuing. `fields` is the whole body; `fault_of` turns it into an error."""

    name: str
    message: str
    fields: Mapping[str, object]


SpeechEvent = AudioEvent | StreamClosedEvent | ServiceException


def request_headers(parameters: SpeechParameters, operation: OperationModel) -> tuple[str, list[tuple[str, str]]]:
    """(path, headers of the request without host and signature). Raises RequestRefusedError for invalid parameters.

    A voice or language need not be in the model's lists, because the service has newer ones.
    """
    members = operation.input_shape.members
    wanted: dict[str, object] = {
        "Engine": ENGINE,
        "VoiceId": parameters.voice,
        "OutputFormat": parameters.output_format,
        "SampleRate": str(parameters.rate_hz),
    }
    if parameters.language:
        wanted["LanguageCode"] = parameters.language
    if parameters.lexicons:
        wanted["LexiconNames"] = list(parameters.lexicons)
    lexicon = members["LexiconNames"]
    pattern = re.compile(lexicon.member.metadata.get("pattern", "[0-9A-Za-z]{1,20}"))
    if len(parameters.lexicons) > lexicon.metadata["max"] or not all(map(pattern.fullmatch, parameters.lexicons)):
        raise _refused("lexicons")
    # Speech marks are a separate operation.
    if parameters.output_format not in set(members["OutputFormat"].enum) - {"json"}:
        raise _refused("format")
    values = (parameters.voice, parameters.language)
    if not all(re.fullmatch("[A-Za-z0-9-]*", value) for value in values):
        raise _refused("voice")
    try:
        request = create_serializer("rest-json").serialize_to_request(wanted, operation)
    except ParamValidationError as error:
        raise _refused("request") from error
    own = [(name.lower(), value) for name, value in request["headers"].items() if name.lower() != "content-type"]
    return request["url_path"], [*own, ("content-type", CONTENT_TYPE)]


def text_event(text: str, *, is_ssml: bool = False, is_forced: bool = False) -> bytes:
    """Text to be spoken, joined to what was sent before; blank text only keeps a stream alive.

    `is_forced` makes the service speak all it has immediately. Raises RequestRefusedError for more than an event
    may hold: every character of plain text is billed.
    """
    if len(text) > (MAX_TEXT_CHARS if is_ssml else MAX_BILLED_CHARS):
        raise _refused("length")
    body: dict[str, object] = {"Text": text}
    if is_ssml:
        body["TextType"] = "ssml"
    if is_forced:
        body["FlushStreamConfiguration"] = {"Force": True}
    return _event("TextEvent", body)


def close_event() -> bytes:
    """No more text: everything left is spoken, then StreamClosedEvent follows."""
    return _event("CloseStreamEvent", {})


def _event(name: str, body: dict[str, object]) -> bytes:
    headers = {":message-type": "event", ":event-type": name, ":content-type": "application/json"}
    # Characters without UTF-8 (lone surrogates) would end the stream.
    data = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    return encode(dict(headers), data)


_REFUSALS = {
    "lexicons": QT_TRANSLATE_NOOP(
        "reader", "Amazon Polly does not accept these lexicons. Choose others, or none, in the settings."
    ),
    "format": QT_TRANSLATE_NOOP(
        "reader", "Amazon Polly does not accept this audio format. Choose another one in the settings."
    ),
    "voice": QT_TRANSLATE_NOOP("reader", "Amazon Polly does not have this voice. Choose another one in the settings."),
    "request": QT_TRANSLATE_NOOP(
        "reader", "Amazon Polly does not accept this request. Choose another voice in the settings."
    ),
    "length": QT_TRANSLATE_NOOP(
        "reader", "This text is too long for Amazon Polly. Choose another voice in the settings."
    ),
}


def _refused(what: str) -> RequestRefusedError:
    return RequestRefusedError(translate("reader", _REFUSALS[what]), code="ValidationException")


class SpeechEvents:
    """A response's body as events. Skips what Harken does not know, and what is empty."""

    def __init__(self) -> None:
        self._decoder = Decoder()
        self._is_closed = False

    def feed(self, data: bytes) -> None:
        """Add a piece of the body. `take` the events in it before adding the next."""
        self._decoder.feed(data)

    @property
    def is_within(self) -> bool:
        """Whether an event has begun and not ended."""
        return self._decoder.is_within

    def take(self) -> SpeechEvent | None:
        """The next event, or None if more bytes are needed. Raises StreamCorruptError."""
        while message := self._decoder.take():
            event = decode(message)
            self._is_closed |= isinstance(event, StreamClosedEvent)
            if event is not None:
                return event
        return None

    def finish(self) -> None:
        """The body ended, however cleanly. Raises ConnectionBrokenError unless the service said it was complete."""
        if not self._is_closed:
            raise ConnectionBrokenError(
                translate("reader", "Amazon Polly stopped in the middle of the text."),
                detail="no StreamClosedEvent",
            )


def decode(message: Message) -> SpeechEvent | None:
    """The event in a message, or None if it can be skipped."""
    kind = message.headers.get(":message-type", "event")
    if kind == "event":
        return _decode_event(message)
    if kind == "exception":
        fields = json_object(message.payload)
        name = _text(message.headers.get(":exception-type")) or "UnknownException"
        return ServiceException(name, _text(fields.get("message")), fields)
    if kind == "error":
        # These are not in the model: the framing itself was at fault, as with a wrong signature.
        name = _text(message.headers.get(":error-code")) or "UnknownError"
        return ServiceException(name, _text(message.headers.get(":error-message")), {})
    return None


def _decode_event(message: Message) -> SpeechEvent | None:
    name = message.headers.get(":event-type")
    if name == "AudioEvent" and message.payload:
        return AudioEvent(message.payload)
    if name == "StreamClosedEvent":
        chars = json_object(message.payload).get("RequestCharacters")
        return StreamClosedEvent(chars if isinstance(chars, int) else None)
    return None


def json_object(data: bytes) -> dict[str, Any]:
    """Parse JSON from the service, {} if it is not an object: the body may be a proxy's."""
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
