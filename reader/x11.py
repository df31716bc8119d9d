"""A connection to the X server with its own thread, which survives whatever other clients send it.

Any client can make the server send any other as many events as it likes: by changing a property of the root window, the
keyboard's mapping, the focus or the owner of a selection. Such events only mean "look again"; so they are merged on
arrival, before Xlib makes objects of them, and cost neither memory nor much time. What can't be parsed is dropped.

A lost connection is made again; until then jobs are refused.
"""

from __future__ import annotations

import concurrent.futures
import contextlib
import logging
import os
import select
import struct
import threading
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable
from typing import Any

from Xlib import X
from Xlib.display import Display
from Xlib.error import ConnectionClosedError, DisplayConnectionError, DisplayError
from Xlib.protocol.display import bytesview

from reader import threads
from reader.errors import DesktopError

log = logging.getLogger(__name__)

_EVENT_BYTES = 32
_SENT = 0x80  # set in the type of events sent by a client
_MERGED = frozenset({
    X.FocusIn, X.FocusOut, X.PropertyNotify, X.MappingNotify, X.CirculateNotify, X.ConfigureNotify, X.CreateNotify,
    X.DestroyNotify, X.GravityNotify, X.MapNotify, X.ReparentNotify, X.UnmapNotify,
})  # fmt: skip
_OF_FOCUS = (X.FocusIn, X.FocusOut, X.UnmapNotify, X.DestroyNotify)
# Events of other kinds are rare; more than this come from a misbehaving program, and the oldest are dropped.
_WAITING = 1000
# For a server that accepts connections but never replies: an XWayland that failed to start, or one that is stopped.
_CONNECT_LIMIT_S = 3.0
_REST_S = 0.1
_LONGEST_REST_S = 10.0


class Told:
    """What merged events have reported since it was last looked at."""

    def __init__(self) -> None:
        self.properties: dict[int, int] = {}  # watched ones of the root window: the newest X server time, ms
        self.selections: dict[int, tuple[int, int]] = {}  # (its owner's window, X server time)
        self.mapping = False
        self.focus = False  # it may have moved to another window
        self.destroyed: set[int] = set()  # windows
        self.count = 0  # how many events were merged


