"""The focused control on macOS, as its program reports it to the Accessibility API (`ax_elements.py`).

Never run: no Mac was available.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from reader.capture.asked import AskedText
from reader.capture.ax_elements import MacAutomation
from reader.capture.macos_pasteboard import process_in_front
from reader.errors import CaptureError
from reader.macos.loop import JobThread

_NOT_ALLOWED = "macOS does not let it see other programs: System Settings, Privacy & Security, Accessibility"


async def open_place(_on_new_selection: Callable[[], None]) -> AskedText:
    """Open it for `PlaceEntry`. It gets no reports of selections, so the callback is never used."""

    def start() -> AskedText:
        import AppKit
        import HIServices
        import objc

        automation = MacAutomation(HIServices, lambda: process_in_front(AppKit))

        def notes() -> list[str]:
            return [] if HIServices.AXIsProcessTrusted() else [_NOT_ALLOWED]

        return AskedText(JobThread("accessibility", objc.autorelease_pool), automation, notes)

    try:
        return await asyncio.to_thread(start)
    except (ImportError, OSError) as error:
        raise CaptureError(f"{type(error).__name__}: {error}") from error
