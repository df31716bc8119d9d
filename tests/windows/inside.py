"""Runs in Windows: what other programs do there. `inside.py clipboard | copied | take CHORD | fault PID`.

`clipboard` puts three formats there as some program does; `copied` prints what is there, as hex; `take` registers a
key, says so, and keeps it until its standard input closes; `fault` has another process run code where there is none.
"""

from __future__ import annotations

import asyncio
import ctypes
import json
import sys
from ctypes import wintypes

from reader import win32
from reader.capture.copying import Format
from reader.capture.windows_clipboard import WindowsClipboard
from reader.capture.windows_copying import DIB, UNICODE
from reader.flow import Command
from reader.hotkeys.chord import Chord
from reader.hotkeys.windows import RegisteredHotkeys

_EVERYTHING = 0x1FFFFF  # winnt.h: PROCESS_ALL_ACCESS
_NO_CODE = 0x10
# Text, a picture of 200 points, and a format with a name.
MINE = {
    Format(UNICODE): "What the user had copied: é\0".encode("utf-16-le"),
    Format(DIB): bytes([40, 0, 0, 0, 20, 0, 0, 0, 10, 0, 0, 0, 1, 0, 24, 0, *[0] * 24, *range(200), *[7] * 400]),
    Format(0, "HTML Format"): b"Version:0.9\r\n<b>What the user had copied</b>",
}


def main(what: str, *arguments: str) -> None:
    """See above."""
    if what == "take":
        asyncio.run(_take(arguments[0]))
        return
    if what == "fault":
        _fault(int(arguments[0]))
        return
    clipboard = WindowsClipboard()
    while not clipboard.open():
        clipboard.wait(0.01)
    if what == "clipboard":
        clipboard.put(MINE.items(), {})
    found = {f.name or str(f.number): (clipboard.data(f) or b"").hex() for f in clipboard.formats()}
    clipboard.close()
    print(json.dumps(found))


async def _take(chord: str) -> None:
    backend = RegisteredHotkeys(lambda _: None)
    print("taken" if (await backend.bind({Command.SHOW: Chord.parse(chord)})).names else "refused", flush=True)
    sys.stdin.read()
    await backend.close()


def _fault(pid: int) -> None:
    kernel = win32.kernel32()
    kernel.CreateRemoteThread.argtypes = [ctypes.c_void_p, *[ctypes.c_void_p] * 4, wintypes.DWORD, ctypes.c_void_p]
    kernel.CreateRemoteThread.restype = ctypes.c_void_p
    process = kernel.OpenProcess(_EVERYTHING, False, pid)
    assert process, win32.last_error()
    assert kernel.CreateRemoteThread(process, None, 0, _NO_CODE, None, 0, None), win32.last_error()


if __name__ == "__main__":
    assert win32
    main(*sys.argv[1:])
