"""A file that others write, in each way in which programs do."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication

from ui.file_watch import FileWatch

Until = Callable[[Callable[[], bool]], None]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config" / "harken" / "settings.toml"


@pytest.fixture
def spy(qt: QApplication, path: Path) -> Iterator[QSignalSpy]:
    watch = FileWatch(path)
    yield QSignalSpy(watch.changed)
    watch.deleteLater()


def replace(path: Path, text: str) -> None:
    beside = path.with_suffix(".new")
    beside.write_text(text)
    os.replace(beside, path)


def remove_and_write(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    path.write_text(text)


@pytest.mark.parametrize("write", [Path.write_text, replace, remove_and_write])
def test_each_writing_is_noticed(
    spy: QSignalSpy, path: Path, until: Until, write: Callable[[Path, str], object]
) -> None:
    for count in range(1, 4):  # the first time there is none yet
        write(path, "x" * count)
        until(lambda count=count: spy.count() == count)  # type: ignore[misc]
    path.unlink()
    until(lambda: spy.count() == 4)


def test_what_else_is_in_the_folder_is_no_news(spy: QSignalSpy, path: Path, until: Until) -> None:
    (path.parent / "another").write_text("x")
    path.write_text("x")
    until(lambda: spy.count() == 1)


def test_a_link_leads_to_the_file(qt: QApplication, path: Path, tmp_path: Path, until: Until) -> None:
    kept = tmp_path / "dotfiles" / "harken.toml"
    kept.parent.mkdir()
    kept.write_text("x")
    path.parent.mkdir(parents=True)
    path.symlink_to(kept)
    watch = FileWatch(path)
    spy = QSignalSpy(watch.changed)
    kept.write_text("xx")
    until(lambda: spy.count() == 1)
    replace(kept, "xxx")
    until(lambda: spy.count() == 2)
    watch.deleteLater()
