"""The X selection (PRIMARY) and the clipboard, and whether a selection is what the user is looking at.

Programs keep PRIMARY long after the user has gone elsewhere. It is taken for meant when one of these holds:

1. the window that owns it and the active window belong to the same X client or the same process, or the
   owner is a program running in the terminal that is active;
2. it was made since the active window became the active one (a helper such as xclip, run from there);
3. no window is active, or only Harken's own ever was.

Everything else is an old selection of another program, and is not read as if it were new.

One thread has the connection to the X server; it sleeps until the selection or the active window changes.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import logging
import os
import select
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from Xlib import X, Xatom
from Xlib.display import Display
from Xlib.error import ConnectionClosedError, DisplayError, XError
from Xlib.ext import res, xfixes

from reader import tasks
from reader.capture.base import LIMIT_CHARS
from reader.capture.x11_transfer import Transfer, window_id
from reader.errors import CaptureError, NothingToReadError
from reader.flow import CapturedText, Source
from reader.words import QT_TRANSLATE_NOOP, translate

log = logging.getLogger(__name__)

# A selection is taken for made when it has not changed for so long and no button is held.
_SETTLED_S = 0.25
_ALL_CHANGES = (
    xfixes.XFixesSetSelectionOwnerNotifyMask
    | xfixes.XFixesSelectionWindowDestroyNotifyMask
    | xfixes.XFixesSelectionClientCloseNotifyMask
)
_GONE = QT_TRANSLATE_NOOP("reader", "The connection to the screen is gone. Start Harken again.")


class X11Watcher:
    """The thread, and what it knows."""

    def __init__(self, on_new_selection: Callable[[], None]) -> None:
        """`on_new_selection` is called on the watcher's thread while `watches_selection` is set.

        Raises DisplayError (or another of Xlib's) where there is no X server.
        """
        self.watches_selection = False
        self._on_new_selection = on_new_selection
        self._display = Display()
        self._root = self._display.screen().root
        self._primary = Xatom.PRIMARY
        self._active_atom = self._display.get_atom("_NET_ACTIVE_WINDOW")
        self._wake_r, self._wake_w = os.pipe()
        self._jobs: deque[tuple[Callable[[], Any], concurrent.futures.Future[Any]]] = deque()
        self._selected_at = 0  # X server time at which PRIMARY changed hands, ms; 0 unknown
        self._active_at = 0  # likewise the active window
        self._active = 0  # the active window, Harken's own aside
        self._settles_s = 0.0  # when to look at a new selection; 0 when there is none
        self._is_closing = False
        self._subscribe()
        self._thread = tasks.thread(self._run, "x11 capture")

    def _subscribe(self) -> None:
        self._root.change_attributes(event_mask=X.PropertyChangeMask)
        if self._display.has_extension("XFIXES"):
            self._display.xfixes_query_version()
            self._display.xfixes_select_selection_input(self._root, self._primary, _ALL_CHANGES)
        self._note_active(0)
        self._display.flush()

    # ---- any thread ----

    def submit(self, job: Callable[[], Any]) -> concurrent.futures.Future[Any]:
        """Run a job on the watcher's thread, soon. A transfer in hand gives way."""
        future: concurrent.futures.Future[Any] = concurrent.futures.Future()
        if not self._thread.is_alive():
            future.set_exception(CaptureError(translate("reader", _GONE)))
            return future
        self._jobs.append((job, future))
        os.write(self._wake_w, b"x")
        return future

    def close(self) -> None:
        """End the thread and wait for it."""
        self._is_closing = True
        os.write(self._wake_w, b"x")
        self._thread.join(2.0)

    # ---- the watcher's thread ----

    def read(self, selection: int) -> tuple[str, bool]:
        """The text of a selection, and whether it was cut short. Raises CaptureError."""
        if selection == self._primary:
            self._check_is_meant()
        elif window_id(self._display.get_selection_owner(selection)) == X.NONE:
            raise NothingToReadError(translate("reader", "The clipboard is empty."))
        transfer = Transfer(self._display, selection, lambda: bool(self._jobs))
        try:
            text, is_cut = transfer.read()
        finally:
            for event in transfer.others:
                self._note(event)
        if not text.strip():
            raise NothingToReadError(translate("reader", "Nothing is selected."))
        return text[:LIMIT_CHARS], is_cut or len(text) > LIMIT_CHARS

    def clipboard(self) -> int:
        """The atom of the clipboard."""
        return self._display.get_atom("CLIPBOARD")

    def _check_is_meant(self) -> None:
        """Raises NothingToReadError unless PRIMARY is what the user is looking at."""
        self._drain()
        owner = window_id(self._display.get_selection_owner(self._primary))
        if owner == X.NONE:
            raise NothingToReadError(translate("reader", "Nothing is selected."))
        if not self._active or self._is_same_program(owner, self._active):
            return
        if self._selected_at and self._active_at and _is_later(self._selected_at, self._active_at):
            return
        raise NothingToReadError(translate("reader", "Nothing is selected in this window."))

    def _is_same_program(self, owner: int, active: int) -> bool:
        own_part = ~self._display.display.info.resource_id_mask
        if owner & own_part == active & own_part:
            return True
        owner_pid, active_pid = self._pid(owner), self._pid(active)
        if owner_pid is None or active_pid is None:
            return False
        return owner_pid == active_pid or _runs_in_terminal(owner_pid, active_pid)

    def _pid(self, window: int) -> int | None:
        """The process of the client that made a window; None for one on another machine."""
        if not self._display.has_extension("X-Resource"):
            return None
        spec = [{"client": window, "mask": res.LocalClientPIDMask}]
        with contextlib.suppress(XError, KeyError, IndexError):
            for answer in self._display.res_query_client_ids(spec).ids:
                if answer.value:
                    return int(answer.value[0])
        return None

    def _note_active(self, at: int) -> None:
        """The active window is another one since `at` (X server time)."""
        found = self._root.get_full_property(self._active_atom, X.AnyPropertyType)
        active = int(found.value[0]) if found and len(found.value) else self._focused()
        if active and self._pid(active) == os.getpid():
            return  # Harken's own window: what is meant is in the one before it
        if active != self._active:
            self._active, self._active_at = active, at

    def _focused(self) -> int:
        """The window with the keyboard, where no window manager tells."""
        focus = window_id(self._display.get_input_focus().focus)
        return focus if focus not in (X.NONE, X.PointerRoot, self._root.id) else 0

    def _run(self) -> None:
        try:
            while not self._is_closing:
                self._drain()
                self._work()
                self._settle()
                if not self._jobs and not self._display.pending_events():
                    wait_s = max(self._settles_s - time.monotonic(), 0.01) if self._settles_s else None
                    ready, _, _ = select.select([self._display.fileno(), self._wake_r], [], [], wait_s)
                    if self._wake_r in ready:
                        os.read(self._wake_r, 64)
        except (ConnectionClosedError, DisplayError, OSError, ValueError) as error:
            log.error("lost the X server: %s", error)
        finally:
            while self._jobs:
                self._jobs.popleft()[1].set_exception(CaptureError(translate("reader", _GONE)))
            with contextlib.suppress(Exception):
                self._display.close()

    def _work(self) -> None:
        while self._jobs:
            job, future = self._jobs.popleft()
            if not future.set_running_or_notify_cancel():
                continue
            try:
                future.set_result(job())
            except (CaptureError, XError) as error:
                future.set_exception(error)
            except BaseException as error:
                future.set_exception(CaptureError(translate("reader", _GONE)))
                raise error from None

    def _drain(self) -> None:
        while self._display.pending_events():
            self._note(self._display.next_event())

    def _note(self, event: Any) -> None:
        if event.type == X.PropertyNotify and event.window == self._root:
            if event.atom == self._active_atom:
                self._note_active(event.time)
        elif getattr(event, "selection", None) == self._primary and hasattr(event, "selection_timestamp"):
            self._selected_at = event.timestamp
            if self.watches_selection and window_id(event.owner) != X.NONE:
                self._settles_s = time.monotonic() + _SETTLED_S

    def _settle(self) -> None:
        """A new selection is told when it is finished: the mouse is let go and it no longer changes."""
        if self._settles_s and time.monotonic() >= self._settles_s:
            if self._root.query_pointer().mask & X.Button1Mask:
                self._settles_s = time.monotonic() + _SETTLED_S / 2
            else:
                self._settles_s = 0.0
                self._on_new_selection()


class X11Text:
    """PRIMARY or the clipboard as a TextSource."""

    def __init__(self, watcher: X11Watcher, source: Source) -> None:
        """`source` is SELECTION or CLIPBOARD."""
        self.name = f"x11 {source}"
        self._watcher = watcher
        self._source = source

    async def read(self) -> CapturedText:
        """See TextSource."""
        try:
            text, is_cut = await asyncio.wrap_future(self._watcher.submit(self._read))
        except XError as error:
            raise CaptureError(
                translate("reader", "The screen refused to hand over the selection. Press the key again.")
            ) from error
        return CapturedText(text, self._source, is_cut)

    def _read(self) -> tuple[str, bool]:
        is_primary = self._source is Source.SELECTION
        return self._watcher.read(Xatom.PRIMARY if is_primary else self._watcher.clipboard())

    async def close(self) -> None:
        """See TextSource. The watcher is ended by the selection's source."""
        if self._source is Source.SELECTION:
            await asyncio.to_thread(self._watcher.close)


def _is_later(time_ms: int, than_ms: int) -> bool:
    """Compare two X server times, which wrap around after 49 days."""
    return (time_ms - than_ms) % (1 << 32) < 1 << 31


def _runs_in_terminal(pid: int, terminal_pid: int) -> bool:
    """Whether a process has a terminal for its input and descends from the program that shows it."""
    _, tty = _parent_and_tty(pid)
    for _ in range(64):
        if not tty or pid <= 1:
            return False
        pid, _ = _parent_and_tty(pid)
        if pid == terminal_pid:
            return True
    return False


def _parent_and_tty(pid: int) -> tuple[int, int]:
    """(parent's pid, number of the controlling terminal), zeros where there is none. See proc(5)."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            fields = file.read().rpartition(")")[2].split()
        return int(fields[1]), int(fields[4])
    except (OSError, ValueError, IndexError):
        return 0, 0
