"""Picks this system's way of detecting a screen reader."""

from __future__ import annotations

import sys

from PySide6.QtCore import QObject

from ui.bridge import Bridge
from ui.screen_reader.base import WatchedScreenReader


def watch(bridge: Bridge, parent: QObject) -> WatchedScreenReader:
    """Start watching. GUI thread."""
    if sys.platform == "win32":
        from ui.screen_reader.windows import SystemParameter

        return SystemParameter(parent)
    if sys.platform == "darwin":
        from ui.screen_reader.macos import QtActive

        return QtActive(parent)
    from ui.screen_reader.linux import ToldByCore

    return ToldByCore(bridge, parent)
