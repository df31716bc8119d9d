"""A stand-in for a server with OpenAI's speech interface, which refuses what real ones refuse, and speaks in tones.

What it refuses, and with which answer, is taken from OpenAI's documentation of POST /v1/audio/speech and of its errors,
and from the answers of servers made like it (FastAPI's {"detail": …}). Nothing in here imports `reader`.
"""

from __future__ import annotations

import asyncio
import json
import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from tests.fakes.loopback import Loopback
from tests.fakes.polly_service.codecs import FORMATS
from tests.fakes.polly_service.voice import speak

RATE_HZ = 24_000
MAX_CHARS = 4096
_PARAMETERS = {"model", "input", "voice", "response_format", "speed", "instructions", "stream_format"}
_TYPES = {"pcm": "audio/pcm", "wav": "audio/wav", "mp3": "audio/mpeg"}
# OpenAI has these as well; this one was not built with them.
_OTHERS = {"opus", "aac", "flac"}
_PIECE_BYTES = 4800  # 0.1 s


@dataclass
class Asked:
    """A request that was understood."""

    path: str
    key: str
    values: dict[str, Any] = field(default_factory=dict)


@dataclass
class Trouble:
    """What goes wrong with one request for speech.

    `status` is answered with `headers` and `body`. Else the sound is `cut_at_bytes`, where the connection ends or, if
    it `stalls`, nothing more comes; `garbage` is sent in its place, and `type` is what it is said to be.
    """

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    cut_at_bytes: int | None = None
    stalls: bool = False
    garbage: bytes | None = None
    type: str = ""


class RefusalError(Exception):
    """The answer is no sound."""

    def __init__(self, status: int, message: str, code: str | None = None, kind: str = "invalid_request_error") -> None:
        super().__init__(message)
        self.status = status
        self.body = json.dumps({"error": {"message": message, "type": kind, "param": None, "code": code}}).encode()


