"""Finds the proxy between this computer and a service, if the environment or the desktop names one.

The variables mean what they mean to curl: HTTPS_PROXY, else ALL_PROXY, in upper or lower case, and NO_PROXY for the
hosts to reach without a proxy. If none of them names a proxy, the desktop's own setting applies.

Core thread only.
"""

from __future__ import annotations

import asyncio
import base64
import ipaddress
import os
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, unquote, urlsplit

from reader.errors import UnreachableError
from reader.http.address import MENDED_AFTER_S, Origin, without_secrets
from reader.http.desktop_proxy import DesktopProxy, desktop_proxy
from reader.support.i18n import translate

_PORTS = {"http": 80, "https": 443}
# How long the desktop's answer is kept before asking again.
_KEPT_S = 30.0


@dataclass(frozen=True, slots=True)
class Proxy:
    """One proxy. `source` says what named it."""

    origin: Origin
    is_tls: bool  # the connection to the proxy itself uses TLS
    source: str
    name: str = field(default="", repr=False)
    password: str = field(default="", repr=False)

    @staticmethod
    def of(address: str, source: str) -> Proxy:
        """Parse an address as users write it: http://name:password@host:port. Raises UnreachableError."""
        try:
            parts = urlsplit(address if "://" in address else f"http://{address}")
            usual_port = _PORTS[parts.scheme]
            port = parts.port or usual_port
        except (ValueError, KeyError):
            parts, port = urlsplit(""), 0
        if not parts.hostname:
            sentence = translate(
                "reader",
                "Harken can't use the proxy “{proxy}” ({source}). It must have the form http://host:port or "
                "https://host:port.",
            )
            sentence = sentence.format(proxy=without_secrets(address), source=source)
            raise UnreachableError(sentence, code="proxy-address", retry_after_s=MENDED_AFTER_S)
        name, password = unquote(parts.username or ""), unquote(parts.password or "")
        return Proxy(Origin(parts.hostname, port), parts.scheme == "https", source, name, password)

    @property
    def shown(self) -> str:
        """Its address, without a password."""
        return f"{'https' if self.is_tls else 'http'}://{self.origin.host_and_port}"

    @property
    def authorization(self) -> str:
        """The value of Proxy-Authorization, "" if the address has no user name."""
        if not self.name:
            return ""
        return "Basic " + base64.b64encode(f"{self.name}:{self.password}".encode()).decode("ascii")

    @property
    def with_secrets(self) -> str:
        """Its whole address, for another program that is to use it."""
        user = f"{quote(self.name, safe='')}:{quote(self.password, safe='')}@" if self.name else ""
        return self.shown.replace("://", f"://{user}", 1)


class Proxies:
    def __init__(
        self,
        environment: Mapping[str, str] = os.environ,
        ask_desktop: Callable[[], Awaitable[DesktopProxy]] = desktop_proxy,
    ) -> None:
        """`environment` is read again for every request."""
        self._environment = environment
        self._ask_desktop = ask_desktop
        self._desktop = DesktopProxy()
        self._asked_s = float("-inf")

    async def find(self, origin: Origin) -> Proxy | None:
        """The proxy to reach `origin` through, None for a direct connection. Raises UnreachableError for a bad one."""
        address, source, without = await self._named()
        if not address or bypasses(without, origin.host, origin.port):
            return None
        return Proxy.of(address, source)

    async def told(self, origin: Origin) -> str:
        """What `harken doctor` says about the proxy, "" if there is none."""
        address, source, without = await self._named()
        if not address:
            return self._desktop.remark
        if bypasses(without, origin.host, origin.port):
            return f"no proxy for {origin.host}, although {source} names one"
        return f"through the proxy {without_secrets(address)}, named by {source}"

    async def variables(self) -> dict[str, str]:
        """Variables that send programs which only know HTTPS_PROXY the same way; {} if none need to be added."""
        if self._variable("https_proxy")[0]:
            return {}
        address, source, without = await self._named()
        try:
            return {"HTTPS_PROXY": Proxy.of(address, source).with_secrets, "NO_PROXY": without} if address else {}
        except UnreachableError:
            return {}

    async def _named(self) -> tuple[str, str, str]:
        """(address, what names it, hosts that are reached without it), each "" if there is none."""
        without = self._variable("no_proxy")[0]
        for name in ("https_proxy", "all_proxy"):
            address, spelled = self._variable(name)
            if address:
                return address, spelled, without
        now_s = asyncio.get_running_loop().time()
        if now_s - self._asked_s > _KEPT_S:
            self._desktop, self._asked_s = await self._ask_desktop(), now_s
        found = self._desktop
        return found.address, found.source, ",".join(filter(None, (without, found.without)))

    def _variable(self, name: str) -> tuple[str, str]:
        """(the variable's value, its name as spelled)."""
        for spelled in (name, name.upper()):
            if value := self._environment.get(spelled, "").strip():
                return value, spelled
        return "", name.upper()


def bypasses(without: str, host: str, port: int) -> bool:
    """Whether a list as in NO_PROXY covers a host: by its name, a parent domain, its address or network, or "*"."""
    host = host.lower().rstrip(".")
    return any(_names(entry, host, port) for entry in re.split(r"[,;\s]+", without.lower()) if entry)


def _names(entry: str, host: str, port: int) -> bool:
    if entry == "*":
        return True
    if (network := _network(entry.strip("[]"))) is not None:
        return _is_in(host, network)
    name, separator, wanted_port = entry.rpartition(":")
    if separator and wanted_port.isdecimal():
        if int(wanted_port) != port:
            return False
        entry = name
        if (network := _network(entry.strip("[]"))) is not None:
            return _is_in(host, network)
    domain = entry.removeprefix("*").strip(".")
    return bool(domain) and (host == domain or host.endswith(f".{domain}"))


_Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def _network(entry: str) -> _Network | None:
    """An address or a network, as in 10.0.0.0/8."""
    try:
        return ipaddress.ip_network(entry, strict=False)
    except ValueError:
        return None


def _is_in(host: str, network: _Network) -> bool:
    try:
        return ipaddress.ip_address(host) in network
    except ValueError:
        return False
