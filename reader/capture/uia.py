"""The focused control on Windows, as its program reports it to UI Automation (`uia_com.py`).

Wine has no UI Automation, so this has only been run against a fake.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from reader.capture.asked import AskedText
from reader.capture.automation import NoAutomationError
from reader.capture.uia_com import WindowsAutomation
from reader.errors import CaptureError, DesktopError
from reader.win32 import MessageThread


async def open_place(_on_new_selection: Callable[[], None]) -> AskedText:
    """Open it for `PlaceEntry`. It gets no reports of selections, so the callback is never used."""

    def start() -> AskedText:
        thread = MessageThread("ui automation")
        try:
            return AskedText(thread, thread.submit(WindowsAutomation).result())
        except BaseException:
            thread.close()
            raise

    try:
        return await asyncio.to_thread(start)
    except (DesktopError, NoAutomationError, OSError) as error:
        raise CaptureError(str(error)) from error
