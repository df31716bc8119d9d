"""A system's answers about a text of three paragraphs, for what `reader/capture/automation.py` asks of a system."""

from __future__ import annotations

import threading

from reader.capture.automation import Focused, NoAutomationError, Unit

LINES = ["The first paragraph.\n", "The second one is longer. It has two sentences.\n", "The last."]


class FakeAutomation:
    """A text of three paragraphs, with the cursor in the second one; see Automation."""

    def __init__(self, found: Focused | None) -> None:
        self.found = found
        self.is_asked_for_text = False
        self.answers = threading.Event()  # not set: the program hangs
        self.answers.set()

    def focused(self) -> Focused | None:
        """See Automation."""
        self.answers.wait()
        return self.found

    def around(self, unit: Unit) -> tuple[str, str]:
        """See Automation."""
        self._ask()
        assert unit in (Unit.LINE, Unit.PARAGRAPH)
        return "The second o", LINES[1].removeprefix("The second o")

    def to_end(self) -> str:
        """See Automation."""
        self._ask()
        return LINES[1].removeprefix("The second o") + LINES[2]

    def whole(self) -> str:
        """See Automation."""
        self._ask()
        return "".join(LINES)

    def close(self) -> None:
        """See Automation."""

    def _ask(self) -> None:
        self.is_asked_for_text = True
        if self.found is None or self.found.selected is None:
            raise NoAutomationError("there is no text")
