"""Runs the core within the command line, to find something out while no Harken is running."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Awaitable, Callable, Collection, Coroutine
from typing import Any, TypeVar

from reader.core import doctor
from reader.core.app import App
from reader.settings.paths import log_file, settings_file
from reader.settings.store import Settings
from reader.support import display, log

T = TypeVar("T")


def ask(look: Callable[[App], Awaitable[T]]) -> T:
    """Ask a core that is not started, so that nothing is heard and no key is taken. Raises HarkenError."""
    return _run(_ask(look))


async def _ask(look: Callable[[App], Awaitable[T]]) -> T:
    app = App(Settings(settings_file()))
    try:
        return await look(app)
    finally:
        await app.stop()


def examine(asks: Collection[str]) -> list[doctor.Row]:
    """The doctor's report. For `asks` see doctor.report."""
    return _run(_examine(asks))


async def _examine(asks: Collection[str]) -> list[doctor.Row]:
    app = App(Settings(settings_file()))
    try:
        await app.start(with_desktop=True)
        await app.wait_until_warm()
        return await doctor.report(app, asks=asks)
    finally:
        await app.stop()


def _run(look: Coroutine[Any, Any, T]) -> T:
    """Run it to its end, which comes within seconds: collecting garbage would cost more than it gains."""
    log.start(log_file())
    display.leave_silent_bus()
    gc.disable()
    try:
        return asyncio.run(look)
    finally:
        gc.enable()
