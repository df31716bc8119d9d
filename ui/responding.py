"""Checks, before Qt starts, what it would otherwise wait for forever: the display and the session bus."""

from __future__ import annotations

import logging
import os
import sys

from reader.errors import HarkenError
from reader.support import display
from reader.support.i18n import translate

log = logging.getLogger(__name__)

_PLATFORMS = {"wayland": "WAYLAND_DISPLAY", "xcb": "DISPLAY"}  # in Qt's order, and the variables that name them


def ensure() -> None:
    """Make Qt use a display that answers, and no bus that does not. Raises HarkenError if no display answers."""
    if sys.platform != "linux":
        return
    if display.leave_silent_bus():
        log.warning("the session bus does not answer: no icon in some panels, no media keys, no keys from the portal")
    wanted = os.environ.get("QT_QPA_PLATFORM", "").partition(":")[0]
    names = {
        platform: os.environ[variable]
        for platform, variable in _PLATFORMS.items()
        if os.environ.get(variable) and (not wanted or platform in wanted)
    }
    silent = {platform for platform, name in names.items() if _is_silent(platform, name)}
    answering = [platform for platform in names if platform not in silent]
    if silent and not answering:
        sentence = translate(
            "ui",
            "The display {name} is not responding, so Harken can't start. Log out and in again. {command} still works.",
        )
        name = ", ".join(names[platform] for platform in names)
        raise HarkenError(sentence.format(name=name, command="“harken speak”"))
    if silent:
        log.warning("of the displays, %s does not answer", ", ".join(silent))
        os.environ["QT_QPA_PLATFORM"] = answering[0]


def _is_silent(platform: str, name: str) -> bool:
    return display.is_x_silent(name) if platform == "xcb" else display.is_wayland_silent(name)
