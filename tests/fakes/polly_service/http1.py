"""The stand-in's HTTP/1.1, for clients that choose it: requests one after the other, answers in chunks."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import TYPE_CHECKING

from tests.fakes.polly_service.rules import RefusalError, Request

if TYPE_CHECKING:
    from tests.fakes.polly_service.service import PollyService


class Http1Connection:
    """Reads requests until the client goes."""

    def __init__(self, service: PollyService, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._service = service
        self._reader = reader
        self._writer = writer

    async def run(self) -> None:
        try:
            while True:
                head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                first, *lines = head.rstrip().split("\r\n")
                method, target, _ = first.split(" ")
                headers = {n.strip().lower(): v.strip() for n, _, v in (line.partition(":") for line in lines)}
                body = await self._reader.readexactly(int(headers.get("content-length", "0")))
                await self._service.answer(Request(method, target, headers, body), self, 0)
        except (asyncio.IncompleteReadError, ConnectionError):
            self._service.changed()

    async def send_headers(self, stream_id: int, status: int, headers: dict[str, str], *, is_last: bool) -> None:
        fields = {"date": self._service.http_date(), **headers}
        fields |= {"content-length": "0"} if is_last else {"transfer-encoding": "chunked"}
        lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}", *(f"{n}: {v}" for n, v in fields.items())]
        await self._write("\r\n".join((*lines, "", "")).encode())

    async def send_data(self, stream_id: int, data: bytes, *, is_last: bool = False) -> None:
        chunk = b"%x\r\n%s\r\n" % (len(data), data) if data else b""
        await self._write(chunk + (b"0\r\n\r\n" if is_last else b""))

    async def send_refusal(self, stream_id: int, refusal: RefusalError) -> None:
        named = {"x-amzn-errortype": refusal.name} if refusal.name else {}
        headers = {"content-type": "application/json", **named, **refusal.headers}
        await self.send_headers(0, refusal.status, headers, is_last=False)
        await self.send_data(0, refusal.body, is_last=True)

    async def _write(self, data: bytes) -> None:
        self._writer.write(data)
        await self._writer.drain()
