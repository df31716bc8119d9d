"""“Read with Harken” in the Services menu of macOS, which hands over what is selected and needs no permission.

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
_SIGNATURE = b"v@:@@o^@"  # of every service: nothing is returned; a pasteboard, a text, and an error by reference


class ServicesMenu:
    """Implements TextService."""

    def __init__(self, on_text: Callable[[str], None]) -> None:
        """`on_text` is called on the main loop."""
        self._on_text = on_text
        self._provider: Any = None  # kept, because macOS does not keep it

    def start(self) -> None:
        try:
            loop.on_main(self._offer)
        except ImportError as error:
            log.info("no services: %s", error)

    def close(self) -> None:
        self._on_text = lambda _: None

    def _offer(self) -> None:
        """The main loop. By a name of its own, so that it is Info.plist's, whatever the program is called."""
        try:
            from AppKit import NSRegisterServicesProvider, NSUpdateDynamicServices

            self._provider = _provider(self._take)
            NSRegisterServicesProvider(self._provider, PORT)
            NSUpdateDynamicServices()
        except Exception:  # objc.error, of which there is nothing to tell the user
            log.warning("no services", exc_info=True)

    def _take(self, board: Any) -> str | None:
        """Read what a program hands over. Why nothing can be read, None when it is."""
        from AppKit import NSPasteboardTypeString

        text = board.stringForType_(NSPasteboardTypeString)
        if not text:
            return "There is no text."
        self._on_text(str(text))
        return None


def _provider(take: Callable[[Any], str | None]) -> Any:
    """An object with the one method that Info.plist names."""
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
