"""A compositor that crashes: Harken starts again with the one that takes its place, and ends where there is none."""

from __future__ import annotations

import pytest

from tests.desktop.desk import wait_for
from tests.wayland.binding import wait_for_keys
from tests.wayland.desk import WaylandDesk
from tests.wayland.test_keys import CRASH, desk_of, expect_end_with_the_session, expect_faster
from tests.wayland.test_programs import show_of

pytestmark = [pytest.mark.desktop, pytest.mark.usefixtures("wayland_root")]
IS_BACK = "Your desktop stopped responding but is back. Harken has restarted."


def says_it_is_back(desk: WaylandDesk) -> bool:
    return IS_BACK in desk.notices()


@pytest.mark.parametrize("desktop", ["kwin", "sway"])
def test_keys_and_selections_are_there_again_when_the_compositor_is(
    desktop: str, request: pytest.FixtureRequest
) -> None:
    with desk_of(desktop) as desk:
        show_of(desk, request, CRASH)
        harken = desk.start_harken()
        wait_for_keys(desk)
        desk.begin()
        desk.restart_compositor()
        wait_for(lambda: says_it_is_back(desk), "what Harken says of it", 60.0)
        wait_for_keys(desk)
        expect_faster(desk)
        desk.open_text("A selection on the new one.", "kwrite")
        assert desk.harken_run("stop").returncode == 0
        desk.begin()
        desk.press("super+alt+r")
        wait_for(lambda: "A selection on the new one." in desk.spoken(), "the selection", 60.0)
        assert desk.notices() == []
        assert harken.poll() is None


def test_where_the_session_is_over_harken_ends_as_it_should() -> None:
    with desk_of("sway") as desk:
        desk.start_harken()
        expect_end_with_the_session(desk)
