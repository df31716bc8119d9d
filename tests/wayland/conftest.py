"""One session of a desktop for the tests of a module; they run where root.sh has made the root."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.wayland.desk import DESKTOPS, WaylandDesk, made, needs, root

_FAILED = pytest.StashKey[bool]()


@pytest.fixture(scope="session")
def wayland_root() -> Path:
    """The Debian 13 with today's desktops."""
    if why := needs():
        pytest.skip(why)
    if not made():
        pytest.skip("tests/wayland/root.sh makes what this needs, which takes minutes")
    return root()


@pytest.fixture(scope="module", params=DESKTOPS)
def desktop(request: pytest.FixtureRequest, wayland_root: Path) -> Iterator[WaylandDesk]:
    """Each desktop in turn, with Harken running on it."""
    with WaylandDesk(request.param, wayland_root) as made:
        made.start_harken()
        yield made


@pytest.fixture
def desk(desktop: WaylandDesk, request: pytest.FixtureRequest) -> Iterator[WaylandDesk]:
    """The module's session; its programs are ended after each test."""
    yield desktop
    if request.node.stash.get(_FAILED, False):
        print(desktop.report())
    desktop.harken_run("stop")
    desktop.close_windows()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    outcome = yield
    if outcome.get_result().failed:  # type: ignore[attr-defined]
        item.stash[_FAILED] = True
