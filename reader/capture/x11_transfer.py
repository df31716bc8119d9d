"""Receives a text from the program that owns an X selection: ICCCM section 2, with a time limit.

Owners may be slow, hung or gone, use another encoding, or send megabytes piece by piece (INCR). Everything runs on the
caller's thread and returns within its limits.
"""

from __future__ import annotations

import struct
import time
from collections.abc import Callable
from typing import Any

from Xlib import X
from Xlib.display import Display
from Xlib.xobject.drawable import Window

from reader.capture.transfer import ANSWER_LIMIT_S, HUNG, IS_SECRET, LIMIT_BYTES, SECRET, WHOLE_LIMIT_S, decode
from reader.errors import CaptureError, CaptureTimeoutError, NothingToReadError
from reader.support.i18n import QT_TRANSLATE_NOOP, translate

# Encodings, in order of preference.
TARGETS = ("UTF8_STRING", "text/plain;charset=utf-8", "STRING", "COMPOUND_TEXT", "TEXT", "text/plain")
_LIST = "TARGETS"
# The properties for owners to write to: separate ones, because two are requested at once.
_PLACES = {_LIST: "HARKEN_TARGETS", **dict.fromkeys(TARGETS, "HARKEN_TEXT")}
_PIECE_LONGS = 1 << 18
_GONE = QT_TRANSLATE_NOOP("reader", "The program that had the text has closed.")


