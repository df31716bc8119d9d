"""Requests over HTTP/1.1, against a server that writes what a test says."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import cast

import pytest
import trustme

from reader.errors import ConnectionBrokenError, UnreachableError
from reader.http import h1_client
from reader.http.address import Origin
from reader.http.h1_client import HttpClient, HttpRequest

CLOSE = None  # in a script: the connection ends
LENGTH = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Some: one\r\n\r\nhello"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n"
HINTS = b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n"


@dataclass
class Server:
    """Answers each request with the next of its `script`; when that is over, with nothing."""

    script: list[bytes | None]
    connections: int = 0
    open: int = 0
    requests: list[bytes] = field(default_factory=list)
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    port: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.open += 1
        self.changed.set()
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = [line[15:] for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
                self.requests.append(head + await reader.readexactly(int(length[0]) if length else 0))
                self.changed.set()
                answer = self.script.pop(0) if self.script else b""
                if answer is CLOSE:
                    break
                writer.write(answer)
                if self.script and self.script[0] is CLOSE:
                    self.script.pop(0)
                    break
        writer.close()
        self.open -= 1
        self.changed.set()

    async def until(self, is_so: Callable[[], bool]) -> None:
        while not is_so():
            self.changed.clear()
            await self.changed.wait()


@asynccontextmanager
async def asking(
    *script: bytes | None, answer_limit_s: float = h1_client.ANSWER_LIMIT_S
) -> AsyncIterator[tuple[Server, HttpClient]]:
    """A server and its client. Nothing of either is left."""
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    server = Server(list(script))
    listener = await asyncio.start_server(server.serve, "127.0.0.1", 0, ssl=context)
    server.port = listener.sockets[0].getsockname()[1]
    client = HttpClient(Origin("localhost", server.port), trusting, answer_limit_s=answer_limit_s)
    async with listener:
        yield server, client
        client.close()
        await server.until(lambda: server.open == 0)


async def ask(client: HttpClient, body: bytes = b"") -> bytes:
    async with client.ask(HttpRequest("POST", "/x", [("host", "localhost")], body)) as response:
        assert response.status == 200
        return await response.whole()


@pytest.mark.parametrize("answer", [LENGTH, CHUNKED, HINTS + LENGTH, HINTS + CHUNKED])
async def test_an_answer_is_read_and_the_connection_kept(answer: bytes) -> None:
    async with asking(answer, LENGTH) as (server, client):
        assert await ask(client, b"text") == b"hello"
        assert await ask(client) == b"hello"
        assert server.connections == 1
        assert server.requests[0].endswith(b"content-length: 4\r\n\r\ntext")
        assert b"content-length" not in server.requests[1]


async def test_an_answer_may_last_as_long_as_the_connection() -> None:
    async with asking(b"HTTP/1.1 200 OK\r\n\r\nhello", CLOSE, LENGTH) as (server, client):
        assert await ask(client) == b"hello"
        assert await ask(client) == b"hello"
        assert server.connections == 2


async def test_status_and_headers_are_told() -> None:
    refusal = b"HTTP/1.1 403 Forbidden\r\nX-Amzn-ErrorType: No\r\nContent-Length: 2\r\n\r\n{}"
    async with (
        asking(refusal) as (_, client),
        client.ask(HttpRequest("GET", "/", [("host", "localhost")])) as response,
    ):
        assert (response.status, response.headers["x-amzn-errortype"]) == (403, "No")
        assert await response.whole() == b"{}"


async def test_pieces_come_as_they_are_sent() -> None:
    begun = CHUNKED[: CHUNKED.index(b"2\r\nlo")]
    async with (
        asking(begun) as (_, client),
        client.ask(HttpRequest("GET", "/", [("host", "localhost")])) as response,
    ):
        pieces = cast(AsyncGenerator[bytes, None], response.pieces)
        assert await anext(pieces) == b"hel"  # and the rest never comes
        await pieces.aclose()


async def test_a_connection_that_was_closed_between_two_requests_is_no_failure() -> None:
    async with asking(LENGTH, CLOSE, LENGTH) as (server, client):
        assert await ask(client) == b"hello"
        await server.until(lambda: server.open == 0)
        assert await ask(client, b"again") == b"hello"
        assert server.connections == 2
        assert len(server.requests) == 2


async def test_a_connection_that_is_closed_at_the_next_request_is_no_failure() -> None:
    async with asking(LENGTH) as (server, client):
        await ask(client)
        server.script = [CLOSE, LENGTH]
        assert await ask(client) == b"hello"
        assert server.connections == 2


async def test_the_server_may_say_that_it_is_the_last_answer() -> None:
    last = LENGTH.replace(b"X-Some: one", b"Connection: close")
    async with asking(last, LENGTH) as (server, client):
        await ask(client)
        await ask(client)
        assert server.connections == 2


@pytest.mark.parametrize(
    "answer",
    [
        LENGTH[:20],
        LENGTH[:-2],
        CHUNKED[:-5],
        HINTS,
        b"",
        b"SSH-2.0-OpenSSH\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n",
        CHUNKED.replace(b"3\r\n", b"zz\r\n"),
    ],
)
async def test_a_cut_or_broken_answer_is_told(answer: bytes) -> None:
    async with asking(answer, CLOSE, LENGTH) as (server, client):
        with pytest.raises(ConnectionBrokenError):
            await ask(client)
        assert await ask(client) == b"hello"
        assert server.connections == 2


async def test_what_is_not_read_is_thrown_away_with_its_connection() -> None:
    async with asking(CHUNKED, LENGTH) as (server, client):
        async with client.ask(HttpRequest("GET", "/", [("host", "localhost")])):
            pass
        assert await ask(client) == b"hello"
        assert server.connections == 2


async def test_an_answer_without_an_end_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(h1_client, "MAX_BODY_BYTES", 4)
    async with asking(LENGTH) as (_, client):
        with pytest.raises(ConnectionBrokenError):
            await ask(client)


async def test_no_answer_is_waited_for_no_longer_than_the_limit() -> None:
    async with asking(b"HTTP/1.1 100 Continue\r\n\r\n", answer_limit_s=0.2) as (_, client):
        with pytest.raises(ConnectionBrokenError) as caught:
            await ask(client)
        assert caught.value.detail == "no answer came"


@pytest.mark.parametrize("begun", [b"", b"HTTP/1.1 100 Continue\r\n\r\n"])
async def test_a_kept_connection_whose_server_never_answers_is_asked_once(begun: bytes) -> None:
    async with asking(LENGTH, answer_limit_s=0.2) as (server, client):
        await ask(client)
        server.script = [begun, LENGTH]
        with pytest.raises(ConnectionBrokenError) as caught:
            await ask(client, b"text that is paid for")
        assert caught.value.detail == "no answer came"
        assert (server.connections, len(server.requests)) == (1, 2)


async def test_a_kept_connection_that_breaks_within_an_answer_is_not_asked_again() -> None:
    async with asking(LENGTH) as (server, client):
        await ask(client)
        server.script = [LENGTH[:10], CLOSE, LENGTH]
        with pytest.raises(ConnectionBrokenError):
            await ask(client)
        assert (server.connections, len(server.requests)) == (1, 2)


@pytest.mark.parametrize("is_kept", [False, True])
async def test_who_stops_waiting_leaves_nothing_open(is_kept: bool) -> None:
    async with asking(*[LENGTH] * is_kept) as (server, client):
        if is_kept:
            await ask(client)
        asked = len(server.requests)
        waiting = asyncio.create_task(ask(client))
        await server.until(lambda: len(server.requests) > asked)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        await server.until(lambda: server.open == 0)


async def test_a_client_that_was_closed_keeps_nothing() -> None:
    async with asking(LENGTH) as (server, client):
        async with client.ask(HttpRequest("GET", "/", [("host", "localhost")])) as response:
            client.close()
            assert await response.whole() == b"hello"
        await server.until(lambda: server.open == 0)


async def test_two_at_once_have_a_connection_each_and_both_are_kept() -> None:
    async with asking(*[LENGTH] * 4) as (server, client):
        for _ in range(2):
            assert list(await asyncio.gather(ask(client), ask(client))) == [b"hello"] * 2
        assert server.connections == 2


async def test_a_closed_port_is_reported() -> None:
    async with asking() as (server, _):
        port = server.port
    with pytest.raises(UnreachableError):
        await ask(HttpClient(Origin("localhost", port), ssl.create_default_context()))
