"""Speech by SynthesizeSpeech, for voices and regions without streams. Core thread only."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from reader.errors import RemoteVoiceError, RequestRefusedError, StreamCorruptError
from reader.voices.polly import voice_list
from reader.voices.polly.client import PollyClient
from reader.voices.polly.spending import Spending
from reader.voices.remote.edges import Edges
from reader.voices.remote.sentence_stream import Call


class Sentences:
    """Implements Speaker."""

    def __init__(
        self,
        client: PollyClient,
        spending: Spending,
        formats: Sequence[tuple[str, int]],
        lexicons: tuple[str, ...],
    ) -> None:
        """`formats` are tried in order."""
        self._client = client
        self._spending = spending
        self._formats = formats
        self._lexicons = lexicons

    def check(self, more_chars: int) -> None:
        self._spending.check(more_chars)

    async def speak(self, call: Call) -> None:
        name, engine, language = voice_list.split_name(call.request.voice)
        for number, (output_format, rate_hz) in enumerate(self._formats):
            values: dict[str, Any] = {
                "Text": call.request.text,
                "TextType": "ssml" if call.request.is_ssml else "text",
                "VoiceId": name,
                "Engine": engine,
                "OutputFormat": output_format,
                "SampleRate": str(rate_hz),
            }
            if language:
                values["LanguageCode"] = language
            if self._lexicons:
                values["LexiconNames"] = list(self._lexicons)
            try:
                await self._hear(call, values, output_format, rate_hz)
            except RequestRefusedError:
                if number + 1 == len(self._formats):
                    raise
            else:
                return

    async def _hear(self, call: Call, values: dict[str, Any], output_format: str, rate_hz: int) -> None:
        ended: asyncio.Future[StreamCorruptError | None] = asyncio.get_running_loop().create_future()
        edges = Edges(rate_hz)
        is_trimmed = not call.request.is_ssml  # markup may set its own pauses
        packed = self._client.decoders.decoder(
            output_format,
            rate_hz,
            lambda pcm: call.add(edges.feed(pcm) if is_trimmed else pcm, rate_hz),
            ended.set_result,
        )
        try:
            async with self._client.ask("SynthesizeSpeech", values) as response:
                call.is_billed = True
                billed = response.headers.get("x-amzn-requestcharacters", "")
                self._spending.add(billed=int(billed) if billed.isdecimal() else 0)
                async for data in response.pieces:
                    packed.feed(data)
            packed.finish()
            if error := await ended:
                raise error
        finally:
            packed.cancel()
        self._client.note_success()
        call.add(edges.finish(), rate_hz, is_last=True)
        self._spending.save_soon()

    def note_failure(self, error: RemoteVoiceError) -> None:
        self._client.note_failure(error)
