"""The running Harken without a desktop, for those who ask it over its socket."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from reader.audio.base import OutputDevice
from reader.audio.none import NoDevice
from reader.core.instance import Instance
from reader.ipc.choose import socket_address
from reader.settings.store import Settings


@asynccontextmanager
async def running(settings: Path, device: OutputDevice | None = None) -> AsyncIterator[Instance]:
    """Started and warm, with `settings` for its file. Without a `device` its listener is quick."""
    instance = Instance(Settings(settings), socket_address(), device=device or NoDevice(1000.0))
    await instance.start(with_desktop=False)
    try:
        await instance.app.wait_until_warm()
        yield instance
    finally:
        await instance.stop()
