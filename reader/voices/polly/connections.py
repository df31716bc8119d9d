"""Keeps connections to the service open and ready.

The service takes one stream per connection, and an interruption must not wait for the old one to end. So there are two:
one in use and one ready. They are opened when the voice is wanted, reopened when they die, and closed when they have
not been used for a while.

Core thread only.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from reader import tasks
from reader.errors import ConnectionBrokenError, RemoteVoiceError, UnreachableError
from reader.http.h2_connection import Connection
from reader.http.suspend import SuspendDetector
from reader.support.i18n import QT_TRANSLATE_NOOP, translate

log = logging.getLogger(__name__)

READY = 2
# A connection not used for this long is closed: the user is doing something else.
IDLE_S = 15 * 60.0
# A connection silent for this long is pinged when it is used.
_SUSPECT_AFTER_S = 2.0
# A connection that dies sooner is reopened only when it is needed, because the next would die just as soon.
_SHORT_LIFE_S = 5.0
# The delay before opening the second connection, so that a first sound waiting for the first one is not held up.
_NEXT_AFTER_S = 0.1
_BROKEN = QT_TRANSLATE_NOOP("reader", "The connection to Amazon Polly was lost.")

Open = Callable[[Callable[[Connection], None]], Awaitable[Connection]]


class Connections:
    def __init__(self, open_one: Open, idle_s: float = IDLE_S) -> None:
        """`open_one` connects; its argument is to be called when the connection is over."""
        self._open_one = open_one
        self._idle_s = idle_s
        self._open: list[Connection] = []  # most recently used last
        self._born_s: dict[Connection, float] = {}
        self._opening: set[asyncio.Task[None]] = set()  # one or none
        self._filling: asyncio.TimerHandle | None = None
        self._change = asyncio.Event()
        self._error: RemoteVoiceError | None = None
        self._idle_timer: asyncio.TimerHandle | None = None
        self._is_wanted = False
        self._awake = SuspendDetector()

    def warm(self) -> None:
        """Keep connections ready from now on, until they have been idle for a while. Returns at once."""
        self._is_wanted = True
        self._put_off_idleness()
        self._fill()

    async def take(self) -> Connection:
        """A connection for one stream, at once if one is ready. Raises UnreachableError."""
        if self._awake.has_slept():
            self.drop()
        self.warm()
        while not (connection := self._free()):
            self._change.clear()
            if not self._opening:
                error, self._error = self._error, None
                if error:
                    raise error
                self._fill(may_exceed=True)
            await self._change.wait()
        self._open.remove(connection)
        self._open.append(connection)
        if connection.silent_s > _SUSPECT_AFTER_S:
            connection.ping()
        return connection

    def put_behind(self, connection: Connection) -> None:
        """Use the other connection first from now on, because this one's stream was reset; keep this one ready."""
        if connection in self._open:
            self._open.remove(connection)
            self._open.insert(0, connection)

    def drop(self) -> None:
        """Close all connections: the network, the account or the time has changed."""
        for connection in list(self._open):
            connection.close()

    async def close(self) -> None:
        """Close all connections and open no more."""
        self._is_wanted = False
        for timer in (self._idle_timer, self._filling):
            if timer:
                timer.cancel()
        for task in self._opening:
            task.cancel()
        await asyncio.gather(*self._opening, return_exceptions=True)
        self.drop()

    def _free(self) -> Connection | None:
        # The most recently used one, which is known to be alive; the other is for when it is in use.
        return next((connection for connection in reversed(self._open) if connection.can_open), None)

    def _fill(self, *, may_exceed: bool = False) -> None:
        """Open one missing connection. The next follows later, so that the first is ready sooner."""
        is_missing = len(self._open) < READY or (may_exceed and not self._free())
        if is_missing and not self._opening:
            task = tasks.start(self._connect(), "connect to Amazon Polly")
            self._opening.add(task)
            task.add_done_callback(self._opening.discard)

    async def _connect(self) -> None:
        try:
            connection = await self._open_one(self._on_closed)
            if connection.is_over:
                raise ConnectionBrokenError(translate("reader", _BROKEN), detail="it ended as soon as it was made")
            self._open.insert(0, connection)
            self._born_s[connection] = asyncio.get_running_loop().time()
            self._error = None
            self._filling = asyncio.get_running_loop().call_later(_NEXT_AFTER_S, self._follow, connection)
        except RemoteVoiceError as error:
            log.info("no connection: %s %s", error.code, error.detail)
            self._error = error
        except Exception:  # whatever it is, or callers would retry at once, forever
            log.exception("connecting failed")
            self._error = UnreachableError(translate("reader", _BROKEN))
        finally:
            self._opening.discard(asyncio.current_task())
            self._change.set()

    def _follow(self, connection: Connection) -> None:
        """Open the next connection, now that this one has lasted a moment."""
        if self._is_wanted and connection in self._open:
            self._fill()

    def _on_closed(self, connection: Connection) -> None:
        if connection in self._open:
            self._open.remove(connection)
        self._change.set()
        now_s = asyncio.get_running_loop().time()
        lived_s = now_s - self._born_s.pop(connection, now_s)  # some end before `_connect` has recorded them
        if self._is_wanted and lived_s > _SHORT_LIFE_S:
            self._fill()

    def _put_off_idleness(self) -> None:
        if self._idle_timer:
            self._idle_timer.cancel()
        self._idle_timer = asyncio.get_running_loop().call_later(self._idle_s, self._rest)

    def _rest(self) -> None:
        if any(not connection.can_open for connection in self._open):
            self._put_off_idleness()  # a long text is being read
            return
        self._is_wanted = False
        if self._filling:
            self._filling.cancel()
        self.drop()
