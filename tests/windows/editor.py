"""Runs in Windows: a program with one text field, which does what it is told on its standard input, a line each.

`select TEXT` comes to the front with that text selected in it, `nothing` with nothing selected; `hang` has it answer
nobody until `wake`. Each is answered with its first word when it is done. It ends when its standard input closes.
"""

from __future__ import annotations

import ctypes
import queue
import sys
import threading
import time
from ctypes import wintypes

from reader import win32

_SHOWN = 0x10CF0000  # WS_OVERLAPPEDWINDOW | WS_VISIBLE
_SELECT, _REMOVE = 0x00B1, 0x0001  # EM_SETSEL, PM_REMOVE
_STEP_S = 0.002


def main() -> None:
    """See above."""
    told: queue.Queue[str | None] = queue.Queue()
    threading.Thread(target=_listen, args=(told,), daemon=True).start()
    user = win32.user32()
    window = wintypes.HWND(user.CreateWindowExW(0, "EDIT", "", _SHOWN, 0, 0, 400, 100, None, None, None, None))
    message = wintypes.MSG()
    while True:
        while user.PeekMessageW(ctypes.byref(message), None, 0, 0, _REMOVE):
            user.TranslateMessage(ctypes.byref(message))
            user.DispatchMessageW(ctypes.byref(message))
        try:
            line = told.get_nowait()
        except queue.Empty:
            time.sleep(_STEP_S)
            continue
        if line is None:
            return
        what, _, text = line.partition(" ")
        if what == "hang":
            _answer(what)
            what = told.get() or ""
        elif what in ("select", "nothing"):
            _come(window)
            user.SetWindowTextW(window, text or "Not selected.")
            user.SendMessageW(window, _SELECT, 0, -1 if what == "select" else 0)
        _answer(what)


def _come(window: wintypes.HWND) -> None:
    user = win32.user32()
    message = wintypes.MSG()
    while user.GetForegroundWindow() != window.value or user.GetFocus() != window.value:
        user.SetForegroundWindow(window)
        user.SetFocus(window)
        while user.PeekMessageW(ctypes.byref(message), None, 0, 0, _REMOVE):
            user.DispatchMessageW(ctypes.byref(message))
        time.sleep(_STEP_S)


def _listen(told: queue.Queue[str | None]) -> None:
    for line in sys.stdin:
        told.put(line.strip())
    told.put(None)


def _answer(what: str) -> None:
    print(what, flush=True)


if __name__ == "__main__":
    main()
