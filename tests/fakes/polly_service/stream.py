"""One StartSpeechSynthesisStream on the stand-in: signed events in, sound out, under the service's limits."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from tests.fakes.polly_service import frames
from tests.fakes.polly_service.faults import StreamOverError, When
from tests.fakes.polly_service.records import EventRecord, StreamRecord
from tests.fakes.polly_service.rules import Chain, RefusalError, Request, Seed
from tests.fakes.polly_service.texts import TextJoiner, invalid, plain_text
from tests.fakes.polly_service.voice import speak

if TYPE_CHECKING:
    from tests.fakes.polly_service.http2 import Connection
    from tests.fakes.polly_service.service import PollyService

_SMALL_BYTES = 128
_STRING = 7  # of the types of headers


class SpeechStream:
    """`received` takes what came of the body, None for its end."""

    def __init__(
        self,
        service: PollyService,
        carrier: Connection,
        stream_id: int,
        request: Request,
        seed: Seed,
        sound: tuple[str, int],
    ) -> None:
        """`sound` is the format and the rate in Hz."""
        self.service = service
        self.carrier = carrier
        self.stream_id = stream_id
        self.record = StreamRecord(service.clock(), dict(request.headers), carrier.reads, carrier.number)
        service.streams.append(self.record)
        self.received: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._rate_hz = sound[1]
        self._encoder = service.formats[sound](self._rate_hz)
        self._chain = Chain(seed)
        self._messages = frames.Splitter()
        self._joiner = TextJoiner(joins_blank=service.joins_blank)
        self._sentences: asyncio.Queue[str | None] = asyncio.Queue()
        self._unsent = bytearray()  # of messages begun: what follows one stands behind it, even if that is a refusal
        self._is_closed = False  # no more text comes
        self._answering = asyncio.Lock()
        self._is_answered = False
        self._is_over = False  # the answer is whole
        self._heard_s = service.clock()

    async def run(self) -> None:
        """Until nothing more is to be sent or read, whoever ends it."""
        try:
            async with asyncio.TaskGroup() as group:
                aging = group.create_task(self._age())
                speaking = group.create_task(self._speak())
                # What comes behind the end of the answer is looked at too.
                group.create_task(self._listen())
                await speaking
                aging.cancel()
        except* RefusalError as refused:
            await self._refuse(next(e for e in refused.exceptions if isinstance(e, RefusalError)))
        except* StreamOverError:
            self.record.end = self.record.end or "fault"
        self.service.changed()

    async def answer(self) -> None:
        """The response's headers: with the first event, as a request is not looked at before."""
        async with self._answering:
            if self._is_answered:
                return
            self._is_answered = True
            await self.service.faults.on(When.ANSWER, self)
            headers = {"content-type": "application/vnd.amazon.eventstream", "x-amzn-requestid": "stand-in"}
            if self.service.early_hints:
                await self.carrier.send_headers(self.stream_id, 103, {"link": "<x>"}, is_last=False)
            await self.carrier.send_headers(self.stream_id, 200, headers, is_last=False)

    async def send(self, data: bytes, *, is_last: bool = False) -> None:
        """Wait until the client's windows have taken it."""
        self._unsent += data
        await self.carrier.send_from(self.stream_id, self._unsent, is_last=is_last)

    # ---- text in ----

    async def _age(self) -> None:
        await asyncio.sleep(self.service.age_s)
        raise _past("input-stream-timeout")

    async def _listen(self) -> None:
        if self.service.answers_early:
            await self.answer()
        while (data := await self._next()) is not None:
            for message in self._split(data):
                self._chain.check(message, self.service.now())
                self._heard_s = self.service.clock()
                if message.payload:
                    self._on_event(message.payload)
                elif not self._is_closed:
                    # The signed end alone ends the text too: what is buffered is spoken, and billed.
                    self._finish_text()
                await self.answer()
        if not self._chain.is_ended or not self._messages.is_empty:
            raise _bad_event("the body has no signed end")
        self.record.is_end_signed = True

    async def _next(self) -> bytes | None:
        """The next piece of the body. Raises RefusalError when the service would not wait any longer."""
        if self._is_closed:
            return await self.received.get()
        try:
            async with asyncio.timeout_at(self._heard_s + self.service.silence_s):
                return await self.received.get()
        except TimeoutError:
            raise _past("input-stream-inbound-event-timeout") from None

    def _split(self, data: bytes) -> Iterator[frames.Received]:
        try:
            yield from self._messages.feed(data)
        except ValueError as error:
            raise _bad_event(str(error)) from error

    def _on_event(self, payload: bytes) -> None:
        try:
            event = frames.one(payload)
            fields = json.loads(event.payload)
        except ValueError as error:
            raise _bad_event(str(error)) from error
        headers = {name: header.value.decode() for name, header in event.headers.items() if header.kind == _STRING}
        name = headers.get(":event-type")
        wanted = {":message-type": "event", ":event-type": name, ":content-type": "application/json"}
        if headers != wanted or len(headers) != len(event.headers) or name not in ("TextEvent", "CloseStreamEvent"):
            raise _bad_event(f"unexpected event {name}")
        if self._is_closed:
            raise _bad_event(f"{name} behind the end of the text")
        if not isinstance(fields, dict):
            raise _bad_event("the event is no object")
        if name == "CloseStreamEvent":
            self._note(EventRecord(self.service.clock(), name))
            self._finish_text()
        else:
            self._on_text_event(fields)

    def _on_text_event(self, fields: dict[str, Any]) -> None:
        text, kind = fields.get("Text"), fields.get("TextType", "text")
        flush = fields.get("FlushStreamConfiguration", {})
        if not isinstance(text, str) or fields.keys() - {"Text", "TextType", "FlushStreamConfiguration"}:
            raise invalid("Text", "the text is missing, or something unknown is there")
        if not isinstance(flush, dict) or flush.keys() - {"Force"} or not isinstance(flush.get("Force", False), bool):
            raise invalid("FlushStreamConfiguration", "it has Force, true or false")
        spoken, is_forced = plain_text(text, kind), flush.get("Force", False)
        self._note(EventRecord(self.service.clock(), "TextEvent", text, kind == "ssml", is_forced))
        # What stood before a document is spoken before it.
        sentences = [*self._joiner.flush(), spoken] if kind == "ssml" else [*self._joiner.add(spoken)]
        if is_forced:
            sentences += self._joiner.flush()
        for sentence in sentences:
            self._sentences.put_nowait(sentence)

    def _note(self, event: EventRecord) -> None:
        if not self.record.events:
            self.record.first_event_read = self.carrier.reads
        self.record.events.append(event)
        self.service.changed()

    def _finish_text(self) -> None:
        self._is_closed = True
        for sentence in self._joiner.flush():
            self._sentences.put_nowait(sentence)
        self._sentences.put_nowait(None)

    # ---- sound out ----

    async def _speak(self) -> None:
        due_s = 0.0
        while (text := await self._sentences.get()) is not None:
            if not self.record.spoken:
                await self.service.wait(self.service.first_audio_s)
            await self.service.wait(self.service.think_s)
            began_s = self.service.clock()  # its own work is part of the time that the service is said to take
            # Billed as it is synthesized: what a reset keeps from being spoken costs nothing.
            self.record.billed_chars += len(text)
            self.record.spoken.append(text)
            pcm = speak(text, self._rate_hz, self.service.habits)
            sound, length_s = self._encoder.add(pcm), len(pcm) / 2 / self._rate_hz / self.service.pace
            start_s = max(due_s, began_s)
            due_s = start_s + length_s
            done = 0
            for block in self._blocks(sound):
                await self._send_audio(block)
                done += len(block)
                await self.service.wait(start_s + length_s * done / len(sound) - self.service.clock())
        await self._finish()

    def _blocks(self, sound: bytes) -> Iterator[bytes]:
        """What is sent at once: an event, or some very small ones."""
        size = self.service.event_bytes
        size *= max(1, _SMALL_BYTES // size)
        return (sound[start : start + size] for start in range(0, len(sound), size))

    async def _finish(self) -> None:
        """The rest of the sound, and the end."""
        for block in self._blocks(self._encoder.finish()):
            await self._send_audio(block)
        await self.service.faults.on(When.LAST, self)
        await self.answer()
        closed = json.dumps({"RequestCharacters": self.record.billed_chars}).encode()
        await self.send(frames.event("StreamClosedEvent", closed), is_last=not self.service.has_trailers)
        if self.service.has_trailers:
            await self.carrier.send_trailers(self.stream_id)
        self._is_over = True
        self.record.end = "closed"
        self.service.changed()
        await self.service.faults.on(When.END, self)

    async def _send_audio(self, block: bytes) -> None:
        sound_s = len(block) / 2 / self._rate_hz
        if self.service.stalls and (stall_s := self.service.stalls.next_s(sound_s)):
            await self.service.wait(stall_s)
            self.record.stalled_bytes = self.record.audio_bytes
        await self.service.faults.on(When.SOUND, self)
        await self.answer()
        size = self.service.event_bytes
        await self.send(b"".join(frames.audio(block[i : i + size]) for i in range(0, len(block), size)))
        if not self.record.audio_bytes:
            self.record.first_audio_s = self.service.clock()
        self.record.audio_bytes += len(block)
        self.service.changed()

    # ---- no ----

    async def _refuse(self, refusal: RefusalError) -> None:
        if self._is_over:
            self.record.breach = str(refusal)
            return
        self.record.end = f"refused: {refusal}"
        self.service.note_refusal(refusal)
        with suppress(StreamOverError):
            if not self._is_answered:
                self._is_answered = True
                await self.carrier.send_refusal(self.stream_id, refusal)
            elif refusal.status == 403:
                await self.send(frames.error(refusal.name, refusal.text), is_last=True)
            else:
                await self.send(frames.exception(refusal.name, refusal.fields), is_last=True)


def _past(code: str) -> RefusalError:
    fields = {"quotaCode": code, "serviceCode": "polly"}
    return RefusalError(402, "ServiceQuotaExceededException", "the stream has passed a limit", **fields)


def _bad_event(text: str) -> RefusalError:
    return RefusalError(400, "ValidationException", text, reason="invalidInboundEvent")
