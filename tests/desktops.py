"""Makes docs/desktops.md of what tests have shown on this machine: `python -m tests.desktops`.

Run tests/wayland and tests/desktop before it. It refuses where a test failed.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from tests.shown import Shown, all_shown

PAGE = Path(__file__).parents[1] / "docs" / "desktops.md"
_HEAD = """# Desktops and programs

What works where, and how. `python -m tests.desktops` generates this page from the results of the tests named in its
rows: real desktops without a screen, real programs, real key presses, recorded sound. The X11 desktops are those of
Debian 12, the Wayland desktops those of Debian 13.
"""
_PROGRAMS = """
## Programs

The test selects text in the program with the keyboard and presses Harken's key; the text is heard, and nothing is typed
into the program. Where it says “no”, Harken reads nothing, not even an old selection, and says the sentence instead.
"""
_DEEDS = """
## What else was tried on each desktop
"""


def row(shown: Shown) -> str:
    """A line of a table."""
    works = f"no: “{told}”" if (told := shown.get("told")) else ", ".join(filter(None, ("yes", shown.get("how"))))
    return f"| {shown['desktop']} | {shown['what']} | {works} | `{shown['test']}` |"


def table(rows: Iterable[Shown]) -> str:
    """A table, by desktop and then by what is tried there."""
    lines = sorted(map(row, rows), key=str.casefold)
    return "\n".join(["\n| desktop | what | works | test |", "| --- | --- | --- | --- |", *lines, ""])


def page(shown: list[Shown]) -> str:
    """The whole page."""
    programs = table(one for one in shown if one["is_program"])
    deeds = table(one for one in shown if not one["is_program"])
    return f"{_HEAD}{_PROGRAMS}{programs}{_DEEDS}{deeds}"


def main() -> int:
    """Write the page, and return the exit code."""
    shown = all_shown()
    failed = [one["test"] for one in shown if not one["passed"]]
    if failed or not shown:
        print(
            "failed: " + ", ".join(failed) if failed else "run tests/wayland and tests/desktop first", file=sys.stderr
        )
        return 1
    PAGE.write_text(page(shown), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
