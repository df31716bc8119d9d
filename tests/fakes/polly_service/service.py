"""The stand-in for Amazon Polly: a listener on loopback, what it allows, and what it saw."""

from __future__ import annotations

import asyncio
import math
import re
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache
from pathlib import Path
from threading import Thread
from typing import Any, Self

import trustme

from tests.fakes.polly_service.codecs import FORMATS, default_rate_hz
from tests.fakes.polly_service.faults import Faults
from tests.fakes.polly_service.http1 import Http1Connection
from tests.fakes.polly_service.http2 import Connection
from tests.fakes.polly_service.operations import MAX_LEXICONS, Carrier, check_voice, describe_voices, synthesize_speech
from tests.fakes.polly_service.records import StreamRecord
from tests.fakes.polly_service.rules import Account, RefusalError, Request, Seed, check_request
from tests.fakes.polly_service.texts import invalid
from tests.fakes.polly_service.voice import Habits, Stalls


@cache
def _authority() -> trustme.CA:
    return trustme.CA()


class PollyService:
    """`async with PollyService() as service`: everything is on the loop that enters it.

    What may be set at any time:
        pace            how many times faster than real time sound is made; `math.inf` as fast as it is taken
        first_audio_s   how long the service thinks before the first sound of a stream or a call
        think_s         and before each sentence of a stream
        habits          how its voice speaks, None: as evenly as can be
        stalls          where it thinks within a sentence, None: nowhere
        silence_s, age_s    how long it waits for an inbound event, and how long a stream may live
        concurrent_limit, rate_limit    streams and calls of generative voices at once, and new ones within a second
        event_bytes     sound of one AudioEvent
        formats         (format, rate in Hz) it makes, with what encodes a stream's sound; others are refused
        joins_blank     whether a blank keep-alive counts as white space in the text
        window_bytes    the window it announces to new connections
        clock_skew      how far its clock is ahead of this computer's
        early_hints, has_trailers   legal things that a client has to pass over
        answers_early   whether the answer begins before the first event came
        resets_unread   whether a stream is reset (NO_ERROR) whose answer is whole before the request is; else it counts
                        as open until the client ends it
        lacks_streams   a region without StartSpeechSynthesisStream
        keeps_credit    see `faults.closed_window`
        aliases         other authorities (host:port) it is reached by, through what stands in front of it
    """

    def __init__(self, *, region: str = "us-east-1", account: Account | None = None, is_trusted: bool = True) -> None:
        """With `is_trusted` off its certificate is somebody else's."""
        self._is_trusted = is_trusted
        self.region = region
        self.account = account or Account()
        self.pace = math.inf
        self.first_audio_s = 0.0
        self.think_s = 0.0
        self.habits: Habits | None = None
        self.stalls: Stalls | None = None
        self.silence_s = 5.0
        self.age_s = 600.0
        self.concurrent_limit = 26
        self.rate_limit = math.inf  # an account has 8; tests that ask quickly are about other things
        self.event_bytes = 3200
        self.formats = dict(FORMATS)
        self.lexicons: set[str] = set()
        self.joins_blank = True
        self.window_bytes = 65_535
        self.clock_skew = timedelta()
        self.early_hints = False
        self.has_trailers = False
        self.answers_early = False
        self.resets_unread = False
        self.lacks_streams = False
        self.keeps_credit = False
        self.aliases: set[str] = set()
        self.faults = Faults(self)
        # What it saw.
        self.handshakes = 0
        self.open_connections = 0
        self.broken = 0  # connections ended over a breach of HTTP/2
        self.goodbyes: list[int] = []  # the codes of the clients' GOAWAYs
        self.refused_streams = 0
        self.refusals: list[str] = []  # of streams and calls, by its rules and by faults
        self.streams: list[StreamRecord] = []
        self.requests: list[Request] = []  # of the other operations
        self.speeches: list[str] = []
        self.speech_chars = 0
        self.active_calls = 0
        self.port = 0
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[Any]] = set()
        self._connections: dict[Connection | Http1Connection, asyncio.StreamWriter] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._change = asyncio.Event()
        self._admitted_s: list[float] = []

    # ---- for tests ----

    async def __aenter__(self) -> Self:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority = _authority() if self._is_trusted else trustme.CA()
        authority.issue_cert("localhost", "127.0.0.1").configure_cert(context)
        context.set_alpn_protocols(["h2", "http/1.1"])
        self._tls = context
        await self.listen()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.vanish()

    async def listen(self) -> None:
        """Be there, always at the same port."""
        self._loop = asyncio.get_running_loop()
        self._server = await asyncio.start_server(self._on_connection, "127.0.0.1", self.port, ssl=self._tls)
        self.port = self._server.sockets[0].getsockname()[1]

    async def vanish(self) -> None:
        """Be gone, as a network that is lost: connections are cut, and new ones refused."""
        assert self._server
        self._server.close()
        for writer in self._connections.values():
            writer.transport.abort()
        # asyncio has a task of its own for every handshake that goes on.
        greeting = [task for task in asyncio.all_tasks() if "_accept_connection" in repr(task.get_coro())]
        tasks = [*self._tasks, *greeting]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._server.wait_closed()

    async def go_away(self, code: int = 0) -> None:
        """Say good-bye on every open connection of HTTP/2: now, not as a fault of a stream."""
        for connection in list(self._connections):
            if isinstance(connection, Connection):
                await connection.go_away(code)

    @property
    def endpoint(self) -> str:
        """As in AWS_ENDPOINT_URL_POLLY."""
        return f"https://localhost:{self.port}"

    @staticmethod
    def write_ca(folder: Path) -> Path:
        """As in AWS_CA_BUNDLE."""
        path = folder / "stand-in-ca.pem"
        _authority().cert_pem.write_to_path(str(path))
        return path

    @staticmethod
    def client_context(protocol: str) -> ssl.SSLContext:
        """For a client in this process that trusts it."""
        context = ssl.create_default_context()
        _authority().configure_trust(context)
        context.set_alpn_protocols([protocol])
        return context

    async def until(self, is_so: Callable[[], bool]) -> None:
        """Wait until something was seen."""
        while not is_so():
            self._change.clear()
            await self._change.wait()

    @property
    def billed_chars(self) -> int:
        return self.speech_chars + sum(stream.billed_chars for stream in self.streams)

    # ---- for its parts ----

    def changed(self) -> None:
        self._change.set()

    def note_refusal(self, refusal: RefusalError) -> None:
        self.refusals.append(str(refusal))
        self.changed()

    def clock(self) -> float:
        return asyncio.get_running_loop().time()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.clock_skew

    def http_date(self) -> str:
        return format_datetime(self.now(), usegmt=True)

    async def wait(self, seconds: float) -> None:
        """Always lets others have a turn."""
        await asyncio.sleep(max(0.0, seconds))

    def give_credit(self) -> None:
        """What was kept from the windows of clients. Any thread."""

        def give() -> None:
            for connection, writer in self._connections.items():
                if isinstance(connection, Connection):
                    writer.write(connection.give_credit())

        if self._loop:
            self._loop.call_soon_threadsafe(give)

    def check_stream(self, request: Request) -> tuple[Seed, tuple[str, int]]:
        """The seed of its signatures, its format and rate. Raises RefusalError unless it may open a stream."""
        if self.lacks_streams:
            raise RefusalError(404, "UnknownOperationException", "there is no such operation")
        seed = self._check(request)
        headers = request.headers
        if request.method != "POST" or headers.get("content-type") != "application/vnd.amazon.eventstream":
            raise RefusalError(400, "ValidationException", "this is no event stream", reason="other")
        engine = headers.get("x-amzn-engine", "")
        if engine != "generative":
            raise invalid("Engine", "only generative is supported")
        try:
            check_voice(headers.get("x-amzn-voiceid", ""), engine, headers.get("x-amzn-languagecode", ""))
        except RefusalError as refusal:
            raise invalid("VoiceId", refusal.text) from refusal
        sound = self.check_format(headers.get("x-amzn-outputformat"), headers.get("x-amzn-samplerate"), engine)
        if sound is None:
            raise invalid("OutputFormat", "the format does not go with the rate")
        lexicons = [name for name in headers.get("x-amzn-lexiconnames", "").split(",") if name]
        if len(lexicons) > MAX_LEXICONS or set(lexicons) - self.lexicons:
            raise invalid("LexiconNames", "there is no such lexicon")
        self.admit()
        return seed, sound

    def admit(self) -> None:
        """Raises RefusalError when the account asks for too much at once."""
        now_s = self.clock()
        self._admitted_s = [at_s for at_s in self._admitted_s if at_s > now_s - 1]
        active = self.active_calls + sum(stream.end == "" for stream in self.streams)
        if active >= self.concurrent_limit or len(self._admitted_s) >= self.rate_limit:
            reason = {"reason": "rate", "resource": "generative requests"}
            raise RefusalError(400, "ThrottlingException", "Rate exceeded", throttlingReasons=[reason])
        self._admitted_s.append(now_s)

    def check_format(self, name: object, rate: object, engine: str) -> tuple[str, int] | None:
        """The format and the rate that a request names, None unless they go together here."""
        if not isinstance(name, str) or not (rate is None or isinstance(rate, str)):
            return None
        rate_hz = (
            default_rate_hz(name, engine) if rate is None else int(rate) if re.fullmatch("[0-9]{1,6}", rate) else 0
        )
        return (name, rate_hz) if (name, rate_hz) in self.formats else None

    async def answer(self, request: Request, carrier: Carrier, stream_id: int) -> None:
        """Any operation but the stream."""
        self.requests.append(request)
        if fault := self.faults.on_request(request):
            if fault.refusal is None:
                await asyncio.Event().wait()
            else:
                await carrier.send_refusal(stream_id, fault.refusal)
            return
        try:
            self._check(request)
            if (request.method, request.path) == ("GET", "/v1/voices"):
                body = describe_voices(request)
                await carrier.send_headers(stream_id, 200, {"content-type": "application/json"}, is_last=False)
                await carrier.send_data(stream_id, body, is_last=True)
            elif (request.method, request.path) == ("POST", "/v1/speech"):
                await synthesize_speech(self, request, carrier, stream_id)
            else:
                raise RefusalError(404, "UnknownOperationException", "there is no such operation")
        except RefusalError as refusal:
            self.note_refusal(refusal)
            await carrier.send_refusal(stream_id, refusal)

    def _check(self, request: Request) -> Seed:
        authorities = {f"localhost:{self.port}", f"127.0.0.1:{self.port}", *self.aliases}
        seed = check_request(request, self.account, self.region, authorities, self.now())
        self.account.check_permission(request)
        return seed

    async def _on_connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        secured = writer.get_extra_info("ssl_object")
        if secured is None:  # the client left as soon as it was there
            writer.close()
            return
        task = asyncio.current_task()
        assert task
        self._tasks.add(task)
        self.handshakes += 1
        self.open_connections += 1
        self.changed()
        is_http2 = secured.selected_alpn_protocol() == "h2"
        connection = (Connection if is_http2 else Http1Connection)(self, reader, writer)
        self._connections[connection] = writer
        try:
            with suppress(asyncio.CancelledError, OSError):
                await connection.run()
        finally:
            self.open_connections -= 1
            del self._connections[connection]
            self._tasks.discard(task)
            writer.close()
            self.changed()


@contextmanager
def serving(service: PollyService) -> Iterator[Callable[[Callable[[], bool]], None]]:
    """Run a service on a thread of its own, for clients that block. Gives what waits until something was seen."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever, name="stand-in service")
    thread.start()

    def do(coroutine: Any) -> None:
        asyncio.run_coroutine_threadsafe(coroutine, loop).result(30)

    try:
        do(service.__aenter__())
        yield lambda is_so: do(service.until(is_so))
        do(service.__aexit__())
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
