"""The parts of macOS's Accessibility API that Harken uses: the focused control of the program in front, and its text.

Never run: no Mac was available. Positions in texts are in UTF-16 units there. Text fields use ranges of these, browser
pages use markers between characters (introduced by WebKit, adopted by Chrome and Firefox).
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Any, Protocol

from reader.capture.automation import Focused, NoAutomationError, Unit
from reader.capture.roles import CHECKED_NAMES, PARTLY_CHECKED, Role
from reader.capture.transfer import HUNG
from reader.errors import CaptureError, CaptureTimeoutError
from reader.support.i18n import QT_TRANSLATE_NOOP, translate

NOT_ALLOWED = QT_TRANSLATE_NOOP(
    "reader",
    "macOS does not let Harken see other programs' text yet. Choose “First steps” in Harken's menu and allow it there.",
)
# How long a program may take for one answer: to report the focus, and to return a text. The default in macOS is six
# seconds.
_ANSWER_S, _TEXT_S = 0.2, 2.0
# A program that answers nothing at all within this time is hung.
_ALIVE_S = 0.05
# One that fails sooner than this share of its limit has no accessibility at all.
_SOON = 0.5
# How much text around the cursor to request. No real paragraph is longer.
_AROUND_UNITS = 20_000
# Roles trusted to report that nothing is selected.
_FIELDS = {"AXTextField", "AXTextArea", "AXComboBox"}
_CHECKED = {"AXCheckBox": Role.CHECK_BOX, "AXRadioButton": Role.RADIO_BUTTON}
_MIXED = 2
_SECURE = "AXSecureTextField"


class _Text(Protocol):
    """The readable text of the focused control."""

    def selected(self) -> str: ...

    def around(self, unit: Unit) -> tuple[str, str]: ...

    def to_end(self) -> str: ...

    def whole(self) -> str: ...


class Element:
    """A user interface element, with a time limit for each answer."""

    def __init__(self, api: Any, item: Any, limit_s: float, now_s: Callable[[], float] = time.monotonic) -> None:
        """`api` is pyobjc's HIServices, `item` an AXUIElement."""
        self.api = api
        self.item = item
        self._limit_s = limit_s
        self._now_s = now_s
        api.AXUIElementSetMessagingTimeout(item, limit_s)

    def within(self, limit_s: float) -> Element:
        """The same element with another limit."""
        return Element(self.api, self.item, limit_s, self._now_s)

    def get(self, name: str) -> Any:
        """An attribute's value, None if it is missing. Raises what Automation documents."""
        begun_s = self._now_s()
        error, value = self.api.AXUIElementCopyAttributeValue(self.item, name, None)
        return self._answer(error, value, begun_s)

    def ask(self, name: str, about: Any) -> Any:
        """The value of a parameterised attribute, for a position in its text; None if it is missing."""
        begun_s = self._now_s()
        error, value = self.api.AXUIElementCopyParameterizedAttributeValue(self.item, name, about, None)
        return self._answer(error, value, begun_s)

    def text(self, name: str) -> str:
        """A text attribute, "" if it is missing."""
        value = self.get(name)
        return str(value) if isinstance(value, str) else ""

    def other(self, name: str) -> Element | None:
        """An attribute that is another element."""
        item = self.get(name)
        return None if item is None else Element(self.api, item, self._limit_s, self._now_s)

    def _answer(self, error: int, value: Any, begun_s: float) -> Any:
        if error == self.api.kAXErrorSuccess:
            return value
        if error == self.api.kAXErrorAPIDisabled:
            raise CaptureError(translate("reader", NOT_ALLOWED))
        if error == self.api.kAXErrorCannotComplete:
            if self._now_s() - begun_s >= self._limit_s * _SOON:
                raise CaptureTimeoutError(translate("reader", HUNG))
            raise NoAutomationError("the program has no accessibility")
        return None


class MacAutomation:
    """Implements Automation."""

    def __init__(self, api: Any, in_front: Callable[[], int], now_s: Callable[[], float] = time.monotonic) -> None:
        """`api` is pyobjc's HIServices; `in_front` returns the process in front, 0 for none."""
        self._api = api
        self._in_front = in_front
        self._now_s = now_s
        self._text: _Text | None = None  # of the control that `focused` found last

    def focused(self) -> Focused | None:
        self._text = None
        if not self._api.AXIsProcessTrusted():
            raise CaptureError(translate("reader", NOT_ALLOWED))
        pid = self._in_front()
        if pid in (0, os.getpid()):
            return Focused(pid) if pid else None
        program = Element(self._api, self._api.AXUIElementCreateApplication(pid), _ANSWER_S, self._now_s)
        element = program.other("AXFocusedUIElement")
        if element is None:
            return None
        role = element.text("AXRole")
        if element.text("AXSubrole") == _SECURE:
            return Focused(pid, is_password=True, role=element.text("AXRoleDescription"))
        self._text = _text_of(element)
        found = Focused(pid, name=_name(element), role=element.text("AXRoleDescription"))
        if self._text:
            found.selected = self._text.selected()
            # An editor in a browser may place a field that is always empty in front of its own text.
            found.is_field = role in _FIELDS and bool(element.get("AXNumberOfCharacters") or element.get("AXValue"))
        else:
            found.value = _value(element, role)
        return found

    def around(self, unit: Unit) -> tuple[str, str]:
        return self._there().around(unit)

    def to_end(self) -> str:
        return self._there().to_end()

    def whole(self) -> str:
        return self._there().whole()

    def close(self) -> None:
        self._text = None

    def _there(self) -> _Text:
        if self._text is None:
            raise NoAutomationError("there is no text")
        return self._text


