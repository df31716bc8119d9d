"""A small client of the stand-in, on `reader/wire` and asyncio's streams: it sends what a test says, right or wrong."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache

from botocore.loaders import Loader
from botocore.model import ServiceModel

from reader.aws.signing import AwsKeys, AwsRequest, EventSigner, SignedRequest, sign_request
from reader.http.h2_protocol import (
    ConnectionFailed,
    DataReceived,
    Event,
    Http2Connection,
    ResponseStarted,
    StreamFailed,
)
from reader.http.h2_protocol import StreamEnded as Http2StreamEnded
from reader.voices.polly.events import (
    OPERATION,
    AudioEvent,
    ServiceException,
    SpeechEvents,
    SpeechParameters,
    StreamClosedEvent,
    close_event,
    request_headers,
    text_event,
)
from tests.fakes.polly_service import PollyService

Headers = list[tuple[str, str]]
MATTHEW = SpeechParameters("Matthew")
_READ_BYTES = 1 << 16


@cache
def service_model() -> ServiceModel:
    return ServiceModel(Loader().load_service_model("polly", "service-2"), "polly")


@dataclass
class Opening:
    """A request for a stream: everything about it may be changed before it is signed, and after."""

    authority: str
    now: datetime
    keys: AwsKeys
    headers: Headers
    method: str = "POST"
    path: str = "/v1/synthesisStream"
    region: str = "us-east-1"
    service: str = "polly"
    signs_host: bool = True
    pseudo: dict[str, str] = field(default_factory=dict)  # instead of what would be sent
    after: Callable[[Headers], Headers] = list  # what is done to the headers once they are signed

    def set(self, name: str, value: str | None) -> None:
        """Give a header another value, or take it away."""
        self.headers = replaced(self.headers, name, value)

    def sign(self) -> SignedRequest:
        host = [("host", self.authority)] if self.signs_host else []
        request = AwsRequest(self.method, self.path, [*host, *self.headers])
        return sign_request(request, self.keys, self.region, self.service, self.now, None)


def opening_of(service: PollyService, parameters: SpeechParameters = MATTHEW) -> Opening:
    """A request that is right."""
    account = service.account
    _, headers = request_headers(parameters, service_model().operation_model(OPERATION))
    keys = AwsKeys(account.access_key, account.secret_key, account.token)
    return Opening(f"localhost:{service.port}", service.now(), keys, headers)


def replaced(headers: Headers, name: str, value: str | None) -> Headers:
    return [h for h in headers if h[0] != name] + ([(name, value)] if value is not None else [])


class Stream:
    """One stream, and what came of it."""

    def __init__(self, client: Client, stream_id: int, signer: EventSigner) -> None:
        self.stream_id = stream_id
        self.signer = signer
        self.status = 0
        self.headers: dict[str, str] = {}
        self.body = b""  # of an answer that is no stream of events
        self.audio = b""
        self.pieces: list[bytes] = []
        self.closed: StreamClosedEvent | None = None
        self.exception: ServiceException | None = None
        self.failure: StreamFailed | None = None
        self.is_ended = False
        self.client = client
        self.events = SpeechEvents()

    # ---- out ----

    def now(self) -> datetime:
        return self.client.now()

    async def text(self, text: str, *, is_ssml: bool = False, is_forced: bool = False) -> None:
        await self.event(text_event(text, is_ssml=is_ssml, is_forced=is_forced))

    async def event(self, event: bytes, *, shift: timedelta = timedelta()) -> None:
        await self.raw(self.signer.sign(event, self.client.now() + shift))

    async def close(self) -> None:
        """As the app ends a stream."""
        now = self.client.now()
        await self.raw(self.signer.sign(close_event(), now) + self.signer.finish(now), is_last=True)

    async def raw(self, data: bytes, *, is_last: bool = False) -> None:
        self.client.http.send(self.stream_id, data, is_last=is_last)
        await self.client.flush()

    async def reset(self) -> None:
        self.client.http.reset(self.stream_id)
        self.is_ended = True
        await self.client.flush()

    # ---- in ----

    async def end(self) -> Stream:
        """Wait until nothing more comes."""
        await self.client.until(lambda: self.is_ended)
        return self

    async def until_answered(self) -> None:
        """Until it is known whether it is a stream, or why not."""
        await self.client.until(lambda: self.is_ended or self.status == 200)

    async def until_audio(self, byte_count: int = 1) -> None:
        await self.client.until(lambda: self.is_ended or len(self.audio) >= byte_count)

    @property
    def said_no(self) -> str:
        """Name and message of the refusal, whichever way it came."""
        if self.exception:
            return f"{self.exception.name}: {self.exception.message}"
        if self.status >= 300:
            return f"{self.headers.get('x-amzn-errortype', '').partition(':')[0]}: {json.loads(self.body)['message']}"
        return ""

    def on_event(self, event: Event) -> None:
        match event:
            case ResponseStarted(status=status, headers=headers):
                self.status, self.headers = status, dict(headers)
            case DataReceived(data=data) if self.status == 200:
                self._on_data(data)
            case DataReceived(data=data):
                self.body += data
            case StreamFailed():
                self.failure, self.is_ended = event, True
            case Http2StreamEnded():
                self.is_ended = True

    def _on_data(self, data: bytes) -> None:
        self.events.feed(data)
        while event := self.events.take():
            match event:
                case AudioEvent(data=sound):
                    self.audio += sound
                    self.pieces.append(sound)
                case StreamClosedEvent():
                    self.closed = event
                case ServiceException():
                    self.exception = event


class Client:
    """One connection. What the service breaks of it is in `failures`."""

    def __init__(self, service: PollyService, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.service = service
        self.is_crediting = True  # whether what came is given back to the windows at once
        self.streams: dict[int, Stream] = {}
        self.happened: list[Event] = []
        self.failures: list[Exception] = []
        self.credit: dict[int, int] = {}
        self.http = Http2Connection(asyncio.get_running_loop().time())
        self._reader = reader
        self._writer = writer
        self._change = asyncio.Event()

    def now(self) -> datetime:
        return self.service.now()

    def opening(self, parameters: SpeechParameters = MATTHEW) -> Opening:
        return opening_of(self.service, parameters)

    async def open(self, opening: Opening | None = None) -> Stream:
        opening = opening or self.opening()
        signed = opening.sign()
        pseudo = {":method": opening.method, ":scheme": "https"}
        pseudo |= {":authority": opening.authority, ":path": opening.path}
        sent = opening.after([(n, v) for n, v in signed.headers if n != "host"])
        stream_id = self.http.open([*(pseudo | opening.pseudo).items(), *sent])
        stream = self.streams[stream_id] = Stream(self, stream_id, EventSigner(signed.seed))
        await self.flush()
        return stream

    async def flush(self) -> None:
        self._writer.write(self.http.to_send())
        with suppress(ConnectionError):
            await self._writer.drain()

    async def give_credit(self) -> None:
        for stream_id, credit_bytes in self.credit.items():
            self.http.acknowledge(stream_id, credit_bytes)
        self.credit.clear()
        await self.flush()

    async def until(self, is_so: Callable[[], bool]) -> None:
        while not is_so():
            if self.failures:
                raise self.failures[0]
            self._change.clear()
            await self._change.wait()

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            while data := await self._reader.read(_READ_BYTES):
                self._handle(self.http.receive(data, loop.time()))
                await self.flush()
        except OSError:
            pass
        except Exception as error:
            self.failures.append(error)
        self._handle(self.http.receive_end())
        self._change.set()

    def _handle(self, events: Sequence[Event]) -> None:
        self.happened += events
        for event in events:
            if isinstance(event, DataReceived):
                self.credit[event.stream_id] = self.credit.get(event.stream_id, 0) + event.credit_bytes
                if self.is_crediting:
                    self.http.acknowledge(event.stream_id, self.credit.pop(event.stream_id))
            if stream := self.streams.get(event.stream_id):
                stream.on_event(event)
        self._change.set()

    @property
    def is_lost(self) -> bool:
        return any(isinstance(event, ConnectionFailed) for event in self.happened)


@asynccontextmanager
async def connected(service: PollyService, context: ssl.SSLContext | None = None) -> AsyncIterator[Client]:
    """A connection over TLS, and what it gives as long as the context lasts."""
    context = context or service.client_context("h2")
    reader, writer = await asyncio.open_connection("localhost", service.port, ssl=context, ssl_shutdown_timeout=1.0)
    client = Client(service, reader, writer)
    reading = asyncio.create_task(client.run())
    try:
        yield client
    finally:
        reading.cancel()
        writer.transport.abort()
        with suppress(asyncio.CancelledError, OSError, ssl.SSLError):
            await reading
        with suppress(OSError):
            await writer.wait_closed()


async def speak(service: PollyService, *texts: str, parameters: SpeechParameters = MATTHEW) -> Stream:
    """One whole stream on a connection of its own."""
    async with connected(service) as client:
        stream = await client.open(client.opening(parameters))
        for text in texts:
            await stream.text(text)
        await stream.close()
        return await stream.end()


async def opened(client: Client) -> Stream:
    """A stream that the service has begun to look at."""
    count = len(client.service.streams)
    stream = await client.open()
    await client.service.until(lambda: len(client.service.streams) > count)
    return stream
