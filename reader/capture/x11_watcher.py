"""Watches the selection (PRIMARY), the clipboard and the active window on the X server, on its own thread.

It sleeps until the selection or the active window changes. If these change faster than people could cause, it polls
instead of being notified.
"""

from __future__ import annotations

import contextlib
import logging
import os
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from Xlib import X, Xatom
from Xlib.error import XError
from Xlib.ext import res, xfixes

from reader.capture.ancestry import runs_in_terminal
from reader.capture.base import LIMIT_CHARS, Front, InFront, Selection
from reader.capture.quiet import Quiet
from reader.capture.server_clock import ServerClock
from reader.capture.transfer import BEGINNING_BYTES, LIMIT_BYTES
from reader.capture.x11_transfer import Transfer, window_id
from reader.errors import NothingToReadError
from reader.support.i18n import translate
from reader.x11 import XThread

log = logging.getLogger(__name__)

# A selection is complete when it has not changed for this long and no button is held.
_SETTLED_S = 0.25
_ALL_CHANGES = (
    xfixes.XFixesSetSelectionOwnerNotifyMask
    | xfixes.XFixesSelectionWindowDestroyNotifyMask
    | xfixes.XFixesSelectionClientCloseNotifyMask
)
_ACTIVE_WINDOW = "_NET_ACTIVE_WINDOW"
# More changes in a second than this are not caused by a person; notifications are then off for this long.
_MOST_A_SECOND = 300
_DEAF_S = 2.0