class SpeechServer(Loopback):
    """`async with` it. `troubles` are for the next requests for speech, one each, None for one without."""

    def __init__(
        self, *, key: str = "", models: tuple[str, ...] = ("tts-1",), voices: tuple[str, ...] = ("alloy",)
    ) -> None:
        super().__init__()
        self.key = key
        self.models = models
        self.voices = voices
        self.rate_hz = RATE_HZ
        self.lists_models = True
        self.troubles: list[Trouble | None] = []
        self.asked: list[Asked] = []
        self.most_at_once = 0
        self.connections = 0
        self.may_end = asyncio.Event()  # what stalls, or waits to be let go on, waits for it
        self.holds: Callable[[str], bool] = lambda text: False  # answers that wait for it
        self.changed = asyncio.Event()
        self._at_once = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def texts(self) -> list[str]:
        """What was asked to be spoken."""
        return [asked.values["input"] for asked in self.asked if asked.values]

    async def until(self, is_so: Callable[[], bool]) -> None:
        while not is_so():
            self.changed.clear()
            await self.changed.wait()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            first, *lines = head.rstrip().split("\r\n")
            method, path, _ = first.split(" ")
            headers = {n.strip().lower(): v.strip() for n, _, v in (line.partition(":") for line in lines)}
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
            try:
                if not await self._answer(writer, method, path, headers, body):
                    return
            finally:
                self._at_once -= 1
                self.changed.set()

    async def _answer(
        self, writer: asyncio.StreamWriter, method: str, path: str, headers: dict[str, str], body: bytes
    ) -> bool:
        """Whether the connection may be used again."""
        try:
            asked = self._understand(method, path, headers, body)
            self.asked.append(asked)
            self.changed.set()
            if path.endswith("/models"):
                rows = [{"id": name, "object": "model"} for name in self.models]
                return await self._send(writer, 200, {}, json.dumps({"object": "list", "data": rows}).encode())
            trouble = self.troubles.pop(0) if self.troubles else None
            if trouble and trouble.status != 200:
                return await self._send(writer, trouble.status, trouble.headers, trouble.body)
            if self.holds(asked.values["input"]):
                await self.may_end.wait()
            return await self._speak(writer, asked.values, trouble or Trouble())
        except RefusalError as refusal:
            return await self._send(writer, refusal.status, {}, refusal.body)

    def _understand(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Asked:
        """Raises RefusalError."""
        if headers.get("host") != f"127.0.0.1:{self.port}":
            raise RefusalError(400, "wrong host")
        wanted = {"/v1/audio/speech": "POST"} | ({"/v1/models": "GET"} if self.lists_models else {})
        if path not in wanted:
            raise RefusalError(404, f"Unknown request URL: {method} {path}")
        if method != wanted[path]:
            raise RefusalError(405, f"Not allowed to {method} on {path}")
        scheme, _, key = headers.get("authorization", "").partition(" ")
        if self.key and (scheme != "Bearer" or key != self.key):
            what = "Incorrect API key provided" if key else "You didn't provide an API key"
            raise RefusalError(401, what, "invalid_api_key" if key else None)
        if method == "GET":
            return Asked(path, key)
        if headers.get("content-type", "").partition(";")[0] != "application/json":
            raise RefusalError(415, "the body is not JSON")
        try:
            values = json.loads(body)
        except ValueError:
            raise RefusalError(400, "We could not parse the JSON body of your request.") from None
        self._check(values)
        return Asked(path, key, values)

    def _check(self, values: dict[str, Any]) -> None:
        if unknown := set(values) - _PARAMETERS:
            raise RefusalError(400, f"Unrecognized request argument supplied: {min(unknown)}")
        for name in ("model", "input", "voice"):
            if not isinstance(values.get(name), str):
                raise RefusalError(400, f"you must provide a {name} parameter")
        if values["model"] not in self.models:
            raise RefusalError(404, f"The model `{values['model']}` does not exist", "model_not_found")
        if values["voice"] not in self.voices:
            raise RefusalError(400, f"Input should be one of {', '.join(self.voices)}", "invalid_value")
        if not values["input"]:
            raise RefusalError(400, "String should have at least 1 character", "string_too_short")
        if len(values["input"]) > MAX_CHARS:
            raise RefusalError(400, f"String should have at most {MAX_CHARS} characters", "string_above_max_length")
        output_format = values.get("response_format", "mp3")
        if output_format not in _TYPES:
            what = "is not built in" if output_format in _OTHERS else "is none"
            raise RefusalError(400, f"the response_format {output_format!r} {what}")

    async def _send(self, writer: asyncio.StreamWriter, status: int, headers: dict[str, str], body: bytes) -> bool:
        fields = {"content-type": "application/json", **headers, "content-length": str(len(body))}
        await self._write(writer, _head(status, fields) + body)
        return True

    async def _speak(self, writer: asyncio.StreamWriter, values: dict[str, Any], trouble: Trouble) -> bool:
        output_format = values.get("response_format", "mp3")
        sound = trouble.garbage
        if sound is None:
            sound = _packed(speak(values["input"], self.rate_hz), output_format, self.rate_hz)
        fields = {"content-type": trouble.type or _TYPES[output_format], "transfer-encoding": "chunked"}
        await self._write(writer, _head(200, fields))
        end = len(sound) if trouble.cut_at_bytes is None else trouble.cut_at_bytes
        for at in range(0, end, _PIECE_BYTES):
            piece = sound[at : min(at + _PIECE_BYTES, end)]
            await self._write(writer, b"%x\r\n%s\r\n" % (len(piece), piece))
        if trouble.stalls:
            await self.may_end.wait()
        if trouble.cut_at_bytes is not None:
            return False
        await self._write(writer, b"0\r\n\r\n")
        return True

    @staticmethod
    async def _write(writer: asyncio.StreamWriter, data: bytes) -> None:
        writer.write(data)
        await writer.drain()


def _head(status: int, headers: dict[str, str]) -> bytes:
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join((*lines, "", "")).encode()


def _packed(pcm: bytes, output_format: str, rate_hz: int) -> bytes:
    if output_format == "pcm":
        return pcm
    if output_format == "wav":
        return wav_header(rate_hz) + pcm
    encoder = FORMATS["mp3", rate_hz](rate_hz)
    return encoder.add(pcm) + encoder.finish()


def wav_header(rate_hz: int, *, channels: int = 1, length: int = 0xFFFFFFFF) -> bytes:
    """Of a sound whose length is not known yet."""
    kind = struct.pack("<HHIIHH", 1, channels, rate_hz, 2 * channels * rate_hz, 2 * channels, 16)
    extra = b"LIST" + struct.pack("<I", 4) + b"INFO"
    return (
        b"RIFF"
        + struct.pack("<I", length)
        + b"WAVEfmt "
        + struct.pack("<I", 16)
        + kind
        + extra
        + b"data"
        + struct.pack("<I", length)
    )
