"""docs/desktops.md is what its command makes, and each of its rows stands for a test that there is."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests import desktops, shown
from tests.shown import Shown

_ROOT = Path(__file__).parents[2]
_ROW = re.compile(
    r"\| (?P<desktop>[^|]+) \| (?P<what>[^|]+) "
    r"\| (?:no: “(?P<told>[^|]+)”|yes(?:, (?P<how>[^|]+))?) \| `(?P<test>\S.*)` \|"
)


def rows() -> list[Shown]:
    """Those of the page."""
    programs, deeds = desktops.PAGE.read_text("utf-8").split("## What else")
    return [
        Shown(
            desktop=found["desktop"], what=found["what"], is_program=part is programs, how=found["how"] or "",
            told=found["told"] or "", test=found["test"], passed=True,
        )
        for part in (programs, deeds)
        for found in _ROW.finditer(part)
    ]  # fmt: skip


def test_the_page_is_of_the_form_that_the_command_makes() -> None:
    assert desktops.page(rows()) == desktops.PAGE.read_text("utf-8")


def test_each_row_stands_for_a_test() -> None:
    for found in rows():
        file, *names = found["test"].partition("[")[0].split("::")
        tree: ast.AST = ast.parse((_ROOT / file).read_text("utf-8"))
        for name in names:
            tree = next(
                node
                for node in ast.walk(tree)
                if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == name
            )


def test_every_program_has_a_row_on_every_desktop() -> None:
    from tests.wayland.desk import DESKTOPS
    from tests.wayland.test_programs import PROGRAMS

    ids = {found["test"].partition("[")[2].rstrip("]") for found in rows() if found["is_program"]}
    assert {f"{desktop}-{program}" for desktop in DESKTOPS for program in PROGRAMS} <= ids


def test_a_test_that_failed_makes_no_page(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(desktops, "PAGE", tmp_path / "page.md")
    monkeypatch.setattr(shown, "FOLDER", tmp_path / "shown")
    assert desktops.main() == 1
    (tmp_path / "shown").mkdir()
    (tmp_path / "shown" / "a.json").write_text(
        '{"a.py::b": {"desktop": "d", "what": "w", "is_program": true, "test": "a.py::b", "passed": false}}', "utf-8"
    )
    assert desktops.main() == 1
    assert "failed: a.py::b" in capsys.readouterr().err
    assert not (tmp_path / "page.md").exists()
