"""The selection on Windows, by Ctrl+C with the clipboard restored (`copying.py`), and the clipboard itself.

Windows does not expose the selection to other programs.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from reader.capture.copied import CopiedText
from reader.capture.windows_clipboard import WindowsClipboard, window_in_front
from reader.capture.windows_copying import WindowsCopying, may_copy
from reader.errors import CaptureError, DesktopError
from reader.win32 import MessageThread

_NOTE = "selections are copied with Ctrl+C, and the clipboard is put back; a clipboard history notes them"


async def open_place(_on_new_selection: Callable[[], None]) -> CopiedText:
    """Open it for `PlaceEntry`. Windows does not report selections, so the callback is never used."""

    def start() -> CopiedText:
        thread = MessageThread("clipboard")
        return CopiedText(
            thread,
            WindowsCopying(thread.submit(WindowsClipboard).result()),
            in_front=lambda: window_in_front().pid,
            may_copy=lambda: may_copy(window_in_front()),
            notes=lambda: [_NOTE],
        )

    try:
        return await asyncio.to_thread(start)
    except (DesktopError, OSError) as error:
        raise CaptureError(str(error)) from error
