"""What is read of the focus on Windows and macOS, from what its program tells assistive programs. No I/O here."""

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
    """The system's interface for assistive programs is not there, or a program does not answer it."""


@dataclass(slots=True)
class Focused:
    """What has the focus: its process and name, in the user's language what it is, and what is in it.

    `is_field`: a text field, which is believed that nothing is selected in it. `selected` is None where it has no text
    that could be selected, `value` where it has none.
    """

    pid: int
    is_field: bool = False
    is_password: bool = False
    name: str = ""
    role: str = ""
    value: str | None = None
    selected: str | None = None


class Automation(Protocol):
    """What is asked of the system. One thread; every method may take long.

    Raises NoAutomationError, CaptureTimeoutError when a program does not answer, CaptureError where it is not allowed.
    """

    def focused(self) -> Focused | None:
        """None when nothing has the focus. Of a password's field there are no texts."""

    def around(self, unit: Unit) -> tuple[str, str]:
        """What is before the cursor and behind it, of the part of the text that it is in."""

    def to_end(self) -> str:
        """From the cursor on."""

    def whole(self) -> str:
        """All of the text."""

    def close(self) -> None:
        """Release it."""


def selection(found: Focused | None) -> Selection | None:
    """What is selected, as far as this can be believed.

    Raises NothingToReadError for a password's field, so that no other place is asked. That nothing is selected is
    believed of a text field alone: a page in a browser may not be ready to tell, and a list has texts of its own. Then
    a copy shows.
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
    """What is meant of the focus. Raises NothingToReadError, CaptureError for a password, NoAutomationError."""
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