class XThread(ABC):
    """Subclasses implement `opened` and `look`, and call `begin`; `close` ends the thread."""

    def __init__(self, name: str, watched: tuple[str, ...] = ()) -> None:
        """Raises DisplayError (or another of Xlib's errors) if there is no X server.

        `watched` are the properties of the root window to watch.
        """
        self._name = name
        self._watched_names = watched
        self._watched: set[int] = set()
        self._jobs: deque[tuple[Callable[[], Any], concurrent.futures.Future[Any]]] = deque()
        self._wake_r, self._wake_w = os.pipe()
        self._waking = threading.Lock()  # the pipe may be closed
        self._is_closing = threading.Event()
        self._is_open = False
        self._is_asleep = False
        self._thread: threading.Thread | None = None
        self.told = Told()
        try:
            self._open()
        except BaseException:
            self._close_pipe()
            raise

    def begin(self) -> None:
        """Start the thread. Raises what `opened` raises, and then everything is closed."""
        try:
            self.opened()
        except BaseException:
            self._close_pipe()
            with contextlib.suppress(Exception):
                self.display.close()
            raise
        self._thread = threads.start(self._run, self._name)

    # ---- for subclasses ----

    @abstractmethod
    def opened(self) -> None:
        """A connection was made: first on the thread that created this object, later on its own."""

    @abstractmethod
    def look(self, events: list[Any]) -> float | None:
        """Handle what has happened: these events, and `told`. Returns after how many seconds to look again."""

    def events(self) -> list[Any]:
        """Events that have arrived and are not merged."""
        found: list[Any] = []
        while self.display.pending_events() and len(found) < _WAITING:
            found.append(self.display.next_event())
        return found

    def take_told(self) -> Told:
        """What merged events have reported; counting starts again."""
        told, self.told = self.told, Told()
        return told

    def window_of(self, number: int) -> Any:
        """A window by its number."""
        return self.display.create_resource_object("window", number)

    def rest(self, seconds: float | None) -> None:
        """Sleep until something arrives, or a job is submitted."""
        ready, _, _ = select.select([self.display.fileno(), self._wake_r], [], [], seconds)
        if self._wake_r in ready:
            os.read(self._wake_r, 64)

    # ---- any thread ----

    def submit(self, job: Callable[[], Any]) -> concurrent.futures.Future[Any]:
        """Run a job on the thread, soon. Its future fails with DesktopError if the connection is lost."""
        future: concurrent.futures.Future[Any] = concurrent.futures.Future()
        self._jobs.append((job, future))
        if self._is_closing.is_set() or not self._is_open:
            self._refuse_jobs()
        else:
            self._wake()
        return future

    def _wake(self) -> None:
        with self._waking:
            if self._wake_w >= 0:
                os.write(self._wake_w, b"x")

    def _close_pipe(self) -> None:
        with self._waking:
            os.close(self._wake_r)
            os.close(self._wake_w)
            self._wake_r = self._wake_w = -1

    @property
    def waiting(self) -> list[Callable[[], Any]]:
        """The jobs that callers wait for."""
        return [job for job, future in list(self._jobs) if not future.cancelled()]

    @property
    def has_heard_all(self) -> bool:
        """Whether the thread has handled everything that the server has sent so far, and is idle."""
        if not self._is_asleep or self._jobs:
            return False
        try:
            return not select.select([self.display.fileno()], [], [], 0)[0]
        except (OSError, ValueError):  # the connection is just being closed
            return False

    def close(self) -> None:
        """End the thread and wait for it."""
        self._is_closing.set()
        self._wake()
        if self._thread:
            self._thread.join(2.0)

    # ---- its thread ----

    def _open(self) -> None:
        display = _connect()
        self.display = display
        self.root = display.screen().root
        self.told = Told()
        self._watched = {display.get_atom(name) for name in self._watched_names}
        self._selection_event = -1
        if display.has_extension("XFIXES"):
            display.xfixes_query_version()
            self._selection_event = display.extension_event.SetSelectionOwnerNotify[0]
        inner: Any = display.display
        parse = inner.parse_event_response

        def merge(kind: int) -> None:
            """Wraps Xlib's own method."""
            try:
                if self._merge(kind, bytes(inner.data_recv[:_EVENT_BYTES])):
                    inner.data_recv = bytesview(inner.data_recv, _EVENT_BYTES)
                    return
                parse(kind)
                if len(inner.event_queue) > _WAITING:
                    del inner.event_queue[0]
            except (LookupError, struct.error, TypeError, ValueError) as error:
                log.debug("an X event can't be used: %s", type(error).__name__)
                length = max(inner.recv_packet_len, _EVENT_BYTES)
                inner.recv_packet_len = 0
                inner.data_recv = bytesview(inner.data_recv, length)

        inner.parse_event_response = merge
        _use_numbers_once(inner)
        self._is_open = True

    def _merge(self, kind: int, event: bytes) -> bool:
        """Record an event that says "look again", and return whether it was one. Those sent by clients are ignored."""
        plain = kind & ~_SENT
        if plain not in _MERGED and plain != self._selection_event:
            return False
        if plain == X.PropertyNotify:
            _, window, atom, at = struct.unpack_from("=4L", event)
            if window != self.root.id:
                return bool(kind & _SENT)  # parts of a selection
            self.told.count += 1
            if atom in self._watched and not kind & _SENT:
                self.told.properties[atom] = at
        elif kind & _SENT:
            pass
        elif plain == X.MappingNotify:
            self.told.mapping = True
            self.told.count += 1
        elif plain != self._selection_event:
            self.told.focus |= plain in _OF_FOCUS
            self.told.count += 1
            if plain == X.DestroyNotify:
                self.told.destroyed.add(struct.unpack_from("=3L", event)[2])
        else:
            _, _, owner, selection, at = struct.unpack_from("=5L", event)
            self.told.selections[selection] = (owner, at)
            self.told.count += 1
        return True

    def _run(self) -> None:
        rest_s = _REST_S
        while not self._is_closing.is_set():
            try:
                if not self._is_open:
                    self._open()
                    self.opened()
                    log.warning("%s: the screen is back", self._name)
                self._serve()
                rest_s = _REST_S
            except Exception as error:
                is_known = isinstance(error, ConnectionClosedError | DisplayError | OSError)
                log.error("%s: lost the X server (%s)", self._name, type(error).__name__, exc_info=not is_known)
                self._is_open = False
                self._refuse_jobs()
                self._is_closing.wait(rest_s)
                rest_s = min(2 * rest_s, _LONGEST_REST_S)
            finally:
                if not self._is_open or self._is_closing.is_set():
                    with contextlib.suppress(Exception):
                        self.display.close()
        self._refuse_jobs()
        self._close_pipe()

    def _serve(self) -> None:
        while not self._is_closing.is_set():
            events = self.events()
            wait_s = self.look(events)
            self._work()
            if not self._jobs and not self.display.pending_events() and not self.told.count:
                self._is_asleep = True
                self.rest(wait_s)
                self._is_asleep = False  # before reading from the connection

    def _work(self) -> None:
        while self._jobs:
            job, future = self._jobs.popleft()
            if not future.set_running_or_notify_cancel():
                continue
            try:
                future.set_result(job())
            except (ConnectionClosedError, DisplayError, OSError) as error:
                future.set_exception(DesktopError(f"{self._name}: {type(error).__name__}"))
                raise
            except Exception as error:
                future.set_exception(error)

    def _refuse_jobs(self) -> None:
        while self._jobs:
            with contextlib.suppress(IndexError, concurrent.futures.InvalidStateError):
                future = self._jobs.popleft()[1]
                if future.set_running_or_notify_cancel():
                    future.set_exception(DesktopError(f"{self._name}: there is no connection"))


def _use_numbers_once(inner: Any) -> None:
    """Xlib reuses the id of the last destroyed window, so a new one would get events meant for the old one.

    A program that hands over a selection late sends such events.
    """
    allocate = inner.allocate_resource_id

    def allocate_next() -> int:
        number: int = allocate()
        inner.last_resource_id = (number + 1) & inner.info.resource_id_mask
        return number

    inner.allocate_resource_id = allocate_next


def _connect() -> Display:
    """Connect, on a separate thread, because Xlib waits without a limit. Raises DisplayError and OSError."""
    made: concurrent.futures.Future[Display] = concurrent.futures.Future()

    def connect() -> None:
        try:
            display = Display()
        except Exception as error:
            with contextlib.suppress(concurrent.futures.InvalidStateError):
                made.set_exception(error)
            return
        try:
            made.set_result(display)
        except concurrent.futures.InvalidStateError:  # the caller has given up
            display.close()

    threads.start(connect, "x11 connect")
    try:
        return made.result(_CONNECT_LIMIT_S)
    except TimeoutError:
        if not made.cancel():
            return made.result()
    raise DisplayConnectionError(os.environ.get("DISPLAY", ""), f"no answer within {_CONNECT_LIMIT_S:g} s")
