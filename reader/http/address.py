"""Where a service is. Addresses that people write may hold passwords, which nothing here shows.

Pure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from reader.errors import UnreachableError
from reader.support.i18n import translate

_HTTPS_PORT = 443
# What only a person can mend is not tried again before.
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
        """As in requests: without the port where it is the usual one."""
        return self.host_in_url if self.port == _HTTPS_PORT else self.host_and_port

    @property
    def host_and_port(self) -> str:
        """With the port in any case."""
        return f"{self.host_in_url}:{self.port}"

    @property
    def host_in_url(self) -> str:
        """An IPv6 address in brackets."""
        return f"[{self.host}]" if ":" in self.host else self.host


def without_secrets(url: str) -> str:
    """An address as it may be shown: without name and password, query and fragment, however wrong it is written."""
    # A password may hold any sign that should have been written as %40, so everything up to the last @ goes.
    shown = re.sub(r"^([A-Za-z][A-Za-z0-9+.-]*://)?.*@", lambda match: match[1] or "", url.strip(), flags=re.DOTALL)
    return re.split("[?#]", shown, maxsplit=1)[0]
