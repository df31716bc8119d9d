"""Windows on which a test selects, goes elsewhere, and has a program hang."""

from __future__ import annotations

import asyncio
import itertools
import subprocess
import sys
from collections.abc import Callable

from reader.capture import windows
from reader.capture.asked import AskedText
from reader.capture.automation import Focused
from reader.capture.windows_clipboard import WindowsClipboard
from reader.win32 import MessageThread
from tests.contract.capture_worlds import World
from tests.desktop.desk import wait_for
from tests.fakes.automation import LINES, FakeAutomation

_OTHERS = 4711


class Programs:
    """Two other programs, each with a window with a text field: see tests/windows/editor.py."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.windows.editor"]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "encoding": "utf-8"}
        self._running = [subprocess.Popen(command, **pipes) for _ in range(2)]  # type: ignore[call-overload]

    def __enter__(self) -> Programs:
        return self

    def __exit__(self, *_: object) -> None:
        for program in self._running:
            program.stdin.close()
            program.stdout.close()
            program.wait()

    def tell(self, which: int, *what: str) -> None:
        """Have one do something, and wait until it has."""
        program = self._running[which]
        print(*what, file=program.stdin, flush=True)
        assert program.stdout.readline().strip() == what[0]


class CopyingWorld(World):
    """What is selected in another program's text field, and what that program does at Ctrl+C."""

    name = "copying"
    tells = False

    def __init__(self, programs: Programs) -> None:
        super().__init__()
        self._programs = programs
        self._numbers = itertools.count(1)

    async def open(self) -> None:
        await asyncio.to_thread(_empty_clipboard)
        self.place = await windows.open_place(self.news.release)

    async def select(self) -> str:
        text = f"Selected in an editor, for the {next(self._numbers)}. time."
        await asyncio.to_thread(self._programs.tell, 0, "select", text)
        return text

    async def leave(self) -> None:
        await asyncio.to_thread(self._programs.tell, 1, "nothing")

    async def hang(self) -> Callable[[], None]:
        await asyncio.to_thread(self._programs.tell, 0, "hang")
        return lambda: self._programs.tell(0, "wake")


class AutomationWorld(World):
    """As programs answer UI Automation."""

    name = "ui automation"
    tells = False

    async def open(self) -> None:
        self._automation = FakeAutomation(None)
        self.place = AskedText(await asyncio.to_thread(MessageThread, "ui automation"), self._automation)

    async def select(self) -> str:
        self._automation.found = Focused(_OTHERS, is_field=True, value="".join(LINES), selected="second one")
        return "second one"

    async def leave(self) -> None:
        self._automation.found = None

    async def hang(self) -> Callable[[], None]:
        self._automation.answers.clear()
        return self._automation.answers.set


def _empty_clipboard() -> None:
    clipboard = WindowsClipboard()
    wait_for(clipboard.open, "the clipboard")
    clipboard.put([], {})
    clipboard.close()
    clipboard.end()
