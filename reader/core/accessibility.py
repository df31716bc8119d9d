"""The setting that makes all programs report their text: the desktop's switch follows it, and the user is informed."""

from __future__ import annotations

import asyncio

import reader.desktop.choose
from reader.desktop.base import AccessibilitySwitch
from reader.flow import Notice
from reader.settings.paths import state_folder
from reader.settings.store import Settings
from reader.support.i18n import translate

KEY = "reading.enable_accessibility"


def switch() -> AccessibilitySwitch:
    """The desktop's own switch."""
    return reader.desktop.choose.accessibility(state_folder())


def obey_alone(settings: Settings) -> str:
    """Obey the setting for the command line, while no Harken runs. Returns what the user should know."""
    return asyncio.run(obey(settings, switch())).sentence


async def obey(settings: Settings, desktops: AccessibilitySwitch) -> Notice:
    """Set the switch as the setting says. Returns what the user, who has just changed it, should know."""
    is_wanted = settings.switch(KEY)
    is_on = await desktops.set(is_wanted)
    if is_on is None:
        return Notice(
            0,
            translate(
                "reader", "This session has no accessibility service. Install at-spi2-core, then log out and in again."
            ),
        )
    if is_on is is_wanted:
        sentence = (
            translate(
                "reader",
                "Accessibility is on. Programs that are already open may not report their text until you restart them.",
            )
            if is_wanted
            else translate("reader", "Accessibility is off. Programs you start from now on may not report their text.")
        )
    elif is_wanted:
        sentence = translate(
            "reader", "The desktop did not turn accessibility on. Turn it on in the desktop's settings."
        )
    else:
        sentence = translate("reader", "Accessibility stays on, because something other than Harken turned it on.")
    return Notice(0, sentence, is_problem=False, is_answer=True)
