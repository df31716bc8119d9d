"""Opens a way to a host through a proxy with CONNECT (RFC 9110, 9.3.6). The protocol is `h11`'s.

Core thread.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import dataclass

import h11

from reader.errors import UnreachableError
from reader.http.address import MENDED_AFTER_S, Origin
from reader.http.dial import dial
from reader.http.proxy import Proxy
from reader.http.unreachable import unreachable
from reader.support.i18n import QT_TRANSLATE_NOOP, translate

# The proxy tried to reach the host itself, and may succeed next time.
_TRIED = {502, 503, 504}

_AT_PROXY = QT_TRANSLATE_NOOP("reader", "{problem} The proxy comes from {source}.")
_WANTS_PASSWORD = QT_TRANSLATE_NOOP(
    "reader",
    "The proxy {proxy} requires a user name and password. Put them in its address, as in "
    "http://name:password@host:port ({source}).",
)
_OTHER_PASSWORD = QT_TRANSLATE_NOOP(
    "reader", "The proxy {proxy} does not accept the user name and password in its address ({source}). Correct them."
)
_OTHER_SIGN_IN = QT_TRANSLATE_NOOP(
    "reader",
    "The proxy {proxy} requires a kind of sign-in that Harken does not support ({kinds}). Ask its operator for "
    "one with a user name and password.",
)
_FORBIDS = QT_TRANSLATE_NOOP(
    "reader", "The proxy {proxy} does not allow connections to {host} ({status}). Ask its operator to allow them."
)
_REACHES_NOBODY = QT_TRANSLATE_NOOP(
    "reader", "The proxy {proxy} can't reach {host} ({status}). Try again later, or ask its operator."
)
_REFUSES = QT_TRANSLATE_NOOP("reader", "The proxy {proxy} refused to connect to {host} ({status}).")
_NO_PROXY = QT_TRANSLATE_NOOP(
    "reader", "The server at {proxy} is not an HTTP proxy. Check the proxy's address ({source})."
)
_CLOSED = QT_TRANSLATE_NOOP("reader", "The proxy {proxy} closed the connection without answering.")
_SILENT = QT_TRANSLATE_NOOP("reader", "The proxy {proxy} did not answer in time.")


@dataclass(frozen=True, slots=True)
class Way:
    """Which proxy to go through. `tls` is for a proxy that is itself reached over TLS; it does not offer "h2"."""

    proxy: Proxy
    tls: ssl.SSLContext


async def tunnel(origin: Origin, way: Way, limit_s: float) -> asyncio.Transport:
    """A connection through to `origin` that nothing was sent on yet. Raises UnreachableError."""
    proxy = way.proxy
    is_connected = False
    transport: asyncio.Transport | None = None
    try:
        request = _Connect(origin, proxy)
        async with asyncio.timeout(limit_s):
            sock = await dial(proxy.origin.host, proxy.origin.port)
            tls, name = (way.tls, proxy.origin.host) if proxy.is_tls else (None, None)
            transport, _ = await asyncio.get_running_loop().create_connection(
                lambda: request, sock=sock, ssl=tls, server_hostname=name
            )
            is_connected = True
            await request.answered
    except TimeoutError as error:
        _abort(transport)
        if is_connected:
            raise _refused(proxy, origin, _SILENT, "proxy-timeout") from error
        raise _at_proxy(proxy, error) from error
    except (OSError, UnicodeError) as error:
        _abort(transport)
        raise _at_proxy(proxy, error) from error
    except BaseException:
        _abort(transport)
        raise
    return transport


def _abort(transport: asyncio.Transport | None) -> None:
    if transport:
        transport.abort()


class _Connect(asyncio.Protocol):
    """One CONNECT request. `answered` completes when the way is open, or fails with UnreachableError."""

    def __init__(self, origin: Origin, proxy: Proxy) -> None:
        self.answered: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        # The caller may have stopped waiting by then.
        self.answered.add_done_callback(lambda done: done.cancelled() or done.exception())
        self._origin = origin
        self._proxy = proxy
        self._target = origin.host_and_port.encode("idna").decode("ascii")
        self._http = h11.Connection(h11.CLIENT)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        headers = [("host", self._target)]
        if self._proxy.authorization:
            headers.append(("proxy-authorization", self._proxy.authorization))
        request = h11.Request(method="CONNECT", target=self._target, headers=headers)
        transport.write((self._http.send(request) or b"") + (self._http.send(h11.EndOfMessage()) or b""))

    def data_received(self, data: bytes) -> None:
        if self.answered.done():
            return
        try:
            self._http.receive_data(data)
            while isinstance(event := self._http.next_event(), h11.InformationalResponse):
                pass
        except h11.ProtocolError:
            self._fail(_NO_PROXY, "proxy-protocol", MENDED_AFTER_S)
            return
        if isinstance(event, h11.Response):
            self._on_answer(event.status_code, {name.lower(): value for name, value in event.headers})

    def _on_answer(self, status: int, headers: Mapping[bytes, bytes]) -> None:
        if 200 <= status < 300:
            if self._http.trailing_data[0]:  # nothing was sent to the host yet
                self._fail(_NO_PROXY, "proxy-protocol", MENDED_AFTER_S)
            else:
                self.answered.set_result(None)
            return
        self._refuse(status, headers.get(b"proxy-authenticate", b"").decode("latin-1"))

    def _refuse(self, status: int, challenge: str) -> None:
        code = f"proxy-{status}"
        if status == 407 and challenge and "basic" not in challenge.lower():
            kinds = challenge.partition(" ")[0][:20]
            self._fail(_OTHER_SIGN_IN, code, MENDED_AFTER_S, kinds=kinds)
        elif status == 407:
            self._fail(_OTHER_PASSWORD if self._proxy.authorization else _WANTS_PASSWORD, code, MENDED_AFTER_S)
        elif status in _TRIED:
            self._fail(_REACHES_NOBODY, code, None, status=status)
        elif status in (401, 403):
            self._fail(_FORBIDS, code, MENDED_AFTER_S, status=status)
        else:
            self._fail(_REFUSES, code, MENDED_AFTER_S, status=status)

    def _fail(self, sentence: str, code: str, retry_after_s: float | None, **values: object) -> None:
        self.answered.set_exception(_refused(self._proxy, self._origin, sentence, code, retry_after_s, **values))

    def eof_received(self) -> bool:
        self.connection_lost(None)
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.answered.done():
            self._fail(_CLOSED, "proxy-closed", None)


def _refused(
    proxy: Proxy, origin: Origin, sentence: str, code: str, retry_after_s: float | None = None, **values: object
) -> UnreachableError:
    about = {"proxy": proxy.shown, "host": origin.host, "source": proxy.source}
    sentence = translate("reader", sentence).format(**about, **values)
    return UnreachableError(sentence, code=code, retry_after_s=retry_after_s)


def _at_proxy(proxy: Proxy, error: Exception) -> UnreachableError:
    """The proxy itself can't be reached."""
    found = unreachable(proxy.origin.host, error)
    sentence = translate("reader", _AT_PROXY).format(problem=found.sentence, source=proxy.source)
    return type(found)(sentence, code=f"proxy-{found.code}", detail=found.detail)
