"""One StartSpeechSynthesisStream on the stand-in: signed events in, sound out, under the service's limits."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Protocol

from botocore.eventstream import EventStreamBuffer, ParserError
from h2.exceptions import StreamClosedError

from tests.fakes.polly_service import frames
from tests.fakes.polly_service.records import EventRecord, StreamRecord
from tests.fakes.polly_service.rules import Chain, RefusalError, Request, Seed
from tests.fakes.polly_service.texts import TextJoiner, invalid, plain_text
from tests.fakes.polly_service.voice import speak

if TYPE_CHECKING:
    from tests.fakes.polly_service.service import PollyService


class StreamOverError(Exception):
    """A fault ended the stream; nothing more is to be sent on it."""


class Carrier(Protocol):
    """The connection, as a stream sees it."""

    async def send_headers(self, stream_id: int, status: int, headers: dict[str, str], *, is_last: bool) -> None: ...

    async def send_data(self, stream_id: int, data: bytes, *, is_last: bool = False) -> None: ...


class SpeechStream:
    """`received` takes what came of the body, None for its end."""

    def __init__(self, service: PollyService, carrier: Any, stream_id: int, request: Request, seed: Seed) -> None:
        self.service = service
        self.carrier = carrier
        self.stream_id = stream_id
        self.record = StreamRecord(service.clock(), dict(request.headers), carrier.reads, carrier.number)
        service.streams.append(self.record)
        self.received: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._format = (request.headers["x-amzn-outputformat"], int(request.headers.get("x-amzn-samplerate", "16000")))
        self._chain = Chain(seed)
        self._messages = EventStreamBuffer()
        self._joiner = TextJoiner(joins_blank=service.joins_blank)
        self._sentences: asyncio.Queue[tuple[str, int] | None] = asyncio.Queue()
        self._is_closed = False  # a CloseStreamEvent came
        self._is_answered = False
        self._heard_s = service.clock()

    async def run(self) -> None:
        """Until the end of the stream, whichever it is."""
        try:
            async with asyncio.TaskGroup() as group:
                speaking = group.create_task(self._speak())
                speaking.add_done_callback(lambda _: listening.cancel())
                listening = group.create_task(self._listen())
        except* RefusalError as refused:
            await self._refuse(next(e for e in refused.exceptions if isinstance(e, RefusalError)))
        except* StreamClosedError:
            self.record.end = self.record.end or "reset"  # by the client, while we were sending
        except* StreamOverError:
            self.record.end = self.record.end or "fault"
        self.service.changed()

    async def answer(self) -> None:
        """The response's headers: with the first event, as a request is not looked at before."""
        if not self._is_answered:
            self._is_answered = True
            headers = {"content-type": "application/vnd.amazon.eventstream", "x-amzn-requestid": "stand-in"}
            if self.service.early_hints:
                await self.carrier.send_headers(self.stream_id, 103, {"link": "<x>"}, is_last=False)
            await self.carrier.send_headers(self.stream_id, 200, headers, is_last=False)

    async def send(self, data: bytes, *, is_last: bool = False) -> None:
        await self.carrier.send_data(self.stream_id, data, is_last=is_last)

    # ---- text in ----

    async def _listen(self) -> None:
        while (data := await self._next()) is not None:
            for message in self._decode(data):
                self._chain.check(message.headers, message.payload, self.service.now())
                self._heard_s = self.service.clock()
                if message.payload:
                    self._on_event(message.payload)
                    await self.answer()
                else:
                    await self._close()
        if not self._chain.is_ended:
            raise RefusalError(400, "ValidationException", "the body has no signed end", reason="invalidInboundEvent")
        await asyncio.Event().wait()

    async def _next(self) -> bytes | None:
        """The next piece of the body. Raises RefusalError when the service would not wait any longer."""
        old_s = self.record.opened_s + self.service.age_s
        silent_s = float("inf") if self._is_closed else self._heard_s + self.service.silence_s
        try:
            async with asyncio.timeout_at(min(old_s, silent_s)):
                return await self.received.get()
        except TimeoutError:
            code = "input-stream-timeout" if old_s <= silent_s else "input-stream-inbound-event-timeout"
            fields = {"quotaCode": code, "serviceCode": "polly"}
            raise RefusalError(
                402, "ServiceQuotaExceededException", "the stream has passed a limit", **fields
            ) from None

    def _decode(self, data: bytes) -> Iterator[Any]:
        self._messages.add_data(data)
        try:
            yield from self._messages
        except (ParserError, ValueError, KeyError) as error:
            raise RefusalError(400, "ValidationException", str(error), reason="invalidInboundEvent") from error

    def _on_event(self, payload: bytes) -> None:
        inner = EventStreamBuffer()
        inner.add_data(payload)
        headers, body = next((m.headers, m.payload) for m in inner)
        name = headers.get(":event-type")
        wanted = {":message-type": "event", ":event-type": name, ":content-type": "application/json"}
        if headers != wanted or name not in ("TextEvent", "CloseStreamEvent") or self._is_closed:
            raise RefusalError(400, "ValidationException", f"unexpected event {name}", reason="invalidInboundEvent")
        fields = json.loads(body)
        if name == "CloseStreamEvent":
            self._note(EventRecord(self.service.clock(), name))
            self._finish_text()
            return
        text, kind = fields.get("Text"), fields.get("TextType", "text")
        is_forced = bool(fields.get("FlushStreamConfiguration", {}).get("Force"))
        if not isinstance(text, str) or fields.keys() - {"Text", "TextType", "FlushStreamConfiguration"}:
            raise invalid("Text", "the text is missing, or something unknown is there")
        self._note(EventRecord(self.service.clock(), name, text, kind == "ssml", is_forced))
        self._on_text(plain_text(text, kind), is_whole=kind == "ssml", is_forced=is_forced)

    def _on_text(self, text: str, *, is_whole: bool, is_forced: bool) -> None:
        # What stood before a document is spoken before it.
        sentences = [*self._joiner.flush(), text] if is_whole else [*self._joiner.add(text)]
        if is_forced:
            sentences += self._joiner.flush()
        for sentence in sentences:
            self._sentences.put_nowait((sentence, len(sentence)))

    def _note(self, event: EventRecord) -> None:
        if not self.record.events:
            self.record.first_event_read = self.carrier.reads
        self.record.events.append(event)
        self.service.changed()

    def _finish_text(self) -> None:
        self._is_closed = True
        for sentence in self._joiner.flush():
            self._sentences.put_nowait((sentence, len(sentence)))
        self._sentences.put_nowait(None)

    async def _close(self) -> None:
        # The signed end alone ends the text too: what is buffered is spoken, and billed.
        if not self._is_closed:
            self._finish_text()
        await self.answer()

    # ---- sound out ----

    async def _speak(self) -> None:
        _, rate_hz = self._format
        encode = self.service.formats[self._format]
        due_s = 0.0
        while sentence := await self._sentences.get():
            text, chars = sentence
            if not self.record.spoken:
                await self.service.wait(self.service.first_audio_s)
            # Billed as it is synthesized: what a reset keeps from being spoken costs nothing.
            self.record.billed_chars += chars
            self.record.spoken.append(text)
            pcm = speak(text, rate_hz)
            sound, length_s = encode(pcm), len(pcm) / 2 / rate_hz
            due_s = max(due_s, self.service.clock())
            for block in _blocks(sound, self.service.event_bytes):
                await self._send_audio(block)
                due_s += length_s * len(block) / len(sound) / self.service.pace
                await self.service.wait(due_s - self.service.clock())
        await self.service.faults.on_audio(self, is_end=True)
        await self.answer()
        closed = json.dumps({"RequestCharacters": self.record.billed_chars}).encode()
        await self.send(frames.event("StreamClosedEvent", closed), is_last=not self.service.has_trailers)
        if self.service.has_trailers:
            await self.carrier.send_trailers(self.stream_id)
        self.record.end = "closed"

    async def _send_audio(self, block: bytes) -> None:
        await self.service.faults.on_audio(self)
        await self.answer()
        await self.send(frames.audio(block))
        self.record.audio_bytes += len(block)
        self.service.changed()

    # ---- no ----

    async def _refuse(self, refusal: RefusalError) -> None:
        self.record.end = f"refused: {refusal}"
        if not self._is_answered:
            self._is_answered = True
            await self.carrier.send_refusal(self.stream_id, refusal)
        elif refusal.status == 403:
            await self.send(frames.error(refusal.name, refusal.text), is_last=True)
        else:
            await self.send(frames.exception(refusal.name, refusal.fields), is_last=True)


def _blocks(data: bytes, size: int) -> Iterator[bytes]:
    for start in range(0, len(data), size):
        yield data[start : start + size]
