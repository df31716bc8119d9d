"""Receives a text from another program on Wayland: it writes to our pipe, and closes it at the end.

Programs may be slow, hung or gone, or write endlessly; the limits are those of `transfer.py`.
"""

from __future__ import annotations

import asyncio
import os
import time

from reader.capture.transfer import ANSWER_LIMIT_S, HUNG, LIMIT_BYTES, WHOLE_LIMIT_S, decode
from reader.errors import CaptureTimeoutError
from reader.support.i18n import translate

_AT_A_TIME = 1 << 16  # the capacity of a pipe
# Anything larger is decoded off the loop, so as not to block it.
_LARGE_BYTES = 200_000


async def receive(fd: int, limit_bytes: int = LIMIT_BYTES) -> tuple[str, bool]:
    """Read from a pipe's non-blocking end, and close it. Returns (text, whether it was cut short).

    Data beyond the limit is still read: closing the pipe early could kill the program that writes. Raises
    CaptureTimeoutError if nothing comes.
    """
    parts: list[bytes] = []
    size, is_cut = 0, False
    whole_by_s = time.monotonic() + WHOLE_LIMIT_S
    try:
        while True:
            limit_s = min(ANSWER_LIMIT_S, whole_by_s - time.monotonic())
            try:
                async with asyncio.timeout(limit_s):
                    await _readable(fd)
            except TimeoutError:
                if not parts:
                    raise CaptureTimeoutError(translate("reader", HUNG)) from None
                is_cut = True
                break
            part = os.read(fd, _AT_A_TIME)
            if not part:
                break
            if size < limit_bytes:
                parts.append(part)
            size += len(part)
            if size > LIMIT_BYTES:
                is_cut = True
                break
    finally:
        os.close(fd)
    is_cut |= size > limit_bytes
    if min(size, limit_bytes) > _LARGE_BYTES:
        return await asyncio.to_thread(_text, parts, limit_bytes), is_cut
    return _text(parts, limit_bytes), is_cut


async def _readable(fd: int) -> None:
    """Wait until data, or the end, can be read."""
    loop = asyncio.get_running_loop()
    ready = asyncio.Event()
    loop.add_reader(fd, ready.set)
    try:
        await ready.wait()
    finally:
        loop.remove_reader(fd)


def _text(parts: list[bytes], limit_bytes: int) -> str:
    return decode(b"".join(parts)[:limit_bytes], "UTF8_STRING")
