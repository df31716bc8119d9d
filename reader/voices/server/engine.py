"""A speech server's voice as an Engine: one call per sentence, the next one while one is heard. Core thread only."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from reader.errors import RemoteVoiceError, StreamCorruptError
from reader.flow import FRAME_BYTES, Voice
from reader.http.address import ServerAddress
from reader.http.h1_client import Response
from reader.support.i18n import translate
from reader.voices.base import SpeechStream
from reader.voices.remote.decode import Decoders
from reader.voices.remote.edges import Edges
from reader.voices.remote.sentence_stream import Call, SentenceStream
from reader.voices.server import sounds
from reader.voices.server.client import ANSWER_LIMIT_S, Key, ServerClient
from reader.voices.server.faults import no_sound
from reader.voices.server.wav import BrokenWavError, Wav

NAME = "server"
SPEAK = "audio/speech"
# Decode at the rate of OpenAI's MP3; other rates are resampled.
_MP3_HZ = 24_000
# A sentence has at most 240 characters (text/pieces.py), which nobody takes this long to say.
_MAX_SENTENCE_S = 300


@dataclass(frozen=True, slots=True)
class Choices:
    """The user's settings for the server. Without a `model`, requests name none."""

    address: ServerAddress
    voice: str
    model: str
    output_format: str


class ServerEngine:
    """Implements Engine, and Speaker for its sentences."""

    name = NAME
    speeds = (1.0, 1.0)  # not all servers take a speed: the player stretches
    is_continuous = False

    def __init__(self, choices: Choices, key: Key, answer_limit_s: float = ANSWER_LIMIT_S) -> None:
        """Only tests shorten `answer_limit_s`."""
        self.client = ServerClient(choices.address, key, answer_limit_s)
        self._choices = choices
        self._decoders = Decoders()
        # It speaks any language, as far as Harken knows.
        title = translate("reader", "{voice} (speech server)").format(voice=choices.voice)
        self._voice = Voice(f"{NAME}/{choices.voice}", title, "", given_name=choices.voice)

    # ---- Engine ----

    @property
    def is_backing_off(self) -> bool:
        return self.client.health.is_backing_off

    async def wait_until_available(self) -> None:
        await self.client.health.wait_until_available()

    async def start(self) -> None:
        """The server is not contacted until there is something to say."""
        if self._choices.output_format == sounds.MP3:
            self._decoders.warm_up(sounds.MP3)

    def voices(self) -> Sequence[Voice]:
        return [self._voice]

    def open_stream(self, utterance_id: int, *, is_live: bool = True) -> SpeechStream:
        return SentenceStream(self, utterance_id)

    async def close(self) -> None:
        await self._decoders.close()
        await self.client.close()

    # ---- Speaker ----

    def check(self, more_chars: int) -> None:
        """Nothing is counted."""

    async def speak(self, call: Call) -> None:
        text = call.request.text
        if not text.strip():
            call.add(b"", sounds.PCM_HZ, is_last=True)  # servers refuse an empty text
            return
        values: dict[str, object] = {"input": text, "voice": call.request.voice.id.partition("/")[2]}
        if self._choices.model:
            values["model"] = self._choices.model
        values["response_format"] = self._choices.output_format
        async with self.client.ask(SPEAK, values) as response:
            content_type = response.headers.get("content-type", "")
            kind = sounds.kind_of(content_type, self._choices.output_format)
            if not kind:
                raise no_sound(content_type, host=self._choices.address.origin.host)
            await self._hear(call, response, kind, sounds.pcm_rate_hz(content_type))
        self.client.health.note_success()

    def note_failure(self, error: RemoteVoiceError) -> None:
        self.client.note_failure(error)

    async def _hear(self, call: Call, response: Response, kind: str, pcm_hz: int) -> None:
        """Pass on the audio of an answer as it arrives."""
        first = b""
        pieces = aiter(response.pieces)
        async for piece in pieces:
            first += piece
            if len(first) >= 4:
                break
        kind = sounds.kind_at(first, kind)
        sound = _Sound(call)
        if kind == sounds.WAV:
            wav = Wav()
            try:
                sound.add(wav.feed(first), wav.rate_hz)
                async for piece in pieces:
                    sound.add(wav.feed(piece), wav.rate_hz)
                    sound.check()
                wav.finish()
            except BrokenWavError as error:
                raise StreamCorruptError(f"the sound can't be decoded: {error}") from error
            sound.finish()
            return
        rate_hz = pcm_hz if kind == sounds.PCM else _MP3_HZ
        ended: asyncio.Future[StreamCorruptError | None] = asyncio.get_running_loop().create_future()
        packed = self._decoders.decoder(kind, rate_hz, lambda pcm: sound.add(pcm, rate_hz), ended.set_result)
        try:
            packed.feed(first)
            async for piece in pieces:
                packed.feed(piece)
                sound.check()
            packed.finish()
            if damage := await ended:
                raise damage
        finally:
            packed.cancel()
        sound.finish()


class _Sound:
    """The sound of one answer, without the silence at its ends."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._edges: Edges | None = None
        self._rate_hz = 0
        self._made_bytes = 0

    def add(self, pcm: bytes, rate_hz: int) -> None:
        """Pass on some more."""
        if not pcm:
            return
        if self._edges is None:
            self._edges, self._rate_hz = Edges(rate_hz), rate_hz
        self._made_bytes += len(pcm)
        if not self._is_endless:
            self._call.add(self._edges.feed(pcm), rate_hz)

    def check(self) -> None:
        """Raise StreamCorruptError if the sound never ends."""
        if self._is_endless:
            raise StreamCorruptError("there is no end to the sound of a sentence")

    def finish(self) -> None:
        """Nothing more will arrive."""
        self.check()
        if self._edges is None:
            raise StreamCorruptError("there is no sound")
        self._call.add(self._edges.finish(), self._rate_hz, is_last=True)

    @property
    def _is_endless(self) -> bool:
        return self._made_bytes > _MAX_SENTENCE_S * max(self._rate_hz, 1) * FRAME_BYTES
