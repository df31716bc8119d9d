"""The X selection (PRIMARY) and the clipboard, and whether a selection is what the user is looking at.

Programs keep PRIMARY long after the user has gone elsewhere. It is taken for meant when one of these holds:

1. the window that owns it and the active window belong to the same X client or the same process, or the
   owner is a program running in the terminal that is active;
2. it was made since the active window became the active one (a helper such as xclip, run from there);
3. no window is active, or only Harken's own ever was.

Everything else is an old selection of another program, and is not read as if it were new.

One thread has the connection to the X server; it sleeps until the selection or the active window changes. Where these
change faster than people can do it, it asks instead of being told.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import time
from collections.abc import Callable
from typing import Any

from Xlib import X, Xatom
from Xlib.error import XError
from Xlib.ext import res, xfixes

from reader.capture.base import LIMIT_CHARS
from reader.capture.x11_transfer import Transfer, window_id
from reader.errors import CaptureError, DesktopError, NothingToReadError
from reader.flow import CapturedText, Source
from reader.support.i18n import QT_TRANSLATE_NOOP, translate
from reader.x11 import XThread

log = logging.getLogger(__name__)

# A selection is taken for made when it has not changed for so long and no button is held.
_SETTLED_S = 0.25
_ALL_CHANGES = (
    xfixes.XFixesSetSelectionOwnerNotifyMask
    | xfixes.XFixesSelectionWindowDestroyNotifyMask
    | xfixes.XFixesSelectionClientCloseNotifyMask
)
_ACTIVE_WINDOW = "_NET_ACTIVE_WINDOW"
# More changes than this in a second are no person's doing; then so long nothing is to be told.
_MOST_A_SECOND = 300
_DEAF_S = 2.0
_GONE = QT_TRANSLATE_NOOP("reader", "The connection to the display was lost. Start Harken again.")


class X11Watcher(XThread):
    """The thread, and what it knows."""

    def __init__(self, on_new_selection: Callable[[], None]) -> None:
        """`on_new_selection` is called on the watcher's thread while `watches_selection` is set.

        Raises DisplayError (or another of Xlib's) where there is no X server.
        """
        super().__init__("x11 capture", (_ACTIVE_WINDOW,))
        self.watches_selection = False
        self._on_new_selection = on_new_selection
        self._primary = Xatom.PRIMARY
        self._selected_at = 0  # X server time at which PRIMARY changed hands, ms; 0 unknown
        self._active_at = 0  # likewise the active window
        self._active = 0  # the active window, Harken's own aside
        self._settles_s = 0.0  # when to look at a new selection; 0 when there is none
        self._second_s = 0.0  # the one in which events are counted
        self._count = 0
        self._deaf_until_s = 0.0  # not told of changes until then; 0 when told
        self.begin()

    def opened(self) -> None:
        """See XThread."""
        self._selected_at = self._active_at = 0
        self._deaf_until_s = 0.0
        self._listen(True)
        self._note_active(0)
        self.display.flush()

    def _listen(self, is_wanted: bool) -> None:
        self.root.change_attributes(event_mask=X.PropertyChangeMask if is_wanted else 0)
        if self.display.has_extension("XFIXES"):
            self.display.xfixes_select_selection_input(self.root, self._primary, _ALL_CHANGES if is_wanted else 0)

    # ---- the watcher's thread ----

    def look(self, events: list[Any]) -> float | None:
        """See XThread."""
        self._note()
        self._settle()
        now_s = time.monotonic()
        if self._deaf_until_s and now_s >= self._deaf_until_s:
            self._deaf_until_s = 0.0
            self._count, self._second_s = 0, now_s
            self._listen(True)
            self._note_active(0)
        waits = [at_s - now_s for at_s in (self._settles_s, self._deaf_until_s) if at_s]
        return max(min(waits), 0.01) if waits else None

    def _note(self) -> None:
        """Take in what the server has told."""
        told = self.take_told()
        if told.selections.get(self._primary):
            owner, self._selected_at = told.selections[self._primary]
            if self.watches_selection and owner != X.NONE:
                self._settles_s = time.monotonic() + _SETTLED_S
        if at := told.properties.get(self._active_atom()):
            self._note_active(at)
        self._mind(told.count)

    def _mind(self, count: int) -> None:
        """Events beyond what people do: the server is to tell nothing for a while, and who needs to know asks."""
        now_s = time.monotonic()
        if now_s - self._second_s > 1.0:
            self._second_s, self._count = now_s, 0
        self._count += count
        if self._count > _MOST_A_SECOND and not self._deaf_until_s:
            log.warning("somebody changes the screen's properties or selection all the time; asked only when needed")
            self._deaf_until_s = now_s + _DEAF_S
            self._listen(False)
            self._selected_at = 0  # when it is made is not told any more

    def _active_atom(self) -> int:
        return int(self.display.get_atom(_ACTIVE_WINDOW))

    def read(self, selection: int) -> tuple[str, bool]:
        """The text of a selection, and whether it was cut short. Raises CaptureError."""
        if selection == self._primary:
            self._check_is_meant()
        elif window_id(self.display.get_selection_owner(selection)) == X.NONE:
            raise NothingToReadError(translate("reader", "The clipboard is empty."))

        def has_owner() -> bool:
            return self.told.selections.get(selection, (selection, 0))[0] != X.NONE

        text, is_cut = Transfer(self.display, selection, lambda: self.has_jobs, has_owner).read()
        if not text.strip():
            raise NothingToReadError(translate("reader", "Nothing is selected."))
        return text[:LIMIT_CHARS], is_cut or len(text) > LIMIT_CHARS

    def clipboard(self) -> int:
        """The atom of the clipboard."""
        return self.display.get_atom("CLIPBOARD")

    def _check_is_meant(self) -> None:
        """Raises NothingToReadError unless PRIMARY is what the user is looking at."""
        self.display.sync()
        self._note()
        if self._deaf_until_s:
            self._note_active(0)
        owner = window_id(self.display.get_selection_owner(self._primary))
        if owner == X.NONE:
            raise NothingToReadError(translate("reader", "Nothing is selected."))
        if not self._active or self._is_same_program(owner, self._active):
            return
        focused = self._focused()
        if focused and self._pid(focused) != os.getpid() and self._is_same_program(owner, focused):
            return
        if self._selected_at and self._active_at and _is_later(self._selected_at, self._active_at):
            return
        raise NothingToReadError(translate("reader", "Nothing is selected in this window."))

    def _is_same_program(self, owner: int, active: int) -> bool:
        own_part = ~self.display.display.info.resource_id_mask
        if owner & own_part == active & own_part:
            return True
        owner_pid, active_pid = self._pid(owner), self._pid(active)
        if owner_pid is None or active_pid is None:
            return False
        return owner_pid == active_pid or _runs_in_terminal(owner_pid, active_pid)

    def _pid(self, window: int) -> int | None:
        """The process of the client that made a window; None for one on another machine."""
        if not self.display.has_extension("X-Resource"):
            return None
        spec = [{"client": window, "mask": res.LocalClientPIDMask}]
        with contextlib.suppress(XError, KeyError, IndexError):
            for answer in self.display.res_query_client_ids(spec).ids:
                if answer.value:
                    return int(answer.value[0])
        return None

    def _note_active(self, at: int) -> None:
        """The active window is another one since `at` (X server time)."""
        found = self.root.get_property(self._active_atom(), Xatom.WINDOW, 0, 1)
        is_told = found is not None and found.format == 32 and len(found.value) == 1
        active = int(found.value[0]) if is_told else self._focused()
        if active and self._pid(active) == os.getpid():
            return  # Harken's own window: what is meant is in the one before it
        if active != self._active:
            self._active, self._active_at = active, at

    def _focused(self) -> int:
        """The window with the keyboard, where no window manager tells."""
        focus = window_id(self.display.get_input_focus().focus)
        return focus if focus not in (X.NONE, X.PointerRoot, self.root.id) else 0

    def _settle(self) -> None:
        """A new selection is told when it is finished: the mouse is let go and it no longer changes."""
        if self._settles_s and time.monotonic() >= self._settles_s:
            if self.root.query_pointer().mask & X.Button1Mask:
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
        except DesktopError as error:
            raise CaptureError(translate("reader", _GONE)) from error
        except XError as error:
            raise CaptureError(
                translate("reader", "The display did not hand over the selection. Press the key again.")
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
