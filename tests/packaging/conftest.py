"""Tests of what `make package` makes. They run in `make test-package`, which makes it first."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DIST = ROOT / "dist"
BUILD = ROOT / "build"

collect_ignore_glob = [] if os.environ.get("HARKEN_TEST_PACKAGES") else ["test_*.py"]


@pytest.fixture(autouse=True)
def own_home() -> None:
    """Harken runs elsewhere, with a home of its own; tools that build keep their caches."""


def made(pattern: str) -> Path:
    """The one file in dist/ of that name."""
    (found,) = DIST.glob(pattern)
    return found
