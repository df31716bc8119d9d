"""These run outside of Windows, where Wine is installed: `make test-windows` does that."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.windows.desk import WindowsDesk, wait_for

_FAILED = pytest.StashKey[bool]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without it they are skipped."""
    if shutil.which("wineserver") or shutil.which("wine"):
        return
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.skip(reason="run “make test-windows”: Wine is not installed"))


@pytest.fixture(scope="session")
def desk() -> Iterator[WindowsDesk]:
    with WindowsDesk() as made:
        yield made


@pytest.fixture
def reading(desk: WindowsDesk, request: pytest.FixtureRequest) -> Iterator[WindowsDesk]:
    """The desk, with records and sound of this test alone; Harken is idle behind it."""
    desk.begin()
    yield desk
    if request.node.stash.get(_FAILED, False):
        print(desk.report())
    desk.focus(desk.notepad)
    desk.keyboard.press("super+alt+q")
    wait_for(lambda: not desk.is_reading, "Harken idle")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    outcome = yield
    if outcome.get_result().failed:  # type: ignore[attr-defined]
        item.stash[_FAILED] = True
