"""Connects to a host over TLS, directly or through a proxy, and turns whatever can go wrong into a sentence.

Core thread.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from typing import TypeVar

from reader.errors import CertificateError
from reader.http.address import Origin
from reader.http.dial import dial
from reader.http.tunnel import Way, tunnel
from reader.http.unreachable import unreachable
from reader.support.certificates import client_context
from reader.support.i18n import translate

# From the other side of the world, each of the three round trips takes a third of a second. The way through a proxy
# has the same limit for itself.
CONNECT_LIMIT_S = 5.0
_SHUTDOWN_LIMIT_S = 1.0

P = TypeVar("P", bound=asyncio.BaseProtocol)


def context(ca_bundle: str, protocol: str) -> ssl.SSLContext:
    """The SSL context for connections that speak `protocol` ("h2", "http/1.1"). Takes some 20 ms; any thread.

    `ca_bundle` is a file of trusted certificates, "" for the system's. Raises CertificateError if it can't be read.
    """
    try:
        made = client_context(ca_bundle)
    except OSError as error:  # includes ssl.SSLError
        sentence = translate("reader", "The certificates in {file} (AWS_CA_BUNDLE) can't be read.")
        raise CertificateError(sentence.format(file=ca_bundle), code="bundle") from error
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    made.set_alpn_protocols([protocol])
    return made


async def connect(
    origin: Origin, tls: ssl.SSLContext | None, make: Callable[[], P], way: Way | None = None
) -> tuple[asyncio.Transport, P]:
    """Connect to `origin` with the protocol that `make` returns; directly if `way` is None. Raises UnreachableError.

    Without `tls`, which is only for servers on this computer, no proxy is used.
    """
    through = await tunnel(origin, way, CONNECT_LIMIT_S) if way and tls else None
    try:
        async with asyncio.timeout(CONNECT_LIMIT_S):
            if through and tls:
                return await _secure(through, origin, tls, make())
            return await _direct(origin, tls, make)
    except (OSError, TimeoutError, UnicodeError) as error:
        raise unreachable(origin.host, error) from error


async def _direct(origin: Origin, tls: ssl.SSLContext | None, make: Callable[[], P]) -> tuple[asyncio.Transport, P]:
    sock = await dial(origin.host, origin.port)
    if not tls:
        return await asyncio.get_running_loop().create_connection(make, sock=sock)
    # asyncio sets TCP_NODELAY. Without it, words sent every few milliseconds would be held back for 40 ms.
    return await asyncio.get_running_loop().create_connection(
        make, sock=sock, ssl=tls, server_hostname=origin.host, ssl_shutdown_timeout=_SHUTDOWN_LIMIT_S
    )


async def _secure(
    through: asyncio.Transport, origin: Origin, tls: ssl.SSLContext, made: P
) -> tuple[asyncio.Transport, P]:
    try:
        transport = await asyncio.get_running_loop().start_tls(
            through, made, tls, server_hostname=origin.host, ssl_shutdown_timeout=_SHUTDOWN_LIMIT_S
        )
    except BaseException:
        through.abort()
        raise
    assert transport is not None
    made.connection_made(transport)
    return transport, made


def agreed_protocol(transport: asyncio.Transport) -> str:
    """The protocol that both sides agreed on ("h2"), "" if the other side did not say."""
    return transport.get_extra_info("ssl_object").selected_alpn_protocol() or ""
