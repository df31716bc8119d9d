"""UI Automation, Windows' interface for assistive programs, as far as Harken uses it: COM through ctypes alone.

Methods are numbered by their position in UIAutomationClient.h, which never changes. Wine has no UI Automation, so only
`Com` has ever been run. Use on the thread that created it.
"""

from __future__ import annotations

import contextlib
import ctypes
import functools
import uuid
from collections.abc import Iterator
from typing import Any

from reader.capture.automation import Focused, NoAutomationError, Unit
from reader.capture.base import LIMIT_CHARS

_MANY_THREADS, _IN_PROCESS = 0, 1  # COINIT_MULTITHREADED, CLSCTX_INPROC_SERVER
_AUTOMATION, _IAUTOMATION = "ff48dba4-60ef-4201-aa87-54103eef594e", "30cbe57d-d9d0-452a-ab13-7ac5ac4825ee"
_TEXT_PATTERN, _VALUE_PATTERN = 10014, 10002
_EDIT = 50004  # UIA_EditControlTypeId
_RELEASE = 2
# IUIAutomation
_GET_FOCUSED = 8
# IUIAutomationElement
_GET_PATTERN, _PID, _KIND, _ROLE, _NAME, _IS_PASSWORD = 16, 20, 21, 22, 23, 35
# IUIAutomationTextPattern, …TextRangeArray, …TextRange
_GET_SELECTION, _WHOLE, _LENGTH, _ELEMENT = 5, 7, 3, 4
_CLONE, _EXPAND, _GET_TEXT, _MOVE_END = 3, 6, 12, 15
_START, _END = 0, 1  # TextPatternRangeEndpoint
# IUIAutomationValuePattern
_VALUE = 4
# The most selected ranges that are read: a table may have several. Nobody selects more than this.
_MOST_RANGES = 1000


@functools.cache
def _ole() -> tuple[Any, Any]:
    """ole32.dll and oleaut32.dll."""
    ole, automation = (vars(ctypes)["WinDLL"](name) for name in ("ole32", "oleaut32"))
    automation.SysStringLen.argtypes = automation.SysFreeString.argtypes = [ctypes.c_void_p]
    return ole, automation


class Com:
    """A COM object. `close` releases it; objects it hands out are released after use."""

    def __init__(self, pointer: ctypes.c_void_p) -> None:
        """Takes over the reference."""
        self.pointer = pointer

    @classmethod
    def create(cls, kind: str, interface: str) -> Com:
        """Create an object. Raises NoAutomationError if this Windows has none."""
        ole, _ = _ole()
        ole.CoInitializeEx(None, _MANY_THREADS)
        pointer = ctypes.c_void_p()
        kinds = [uuid.UUID(text).bytes_le for text in (kind, interface)]
        error = ole.CoCreateInstance(kinds[0], None, _IN_PROCESS, kinds[1], ctypes.byref(pointer))
        if error or not pointer:
            raise NoAutomationError(f"CoCreateInstance: error {error & 0xFFFFFFFF:#x}")
        return cls(pointer)

    def get(self, method: int, kind: Any, *arguments: Any) -> Any:
        """What a method returns. `kind` is its ctypes type. Raises NoAutomationError if it fails."""
        found = kind()
        self.call(method, *arguments, ctypes.byref(found))
        return found

    def call(self, method: int, *arguments: Any) -> None:
        """Call a method. Raises NoAutomationError if it fails."""
        types = [ctypes.c_void_p if hasattr(a, "_obj") else type(a) for a in arguments]
        prototype = vars(ctypes)["WINFUNCTYPE"](ctypes.c_long, *types)
        if (error := prototype(method, "method")(self.pointer, *arguments)) < 0:
            raise NoAutomationError(f"method {method}: error {error & 0xFFFFFFFF:#x}")

    def number(self, method: int) -> int:
        """A numeric property."""
        return int(self.get(method, ctypes.c_int).value)

    def text(self, method: int, *arguments: Any) -> str:
        """A text property, or the text that a method returns."""
        string = self.get(method, ctypes.c_void_p, *arguments)
        if not string.value:
            return ""
        _, automation = _ole()
        try:
            return ctypes.wstring_at(string.value, automation.SysStringLen(string))
        finally:
            automation.SysFreeString(string)

    @contextlib.contextmanager
    def object(self, method: int, *arguments: Any) -> Iterator[Com | None]:
        """An object that a method returns, or None. Released when the context exits."""
        pointer = self.get(method, ctypes.c_void_p, *arguments)
        if not pointer.value:
            yield None
            return
        made = Com(pointer)
        try:
            yield made
        finally:
            made.close()

    def close(self) -> None:
        """Release it."""
        vars(ctypes)["WINFUNCTYPE"](ctypes.c_ulong)(_RELEASE, "Release")(self.pointer)


