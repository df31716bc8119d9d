"""Start at login on macOS: as an application, which the system's settings show, or else with a launch agent.

Never run: there was no Mac to test on. SMAppService exists from macOS 13 on, and only for applications.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from reader.desktop.macos import LaunchAgent
from reader.errors import SettingsError
from reader.support.i18n import translate

_FRAMEWORK = "/System/Library/Frameworks/ServiceManagement.framework"
# SMAppService.h: SMAppServiceStatus…
ENABLED, REQUIRES_APPROVAL = 1, 2
# What pyobjc needs to know about methods that return an error. Its package for this framework is too large for that.
SELECTORS = {
    selector: {"retval": {"type": b"Z"}, "arguments": {2: {"type_modifier": b"o"}}}
    for selector in (b"registerAndReturnError:", b"unregisterAndReturnError:")
}


class LoginItem:
    """Implements Autostart."""

    def __init__(self, command: Callable[[], list[str]], find_service: Callable[[], Any] | None = None) -> None:
        """`command` starts Harken. `find_service` returns the application's SMAppService, or None."""
        self._agent = LaunchAgent(command)
        self._service = (find_service or _service)()

    def is_on(self) -> bool:
        return self._agent.is_on() or (self._service is not None and self._service.status() == ENABLED)

    def set(self, is_on: bool) -> None:
        if self._service is None:
            self._agent.set(is_on)
            return
        self._agent.set(False)  # a checkout's agent would start a second one
        if is_on:
            is_done, error = self._service.registerAndReturnError_(None)
            if self._service.status() == REQUIRES_APPROVAL:
                sentence = translate(
                    "reader", "macOS asks you first. Turn on Harken in System Settings, General, Login Items."
                )
                raise SettingsError(sentence)
        elif self._service.status() in (ENABLED, REQUIRES_APPROVAL):
            is_done, error = self._service.unregisterAndReturnError_(None)
        else:
            return
        if not is_done:
            sentence = translate("reader", "macOS does not let Harken change what starts at login: {why}.")
            raise SettingsError(sentence.format(why=str(error.localizedDescription()).rstrip(".") if error else "?"))


def _service() -> Any:
    """The application's own service; None if this isn't an application or the system is too old."""
    if not getattr(sys, "frozen", False):
        return None
    try:
        import objc

        objc.loadBundle("ServiceManagement", {}, bundle_path=_FRAMEWORK)
        for selector, described in SELECTORS.items():
            objc.registerMetaDataForSelector(b"SMAppService", selector, described)
        return objc.lookUpClass("SMAppService").mainAppService()
    except Exception:  # objc.error, if there is no such class
        return None
