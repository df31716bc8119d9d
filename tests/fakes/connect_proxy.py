"""An HTTP proxy on loopback, as strict as a real one: it takes CONNECT and nothing else, and carries bytes both ways.

`reaches` says where the hosts are that it knows (host:port as asked for, the port on loopback). What it refuses is in
`refusals`, whom it connected in `tunnels`.
"""

from __future__ import annotations

import asyncio
import base64
import re
import ssl
from enum import Enum, auto

from tests.fakes.gate import splice
from tests.fakes.loopback import Loopback

# authority-form (RFC 9112, 3.2.3): a host and a port, and nothing else.
_TARGET = re.compile(r"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]):[0-9]{1,5}")
_REASONS = {400: "Bad Request", 403: "Forbidden", 405: "Method Not Allowed", 407: "Proxy Authentication Required"}


class Manner(Enum):
    """What it does instead of answering."""

    CLOSE = auto()
    SILENCE = auto()
    NO_HTTP = auto()
    BYTES_BEHIND = auto()  # something stands behind the head of its 200


class ConnectProxy(Loopback):
    """`async with ConnectProxy() as proxy`."""

    def __init__(self, *, user: str = "", scheme: str = "Basic", tls: ssl.SSLContext | None = None) -> None:
        """`user` as "name:password" is asked for with `scheme`. `tls` it is spoken to over."""
        super().__init__(tls)
        self.user = user
        self.scheme = scheme
        self.status = 200  # another one is answered to all
        self.manner: Manner | None = None
        self.reaches: dict[str, int] = {}
        self.tunnels: list[str] = []
        self.refusals: list[str] = []

    @property
    def address(self) -> str:
        return f"http{'s' if self.tls else ''}://localhost:{self.port}"

    def address_for(self, user: str) -> str:
        """With a name and a password in it."""
        return self.address.replace("://", f"://{user}@")

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        match self.manner:
            case Manner.CLOSE:
                return
            case Manner.SILENCE:
                await reader.read()
                return
            case Manner.NO_HTTP:
                writer.write(b"220 mail.example ESMTP\r\n\r\n")
                return
        status, target, more = self._judge(head)
        if status == 200 and target not in self.reaches:
            status, more = 502, ""
        if status != 200:
            self.refusals.append(f"{status} {target}")
            reason = _REASONS.get(status, "No")
            body = f"<html>{reason}</html>"
            head_lines = f"HTTP/1.1 {status} {reason}\r\n{more}Content-Length: {len(body)}\r\nConnection: close"
            writer.write(f"{head_lines}\r\n\r\n{body}".encode())
            await writer.drain()
            return
        there = await asyncio.open_connection("127.0.0.1", self.reaches[target])
        self.tunnels.append(target)
        behind = b"hello" if self.manner is Manner.BYTES_BEHIND else b""
        writer.write(b"HTTP/1.1 200 Connection established\r\nVia: 1.1 proxy\r\n\r\n" + behind)
        await splice((reader, writer), there)

    def _judge(self, head: bytes) -> tuple[int, str, str]:
        """(status, target, further headers of the answer)."""
        lines = head.decode("latin-1").split("\r\n")
        parts = lines[0].split(" ")
        if len(parts) != 3 or parts[2] not in ("HTTP/1.0", "HTTP/1.1"):
            return 400, lines[0], ""
        method, target, version = parts
        if method != "CONNECT":
            return 405, target, "Allow: CONNECT\r\n"
        headers = [tuple(line.split(": ", 1)) for line in lines[1:] if line]
        if any(len(header) != 2 for header in headers):
            return 400, target, ""
        named = {name.lower(): value for name, value in headers}
        # A client has to send Host, once, and the same as the target (RFC 9112, 3.2), but for one of HTTP/1.0, such as
        # Python's before 3.12; a body it may not.
        has_host = named.get("host") == target or (version == "HTTP/1.0" and "host" not in named)
        if not _TARGET.fullmatch(target) or not has_host or len(named) != len(headers):
            return 400, target, ""
        if "content-length" in named or "transfer-encoding" in named or "authorization" in named:
            return 400, target, ""
        wanted = "Basic " + base64.b64encode(self.user.encode()).decode()
        if self.user and (self.scheme != "Basic" or named.get("proxy-authorization") != wanted):
            return 407, target, f'Proxy-Authenticate: {self.scheme} realm="proxy"\r\n'
        return self.status, target, ""
