"""A Mac in memory on which a test selects, goes elsewhere, and has a program hang: there is none to try it on."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future

from reader.capture.asked import AskedText
from reader.capture.ax_elements import MacAutomation, is_hung
from reader.capture.copied import CopiedText
from reader.capture.macos_copying import TEXT, MacCopying, may_copy
from reader.capture.macos_pasteboard import MacPasteboard, process_in_front
from reader.macos.loop import JobThread
from tests.contract.capture_worlds import World
from tests.fakes.mac import FakeMac, FakeProgram, field_of


class MacWorld(World):
    """What both places have of it."""

    tells = False

    def __init__(self) -> None:
        super().__init__()
        self.mac = FakeMac()

    def pid(self) -> int:
        return process_in_front(self.mac.appkit)

    async def leave(self) -> None:
        self.mac.show(FakeProgram(4712))


class AccessibilityWorld(MacWorld):
    """A program that tells assistive programs what is selected in it."""

    name = "accessibility"

    async def open(self) -> None:
        automation = MacAutomation(self.mac.hiservices, self.pid)
        self.place = AskedText(JobThread("accessibility"), automation)

    async def select(self) -> str:
        text = "Before it. Selected on a Mac 🍎. Behind it."
        self.mac.show(FakeProgram(4711, field_of(text, 11, 20)))
        return text[11:31]

    async def hang(self) -> Callable[[], None]:
        assert self.mac.front
        return self.mac.front.hang()


class PasteboardWorld(MacWorld):
    """A program that tells nothing, and copies at Command+C."""

    name = "pasteboard"

    async def open(self) -> None:
        def may() -> None:
            may_copy(is_allowed=self.mac.hiservices.is_trusted, is_secure=self.mac.is_secure)

        key: Future[int] = Future()
        key.set_result(self.mac.key_of_c)
        pasteboard = MacPasteboard(
            self.mac.appkit, self.mac.quartz, lambda: key, lambda pid: is_hung(self.mac.hiservices, pid)
        )
        thread = JobThread("pasteboard")
        self.place = CopiedText(thread, MacCopying(pasteboard), in_front=self.pid, may_copy=may, notes=list)

    async def select(self) -> str:
        self.mac.show(FakeProgram(4711, selected={TEXT: b"Selected on a Mac."}))
        return "Selected on a Mac."

    async def hang(self) -> Callable[[], None]:
        """The program copies nothing and answers nothing."""
        front = self.mac.front
        assert front
        selected, front.selected = front.selected, None
        answer = front.hang()

        def wake() -> None:
            front.selected = selected
            answer()

        return wake
