"""What tests show of desktops and programs: kept under build/ as each run goes, and made into docs/desktops.md.

A test says what it shows with the mark `shows` or by calling `show`. `python -m tests.desktops` makes the table.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import TypedDict

import pytest

FOLDER = Path(__file__).parents[1] / "build" / "shown"
_PROPERTY = "shows"


class Shown(TypedDict, total=False):
    """What one test shows."""

    desktop: str  # with its version, or the name of the package that has one
    what: str  # a program with its version, or what is done
    is_program: bool
    how: str
    told: str  # what Harken says where it can't be done
    test: str
    passed: bool


def show(item: pytest.Item, shown: Shown) -> None:
    """A test says what it shows; whether it holds is known when it ends."""
    item.user_properties.append((_PROPERTY, shown))


def show_marked(item: pytest.Item) -> None:
    """What a test's mark says: `shows(desktop, what, package="", how="")`, packages being those of this system."""
    if mark := item.get_closest_marker(_PROPERTY):
        desktop, what = mark.args
        package = mark.kwargs.get("package", "")
        shown = Shown(desktop=desktop, what=f"{what} {version(package)}".strip(), is_program=bool(package))
        show(item, {**shown, "how": mark.kwargs.get("how", "")})


def version(package: str) -> str:
    """Of a package of this system, "" where there is none."""
    command = ["dpkg-query", "--show", "--showformat", "${source:Upstream-Version}", package]
    return subprocess.run(command, check=False, capture_output=True, text=True).stdout if package else ""


def keep(reports: Iterable[pytest.TestReport]) -> None:
    """Write down what was shown, beside what other tests showed before."""
    files: dict[str, dict[str, Shown]] = {}
    for report in reports:
        for name, value in report.user_properties:
            if name == _PROPERTY and report.when == "call" and not report.skipped:
                file = Path(report.nodeid.partition("::")[0]).stem
                shown: Shown = {**value, "test": report.nodeid, "passed": report.passed}  # type: ignore[typeddict-item]
                files.setdefault(file, {})[report.nodeid] = shown
    for file, found in files.items():
        FOLDER.mkdir(parents=True, exist_ok=True)
        path = FOLDER / f"{file}.json"
        before = json.loads(path.read_text("utf-8")) if path.exists() else {}
        path.write_text(json.dumps(before | found, indent=1, ensure_ascii=False), "utf-8")


def all_shown() -> list[Shown]:
    """What all runs have shown, each test's latest."""
    return [shown for path in sorted(FOLDER.glob("*.json")) for shown in json.loads(path.read_text("utf-8")).values()]
