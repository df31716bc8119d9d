"""A reading over streams, under any order of sending, finishing, cancelling, faults and late data.

The connection is a test's own: what Harken sends is read with botocore's decoder, what comes is made up. Whatever
happens: nothing but our errors leaves, sound comes in the order of the requests and belongs to them, every request that
is said to be over was sent, nothing comes behind the end, and what is signed is one unbroken chain.
"""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.eventstream import EventStreamBuffer
from hypothesis import given, settings
from hypothesis import strategies as st

from reader.aws.eventstream import encode
from reader.aws.signing import AwsKeys, AwsRequest, EventSigner, sign_request
from reader.errors import RemoteVoiceError
from reader.flow import AudioChunk, Ending, SpeechRequest, Voice
from reader.http.h2_connection import Listener
from reader.http.h2_protocol import DataReceived, Event, ResponseStarted, StreamEnded, StreamFailed
from reader.voices.polly import utterance_stream as speeches
from reader.voices.polly.delivery import Delivery
from reader.voices.polly.events import SpeechParameters
from reader.voices.polly.requests import Clock, Opening
from reader.voices.polly.synthesis_stream import Limits, SynthesisStream
from reader.voices.polly.utterance_stream import UtteranceStream
from reader.voices.remote.decode import Decoders


@pytest.fixture(scope="module", autouse=True)
def hurried() -> Iterator[None]:
    """No stream is put off for an account's limits."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(speeches, "_OPEN_EVERY_S", 0.0)
        yield


VOICE = Voice("polly/Matthew", "Matthew", "en")
PARAMETERS = SpeechParameters("Matthew")


def message(kind: str, name: str, payload: bytes) -> bytes:
    return encode({":message-type": kind, f":{kind}-type": name, ":content-type": "application/json"}, payload)


@dataclass
class HandConnection:
    """What a stream sees of a connection."""

    listeners: dict[int, Listener] = field(default_factory=dict)
    sent: dict[int, bytearray] = field(default_factory=dict)
    ended: set[int] = field(default_factory=set)
    resets: list[int] = field(default_factory=list)
    credit: int = 0
    last: int = 0
    silent_s: float = 0.0  # it answers pings at once

    def ping(self) -> None:
        pass

    def request(self, headers: Sequence[tuple[str, str]], listener: Listener) -> int:
        self.last += 2
        self.listeners[self.last] = listener
        self.sent[self.last] = bytearray()
        return self.last

    def send(self, stream_id: int, data: bytes, *, is_last: bool = False) -> None:
        assert stream_id not in self.ended, "sent behind the end"
        self.sent[stream_id] += data
        if is_last:
            self.ended.add(stream_id)

    def acknowledge(self, stream_id: int, credit_bytes: int) -> None:
        self.credit += credit_bytes

    def reset(self, stream_id: int) -> None:
        self.listeners.pop(stream_id, None)
        self.resets.append(stream_id)

    def close(self) -> None:
        self.listeners.clear()

    def tell(self, event: Event) -> None:
        """As a connection does, also when nobody listens any more."""
        is_end = isinstance(event, StreamEnded | StreamFailed)
        take = self.listeners.pop if is_end else self.listeners.get
        if listener := take(event.stream_id, None):
            listener(event)


class HandEngine:
    def __init__(self) -> None:
        self.limits = Limits()
        self.connection = HandConnection()
        self.streams: list[SynthesisStream] = []
        self.noted: list[SynthesisStream] = []
        self.refuses = False
        self.stalls = False

    async def open_synthesis(self, voice: Voice, speech: UtteranceStream) -> SynthesisStream:
        if self.stalls:
            await asyncio.sleep(0)
        if self.refuses:
            raise RemoteVoiceError("There is no way there.", code="test")
        request = AwsRequest("POST", "/v1/synthesisStream", [("host", "polly.example")])
        signed = sign_request(request, AwsKeys("A", "S"), "us-east-1", "polly", datetime.now(UTC), None)
        opening = Opening(signed.headers, EventSigner(signed.seed))
        stream = SynthesisStream(
            self.connection,  # type: ignore[arg-type]
            PARAMETERS,
            opening,
            Clock(),
            Decoders(),
            self.limits,
            Delivery(),
            speech.note_news,
        )
        self.streams.append(stream)
        return stream

    def check_spending(self, more_chars: int) -> None:
        pass

    def note_end(self, stream: SynthesisStream) -> RemoteVoiceError | None:
        assert stream not in self.noted
        self.noted.append(stream)
        return stream.error


def texts_sent(data: bytes) -> list[tuple[str, Any]]:
    """(kind, fields) of every event in what was sent; the signed end is ("", None)."""
    found: list[tuple[str, Any]] = []
    outer = EventStreamBuffer()
    outer.add_data(data)
    for wrapped in outer:
        assert set(wrapped.headers) == {":date", ":chunk-signature"}
        if not wrapped.payload:
            found.append(("", None))
            continue
        inner = EventStreamBuffer()
        inner.add_data(wrapped.payload)
        event = next(iter(inner))
        found.append((event.headers[":event-type"], json.loads(event.payload)))
    return found


def sound(frames: int) -> bytes:
    return b"\x10\x20" * frames


ACTIONS = st.one_of(
    st.tuples(st.just("send"), st.integers(1, 200), st.sampled_from(list(Ending))),
    st.tuples(st.just("flush"), st.booleans()),
    st.tuples(st.just("finish")),
    st.tuples(st.just("answer"), st.sampled_from([200, 200, 200, 403, 500])),
    st.tuples(st.just("audio"), st.integers(1, 20_000)),
    st.tuples(st.just("silence"), st.integers(1, 20_000)),
    st.tuples(st.just("quiet")),
    st.tuples(st.just("closed")),
    st.tuples(st.just("end")),
    st.tuples(st.just("exception"), st.sampled_from(["ThrottlingException", "ValidationException", "News"])),
    st.tuples(st.just("failed")),
    st.tuples(st.just("rubbish"), st.binary(min_size=1, max_size=40)),
    st.tuples(st.just("take")),
    st.tuples(st.just("refuse"), st.booleans()),
    st.tuples(st.just("stall"), st.booleans()),
    st.tuples(st.just("age")),
    st.tuples(st.just("cancel")),
)


class Play:
    """One reading, and what came out of it."""

    def __init__(self) -> None:
        self.engine = HandEngine()
        self.speech = UtteranceStream(self.engine, 1)
        self.sent = 0
        self.chunks: list[AudioChunk] = []
        self.errors: list[RemoteVoiceError] = []
        self.is_cancelled = self.is_finished = False
        self.wanted: asyncio.Queue[Callable[[], Coroutine[Any, Any, None]] | None] = asyncio.Queue()
        self.sending = asyncio.create_task(self._send())
        self.iterator = self.speech.__aiter__()
        self.taking: asyncio.Task[Any] | None = None

    async def do(self, action: tuple[Any, ...]) -> None:
        name, *values = action
        try:
            await getattr(self, name)(*values)
        except RemoteVoiceError as error:
            self.errors.append(error)
        for _ in range(3):
            await asyncio.sleep(0)

    async def _send(self) -> None:
        """One thing after the other, as a session does; each may wait for sound."""
        while do := await self.wanted.get():
            with suppress(RemoteVoiceError):
                await do()

    async def send(self, chars: int, ending: Ending) -> None:
        if not self.is_finished:
            request = SpeechRequest(1, self.sent, "a" * chars, VOICE, 1.0, ending)
            self.sent += 1
            self.wanted.put_nowait(lambda: self.speech.send(request))

    async def flush(self, is_urgent: bool) -> None:
        if not self.is_finished:
            self.wanted.put_nowait(lambda: self.speech.flush(is_urgent=is_urgent))

    async def finish(self) -> None:
        if not self.is_finished:
            self.is_finished = True
            self.wanted.put_nowait(self.speech.finish)

    async def quiet(self) -> None:
        """Nothing came for long enough."""
        for stream in self.engine.streams:
            if not stream.is_over and stream.proof.note_silence():
                self.speech.note_news()

    async def cancel(self) -> None:
        self.is_cancelled = True
        self.speech.cancel()

    async def take(self) -> None:
        if self.taking is None:
            self.taking = asyncio.create_task(self._take())

    async def _take(self) -> None:
        try:
            async for chunk in self.speech:
                assert not self.is_cancelled, "sound of a reading that was stopped"
                self.chunks.append(chunk)
        except RemoteVoiceError as error:
            self.errors.append(error)

    async def refuse(self, refuses: bool) -> None:
        self.engine.refuses = refuses

    async def stall(self, stalls: bool) -> None:
        self.engine.stalls = stalls

    async def age(self) -> None:
        for stream in self.engine.streams:
            stream._opened_s -= 500

    def _tell(self, make: Any) -> None:
        """To the stream opened last, also when it is over: late data."""
        if self.engine.connection.last:
            self.engine.connection.tell(make(self.engine.connection.last))

    def _data(self, data: bytes) -> None:
        self._tell(lambda stream_id: DataReceived(stream_id, data, len(data)))

    async def answer(self, status: int) -> None:
        self._tell(lambda stream_id: ResponseStarted(stream_id, status, ()))

    async def audio(self, frames: int) -> None:
        self._data(message("event", "AudioEvent", sound(frames)))

    async def silence(self, frames: int) -> None:
        self._data(message("event", "AudioEvent", bytes(frames)))

    async def answer_all(self, blocks: list[int]) -> int:
        """Be a service that is well, until all was sent and spoken. Returns how many frames it made."""
        frames, sizes = 0, itertools.cycle(blocks or [100])
        await self.do(("finish",))
        self.wanted.put_nowait(None)
        while not self.sending.done() or not all(stream.is_over for stream in self.engine.streams):
            for stream in [stream for stream in self.engine.streams if not stream.is_over]:
                size = next(sizes)
                frames += size
                tell, number = self.engine.connection.tell, stream._stream_id
                data = message("event", "AudioEvent", sound(size))
                tell(DataReceived(number, data, len(data)))
                if stream.is_closing:
                    data = message("event", "StreamClosedEvent", b'{"RequestCharacters": 1}')
                    tell(DataReceived(number, data, len(data)))
                    tell(StreamEnded(number))
            await self.do(("quiet",))
        return frames

    async def closed(self) -> None:
        self._data(message("event", "StreamClosedEvent", b'{"RequestCharacters": 1}'))

    async def end(self) -> None:
        self._tell(StreamEnded)

    async def exception(self, name: str) -> None:
        self._data(message("exception", name, b'{"message": "no"}'))

    async def failed(self) -> None:
        self._tell(lambda stream_id: StreamFailed(stream_id, "reset", 8))

    async def rubbish(self, data: bytes) -> None:
        self._data(data)

    def check(self) -> None:
        over = [chunk.segment for chunk in self.chunks if chunk.is_last]
        assert over == sorted(set(over)), "a request is over twice, or before one sent earlier"
        assert all(segment < self.sent for segment in over)
        order = [chunk.segment for chunk in self.chunks]
        assert order == sorted(order)
        for stream in self.engine.noted:
            assert stream.is_over
        connection = self.engine.connection
        for stream_id, data in connection.sent.items():
            events = texts_sent(bytes(data))
            kinds = [kind for kind, _ in events]
            assert kinds.count("") <= 1
            if "CloseStreamEvent" in kinds:
                assert kinds[-2:] == ["CloseStreamEvent", ""]
                assert stream_id in connection.ended


@settings(max_examples=300, deadline=None)
@given(st.lists(ACTIONS, max_size=40))
def test_any_order(actions: list[tuple[Any, ...]]) -> None:
    async def go() -> None:
        play = Play()
        for action in actions:
            await play.do(action)
        play.check()
        await play.do(("cancel",))
        play.wanted.put_nowait(None)
        async with asyncio.timeout(5):
            await play.sending
            if play.taking:
                await play.taking
        play.check()
        assert all(stream.is_over for stream in play.engine.streams)
        assert len(play.engine.noted) == len(play.engine.streams)

    asyncio.run(go())


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 300), st.sampled_from(list(Ending))), min_size=1, max_size=20),
    st.lists(st.integers(1, 30_000), max_size=20),
)
def test_without_a_fault_every_request_is_over_and_all_sound_comes(
    texts: list[tuple[int, Ending]], blocks: list[int]
) -> None:
    async def go() -> None:
        play = Play()
        await play.do(("take",))
        for chars, ending in texts:
            await play.do(("send", chars, ending))
        async with asyncio.timeout(5):
            frames = await play.answer_all(blocks)
            assert play.taking
            await play.taking
        play.check()
        assert play.errors == []
        assert [c.segment for c in play.chunks if c.is_last] == list(range(len(texts)))
        assert b"".join(c.pcm for c in play.chunks) == sound(frames)
        sent = [bytes(data) for data in play.engine.connection.sent.values()]
        spoken = "".join(fields["Text"] for data in sent for kind, fields in texts_sent(data) if fields)
        assert spoken.count("a") == sum(chars for chars, _ in texts)

    asyncio.run(go())
