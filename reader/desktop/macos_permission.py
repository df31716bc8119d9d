"""Whether macOS lets Harken see other programs' text: Privacy & Security, Accessibility. Never run on a Mac."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

log = logging.getLogger(__name__)

_PANE = "x-apple.systempreferences:com.apple.preference.security?Privacy_Accessibility"


class AccessibilityPermission:
    """Implements Permission."""

    def __init__(self) -> None:
        """Asks nothing yet."""
        self._has_asked = False

    async def is_given(self) -> bool | None:
        return await asyncio.to_thread(_is_trusted)

    async def ask(self) -> None:
        """The first time with macOS's own dialog, which adds Harken to the list; after that by showing the list."""
        await asyncio.to_thread(_show_list if self._has_asked else _prompt)
        self._has_asked = True


def _hiservices() -> Any:
    try:
        import HIServices
    except ImportError as error:
        log.info("no accessibility: %s", error)
        return None
    return HIServices


def _is_trusted() -> bool | None:
    api = _hiservices()
    return bool(api.AXIsProcessTrusted()) if api else None


def _prompt() -> None:
    if api := _hiservices():
        api.AXIsProcessTrustedWithOptions({api.kAXTrustedCheckOptionPrompt: True})


def _show_list() -> None:
    try:
        from AppKit import NSURL, NSWorkspace
    except ImportError as error:
        log.info("no system settings: %s", error)
    else:
        NSWorkspace.sharedWorkspace().openURL_(NSURL.URLWithString_(_PANE))
