"""A program with a window that owns PRIMARY in a difficult way: `python -m tests.fakes.x11_owner MODE`.

Modes: utf8, latin1 (STRING only), compound, broken (promises UTF-8, sends Latin-1), image (no text at all),
secret (a password manager's), incr (piece by piece), stall (piece by piece, then nothing), vanish (ends in the
middle), hang (no answer), late (says only at the second request that it has answered the first, to a window that was
gone, and takes its time for the second; prints that it has the first).
"""

from __future__ import annotations

import struct
import sys
import time
from typing import Any

from Xlib import X, Xatom
from Xlib.display import Display
from Xlib.protocol import event

TEXT = "Grüße aus dem Fenster eines anderen Programms, das seine eigene Art hat."
PIECE = 60_000
PIECES = 80


def main(mode: str) -> None:
    """Map a window, own PRIMARY, answer for ever."""
    display = Display()
    screen = display.screen()
    window = screen.root.create_window(100, 100, 300, 200, 1, screen.root_depth, event_mask=X.PropertyChangeMask)
    window.set_wm_class("owner", "owner")
    window.set_wm_name(f"owner {mode}")
    window.map()
    window.set_selection_owner(Xatom.PRIMARY, X.CurrentTime)
    display.flush()
    owner = Owner(display, mode)
    while True:
        found = display.next_event()
        if found.type == X.SelectionRequest and mode != "hang":
            owner.answer(found)
        elif found.type == X.PropertyNotify and found.state == X.PropertyDelete:
            owner.go_on(found)
        elif found.type == X.SelectionClear:
            return


class Owner:
    """Answers requests for PRIMARY."""

    def __init__(self, display: Display, mode: str) -> None:
        self._display = display
        self._mode = mode
        self._left = 0
        self._kept: Any = None

    def answer(self, request: Any) -> None:
        target = self._display.get_atom_name(request.target)
        if self._mode == "late" and target == "UTF8_STRING" and not self._is_second(request):
            return
        data, kind = self._data(target)
        place = request.property if data is not None else X.NONE
        if data is not None:
            if self._mode in ("incr", "stall", "vanish"):
                request.requestor.change_attributes(event_mask=X.PropertyChangeMask)
                incr = self._display.intern_atom("INCR")
                request.requestor.change_property(request.property, incr, 32, [PIECE * PIECES])
                self._left = PIECES
            else:
                unit = 32 if kind == "ATOM" else 8
                value = struct.unpack(f"={len(data) // 4}I", data) if kind == "ATOM" else data
                request.requestor.change_property(request.property, self._display.intern_atom(kind), unit, value)
        self._notify(request, place)

    def _is_second(self, request: Any) -> bool:
        if not self._kept:
            self._kept = request
            print("kept", flush=True)
            return False
        self._notify(self._kept, self._kept.property)
        time.sleep(0.2)  # for who takes that for an answer
        return True

    def _notify(self, request: Any, place: int) -> None:
        request.requestor.send_event(
            event.SelectionNotify(
                time=request.time,
                requestor=request.requestor,
                selection=request.selection,
                target=request.target,
                property=place,
            )
        )
        self._display.flush()

    def _data(self, target: str) -> tuple[bytes | None, str]:
        match self._mode, target:
            case ("latin1", "STRING"):
                return TEXT.encode("latin-1"), "STRING"
            case ("compound", "COMPOUND_TEXT"):
                return b"Gr\xfc\xdfe \x1b%G" + b"aus dem Fenster" + b"\x1b%@ hier.", "COMPOUND_TEXT"
            case ("broken", "UTF8_STRING"):
                return TEXT.encode("latin-1"), "UTF8_STRING"
            case ("secret", "TARGETS"):
                names = ("TARGETS", "UTF8_STRING", "x-kde-passwordManagerHint")
                return struct.pack("=3I", *(self._display.intern_atom(name) for name in names)), "ATOM"
            case ("utf8" | "secret" | "incr" | "stall" | "vanish" | "late", "UTF8_STRING"):
                return TEXT.encode(), "UTF8_STRING"
            case _:
                return None, ""

    def go_on(self, notify: Any) -> None:
        """The reader has taken a piece: write the next."""
        if notify.atom == self._display.intern_atom("_NET_WM_STATE") or self._left < 0:
            return
        if self._mode == "stall" and self._left < PIECES // 2:
            return
        if self._mode == "vanish" and self._left < PIECES // 2:
            sys.exit()
        self._left -= 1
        text = (f"Piece {PIECES - self._left} of a long text. " * PIECE)[:PIECE].encode() if self._left >= 0 else b""
        notify.window.change_property(notify.atom, self._display.intern_atom("UTF8_STRING"), 8, text)
        self._display.flush()


if __name__ == "__main__":
    main(sys.argv[1])
