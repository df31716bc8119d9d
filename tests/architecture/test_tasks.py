"""Tasks and threads are begun in one place each, which sees to it that none ends unheard."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.architecture.test_imports import ROOT, modules, tree

PLACES = [ROOT / "reader" / "tasks.py", ROOT / "reader" / "threads.py"]
BEGINNERS = {"create_task", "ensure_future", "TaskGroup", "Thread", "Timer", "start_new_thread", "QThread"}


@pytest.mark.parametrize("path", [p for p in modules("reader") + modules("ui") if p not in PLACES], ids=str)
def test_tasks_and_threads_are_begun_in_their_places(path: Path) -> None:
    named = {
        node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
    }
    assert not named & BEGINNERS
