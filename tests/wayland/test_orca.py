"""Orca 48 on GNOME, where most people have it: it speaks with Harken's voices, and Harken reads beside it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desktop.desk import wait_for
from tests.desktop.hearing import voiced_text
from tests.desktop.orca import as_said_with_harken
from tests.wayland.binding import bind
from tests.wayland.desk import WaylandDesk
from tests.wayland.test_programs import show_of
from tests.wayland.test_speechd import (
    LONG,
    SHORT,
    check_that_it_was_cut,
    is_still,
    speak_with_harken,
    start_orca,
    wait_for_end,
    wait_until_begun,
)

pytestmark = [pytest.mark.desktop, pytest.mark.usefixtures("wayland_root")]


@pytest.fixture(scope="module")
def desk(wayland_root: Path) -> Iterator[WaylandDesk]:
    """With Orca, started by hand, and a running Harken that has its keys."""
    with WaylandDesk("gnome", wayland_root) as desk:
        speak_with_harken(desk)
        start_orca(desk)
        desk.start_harken()
        bind(desk)
        yield desk
        print(desk.notices(), desk.spoken(), desk.report())


def test_the_next_line_cuts_the_one_that_orca_reads_and_harken_reads_beside_it(
    desk: WaylandDesk, request: pytest.FixtureRequest
) -> None:
    show_of(desk, request, "beside Orca, which speaks with Harken's voices")
    long, (last,), (said,) = as_said_with_harken(LONG), as_said_with_harken(SHORT), voiced_text(SHORT)
    desk.open_text(f"First.\n{LONG}\n{SHORT}\n", "mousepad")
    desk.press("ctrl+home")
    wait_for(lambda: is_still(desk), "silence", 60.0)
    begun_s = time.monotonic()
    desk.press("down")
    wait_until_begun(desk, begun_s)
    desk.press("down")
    check_that_it_was_cut(wait_for_end(desk, begun_s, last), long, last)

    desk.select(SHORT, "mousepad", "home", "shift+end")
    wait_for(lambda: is_still(desk), "silence", 60.0)
    desk.begin()
    begun_s = time.monotonic()
    desk.press("super+alt+r")
    wait_for_end(desk, begun_s, said)
    assert desk.spoken() == [SHORT]
    assert desk.selection() == SHORT  # the key did not reach the editor
