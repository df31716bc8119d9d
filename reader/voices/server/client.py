"""Asks a speech server: with its key, through a proxy if there is one. Says when to back off after failures.

Core thread only.
"""

from __future__ import annotations

import asyncio
import json
import logging
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager

from reader.errors import AccessRefusedError, KeyringError, RemoteVoiceError, UnreachableError
from reader.http.address import ServerAddress
from reader.http.h1_client import HttpClient, HttpRequest, Response
from reader.http.proxy import Proxies
from reader.http.tls import connect, context
from reader.http.tunnel import Way
from reader.support.i18n import QT_TRANSLATE_NOOP, translate
from reader.voices.remote.health import Health
from reader.voices.server.faults import fault_of_response

log = logging.getLogger(__name__)

# A server that has to load a model first, or has a slow processor, takes longer than a commercial service.
ANSWER_LIMIT_S = 20.0
_DOWN = QT_TRANSLATE_NOOP(
    "reader",
    "No speech server answers at {url}. Start it, or check its address on the Speech server page of the settings.",
)
_UNKNOWN = QT_TRANSLATE_NOOP(
    "reader", "The speech server {host} can't be found. Check your network connection, and the address in the settings."
)
_UNTRUSTED = QT_TRANSLATE_NOOP(
    "reader",
    "This computer does not trust the certificate of the speech server {host}. Install the certificate here, or use "
    "the address it was issued for.",
)
_UNKNOWN_ISSUER = {"certificate-self-signed", "certificate-issuer"}

# Error codes of a keyring that hangs or breaks: see credentials.py.
_NO_ANSWER = {"Silent", "BrokenOff"}

Key = Callable[[], Awaitable[str]]


class ServerClient:
    def __init__(self, address: ServerAddress, key: Key, answer_limit_s: float = ANSWER_LIMIT_S) -> None:
        """`key` finds the server's key, "" for none; it is called again after a key was not accepted."""
        self.address = address
        self._find_key = key
        self._key: str | None = None
        self._answer_limit_s = answer_limit_s
        self._proxies = Proxies()
        self._tls: ssl.SSLContext | None = None
        self._http: HttpClient | None = None
        self.health = Health("the speech server", self._probe, self._learn)

    @asynccontextmanager
    async def ask(self, operation: str, values: Mapping[str, object] | None = None) -> AsyncIterator[Response]:
        """Call an operation, with POST if there are `values`. Raises RemoteVoiceError."""
        body = json.dumps(values).encode() if values is not None else b""
        key = await self._current_key()
        headers = [("host", self.address.authority), ("accept", "*/*"), ("user-agent", "Harken")]
        headers += [("content-type", "application/json")] if body else []
        headers += [("authorization", f"Bearer {key}")] if key else []
        request = HttpRequest("POST" if body else "GET", f"{self.address.path}/{operation}", headers, body)
        async with AsyncExitStack() as stack:
            try:
                response = await stack.enter_async_context((await self._client()).ask(request))
            except UnreachableError as error:
                raise self._told(error) from error
            if response.status != 200:
                raise fault_of_response(
                    response.status,
                    response.headers,
                    await response.whole(),
                    host=self.address.origin.host,
                    url=self.address.shown,
                    has_key=bool(key),
                )
            yield response

    def note_failure(self, error: RemoteVoiceError) -> None:
        """Learn from a failure, and back off if it calls for that."""
        log.warning("speech server: %s %s", type(error).__name__, error.code)
        self._learn(error)
        self.health.note_failure(error)

    async def proxy(self) -> str:
        """The proxy between here and the server, in words for the doctor; "" for none."""
        return "" if self.address.is_here else await self._proxies.told(self.address.origin)

    async def close(self) -> None:
        """Stop probing, and close all connections."""
        await self.health.close()
        if self._http:
            self._http.close()
            self._http = None

    def _learn(self, error: RemoteVoiceError) -> None:
        if isinstance(error, AccessRefusedError):
            self._key = None

    def _told(self, error: UnreachableError) -> UnreachableError:
        """The same error, in words for a user who runs the server or has typed its address."""
        sentences = {"refused": _DOWN, "name": _UNKNOWN, "no-tls": _DOWN}
        sentence = sentences.get(error.code, _UNTRUSTED if error.code in _UNKNOWN_ISSUER else "")
        if not sentence:
            return error
        told = translate("reader", sentence).format(url=self.address.shown, host=self.address.origin.host)
        return type(error)(told, code=error.code, detail=error.detail, retry_after_s=error.retry_after_s)

    async def _current_key(self) -> str:
        if self._key is None:
            try:
                self._key = await self._find_key()
            except KeyringError as error:
                if error.code in _NO_ANSWER:  # a server on this computer seldom has one
                    log.warning("the keyring does not say whether there is a key: %s", error.code)
                    return ""
                raise
        return self._key

    async def _client(self) -> HttpClient:
        if self._http is None:
            if self.address.is_tls and self._tls is None:
                self._tls = await asyncio.to_thread(context, "", "http/1.1")
            self._http = HttpClient(self.address.origin, self._tls, self._find_way, self._answer_limit_s)
        return self._http

    async def _find_way(self) -> Way | None:
        if self.address.is_here or self._tls is None:
            return None
        proxy = await self._proxies.find(self.address.origin)
        return Way(proxy, self._tls) if proxy else None

    async def _probe(self) -> None:
        """Check whether the server can be reached."""
        await self._client()
        try:
            transport, _ = await connect(self.address.origin, self._tls, asyncio.Protocol, await self._find_way())
        except UnreachableError as error:
            raise self._told(error) from error
        transport.close()