class Transfer:
    """One read of one selection. `wait` lets its thread handle what arrives in the meantime."""

    def __init__(
        self,
        display: Display,
        selection: int,
        wait: Callable[[float], object],
        is_superseded: Callable[[], bool],
        has_owner: Callable[[], bool] = lambda: True,
        limit_bytes: int = LIMIT_BYTES,
    ) -> None:
        """`wait` returns when something arrives, including a newer request, or after that many seconds.

        Then the other two are checked: `is_superseded` ends the read with NothingToReadError, a missing owner with
        CaptureTimeoutError.
        """
        self._display = display
        self._selection = selection
        self._sleep = wait
        self._is_superseded = is_superseded
        self._has_owner = has_owner
        self._limit_bytes = limit_bytes
        self._piece_longs = min(_PIECE_LONGS, limit_bytes // 4)
        self._answers: dict[int, int] = {}  # answers by target: the property each is in

    def read(self) -> tuple[str, bool]:
        """(text, whether it was cut short).

        Raises NothingToReadError, CaptureTimeoutError, or CaptureError for a password manager's secret.
        """
        # A separate window: an owner that wakes up late then writes to a window that is gone.
        window = self._display.screen().root.create_window(
            0, 0, 1, 1, 0, X.CopyFromParent, event_mask=X.PropertyChangeMask
        )
        try:
            self._request(window, _LIST)
            self._request(window, TARGETS[0])  # at once: each answer costs a turn of the other program
            if self._is_secret(window):
                raise CaptureError(translate("reader", IS_SECRET))
            for target in TARGETS:
                if target != TARGETS[0]:
                    self._request(window, target)
                found = self._receive(window, target)
                if found is not None:
                    data, encoding, is_cut = found
                    return decode(data, encoding), is_cut
        finally:
            window.destroy()
            self._display.flush()
        raise NothingToReadError(translate("reader", "The selection is not text."))

    def _is_secret(self, window: Window) -> bool:
        """Whether a password manager marked it as secret: its text is then not looked at.

        Checks the list of targets, because some programs answer for every target.
        """
        found = self._receive(window, _LIST)
        secret = self._display.get_atom(SECRET)
        data = found[0] if found else b""
        return any(target == secret for (target,) in struct.iter_unpack("=I", data[: len(data) // 4 * 4]))

    def _request(self, window: Window, target: str) -> None:
        window.convert_selection(
            self._selection, self._display.get_atom(target), self._display.get_atom(_PLACES[target]), X.CurrentTime
        )

    def _receive(self, window: Window, target: str) -> tuple[bytes, str, bool] | None:
        """(bytes, name of their encoding, whether cut short), None if the owner does not have `target`."""
        atom, place = self._display.get_atom(target), self._display.get_atom(_PLACES[target])
        if self._wait_for_answer(window, atom) == X.NONE:
            return None
        found = window.get_property(place, X.AnyPropertyType, 0, self._piece_longs)
        if found is None:
            return None
        if found.property_type == self._display.get_atom("INCR"):
            return self._receive_pieces(window, place)
        data, is_cut = self._whole(window, place, found)
        window.delete_property(place)
        return data, self._name(found.property_type), is_cut

    def _wait_for_answer(self, window: Window, target: int) -> int:
        """The property that the owner says it has written, X.NONE if it has no such target."""
        until_s = time.monotonic() + ANSWER_LIMIT_S
        while target not in self._answers:
            answer = self._wait(lambda e: e.type == X.SelectionNotify and e.requestor.id == window.id, until_s)
            self._answers[answer.target] = window_id(answer.property)
        return self._answers.pop(target)

    def _whole(self, window: Window, place: int, found: Any) -> tuple[bytes, bool]:
        """The content of a property, whose first part is given, up to the limit; and whether there is more."""
        parts = [_bytes(found.value)]
        size = len(parts[0])
        while found and found.bytes_after and size < self._limit_bytes:
            found = window.get_property(place, X.AnyPropertyType, size // 4, self._piece_longs)
            parts.append(_bytes(found.value) if found else b"")
            size += len(parts[-1])
            if not parts[-1]:
                break
        is_cut = size > self._limit_bytes or bool(found and found.bytes_after)
        return b"".join(parts)[: self._limit_bytes], is_cut

    def _receive_pieces(self, window: Window, place: int) -> tuple[bytes, str, bool]:
        """ICCCM 2.7.2: deleting the property requests the next piece; an empty piece is the last."""
        window.delete_property(place)
        whole_by = time.monotonic() + WHOLE_LIMIT_S
        pieces: list[bytes] = []
        size, encoding = 0, "UTF8_STRING"
        while size < self._limit_bytes:
            try:
                self._wait(
                    lambda e: (
                        e.type == X.PropertyNotify
                        and e.window.id == window.id
                        and e.atom == place
                        and e.state == X.PropertyNewValue
                    ),
                    min(time.monotonic() + ANSWER_LIMIT_S, whole_by),
                )
            except CaptureTimeoutError:
                if not pieces:
                    raise
                break
            found = window.get_property(place, X.AnyPropertyType, 0, self._piece_longs)
            piece = self._whole(window, place, found)[0] if found else b""
            window.delete_property(place)
            if not piece:
                return b"".join(pieces), encoding, False
            encoding = self._name(found.property_type) if found else encoding
            pieces.append(piece)
            size += len(piece)
        return b"".join(pieces), encoding, True

    def _name(self, kind: int) -> str:
        """The name of a property's type. The server is not asked for common ones."""
        known = {self._display.get_atom(target): target for target in (TARGETS[0], "STRING", "ATOM")}
        return known.get(kind) or str(self._display.get_atom_name(kind))

    def _wait(self, is_wanted: Callable[[Any], bool], until_s: float) -> Any:
        """The next matching event. Raises CaptureTimeoutError, or NothingToReadError if superseded."""
        while True:
            while self._display.pending_events():
                event = self._display.next_event()
                if is_wanted(event):
                    return event
            if not self._has_owner():
                raise CaptureTimeoutError(translate("reader", _GONE))
            if self._is_superseded():
                raise NothingToReadError(translate("reader", "Another key was pressed."))
            left_s = until_s - time.monotonic()
            if left_s <= 0:
                raise CaptureTimeoutError(translate("reader", HUNG))
            self._sleep(min(left_s, 0.1))


def window_id(window: Any) -> int:
    """Xlib represents windows as objects, but a missing window as a number."""
    return int(getattr(window, "id", window))


def _bytes(value: Any) -> bytes:
    return value if isinstance(value, bytes) else bytes(value)
