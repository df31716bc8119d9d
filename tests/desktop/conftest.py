"""One desktop for all tests of a module, with Harken running on it; each test begins with Harken idle."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.desktop.desk import Desk

_FAILED = pytest.StashKey[bool]()


@pytest.fixture(scope="module")
def desktop() -> Iterator[Desk]:
    with Desk(tray=True) as made:
        made.start_harken()
        made.restart_texts()
        yield made


@pytest.fixture
def desk(desktop: Desk, request: pytest.FixtureRequest) -> Iterator[Desk]:
    """The module's desktop; what Harken says and does is counted from here."""
    desktop.begin()
    yield desktop
    if request.node.stash.get(_FAILED, False):
        print(desktop.report())
    if desktop.harken and desktop.harken.poll() is None:
        desktop.stop_reading()
    desktop.close_windows()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    outcome = yield
    if outcome.get_result().failed:  # type: ignore[attr-defined]
        item.stash[_FAILED] = True


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent.name == "desktop":
            item.add_marker(pytest.mark.desktop)
