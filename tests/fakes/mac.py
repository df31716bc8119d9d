"""A Mac with programs in front, as strict as Apple's headers describe it: what Harken asks of pyobjc's frameworks.

`hiservices` stands for HIServices (AXUIElement.h, AXError.h, AXValue.h), `appkit` for AppKit, `quartz` for Quartz.
What a C function returns through a pointer comes back behind its error, and is called with None, as pyobjc has it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from tests.fakes.mac_pasteboard import FakeBoard, FakeItem

DEFAULT_TIMEOUT_S = 6.0
C_KEY = 8


@dataclass(eq=False)
class FakeProgram:
    """One that has windows. `selected` is what Command+C copies, by type."""

    pid: int
    focused: FakeElement | None = None
    selected: Mapping[str, bytes] | None = None
    has_accessibility: bool = True
    is_hung: bool = False
    on_wait: Callable[[], None] | None = None  # instead of the time until it wakes
    wakes: threading.Event = field(default_factory=threading.Event)

    def hang(self) -> Callable[[], None]:
        """Answer nothing until what is returned is called."""
        self.is_hung = True
        self.wakes.clear()

        def wake() -> None:
            self.is_hung = False
            self.wakes.set()

        return wake


@dataclass(eq=False)
class FakeElement:
    """What a program shows. `about` are its attributes that say something about a place in its text."""

    attributes: dict[str, Any] = field(default_factory=dict)
    about: dict[str, Callable[[Any], Any]] = field(default_factory=dict)


@dataclass(eq=False)
class FakeRef:
    """An AXUIElementRef: whose element, and how long it may take to answer."""

    program: FakeProgram
    element: FakeElement
    timeout_s: float = DEFAULT_TIMEOUT_S


@dataclass(frozen=True)
class FakeValue:
    """An AXValueRef."""

    kind: int
    value: tuple[int, int]


@dataclass(frozen=True)
class FakeMark:
    """A place between two characters of a page."""

    place: int


@dataclass(frozen=True)
class FakeSpan:
    """From one of these to another one."""

    start: FakeMark
    end: FakeMark


class FakeHIServices:
    """The Accessibility API."""

    kAXErrorSuccess = 0
    kAXErrorIllegalArgument = -25201
    kAXErrorCannotComplete = -25204
    kAXErrorAttributeUnsupported = -25205
    kAXErrorAPIDisabled = -25211
    kAXErrorNoValue = -25212
    kAXErrorParameterizedAttributeUnsupported = -25213
    kAXValueCFRangeType = 4

    def __init__(self) -> None:
        self.is_trusted = True
        self.programs: dict[int, FakeProgram] = {}
        self.asked: list[str] = []

    def AXIsProcessTrusted(self) -> bool:
        return self.is_trusted

    def AXUIElementCreateApplication(self, pid: int) -> FakeRef:
        program = self.programs.get(pid) or FakeProgram(pid, has_accessibility=False)
        attributes = {} if program.focused is None else {"AXFocusedUIElement": program.focused}
        return FakeRef(program, FakeElement(attributes))

    def AXUIElementSetMessagingTimeout(self, ref: FakeRef, seconds: float) -> int:
        if seconds < 0:
            return self.kAXErrorIllegalArgument
        ref.timeout_s = seconds or DEFAULT_TIMEOUT_S
        return self.kAXErrorSuccess

    def AXUIElementCopyAttributeValue(self, ref: FakeRef, name: str, out: None) -> tuple[int, Any]:
        assert out is None
        self.asked.append(name)
        if error := self._reach(ref):
            return error, None
        if name not in ref.element.attributes:
            return self.kAXErrorAttributeUnsupported, None
        value = ref.element.attributes[name]
        if value is None:
            return self.kAXErrorNoValue, None
        return self.kAXErrorSuccess, FakeRef(ref.program, value) if isinstance(value, FakeElement) else value

    def AXUIElementCopyParameterizedAttributeValue(
        self, ref: FakeRef, name: str, about: Any, out: None
    ) -> tuple[int, Any]:
        assert out is None
        self.asked.append(name)
        if error := self._reach(ref):
            return error, None
        if name not in ref.element.about:
            return self.kAXErrorParameterizedAttributeUnsupported, None
        value = ref.element.about[name](about)
        return (self.kAXErrorNoValue, None) if value is None else (self.kAXErrorSuccess, value)

    def AXValueCreate(self, kind: int, value: tuple[int, int]) -> FakeValue:
        assert kind == self.kAXValueCFRangeType
        assert min(value) >= 0
        return FakeValue(kind, value)

    def AXValueGetValue(self, value: FakeValue, kind: int, out: None) -> tuple[bool, tuple[int, int] | None]:
        assert out is None
        return (True, value.value) if value.kind == kind else (False, None)

    def AXTextMarkerRangeCreate(self, allocator: None, start: FakeMark, end: FakeMark) -> FakeSpan:
        assert allocator is None
        assert isinstance(start, FakeMark)
        assert isinstance(end, FakeMark)
        return FakeSpan(start, end)

    def AXTextMarkerRangeCopyStartMarker(self, span: FakeSpan) -> FakeMark:
        return span.start

    def AXTextMarkerRangeCopyEndMarker(self, span: FakeSpan) -> FakeMark:
        return span.end

    def _reach(self, ref: FakeRef) -> int:
        """What keeps the program from answering, 0 where it does."""
        if not self.is_trusted:
            return self.kAXErrorAPIDisabled
        if not ref.program.has_accessibility:
            return self.kAXErrorCannotComplete
        if not ref.program.is_hung:
            return self.kAXErrorSuccess
        if ref.program.on_wait:
            ref.program.on_wait()
            return self.kAXErrorCannotComplete
        return self.kAXErrorSuccess if ref.program.wakes.wait(ref.timeout_s) else self.kAXErrorCannotComplete


class FakeQuartz:
    """Keys pressed for the user."""

    kCGEventSourceStatePrivate = -1
    kCGEventSourceStateHIDSystemState = 1
    kCGSessionEventTap = 1
    kCGEventFlagMaskCommand = 1 << 20

    def __init__(self, press: Callable[[int, int, bool], None]) -> None:
        """`press` gets the code of a key, the flags, and whether it goes down."""
        self.held_flags = 0
        self._press = press

    def CGEventSourceCreate(self, state: int) -> object:
        assert state in (-1, 0, 1)
        return SimpleNamespace(state=state)

    def CGEventCreateKeyboardEvent(self, source: Any, code: int, is_down: bool) -> Any:
        assert 0 <= code < 128
        # Made with a source of its own, an event has none of the keys that the user holds.
        return SimpleNamespace(code=code, is_down=is_down, flags=self.held_flags if source.state >= 0 else 0)

    def CGEventSetFlags(self, event: Any, flags: int) -> None:
        event.flags = flags

    def CGEventPost(self, tap: int, event: Any) -> None:
        assert tap in (0, 1, 2)
        self._press(event.code, event.flags, event.is_down)

    def CGEventSourceFlagsState(self, state: int) -> int:
        assert state in (-1, 0, 1)
        return self.held_flags


class FakeMac:
    """What pyobjc has of it, and what a person does there."""

    def __init__(self) -> None:
        self.front: FakeProgram | None = None
        self.is_secure = False
        self.hiservices = FakeHIServices()
        self.board = FakeBoard()
        self.quartz = FakeQuartz(self._key)
        self.appkit = SimpleNamespace(
            NSWorkspace=SimpleNamespace(sharedWorkspace=lambda: SimpleNamespace(frontmostApplication=self._frontmost)),
            NSPasteboard=SimpleNamespace(generalPasteboard=lambda: self.board),
            NSPasteboardItem=FakeItem,
        )
        self.copies = 0
        self.key_of_c = C_KEY
        self._down: list[int] = []

    def show(self, program: FakeProgram) -> FakeProgram:
        """Bring it to the front."""
        self.front = program
        self.hiservices.programs[program.pid] = program
        return program

    def end(self) -> None:
        """No key is left down."""
        assert self._down == []

    def _frontmost(self) -> object:
        return SimpleNamespace(processIdentifier=lambda: self.front.pid) if self.front else None

    def _key(self, code: int, flags: int, is_down: bool) -> None:
        if not self.hiservices.is_trusted:
            return  # macOS drops it without a word
        if is_down:
            self._down.append(code)
        else:
            self._down.remove(code)
        if is_down and (code, flags) == (self.key_of_c, self.quartz.kCGEventFlagMaskCommand):
            self.copies += 1
            if self.front and self.front.selected is not None:
                self.board.begin_copy(self.front.selected)


def field_of(text: str, start: int = 0, length: int = 0, role: str = "AXTextArea", **others: Any) -> FakeElement:
    """A text field, with the cursor or a selection in it; counted in characters, told in UTF-16 units."""

    def units(part: str) -> int:
        return len(part.encode("utf-16-le")) // 2

    def string(span: FakeValue) -> str:
        at, count = span.value
        assert at + count <= units(text), "there is no such place in the text"
        return text.encode("utf-16-le")[2 * at : 2 * (at + count)].decode("utf-16-le")

    lines = text.splitlines(keepends=True) or [""]

    def line(number: int) -> FakeValue:
        return FakeValue(4, (units("".join(lines[:number])), units(lines[number])))

    attributes = {
        "AXRole": role,
        "AXRoleDescription": "text entry area",
        "AXValue": text,
        "AXNumberOfCharacters": units(text),
        "AXSelectedText": text[start : start + length],
        "AXSelectedTextRange": FakeValue(4, (units(text[:start]), units(text[start : start + length]))),
        "AXInsertionPointLineNumber": text[:start].count("\n"),
        **others,
    }
    return FakeElement(attributes, {"AXStringForRange": string, "AXRangeForLine": line})


def page_of(text: str, start: int = 0, length: int = 0) -> FakeElement:
    """A page in a browser, which has marks in its text and no ranges."""

    def paragraph(mark: FakeMark) -> FakeSpan:
        begin = text.rfind("\n", 0, mark.place) + 1
        end = text.find("\n", mark.place) + 1 or len(text)
        return FakeSpan(FakeMark(begin), FakeMark(end))

    attributes = {
        "AXRole": "AXWebArea",
        "AXRoleDescription": "HTML content",
        "AXSelectedTextMarkerRange": FakeSpan(FakeMark(start), FakeMark(start + length)),
        "AXStartTextMarker": FakeMark(0),
        "AXEndTextMarker": FakeMark(len(text)),
    }
    about: dict[str, Callable[[Any], Any]] = {
        "AXStringForTextMarkerRange": lambda span: text[span.start.place : span.end.place],
        "AXParagraphTextMarkerRangeForTextMarker": paragraph,
        "AXLineTextMarkerRangeForTextMarker": paragraph,
    }
    return FakeElement(attributes, about)
