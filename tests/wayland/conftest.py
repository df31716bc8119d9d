"""One session of each desktop for all tests that share it; they run where root.sh has made the root."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.wayland.binding import bind
from tests.wayland.desk import DESKTOPS, WaylandDesk, made, needs, root

_FAILED = pytest.StashKey[bool]()


@pytest.fixture(scope="session")
def wayland_root() -> Path:
    """The Debian 13 with today's desktops."""
    why = needs() or ("" if made() else "python -m tests.wayland makes the root that this needs, which takes minutes")
    if why and os.environ.get("CI"):
        pytest.fail(why)
    if why:
        pytest.skip(why)
    return root()


@pytest.fixture(scope="session", params=DESKTOPS)
def desktop(request: pytest.FixtureRequest, wayland_root: Path) -> Iterator[WaylandDesk]:
    """Each desktop in turn, for every module's tests, with Harken running on it that has its keys."""
    with WaylandDesk(request.param, wayland_root) as made:
        try:
            made.start_harken()
            made.harken_run("settings", "set", "reading.go_on", "false")  # each test's texts begin at their beginning
            bind(made)
            made.open_empty()  # a window has been in front before the first test's, as in the others
            made.close_windows()
        except BaseException:
            print(made.report())
            raise
        yield made


@pytest.fixture
def desk(desktop: WaylandDesk, request: pytest.FixtureRequest) -> Iterator[WaylandDesk]:
    """The session of a desktop, with Harken idle; the programs of a test are ended after it."""
    desktop.begin()
    yield desktop
    if request.node.stash.get(_FAILED, False):
        print(desktop.report())
    desktop.harken_run("stop")
    desktop.close_windows()
    desktop.harken_is_there()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    outcome = yield
    if outcome.get_result().failed:  # type: ignore[attr-defined]
        item.stash[_FAILED] = True
