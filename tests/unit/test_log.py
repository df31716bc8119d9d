"""The log, and what must not be in it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from reader.support import log

SECRET = "what the user was reading"


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    """A log that is being written."""
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    log.start(tmp_path / "harken.log")
    yield tmp_path / "harken.log"
    logging.captureWarnings(False)
    root.setLevel(level)
    for handler in [handler for handler in root.handlers if handler not in before]:
        root.removeHandler(handler)
        handler.close()


@pytest.mark.noisy
def test_an_exception_is_told_by_its_type_and_place_only(path: Path) -> None:
    try:
        raise ValueError(SECRET)
    except ValueError:
        logging.getLogger("reader").exception("it failed")
    written = path.read_text(encoding="utf-8")
    assert "it failed\nTraceback, without messages:\n\nbuiltins.ValueError\n    test_log.py:" in written
    assert SECRET not in written


def test_behind_its_end_nothing_is_written_and_the_file_is_free(path: Path) -> None:
    before = path.read_text(encoding="utf-8")
    (file,) = [h for h in logging.getLogger().handlers if isinstance(h, log._File) and h.baseFilename == str(path)]
    log.stop()
    logging.getLogger("reader").info("too late")
    assert file not in logging.getLogger().handlers
    assert file.stream is None
    assert path.read_text(encoding="utf-8") == before
