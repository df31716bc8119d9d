"""Asks servers for files, but only servers that a list names, even after a redirect.

Core thread only.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from urllib.parse import urljoin, urlsplit

from reader.errors import DownloadError, RemoteVoiceError
from reader.http import tls
from reader.http.address import Origin
from reader.http.h1_client import HttpClient, HttpRequest, Response
from reader.http.proxy import Proxies
from reader.http.tunnel import Way
from reader.support.i18n import translate
from reader.voices.offered import index

_MOST_REDIRECTS = 5
_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_PORTS = {"https": 443, "http": 80}
# Codes for having no network at all: http/unreachable.py.
_OFFLINE = frozenset(("name", "name-server", "no-way"))


class Web:
    """GET requests over HTTP/1.1."""

    def __init__(self, context: ssl.SSLContext | None = None, proxies: Proxies | None = None) -> None:
        """`context` says which certificates are trusted, by default those the system trusts."""
        self._context = context
        self._proxies = proxies or Proxies()

    @asynccontextmanager
    async def get(self, url: str, hosts: Sequence[str], start: int = 0) -> AsyncIterator[Response]:
        """The response of the server that has the file, from byte `start` on. Raises DownloadError."""
        for _ in range(_MOST_REDIRECTS + 1):
            if not index.is_safe(url) or not index.is_named(url, hosts):
                raise DownloadError(_elsewhere(url))
            async with self._ask(url, start) as response:
                if response.status not in _REDIRECTS or "location" not in response.headers:
                    yield response
                    return
                url = urljoin(url, response.headers["location"])
        raise DownloadError(translate("reader", "The server redirected Harken too many times. Try again later."))

    @asynccontextmanager
    async def _ask(self, url: str, start: int) -> AsyncIterator[Response]:
        parts = urlsplit(url)
        origin = Origin(parts.hostname or "", parts.port or _PORTS[parts.scheme])
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        host = parts.netloc if parts.scheme == "http" else origin.authority
        headers = [("host", host), ("user-agent", "Harken"), ("accept-encoding", "identity")]
        if start:
            headers.append(("range", f"bytes={start}-"))
        context = await self._trusted() if parts.scheme == "https" else None

        async def find_way() -> Way | None:
            proxy = await self._proxies.find(origin) if context else None
            return Way(proxy, context) if proxy and context else None

        client = HttpClient(origin, context, find_way)
        try:
            async with client.ask(HttpRequest("GET", target, headers)) as response:
                yield response
        except RemoteVoiceError as error:
            if error.code in _OFFLINE:
                sentence = translate("reader", "{host} can't be found. Check your network connection.")
                raise DownloadError(sentence.format(host=origin.host)) from error
            raise
        finally:
            client.close()

    async def _trusted(self) -> ssl.SSLContext:
        if self._context is None:
            self._context = await asyncio.to_thread(tls.context, "", "http/1.1")
        return self._context


def _elsewhere(url: str) -> str:
    host = urlsplit(url).hostname or ""
    sentence = translate("reader", "The server redirects Harken to {host}, which is not in the list of voices.")
    return sentence.format(host=host)
