"""Tests that read the source and start nothing: thousands, which need no home of their own."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def own_home() -> None:
    """None."""
