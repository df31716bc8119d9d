"""Has a voice on this computer begin with each new selection, so that the key only has to start the output.

A place reports when a selection is made and when it no longer counts (`capture/base.py: Telling`); nothing polls.
`prepared.py` holds the result until a reading asks for exactly that; none of it is logged or written to a file.

Core thread only.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import NamedTuple

from reader import tasks
from reader.capture.base import Extent
from reader.errors import HarkenError
from reader.session.maker import Maker
from reader.session.search import Search

log = logging.getLogger(__name__)

# What has not been asked for by then is forgotten.
KEPT_S = 60.0
# While something is read, a voice has time for something else if this much is ready to be heard: ten times what the
# slowest one takes for a first sentence.
_SPARE_S = 5.0


class Now(NamedTuple):
    """What decides whether something is prepared."""

    is_wanted: bool  # the user's setting
    is_local: bool  # the chosen voice is on this computer
    is_searching: bool  # a text is being looked for: its program is asked one thing at a time
    is_idle: bool  # nothing is being read
    ahead_s: float  # how much of the current reading is ready to be heard


def may_prepare(now: Now) -> bool:
    """Whether nothing has to wait for it, and the text stays on this computer. Pure."""
    has_time = now.is_idle or now.ahead_s >= _SPARE_S
    return now.is_wanted and now.is_local and not now.is_searching and has_time


class Preparer:
    """Prepares one selection at a time. A key press is answered first."""

    def __init__(
        self,
        maker: Maker,
        search: Search,
        is_idle: Callable[[], bool],
        is_reason_against: Callable[[], Awaitable[bool]],
    ) -> None:
        """`is_reason_against` asks the desktop whether the screen is locked or the battery low."""
        self.is_wanted = False
        self._maker = maker
        self._search = search
        self._is_idle = is_idle
        self._is_reason_against = is_reason_against
        self._task: asyncio.Task[None] | None = None
        self._expiry: asyncio.TimerHandle | None = None
        search.on_begin = self._give_up

    def on_selection(self, is_there: bool) -> None:
        """A selection has been made, or the last one no longer counts."""
        self.forget()
        if is_there and may_prepare(self._now()):
            self._task = tasks.start(self._prepare(), "prepare")

    def _now(self) -> Now:
        return Now(
            self.is_wanted,
            self._maker.is_local,
            self._search.is_searching,
            self._is_idle(),
            self._maker.player.ahead_s,
        )

    def forget(self) -> None:
        """Drop what was prepared: the selection or a setting has changed."""
        self._give_up()
        if self._expiry:
            self._expiry.cancel()
            self._expiry = None
        self._maker.prepared.discard()

    async def close(self) -> None:
        """Drop it, and prepare nothing more."""
        self.is_wanted = False
        task = self._task
        self.forget()
        if task:
            await asyncio.gather(task, return_exceptions=True)

    def _give_up(self) -> None:
        """Cancel what has not begun yet. What a voice is already making may be asked for next."""
        if self._task:
            self._task.cancel()
            self._task = None

    async def _prepare(self) -> None:
        if await self._is_reason_against():
            return
        try:
            captured = await self._search.capture.read_selection(Extent.BEGINNING)
            if may_prepare(self._now()):  # a reading may have begun meanwhile
                await self._maker.prepare(captured)
        except HarkenError as error:  # a secret, or a program that doesn't answer: a key press will report it
            log.debug("nothing is prepared: %s", type(error).__name__)
            return
        self._expiry = asyncio.get_running_loop().call_later(KEPT_S, self.forget)
