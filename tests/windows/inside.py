"""Runs in Windows: what other programs do there. `inside.py clipboard | copied | take CHORD`.

`clipboard` puts three formats there as some program does; `copied` prints what is there, as hex; `take` registers a
key, says so, and keeps it until its standard input closes.
"""

from __future__ import annotations

import asyncio
import json
import sys

from reader import win32
from reader.capture.copying import DIB, UNICODE, Format
from reader.capture.windows_clipboard import WindowsClipboard
from reader.flow import Command
from reader.hotkeys.chord import Chord
from reader.hotkeys.windows import RegisteredHotkeys

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


if __name__ == "__main__":
    assert win32
    main(*sys.argv[1:])
