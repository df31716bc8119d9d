"""Reaches a host over TLS, and turns everything that can keep one from it into a sentence.

Core thread.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlsplit

from reader.errors import CertificateError, UnreachableError
from reader.words import translate

# An answer from the other side of the world takes a third of a second for each of the three round trips.
CONNECT_LIMIT_S = 5.0
# Where a host has addresses of both families: how long the first gets before the other is tried too (RFC 8305).
_OTHER_FAMILY_AFTER_S = 0.25
_HTTPS_PORT = 443
# What only a person can mend is not tried again before.
_MENDED_AFTER_S = 30.0

P = TypeVar("P", bound=asyncio.BaseProtocol)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a service is."""

    host: str
    port: int

    @staticmethod
    def of(url: str) -> Origin:
        """The origin of an https URL. Raises UnreachableError."""
        try:
            parts = urlsplit(url)
            port = parts.port or _HTTPS_PORT
        except ValueError:
            parts, port = urlsplit(""), 0
        if parts.scheme != "https" or not parts.hostname:
            sentence = translate(
                "reader", "The address of the voice service has to begin with https://, and is “{url}”."
            )
            raise UnreachableError(sentence.format(url=url), code="address", retry_after_s=_MENDED_AFTER_S)
        return Origin(parts.hostname, port)

    @property
    def authority(self) -> str:
        """As in requests: without the port where it is the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _HTTPS_PORT else f"{host}:{self.port}"


def context(ca_bundle: str, protocol: str) -> ssl.SSLContext:
    """What connections that speak `protocol` ("h2", "http/1.1") are made with; takes some 20 ms, so keep it.

    `ca_bundle` is a file of trusted certificates, "" for the system's. Raises CertificateError when it can't be read.
    """
    try:
        made = ssl.create_default_context(cafile=ca_bundle or None)
    except OSError as error:  # ssl.SSLError is one
        sentence = translate("reader", "The certificates in {file} (AWS_CA_BUNDLE) can't be read.")
        raise CertificateError(sentence.format(file=ca_bundle), code="bundle") from error
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    made.set_alpn_protocols([protocol])
    return made


async def connect(origin: Origin, tls: ssl.SSLContext, make: Callable[[], P]) -> tuple[asyncio.Transport, P]:
    """A connection to `origin`, driven by what `make` makes. Raises UnreachableError."""
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(CONNECT_LIMIT_S):
            # asyncio sets TCP_NODELAY, without which words sent every few milliseconds bunch up by 40 ms.
            return await loop.create_connection(
                make,
                origin.host,
                origin.port,
                ssl=tls,
                happy_eyeballs_delay=_OTHER_FAMILY_AFTER_S,
                ssl_shutdown_timeout=1.0,
            )
    except (OSError, TimeoutError, UnicodeError) as error:
        raise _unreachable(origin, error) from error


def agreed_protocol(transport: asyncio.Transport) -> str:
    """What both sides speak on a connection ("h2"), "" where the other one did not say."""
    return transport.get_extra_info("ssl_object").selected_alpn_protocol() or ""


def _unreachable(origin: Origin, error: Exception) -> UnreachableError:
    host = origin.host
    match error:
        case ssl.SSLCertVerificationError():
            return CertificateError(
                translate(
                    "reader",
                    "The certificate of {host} is not trusted. If your network looks into connections, name its "
                    "certificates in AWS_CA_BUNDLE.",
                ).format(host=host),
                code="certificate",
                detail=error.verify_message,
            )
        case ssl.SSLError():
            sentence, code = translate("reader", "No secure connection to {host} can be made."), "tls"
        case socket.gaierror() | UnicodeError():
            sentence = translate("reader", "{host} can't be found. Is this computer online, and the region right?")
            code = "name"
        case TimeoutError():
            sentence, code = translate("reader", "{host} does not answer. Is this computer online?"), "timeout"
        case ConnectionRefusedError():
            sentence, code = translate("reader", "{host} refuses connections."), "refused"
        case _:
            sentence, code = translate("reader", "{host} can't be reached. Is this computer online?"), "unreachable"
    return UnreachableError(sentence.format(host=host), code=code, detail=type(error).__name__)