class X11Watcher(XThread):
    """The watcher thread, and what it knows."""

    def __init__(self, on_new_selection: Callable[[], None]) -> None:
        """`on_new_selection` is called on the watcher's thread while `watches_selection` is set.

        Raises DisplayError (or another of Xlib's) if there is no X server.
        """
        super().__init__("x11 capture", (_ACTIVE_WINDOW,))
        self.is_beside_wayland = bool(os.environ.get("WAYLAND_DISPLAY"))
        self.watches_selection = False
        self.on_selection: Callable[[bool], None] = lambda is_there: None  # see Telling.tell; on the watcher's thread
        self.quiet = Quiet(lambda is_there: self.on_selection(is_there))
        self._on_new_selection = on_new_selection
        self._primary = Xatom.PRIMARY
        self._clock = ServerClock()
        self._selected_s: float | None = None  # when PRIMARY changed hands (time.monotonic()); None if unknown
        self._active_s = 0.0  # the same for the active window: then, or earlier
        self._active = 0  # the active window, ignoring Harken's own
        self._before = (0, 0.0)  # the last window before there was none, and since when it was active
        self._known_front: InFront | None = None  # the active window; None if the server must be asked
        self._settles_s = 0.0  # when to look at a new selection; 0 if there is none
        self._second_s = 0.0  # the second in which events are counted
        self._count = 0
        self._deaf_until_s = 0.0  # until when changes are not reported; 0 if they are
        self.begin()

    def opened(self) -> None:
        self._clock = ServerClock()
        self._selected_s = None
        self._deaf_until_s = 0.0
        self.quiet.change(time.monotonic(), is_there=False)
        self._listen(True)
        self._note_active(time.monotonic())
        self.display.flush()

    def _listen(self, is_wanted: bool) -> None:
        self.root.change_attributes(event_mask=X.PropertyChangeMask if is_wanted else 0)
        if self.display.has_extension("XFIXES"):
            self.display.xfixes_select_selection_input(self.root, self._primary, _ALL_CHANGES if is_wanted else 0)

    # ---- the watcher's thread ----

    def look(self, events: list[Any]) -> float | None:
        self._note()
        self._settle()
        now_s = time.monotonic()
        self.quiet.look(now_s)
        if self._deaf_until_s and now_s >= self._deaf_until_s:
            self._deaf_until_s = 0.0
            self._count, self._second_s = 0, now_s
            self._listen(True)
            self._note_active(now_s)
        waits = [at_s - now_s for at_s in (self._settles_s, self._deaf_until_s, self.quiet.due_s) if at_s]
        return max(min(waits), 0.01) if waits else None

    def _note(self) -> None:
        """Process what the server has reported."""
        told = self.take_told()
        if told.selections.get(self._primary):
            owner, at_ms = told.selections[self._primary]
            self._selected_s = self._clock.seconds(at_ms)
            self.quiet.change(time.monotonic(), is_there=owner != X.NONE)
            if self.watches_selection and owner != X.NONE:
                self._settles_s = time.monotonic() + _SETTLED_S
        if at_ms := told.properties.get(self._active_atom(), 0):
            self._note_active(self._clock.seconds(at_ms))
        self._mind(told.count)

    def _mind(self, count: int) -> None:
        """If there are more events than people cause, stop notifications for a while; callers then ask the server."""
        now_s = time.monotonic()
        if now_s - self._second_s > 1.0:
            self._second_s, self._count = now_s, 0
        self._count += count
        if self._count > _MOST_A_SECOND and not self._deaf_until_s:
            log.warning("the screen's properties or selection change all the time; asked only when needed")
            self._deaf_until_s = now_s + _DEAF_S
            self._listen(False)
            self._selected_s = self._known_front = None  # no longer reported
            self.quiet.change(now_s, is_there=False)

    def _active_atom(self) -> int:
        return int(self.display.get_atom(_ACTIVE_WINDOW))

    def read_beginning(self) -> tuple[str, bool]:
        """As `read`, of PRIMARY, but only as much as is needed to prepare speech."""
        return self.read(self._primary, BEGINNING_BYTES)

    def read(self, selection: int, limit_bytes: int = LIMIT_BYTES) -> tuple[str, bool]:
        """The text of a selection, and whether it was cut short. Raises CaptureError."""
        if selection != self._primary and window_id(self.display.get_selection_owner(selection)) == X.NONE:
            raise NothingToReadError(translate("reader", "The clipboard is empty."))

        def has_owner() -> bool:
            return self.told.selections.get(selection, (selection, 0))[0] != X.NONE

        transfer = Transfer(self.display, selection, self.rest, self._is_superseded, has_owner, limit_bytes)
        text, is_cut = transfer.read()
        if not text.strip():
            raise NothingToReadError(translate("reader", "Nothing is selected."))
        return text[:LIMIT_CHARS], is_cut or len(text) > LIMIT_CHARS

    def _is_superseded(self) -> bool:
        """Whether a newer key press is waiting. Other waiting jobs belong to the same key press, or to none."""
        others = self.in_front, self.read_beginning, self.quiet.leave
        return any(job not in others for job in self.waiting)

    def read_if_meant(self, finding: Future[Selection]) -> tuple[str, bool] | None:
        """The text of PRIMARY, if `finding` says that it is current. Raises CaptureError."""
        is_meant = not finding.cancelled() and not finding.exception() and finding.result().is_meant()
        return self.read(self._primary) if is_meant else None

    def clipboard(self) -> int:
        """The atom of the clipboard."""
        return self.display.get_atom("CLIPBOARD")

    def find(self) -> Selection:
        """What is known about PRIMARY, except for its text."""
        owner = window_id(self.display.get_selection_owner(self._primary))
        self._look_again()
        if owner == X.NONE:
            return Selection(text="")
        return Selection(self._front(owner), selected_s=self._selected_s, front_since_s=self._active_s)

    def known_front(self) -> InFront | None:
        """The result of `in_front`, if known without asking the server. Any thread."""
        return self._known_front if self.has_heard_all else None

    def in_front(self) -> InFront:
        """The active window; unknown if there is none, or if it is a native Wayland window."""
        self.display.sync()
        self._look_again()
        return self._known_front or self._ask_front(is_told=self._told_active() is not None)

    def _ask_front(self, *, is_told: bool) -> InFront:
        if not self._active or (self.is_beside_wayland and not self._is_of_x(self._active)):
            return InFront()
        return InFront(self._pid(self._active) or 0, self._active_s if is_told else None)

    def _look_again(self) -> None:
        """Process events after a round trip to the server, which has sent all earlier ones before its answer."""
        self._note()
        if self._deaf_until_s:
            self._note_active(time.monotonic())

    def _front(self, owner: int) -> Front:
        if self.is_beside_wayland and not self._is_of_x(self._active):
            return Front.UNKNOWN
        if not self._active:
            return Front.ANOTHERS
        if self._is_same_program(owner, self._active):
            return Front.ITS_OWN
        focused = self._focused()
        if focused and self._pid(focused) != os.getpid() and self._is_same_program(owner, focused):
            return Front.ITS_OWN
        return Front.ANOTHERS

    def _is_of_x(self, window: int) -> bool:
        """Whether a window is a program's. The compositor puts one of its own in front for native Wayland windows."""
        check = self.root.get_property(self.display.get_atom("_NET_SUPPORTING_WM_CHECK"), Xatom.WINDOW, 0, 1)
        is_told = check is not None and check.format == 32 and len(check.value) == 1
        own_part = ~self.display.display.info.resource_id_mask
        return bool(window) and is_told and window & own_part != int(check.value[0]) & own_part

    def _is_same_program(self, owner: int, active: int) -> bool:
        own_part = ~self.display.display.info.resource_id_mask
        if owner & own_part == active & own_part:
            return True
        owner_pid, active_pid = self._pid(owner), self._pid(active)
        if owner_pid is None or active_pid is None:
            return False
        return owner_pid == active_pid or runs_in_terminal(owner_pid, active_pid)

    def _pid(self, window: int) -> int | None:
        """The process of the client that created a window; None if it is on another machine."""
        if not self.display.has_extension("X-Resource"):
            return None
        spec = [{"client": window, "mask": res.LocalClientPIDMask}]
        with contextlib.suppress(XError, KeyError, IndexError):
            for answer in self.display.res_query_client_ids(spec).ids:
                if answer.value:
                    return int(answer.value[0])
        return None

    def _note_active(self, at_s: float) -> None:
        """Note that the active window may have changed, at `at_s` at the latest (time.monotonic())."""
        told = self._told_active()
        self._set_active(self._focused() if told is None else told, at_s)
        is_told = told is not None and not self._deaf_until_s
        self._known_front = self._ask_front(is_told=True) if is_told else None

    def _set_active(self, active: int, at_s: float) -> None:
        if active and self._pid(active) == os.getpid():
            # Harken's own window: the user means the one before it. In between, window managers may report none.
            if not self._active and self._is_shown(self._before[0]):
                self._active, self._active_s = self._before
            return
        if active != self._active:
            if not active:
                self._before = (self._active, self._active_s)
            self._active, self._active_s = active, at_s
            self.quiet.leave()

    def _is_shown(self, window: int) -> bool:
        try:
            found = self.display.create_resource_object("window", window).get_attributes()
        except XError:  # it is gone
            return False
        return bool(found.map_state == X.IsViewable)

    def _told_active(self) -> int | None:
        """The active window according to the window manager; None if none reports it: then the time is unknown."""
        found = self.root.get_property(self._active_atom(), Xatom.WINDOW, 0, 1)
        is_told = found is not None and found.format == 32 and len(found.value) == 1
        return int(found.value[0]) if is_told else None

    def _focused(self) -> int:
        """The window with the keyboard focus, 0 if there is none."""
        focus = window_id(self.display.get_input_focus().focus)
        return focus if focus not in (X.NONE, X.PointerRoot, self.root.id) else 0

    def _settle(self) -> None:
        """Report a new selection when it is complete: the mouse button is released and it no longer changes."""
        if self._settles_s and time.monotonic() >= self._settles_s:
            if self.root.query_pointer().mask & X.Button1Mask:
                self._settles_s = time.monotonic() + _SETTLED_S / 2
            else:
                self._settles_s = 0.0
                self._on_new_selection()
