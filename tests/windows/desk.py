"""A desk with Windows on it: real keys, a real sound server, Wine's Notepad, and Harken. Runs outside of it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

from tests.desktop import desk
from tests.desktop.desk import Desk
from tests.windows.wine import HANG_S, HARKEN, PYTHON, Windows, windows

FIRST, SECOND = "The first line is here.", "The second line is another one."
# As long as it takes a person to stop it.
LONG = " ".join(f"This is sentence number {number} of a long text." for number in range(1, 40))
TAKEN = "Super+Alt+J"


def wait_for(condition: Callable[[], Any], what: str, limit_s: float = HANG_S) -> Any:
    """See Desk's: only what hangs is given up."""
    return desk.wait_for(condition, what, limit_s)


class WindowsDesk(Desk):
    """Notepad shows three lines. Another program has the key of `TAKEN` from before Harken's start."""

    def __init__(self) -> None:
        super().__init__(bus=False)
        self.there: Windows
        self._open = ExitStack()
        self._inside: list[subprocess.Popen[str]] = []

    def __enter__(self) -> Self:
        super().__enter__()
        try:
            sound = f"unix:{self.runtime}/pulse/native"
            self.there = self._open.enter_context(windows(self.display, sound))
            self.text = self.there.c / "text.txt"
            self.text.write_text("\r\n".join((FIRST, SECOND, LONG)), encoding="utf-8", newline="")
            self._keep("notepad", "C:\\text.txt")
            self.notepad = wait_for(lambda: self._titled("text.txt"), "Notepad")
            self.start_reading()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def start_reading(self) -> None:
        """Start Harken, from this checkout."""
        self.rival = self._keep(PYTHON, "-m", "tests.windows.inside", "take", TAKEN, stdin=subprocess.PIPE)
        assert self.rival.stdout
        assert self.rival.stdout.readline().strip() == "taken"
        self.skip_first_steps_there()
        self.start_there(*HARKEN)
        self.wait_for_record("keys")

    def skip_first_steps_there(self) -> None:
        """Have this user have seen Harken's first window."""
        state = self.there.home / "AppData/Local/harken"
        state.mkdir(parents=True, exist_ok=True)
        (state / "first-steps-shown").touch()

    def start_there(self, *command: str) -> subprocess.Popen[str]:
        """A Harken, or what starts one, whose events are recorded."""
        record = "Z:" + str(self.record_file).replace("/", "\\")
        silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        return self._keep(*command, env={"HARKEN_RECORD": record}, **silent)

    def __exit__(self, *error: Any) -> None:
        self._open.close()  # which ends all that runs there
        for process in self._inside:
            with process:  # its pipes
                process.wait()
        super().__exit__(*error)

    def _keep(self, *command: str, **more: Any) -> subprocess.Popen[str]:
        """Start a program that is ended with the desk."""
        self._inside.append(self.there.start(*command, **more))
        return self._inside[-1]

    def wait_for_record(self, event: str, count: int = 1, limit_s: float = HANG_S, **fields: Any) -> dict[str, Any]:
        return super().wait_for_record(event, count, limit_s, **fields)

    def _titled(self, title: str) -> int:
        found = self.output(["xdotool", "search", "--onlyvisible", "--name", title]).split()
        return int(found[0]) if found else 0

    def select_line(self, number: int) -> None:
        """In Notepad, from its first line on."""
        self.focus(self.notepad)
        for keys in ("ctrl+Home", *["Down"] * (number - 1), "Home", "shift+End"):
            self.keyboard.press(keys)

    def clipboard(self, what: str) -> dict[str, str]:
        """Have some program put three formats there, or say what is there: see inside.py."""
        code, printed = self.there.python("-m", "tests.windows.inside", what)
        assert code == 0, printed
        found: dict[str, str] = json.loads(printed.splitlines()[-1])
        return found

    @property
    def is_reading(self) -> bool:
        """Whether something is read, as far as was recorded since the test began."""
        states = [record["state"] for record in self.records() if record["event"] == "state"]
        return bool(states) and states[-1] not in ("idle", "problem")

    def heard_since(self, sample: int) -> float:
        """The loudest of what was heard, 0 to 1."""
        recording = self.recorder.sound()[sample:]
        return float(abs(recording).max()) if recording.size else 0.0

    def report(self) -> str:
        """See Desk."""
        log = next(iter(self.there.home.rglob("harken.log")), Path("none"))
        return f"{self.records()}\n{log.read_text(errors='replace')[-3000:] if log.exists() else 'no log'}"
