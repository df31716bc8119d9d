"""“Read with Harken” in the Services menu of macOS, which passes on the selection and needs no permission.

The entry is in the application's Info.plist (packaging/macos); a checkout has none. Never run on a Mac.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from reader.macos import loop

log = logging.getLogger(__name__)

# NSPortName and NSMessage in Info.plist.
PORT, MESSAGE = "Harken", "readWithHarken"
_SIGNATURE = b"v@:@@o^@"  # every service's: returns nothing; takes a pasteboard, a string, an error by reference


class ServicesMenu:
    """Implements TextService."""

    def __init__(self, on_text: Callable[[str], None]) -> None:
        """`on_text` is called on the main loop."""
        self._on_text = on_text
        self._provider: Any = None  # macOS keeps no reference

    def start(self) -> None:
        try:
            loop.on_main(self._offer)
        except ImportError as error:
            log.info("no services: %s", error)

    def close(self) -> None:
        self._on_text = lambda _: None

    def _offer(self) -> None:
        """On the main loop. Registered under a fixed name, to match Info.plist whatever the program is called."""
        try:
            from AppKit import NSRegisterServicesProvider, NSUpdateDynamicServices

            self._provider = _provider(self._take)
            NSRegisterServicesProvider(self._provider, PORT)
            NSUpdateDynamicServices()
        except Exception:  # objc.error, which the user can't act on
            log.warning("no services", exc_info=True)

    def _take(self, board: Any) -> str | None:
        """Read what a program passes. Returns why nothing can be read, or None."""
        from AppKit import NSPasteboardTypeString

        text = board.stringForType_(NSPasteboardTypeString)
        if not text:
            return "There is no text."
        self._on_text(str(text))
        return None


def _provider(take: Callable[[Any], str | None]) -> Any:
    """An object with the one method named in Info.plist."""
    import objc
    from Foundation import NSObject

    def read(_self: Any, board: Any, _data: Any, _error: Any) -> str | None:
        try:
            return take(board)
        except Exception:
            log.exception("a service failed")
            return "Harken failed."

    method = objc.selector(read, selector=f"{MESSAGE}:userData:error:".encode(), signature=_SIGNATURE)
    kind: Any = type("HarkenServices", (NSObject,), {f"{MESSAGE}_userData_error_": method})
    return kind.alloc().init()
