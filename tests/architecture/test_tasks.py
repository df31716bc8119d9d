"""Tasks, threads and child processes are begun in one place each, which sees to it that none ends unheard."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.architecture.test_imports import ROOT, modules, tree

PLACES = [ROOT / "reader" / name for name in ("tasks.py", "threads.py", "support/child_process.py")]
BEGINNERS = {"create_task", "ensure_future", "TaskGroup", "Thread", "Timer", "start_new_thread", "QThread"}
BEGINNERS |= {"create_subprocess_exec", "create_subprocess_shell", "subprocess_exec", "subprocess_shell"}


@pytest.mark.parametrize("path", [p for p in modules("reader") + modules("ui") if p not in PLACES], ids=str)
def test_what_runs_beside_is_begun_in_its_place(path: Path) -> None:
    named = {
        node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
    }
    assert not named & BEGINNERS
