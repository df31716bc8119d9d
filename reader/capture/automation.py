"""What to read of the focused control on Windows and macOS, from its accessibility data. No I/O here."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

from reader.capture.base import LIMIT_CHARS, Extent, Front, Selection
from reader.errors import CaptureError, HarkenError, NothingToReadError
from reader.flow import CapturedText, Source
from reader.support.i18n import QT_TRANSLATE_NOOP, translate

_PASSWORD = QT_TRANSLATE_NOOP("reader", "This is a password field. Harken does not read passwords aloud.")
NOTHING = QT_TRANSLATE_NOOP("reader", "There is no text to read here.")
_WORD_BEGUN = re.compile(r"\S*\Z")


class Unit(IntEnum):
    """TextUnit in UIAutomationClient.h."""

    WORD = 2
    LINE = 3
    PARAGRAPH = 4


class NoAutomationError(HarkenError):
    """The system's accessibility interface is missing, or a program does not respond to it."""


@dataclass(slots=True)
class Focused:
    """The focused control: its process, name and content, and its kind in the user's language.

    `is_field`: a text field, whose report that nothing is selected is trusted. `selected` is None if it has no
    selectable text, `value` if it has no value.
    """

    pid: int
    is_field: bool = False
    is_password: bool = False
    name: str = ""
    role: str = ""
    value: str | None = None
    selected: str | None = None


class Automation(Protocol):
    """What Harken needs from the system. One thread; every method may be slow.

    Raises NoAutomationError, CaptureTimeoutError if a program does not answer, CaptureError if access is not allowed.
    """

    def focused(self) -> Focused | None:
        """The focused control, None if there is none. Never contains text of a password field."""

    def around(self, unit: Unit) -> tuple[str, str]:
        """The text before and after the cursor, within the unit that the cursor is in."""

    def to_end(self) -> str:
        """The text from the cursor on."""

    def whole(self) -> str:
        """The whole text."""

    def close(self) -> None:
        """Release it."""


def selection(found: Focused | None) -> Selection | None:
    """Return the selection, as far as the report can be trusted.

    Raises NothingToReadError for a password field, so that no other place is asked. An empty selection is trusted only
    for a text field: a browser page may not be ready to report it, and a list has text of its own. In those cases a
    copy decides.
    """
    if found is None:
        return None
    if found.pid == os.getpid():
        return Selection(Front.ANOTHERS)
    if found.is_password:
        raise NothingToReadError(translate("reader", _PASSWORD))
    if found.selected is None or (not found.selected.strip() and not found.is_field):
        return None
    return Selection(Front.ITS_OWN, found.selected)


def focus(asked: Automation, extent: Extent) -> CapturedText:
    """The meant part of the focus. Raises NothingToReadError, CaptureError for a password, NoAutomationError."""
    found = asked.focused()
    if found is None or found.pid == os.getpid():
        raise NothingToReadError(translate("reader", NOTHING))
    if found.is_password:
        raise CaptureError(translate("reader", _PASSWORD))
    if found.selected is None:
        return _whole(", ".join(part for part in (found.name, found.role, found.value or "") if part.strip()))
    match extent:
        case Extent.FOCUS if found.selected.strip():
            return _whole(found.selected)
        case Extent.DOCUMENT:
            return _whole(asked.whole())
        case Extent.LINE:
            return _whole("".join(asked.around(Unit.LINE)))
        case Extent.FOCUS | Extent.REST:
            before = asked.around(Unit.PARAGRAPH)[0]
            if extent is Extent.REST:
                before = _WORD_BEGUN.findall(before)[0]
            return _whole(before + asked.to_end())
        case _:
            before, behind = asked.around(Unit.PARAGRAPH)
            whole = _whole(before + behind)
            return CapturedText(whole.text, Source.FOCUS, caret_chars=len(before))


def _whole(text: str) -> CapturedText:
    if not text.strip():
        raise NothingToReadError(translate("reader", NOTHING))
    return CapturedText(text[:LIMIT_CHARS], Source.FOCUS, is_cut=len(text) > LIMIT_CHARS)
