"""Describes what the user moves to, and only the newest: what has the focus, or what the pointer rests on.

A newer item replaces the one being described; if several come faster than anyone could hear them, only the newest is
described. Core thread only.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from reader import tasks
from reader.capture.accessible import Accessibles, Object
from reader.capture.controls import describe
from reader.capture.in_front import is_in_front, lineage
from reader.capture.roles import FIELDS, ROLE_NAMES, Role
from reader.errors import CaptureError
from reader.support.i18n import translate

log = logging.getLogger(__name__)

# The first item is described at once, later ones this far apart.
APART_S = 0.05
# How long to wait for a program that hangs.
_LIMIT_S = 1.0
# The most of a field's text said unprompted; the key reads the rest.
_MOST_CHARS = 300
_FIELDS = FIELDS | {Role.PASSWORD}


class Follow:
    """Call `start`, then `meet` for each item."""

    def __init__(self, objects: Accessibles, on_text: Callable[[str], None]) -> None:
        """`on_text` gets the text for the newest item, "" if there is nothing more to say."""
        self._objects = objects
        self._on_text = on_text
        self._met: Object | None = None
        self._is_in_front = True  # the item must be in the active window
        self._news = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Start describing."""
        self._task = self._task or tasks.keep(self._describe_all, "describe what the user comes to")

    async def close(self) -> None:
        """Stop describing. May be called twice."""
        if self._task:
            self._task.cancel()
            await asyncio.wait([self._task])
            self._task = None
        self._met = None

    def meet(self, item: Object | None, *, in_front: bool = True) -> None:
        """The user has moved to this item, or away from the last one. With `in_front`, only the active window counts.

        The same item again is not news, whether the focus or the pointer is on it.
        """
        if item != self._met:
            self._met, self._is_in_front = item, in_front
            self._news.set()

    async def _describe_all(self) -> None:
        loop = asyncio.get_running_loop()
        next_s = 0.0
        while True:
            await self._news.wait()
            await asyncio.sleep(next_s - loop.time())
            self._news.clear()
            next_s = loop.time() + APART_S
            text = await self._describe_unless_newer(self._met)
            if text is not None:
                self._on_text(text)

    async def _describe_unless_newer(self, item: Object | None) -> str | None:
        """The item's description; None if nothing should happen: it is not in front, or there is a newer item."""
        if item is None:
            return ""
        describing = tasks.start(self._describe(item), "describe")
        newer = tasks.start(self._wait_for_news(), "something newer")
        try:
            await asyncio.wait({describing, newer}, return_when=asyncio.FIRST_COMPLETED)
            return None if newer.done() else describing.result()
        finally:
            for task in (describing, newer):
                task.cancel()
            await asyncio.wait({describing, newer})

    async def _wait_for_news(self) -> None:
        await self._news.wait()

    async def _describe(self, item: Object) -> str | None:
        try:
            async with asyncio.timeout(_LIMIT_S):
                text, is_in_front = await asyncio.gather(describe(self._objects, item), self._counts(item))
                if not text and is_in_front:
                    text = await self._field(item)
        except (TimeoutError, CaptureError) as error:
            log.debug("what the user has come to is not described: %s", type(error).__name__)
            return ""
        return shortened(text) if is_in_front else None

    async def _field(self, item: Object) -> str:
        """The kind of a field with neither name nor text: a place to write. Raises CaptureError."""
        role = await self._objects.role(item)
        return translate("controls", ROLE_NAMES[role]) if role in _FIELDS and ROLE_NAMES.get(role) else ""

    async def _counts(self, item: Object) -> bool:
        """Whether the user is there. Raises CaptureError."""
        return not self._is_in_front or await is_in_front(self._objects, await lineage(self._objects, item))


def shortened(text: str) -> str:
    """The part of a text said unprompted: whole words from its beginning."""
    if len(text) <= _MOST_CHARS:
        return text
    words, space, _ = text[:_MOST_CHARS].rpartition(" ")
    return f"{words if space else text[:_MOST_CHARS]}…"
