"""Where a service is. Addresses that users type may contain passwords, which nothing here ever shows.

Pure.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from reader.errors import UnreachableError
from reader.support.i18n import translate

_HTTPS_PORT = 443
_PORTS = {"http": 80, "https": _HTTPS_PORT}
# A problem that only a person can fix: don't retry before this.
MENDED_AFTER_S = 30.0


@dataclass(frozen=True, slots=True)
class Origin:
    """A host and a port."""

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
                "reader", "The address of the voice service must begin with https://, but it is “{url}”."
            )
            sentence = sentence.format(url=without_secrets(url))
            raise UnreachableError(sentence, code="address", retry_after_s=MENDED_AFTER_S)
        return Origin(parts.hostname, port)

    @property
    def authority(self) -> str:
        """As requests carry it: without the port if it is the default one."""
        return self.host_in_url if self.port == _HTTPS_PORT else self.host_and_port

    @property
    def host_and_port(self) -> str:
        """The host, always with the port."""
        return f"{self.host_in_url}:{self.port}"

    @property
    def host_in_url(self) -> str:
        """The host as URLs write it: an IPv6 address in brackets."""
        return f"[{self.host}]" if ":" in self.host else self.host


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """A server that the user runs or has chosen. `path` comes before that of each operation, as in "/v1"."""

    origin: Origin
    path: str
    is_tls: bool

    @staticmethod
    def of(url: str) -> ServerAddress:
        """Parse what users type, with or without "/v1". Raises UnreachableError, also for http to another computer."""
        try:
            parts = urlsplit(url.strip())
            port = parts.port or _PORTS[parts.scheme]
            whole = bool(parts.hostname) and not (parts.username or parts.password or parts.query or parts.fragment)
        except (ValueError, KeyError):
            whole = False
        if not whole or not parts.hostname:
            sentence = translate(
                "reader", "“{url}” is not the address of a speech server. It looks like http://127.0.0.1:8880/v1."
            )
            raise UnreachableError(
                sentence.format(url=without_secrets(url)), code="address", retry_after_s=MENDED_AFTER_S
            )
        address = ServerAddress(Origin(parts.hostname, port), _base(parts.path), parts.scheme == "https")
        if not address.is_tls and not address.is_here:
            sentence = translate(
                "reader",
                "The address of the speech server {host} must begin with https://. Otherwise, anyone on the network "
                "could read your texts and your key. Only a server on this computer may use http://.",
            )
            raise UnreachableError(
                sentence.format(host=parts.hostname), code="not-secure", retry_after_s=MENDED_AFTER_S
            )
        return address

    @property
    def is_here(self) -> bool:
        """Whether it runs on this computer."""
        try:
            return ipaddress.ip_address(self.origin.host).is_loopback
        except ValueError:
            return self.origin.host.lower().rstrip(".") == "localhost"

    @property
    def shown(self) -> str:
        """The address, for users."""
        return f"{'https' if self.is_tls else 'http'}://{self.authority}{self.path}"

    @property
    def authority(self) -> str:
        """As requests carry it: without the port if it is the default one."""
        usual = _PORTS["https" if self.is_tls else "http"]
        return self.origin.host_in_url if self.origin.port == usual else self.origin.host_and_port


def _base(path: str) -> str:
    """The path common to all operations: users may paste the path of one operation, or no path."""
    path = path.rstrip("/").removesuffix("/audio/speech").removesuffix("/models").rstrip("/")
    return path or "/v1"


def without_secrets(url: str) -> str:
    """An address fit to be shown: without user name, password, query and fragment, however malformed it is."""
    # A password may contain any character that should have been written as %40, so drop everything up to the last @.
    shown = re.sub(r"^([A-Za-z][A-Za-z0-9+.-]*://)?.*@", lambda match: match[1] or "", url.strip(), flags=re.DOTALL)
    return re.split("[?#]", shown, maxsplit=1)[0]