class WindowsAutomation:
    """Implements Automation."""

    def __init__(self) -> None:
        """Raises NoAutomationError if this Windows has none."""
        self._root = Com.create(_AUTOMATION, _IAUTOMATION)

    def focused(self) -> Focused | None:
        with self._root.object(_GET_FOCUSED) as element:
            if element is None:
                return None
            is_password = bool(element.number(_IS_PASSWORD))
            is_field = element.number(_KIND) == _EDIT
            found = Focused(element.number(_PID), is_field, is_password, element.text(_NAME), element.text(_ROLE))
            return found if is_password else self._with_texts(element, found)

    def _with_texts(self, element: Com, found: Focused) -> Focused:
        with element.object(_GET_PATTERN, ctypes.c_int(_TEXT_PATTERN)) as text, _ranges(text) as ranges:
            if ranges:
                found.selected = "\n".join(filter(None, map(_text, ranges)))
        with element.object(_GET_PATTERN, ctypes.c_int(_VALUE_PATTERN)) as value:
            if value:
                found.value = value.text(_VALUE)
        return found

    def around(self, unit: Unit) -> tuple[str, str]:
        with self._caret() as (caret, _), caret.object(_CLONE) as before, caret.object(_CLONE) as behind:
            if not before or not behind:
                raise NoAutomationError("a range can't be copied")
            for part in (before, behind):
                part.call(_EXPAND, ctypes.c_int(unit))
            before.call(_MOVE_END, ctypes.c_int(_END), caret.pointer, ctypes.c_int(_START))
            behind.call(_MOVE_END, ctypes.c_int(_START), caret.pointer, ctypes.c_int(_START))
            return _text(before), _text(behind)

    def to_end(self) -> str:
        with self._caret() as (caret, text), text.object(_WHOLE) as whole:
            if not whole:
                raise NoAutomationError("there is no document")
            whole.call(_MOVE_END, ctypes.c_int(_START), caret.pointer, ctypes.c_int(_START))
            return _text(whole)

    def whole(self) -> str:
        with self._caret() as (_, text), text.object(_WHOLE) as whole:
            return _text(whole) if whole else ""

    @contextlib.contextmanager
    def _caret(self) -> Iterator[tuple[Com, Com]]:
        """The range of the cursor or selection, and the text pattern it belongs to."""
        with (
            self._root.object(_GET_FOCUSED) as element,
            element.object(_GET_PATTERN, ctypes.c_int(_TEXT_PATTERN)) if element else _nothing() as text,
            _ranges(text) as ranges,
        ):
            if not text or not ranges:
                raise NoAutomationError("there is no cursor")
            yield ranges[0], text

    def close(self) -> None:
        self._root.close()


@contextlib.contextmanager
def _nothing() -> Iterator[None]:
    yield None


@contextlib.contextmanager
def _ranges(text: Com | None) -> Iterator[list[Com]]:
    """The selected ranges. For a mere cursor, a single empty range."""
    with contextlib.ExitStack() as stack:
        array = stack.enter_context(text.object(_GET_SELECTION)) if text else None
        count = min(array.number(_LENGTH), _MOST_RANGES) if array else 0
        found = [stack.enter_context(array.object(_ELEMENT, ctypes.c_int(i))) for i in range(count)] if array else []
        yield [part for part in found if part]


def _text(part: Com) -> str:
    return part.text(_GET_TEXT, ctypes.c_int(LIMIT_CHARS + 1)).replace("\r\n", "\n").replace("\r", "\n")
