"""These run where Wine is installed: `make test-windows` does that."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without it they are skipped."""
    if shutil.which("wineserver") or shutil.which("wine"):
        return
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.skip(reason="run “make test-windows”: Wine is not installed"))
