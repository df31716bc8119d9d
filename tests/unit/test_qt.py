"""What Harken relies on in Qt for Python."""

from __future__ import annotations

import sys

import pytest
from PySide6.QtWidgets import QApplication


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is never freed there")
def test_calls_that_return_nothing_keep_none_alive(qt: QApplication) -> None:
    before = sys.getrefcount(None)
    for _ in range(500):
        qt.sendPostedEvents()
    assert sys.getrefcount(None) > before - 100
