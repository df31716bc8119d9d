"""Picks the places of this desktop where text is found, and keeps the reason for each refusal."""

from __future__ import annotations

import asyncio
import importlib
import logging
import os
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from reader.capture.base import FocusSource, TextSource
from reader.capture.capture import Capture
from reader.capture.none import NoText
from reader.errors import CaptureError
from reader.flow import Source
from reader.support.i18n import translate

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Choice:
    """What was chosen for this desktop."""

    capture: Capture
    watch_selection: Callable[[bool], None]
    # Asks all programs to report their focused text, or no longer.
    enable_accessibility: Callable[[bool], Awaitable[None]]
    refusals: list[tuple[str, str]] = field(default_factory=list)  # (back end, why not)
    chosen: list[str] = field(default_factory=list)


async def choose(on_new_selection: Callable[[], None]) -> Choice:
    """Open what there is. `on_new_selection` is called on any thread while watching is switched on."""
    refusals: list[tuple[str, str]] = []
    selection, clipboard, watch = await asyncio.to_thread(_x11, on_new_selection, refusals)  # it waits for the server
    focus, enable = await _atspi(refusals)
    chosen = [place.name for place in (selection, clipboard, focus)]
    return Choice(Capture(selection, focus, clipboard), watch, enable, refusals, chosen)


def _x11(
    on_new_selection: Callable[[], None], refusals: list[tuple[str, str]]
) -> tuple[TextSource, TextSource, Callable[[bool], None]]:
    """The X selection and the clipboard."""
    why = ""
    if sys.platform != "linux":
        why = f"there is no X server on {sys.platform}"
    elif not os.environ.get("DISPLAY"):
        why = "DISPLAY is not set"
    else:
        from Xlib.error import DisplayError, XError

        from reader.capture.x11 import X11Text, X11Watcher

        try:
            watcher = X11Watcher(on_new_selection)
        except (DisplayError, XError, OSError) as error:
            why = str(error)
        else:

            def watch(wanted: bool) -> None:
                watcher.watches_selection = wanted

            return X11Text(watcher, Source.SELECTION), X11Text(watcher, Source.CLIPBOARD), watch
    refusals.append(("x11", why))
    sentence = translate("reader", "Harken can't see selections on this desktop yet. Use “harken speak” instead.")
    return NoText("no selection", sentence), NoText("no clipboard", sentence), lambda wanted: None


async def _atspi(refusals: list[tuple[str, str]]) -> tuple[FocusSource, Callable[[bool], Awaitable[None]]]:
    """The focused text, and how to have all programs report it."""
    sentence = translate("reader", "Harken can't see the focused text on this desktop. Select text instead.")
    if sys.platform != "linux":
        refusals.append(("at-spi", f"there is no AT-SPI on {sys.platform}"))
        return NoText("no focus", sentence), _nothing_to_enable
    await asyncio.to_thread(importlib.import_module, "reader.capture.atspi")  # which takes its time
    from reader.capture.atspi import AtspiFocus

    focus = AtspiFocus()
    try:
        await focus.start()
    except CaptureError as error:
        refusals.append(("at-spi", str(error)))
        return NoText("no focus", sentence), _nothing_to_enable
    return focus, focus.enable


async def _nothing_to_enable(_is_wanted: bool) -> None:
    """There is no accessibility here."""
