"""A server of voices on loopback, with their list: one that does as a server should, and each thing that one may do.

`log` has (path, first byte) of each request.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
import ssl
from enum import Enum, auto
from pathlib import Path
from typing import Any

from reader.voices.offered.index import OfferedFile
from tests.fakes.loopback import Loopback


class Manner(Enum):
    """What it does instead of sending a file."""

    CUT = auto()  # half of it, and the connection is closed
    WRONG_BYTES = auto()
    SHORTER = auto()  # it says so
    LONGER = auto()  # it says so
    ENDLESS = auto()  # it says no length
    UNSAID_END = auto()  # half of it without a length
    TRICKLE = auto()  # a byte now and then
    SILENCE = auto()
    NO_HTTP = auto()
    NO_RANGE = auto()  # all of it, whatever is asked for
    OTHER_RANGE = auto()
    LOOP = auto()  # sends on to itself
    ELSEWHERE = auto()  # sends on to `elsewhere`
    STOP = auto()  # half of it, then nothing until `going_on` is set


class VoiceServer(Loopback):
    """`async with VoiceServer() as server`."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        super().__init__(tls)
        self.files: dict[str, bytes] = {}
        self.manners: list[Manner | int] = []  # of the next requests; a number is a status. The last one stays
        self.log: list[tuple[str, int]] = []
        self.elsewhere = ""
        self.half_sent = asyncio.Event()
        self.going_on = asyncio.Event()

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def address(self) -> str:
        return f"http{'s' if self.tls else ''}://{self.host}"

    def file(self, name: str, data: bytes, **other: Any) -> OfferedFile:
        """Serve a file, and what a list says of it."""
        self.files[f"/{name}"] = data
        about = {"md5": hashlib.md5(data).hexdigest(), "sha256": hashlib.sha256(data).hexdigest()} | other
        return OfferedFile(name, f"{self.address}/{name}", len(data), **about)

    def serve_voice(self, net: Path, locale: str, *, sum_of: str = "md5", **other: Any) -> None:
        """Serve a voice's two files and a list that has it beside those before."""
        self._serve_voice([net.with_name(net.name + ".json"), net], locale, sum_of, other)

    def serve_neural(self, net: Path, locale: str) -> None:
        """The same for a voice in the neural one's format."""
        other = {"engine": "neural", "phonemes": "own", "rate": 24000, "licence": "Apache 2.0", "asks": "credit"}
        self._serve_voice([net], locale, "sha256", other | {"credit": "Toy, its makers", "score": 0})

    def _serve_voice(self, paths: list[Path], locale: str, sum_of: str, other: dict[str, Any]) -> None:
        key = paths[-1].name.removesuffix(".onnx")
        rows = []
        for path in paths:
            data = path.read_bytes()
            self.files[f"/{path.name}"] = data
            digest = hashlib.new(sum_of, data).hexdigest()
            rows.append({"name": path.name, "place": "here", "path": path.name, "bytes": len(data), sum_of: digest})
        voices = json.loads(self.files["/voices.json"])["voices"] if "/voices.json" in self.files else []
        voice = {"key": key, "engine": "piper", "name": "Toy", "locale": locale, "quality": "low", "rate": 16000}
        voice |= {"licence": "CC0 1.0", "asks": "nothing", "score": 80.0, "files": rows} | other
        made = {"format": 1, "hosts": [self.host], "places": {"here": f"{self.address}/"}, "voices": [*voices, voice]}
        self.files["/voices.json"] = json.dumps(made).encode()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("ascii")
        path = head.split()[1]
        asked = re.search(r"(?im)^range: bytes=([0-9]+)-", head)
        start = int(asked[1]) if asked else 0
        self.log.append((path, start))
        manner = None
        if self.manners:
            manner = self.manners[0] if len(self.manners) == 1 else self.manners.pop(0)
        if manner is Manner.SILENCE:
            await asyncio.Event().wait()
        data = self.files.get(path)
        if isinstance(manner, int) or data is None:
            writer.write(f"HTTP/1.1 {manner or 404} No\r\ncontent-length: 0\r\n\r\n".encode())
        elif manner in (Manner.LOOP, Manner.ELSEWHERE):
            where = path if manner is Manner.LOOP else self.elsewhere
            writer.write(f"HTTP/1.1 302 Found\r\nlocation: {where}\r\ncontent-length: 0\r\n\r\n".encode())
        else:
            await self._send(writer, data, 0 if manner is Manner.NO_RANGE else start, manner)
        await writer.drain()

    async def _send(self, writer: asyncio.StreamWriter, data: bytes, start: int, manner: Manner | None) -> None:
        body = data[start:]
        if manner is Manner.WRONG_BYTES:
            body = bytes(len(body))
        if manner is Manner.SHORTER:
            body = body[:-1]
        if manner is Manner.LONGER:
            body += b"x"
        first = start + (manner is Manner.OTHER_RANGE)
        status = f"206 Part\r\ncontent-range: bytes {first}-{len(data) - 1}/{len(data)}" if start else "200 OK"
        has_length = manner not in (Manner.ENDLESS, Manner.UNSAID_END)
        length = f"content-length: {len(body)}\r\n" if has_length else ""
        writer.write(b"NOTHING\r\n\r\n" if manner is Manner.NO_HTTP else f"HTTP/1.1 {status}\r\n{length}\r\n".encode())
        half = body[: len(body) // 2]
        match manner:
            case Manner.CUT | Manner.UNSAID_END:
                writer.write(half)
            case Manner.STOP:
                writer.write(half)
                await writer.drain()
                self.half_sent.set()
                await self.going_on.wait()
                writer.write(body[len(half) :])
            case Manner.ENDLESS:
                while True:
                    writer.write(body)
                    await writer.drain()
            case Manner.TRICKLE:
                for byte in body:
                    writer.write(bytes([byte]))
                    await writer.drain()
                    await asyncio.sleep(0.01)
            case _:
                writer.write(body)