def _name(element: Element) -> str:
    if name := element.text("AXTitle") or element.text("AXDescription"):
        return name
    label = element.other("AXTitleUIElement")
    return (label.text("AXValue") or label.text("AXTitle")) if label else ""


def _value(element: Element, role: str) -> str | None:
    if said := element.text("AXValueDescription"):
        return said
    value = element.get("AXValue")
    if isinstance(value, str) or value is None:
        return value
    if role in _CHECKED:
        names = CHECKED_NAMES[_CHECKED[role]]
        if value == _MIXED:
            return translate("controls", PARTLY_CHECKED)
        return translate("controls", names[not value])
    return f"{round(float(value), 2):g}" if isinstance(value, int | float) else None


def _text_of(element: Element) -> _Text | None:
    element = element.within(_TEXT_S)
    if (place := element.get("AXSelectedTextRange")) is not None:
        is_range, span = element.api.AXValueGetValue(place, element.api.kAXValueCFRangeType, None)
        if is_range:
            return _Ranges(element, *span)
    if (span := element.get("AXSelectedTextMarkerRange")) is not None:
        return _Marks(element, span)
    return None


def is_hung(api: Any, pid: int, now_s: Callable[[], float] = time.monotonic) -> bool:
    """Whether a program does not respond."""
    try:
        Element(api, api.AXUIElementCreateApplication(pid), _ALIVE_S, now_s).get("AXRole")
    except CaptureTimeoutError:
        return True
    except (CaptureError, NoAutomationError):
        pass
    return False


class _Ranges:
    """The text of a field."""

    def __init__(self, element: Element, start: int, length: int) -> None:
        """`start` is the position of the cursor or the selection."""
        self._element = element
        self._start = start
        self._selected = length

    def selected(self) -> str:
        if not self._selected:
            return ""
        return _lines(self._element.text("AXSelectedText")) or self._part(self._start, self._start + self._selected)

    def around(self, unit: Unit) -> tuple[str, str]:
        if unit is Unit.LINE and (line := self._line()):
            start, length = line
            return self._part(start, self._start), self._part(self._start, start + length)
        before = self._part(max(0, self._start - _AROUND_UNITS), self._start)
        behind, end, _ = self._part(self._start, self._start + _AROUND_UNITS).partition("\n")
        return before.rpartition("\n")[2], behind + end

    def to_end(self) -> str:
        return self._part(self._start, self._count())

    def whole(self) -> str:
        return self._part(0, self._count())

    def _line(self) -> tuple[int, int] | None:
        number = self._element.get("AXInsertionPointLineNumber")
        place = None if number is None else self._element.ask("AXRangeForLine", number)
        if place is None:
            return None
        is_range, span = self._element.api.AXValueGetValue(place, self._element.api.kAXValueCFRangeType, None)
        return tuple(span) if is_range else None

    def _count(self) -> int:
        count = self._element.get("AXNumberOfCharacters")
        return int(count) if count is not None else len(_units(self._element.text("AXValue"))) // 2

    def _part(self, start: int, end: int) -> str:
        """The text between two positions, clipped to what exists."""
        end = min(end, self._count())
        if end <= start:
            return ""
        api = self._element.api
        span = api.AXValueCreate(api.kAXValueCFRangeType, (start, end - start))
        part = self._element.ask("AXStringForRange", span)
        if not isinstance(part, str):  # some have only their value
            part = _units(self._element.text("AXValue"))[2 * start : 2 * end].decode("utf-16-le", "replace")
        return _lines(part)


class _Marks:
    """The text of a page."""

    def __init__(self, element: Element, span: Any) -> None:
        """`span` is the selection, or the cursor's position."""
        self._element = element
        self._span = span

    def selected(self) -> str:
        return self._string(self._span)

    def around(self, unit: Unit) -> tuple[str, str]:
        api = self._element.api
        caret = self._caret()
        name = "AXLineTextMarkerRangeForTextMarker" if unit is Unit.LINE else "AXParagraphTextMarkerRangeForTextMarker"
        part = self._element.ask(name, caret)
        if part is None:
            raise NoAutomationError("a page does not tell its paragraphs")
        start, end = api.AXTextMarkerRangeCopyStartMarker(part), api.AXTextMarkerRangeCopyEndMarker(part)
        return self._between(start, caret), self._between(caret, end)

    def to_end(self) -> str:
        return self._between(self._caret(), self._element.get("AXEndTextMarker"))

    def whole(self) -> str:
        return self._between(self._element.get("AXStartTextMarker"), self._element.get("AXEndTextMarker"))

    def _caret(self) -> Any:
        return self._element.api.AXTextMarkerRangeCopyStartMarker(self._span)

    def _between(self, start: Any, end: Any) -> str:
        if start is None or end is None:
            raise NoAutomationError("a page does not tell where it ends")
        return self._string(self._element.api.AXTextMarkerRangeCreate(None, start, end))

    def _string(self, span: Any) -> str:
        text = self._element.ask("AXStringForTextMarkerRange", span)
        return _lines(text) if isinstance(text, str) else ""


def _units(text: str) -> bytes:
    return text.encode("utf-16-le", "surrogatepass")


def _lines(text: str) -> str:
    """Normalise line ends, and remove the characters that stand for pictures."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    return plain.replace("\ufffc", " ")
