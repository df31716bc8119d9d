"""What both Polly engines share: account, model, clock, simple requests, and what failures mean.

A failure is handled once, here: it may mean new keys or a corrected time for the next request, or a backoff, during
which a task finds out when the service can be reached again. Core thread only.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import Any

from reader import tasks
from reader.aws.account import Account, Accounts
from reader.errors import (
    AccessRefusedError,
    ClockSkewError,
    PermissionMissingError,
    RemoteVoiceError,
)
from reader.http import h1_client
from reader.http.address import Origin
from reader.http.h2_connection import Connection
from reader.http.proxy import Proxies
from reader.http.tls import context
from reader.http.tunnel import Way
from reader.voices.polly.faults import fault_of_response
from reader.voices.polly.requests import Clock, Model
from reader.voices.remote.decode import Decoders
from reader.voices.remote.health import Health

log = logging.getLogger(__name__)


class PollyClient:
    def __init__(self, accounts: Accounts) -> None:
        """`accounts` is called for every request, and caches what it finds."""
        self.clock = Clock()
        self.decoders = Decoders()
        self._accounts = accounts
        self._is_stale = False  # the keys are no longer accepted
        self._loading: asyncio.Future[Model] | None = None
        self._proxies = Proxies()
        self._tls: dict[tuple[str, str], ssl.SSLContext] = {}
        self._http: h1_client.HttpClient | None = None
        self._http_for = ("", "")  # the endpoint and certificates it was made for
        self._health = Health("polly", self._probe, self._learn)

    # ---- who and what ----

    async def account(self) -> Account:
        """The account to use. Raises AccessRefusedError and whatever else `accounts` raises."""
        is_renewed, self._is_stale = self._is_stale, False
        return await self._accounts.account(is_renewed=is_renewed)

    async def region(self) -> str:
        """The account's region, "" while there is no account."""
        try:
            return (await self.account()).region
        except RemoteVoiceError:
            return ""

    async def model(self) -> Model:
        """The service's operations, read on first use."""
        if self._loading is None:
            self._loading = tasks.start(asyncio.to_thread(Model.load), "read polly's model")
        return self._loading.result() if self._loading.done() else await asyncio.shield(self._loading)

    # ---- failures ----

    @property
    def is_backing_off(self) -> bool:
        """Whether the service should not be asked now."""
        return self._health.is_backing_off

    async def wait_until_available(self) -> None:
        """Wait until it may be asked again."""
        await self._health.wait_until_available()

    def note_success(self) -> None:
        """The service spoke."""
        self._health.note_success()

    def note_failure(self, error: RemoteVoiceError) -> None:
        """Learn from a failure, and back off if it calls for that."""
        log.warning("polly: %s %s", type(error).__name__, error.code)
        self._learn(error)
        self._health.note_failure(error)

    def _learn(self, error: RemoteVoiceError) -> None:
        """Take what the failure says about the time and the keys into account."""
        if isinstance(error, ClockSkewError):
            log.warning("this computer's clock is %.0f s off", error.skew_s)
            self.clock.skew_s += error.skew_s
        elif isinstance(error, AccessRefusedError) and not isinstance(error, PermissionMissingError):
            self._is_stale = True

    async def _probe(self) -> None:
        (await self.connect(lambda _: None)).close()

    # ---- requests ----

    async def connect(self, on_closed: Callable[[Connection], None]) -> Connection:
        """Open a connection for streams. Raises UnreachableError and whatever `account` raises."""
        account = await self.account()
        origin, tls = Origin.of(account.endpoint), await self._context(account, "h2")
        return await Connection.open(origin, tls, on_closed, await self._find_way(account))

    async def call(self, operation: str, values: Mapping[str, Any]) -> bytes:
        """Call an operation and read its whole answer. Raises RemoteVoiceError."""
        async with self.ask(operation, values) as response:
            return await response.whole()

    @asynccontextmanager
    async def ask(self, operation: str, values: Mapping[str, Any]) -> AsyncIterator[h1_client.Response]:
        """Call an operation. Raises RemoteVoiceError."""
        async with AsyncExitStack() as stack:
            try:
                response = await self._send(stack, operation, values)
            except PermissionMissingError:
                raise
            except AccessRefusedError as error:
                self._learn(error)  # the token may have expired, or the clock be wrong: try once more
                response = await self._send(stack, operation, values)
            yield response

    async def _send(self, stack: AsyncExitStack, operation: str, values: Mapping[str, Any]) -> h1_client.Response:
        model = await self.model()
        account = await self.account()
        http = await self._http_client(account)
        request = model.call(operation, values, account, self.clock.now())
        response = await stack.enter_async_context(http.ask(request))
        if response.status != 200:
            body = await response.whole()
            raise fault_of_response(response.status, response.headers, body, self.clock.now())
        return response

    async def _http_client(self, account: Account) -> h1_client.HttpClient:
        """The client for simple requests, connecting to where this account belongs."""
        tls = await self._context(account, "http/1.1")
        wanted = account.endpoint, account.ca_bundle
        if self._http is None or self._http_for != wanted:
            self._let_go()
            self._http = h1_client.HttpClient(Origin.of(account.endpoint), tls, partial(self._find_way, account))
            self._http_for = wanted
        return self._http

    async def proxy(self) -> str:
        """The proxy between here and the service, in words for the doctor; "" for none."""
        try:
            return await self._proxies.told(Origin.of((await self.account()).endpoint))
        except RemoteVoiceError:
            return ""

    async def _find_way(self, account: Account) -> Way | None:
        proxy = await self._proxies.find(Origin.of(account.endpoint))
        return Way(proxy, await self._context(account, "http/1.1")) if proxy else None

    async def close(self) -> None:
        """Stop probing, and close the decoders and the client for simple requests."""
        await self._health.close()
        await self.decoders.close()
        self._let_go()

    async def _context(self, account: Account, protocol: str) -> ssl.SSLContext:
        key = account.ca_bundle, protocol
        if key not in self._tls:
            self._tls[key] = await asyncio.to_thread(context, account.ca_bundle, protocol)
        return self._tls[key]

    def _let_go(self) -> None:
        if self._http:
            self._http.close()
            self._http = None
