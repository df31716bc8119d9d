"""The selection on macOS, by Command+C with the pasteboard restored (`macos_copying.py`), and the pasteboard itself.

Used if a program reports nothing to the Accessibility API. Never run: no Mac was available.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from reader.capture.ax_elements import is_hung
from reader.capture.copied import CopiedText
from reader.capture.macos_copying import MacCopying, may_copy
from reader.capture.macos_pasteboard import MacPasteboard, key_of_c, process_in_front
from reader.errors import CaptureError
from reader.macos import keyboard
from reader.macos.loop import JobThread, on_main

_NOTE = "where a program does not tell its selection, it is copied with Command+C, and the pasteboard is put back"
_SECURE_NOTE = "Secure Input is on: a program is waiting for a password, so nothing is copied until it is done"


def _notes() -> list[str]:
    return [_NOTE, _SECURE_NOTE] if keyboard.is_input_secure() else [_NOTE]


async def open_place(_on_new_selection: Callable[[], None]) -> CopiedText:
    """Open it for `PlaceEntry`. macOS does not report selections, so the callback is never used."""

    def start() -> CopiedText:
        import AppKit
        import HIServices
        import objc
        import Quartz

        pasteboard = MacPasteboard(AppKit, Quartz, lambda: on_main(key_of_c), lambda pid: is_hung(HIServices, pid))
        return CopiedText(
            JobThread("pasteboard", objc.autorelease_pool),
            MacCopying(pasteboard),
            in_front=lambda: process_in_front(AppKit),
            may_copy=lambda: may_copy(
                is_allowed=bool(HIServices.AXIsProcessTrusted()), is_secure=keyboard.is_input_secure()
            ),
            notes=_notes,
        )

    try:
        return await asyncio.to_thread(start)
    except (ImportError, OSError) as error:
        raise CaptureError(f"{type(error).__name__}: {error}") from error
