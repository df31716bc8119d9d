"""The menu on a small screen, or at 200 %: every entry in one column on the screen, or to be scrolled to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.desktop.accessible import Item, Watcher
from tests.desktop.desk import Desk, wait_for

SIZE = (1280, 800)
# How far up from its beginning the entries of the menu are that open another one; "" is the menu itself.
SUBMENUS = {"": 0, "more": 3, "voice": 4, "speed": 5}
# So many entries can be gone to, at least.
SHORTEST = {"": 9, "more": 6, "voice": 4, "speed": 11}
Box = tuple[int, int, int, int]  # left, top, width, height; pixels on the screen


@pytest.fixture(scope="module", params=["", "de", "ar"], ids=["en", "de", "ar"])
def large(request: pytest.FixtureRequest) -> Iterator[Desk]:
    """A desktop at 200 %, with Harken in a language."""
    with Desk(tray=True, sound=False) as made:
        settings = made.home / ".config" / "harken" / "settings.toml"
        settings.parent.mkdir(parents=True)
        settings.write_text(f'[system]\nlanguage = "{request.param}"\n')
        made.env["QT_SCALE_FACTOR"] = "2"
        made.start_harken(HARKEN_AUDIO="none")
        yield made


def box(desk: Desk, window: int) -> Box:
    told = desk.output(["xdotool", "getwindowgeometry", "--shell", str(window)])
    found = dict(line.split("=") for line in told.splitlines())
    return int(found["X"]), int(found["Y"]), int(found["WIDTH"]), int(found["HEIGHT"])


def is_on_screen(place: Box) -> bool:
    left, top, width, height = place
    return left >= 0 and top >= 0 and left + width <= SIZE[0] and top + height <= SIZE[1]


def walk(desk: Desk, watcher: Watcher) -> list[Box]:
    """Go once through a menu with the Down key. Returns where each entry is when it has the focus."""
    seen: list[Item] = []
    places: list[Box] = []
    while True:
        desk.keyboard.press("Down")
        while "menu item" not in watcher.call(item := watcher.next_focused(), "Accessible", "GetRoleName"):
            pass  # the menu itself
        if item in seen:
            return places
        seen.append(item)
        places.append(watcher.call(item, "Component", "GetExtents", "u", 0))


@pytest.fixture
def watcher(large: Desk) -> Iterator[Watcher]:
    made = Watcher(large)
    made.follow_focus()
    yield made
    made.close()


@pytest.mark.parametrize("name", SUBMENUS)
def test_every_menu_is_on_the_screen_in_one_column_and_all_of_it_is_reached(
    large: Desk, watcher: Watcher, name: str
) -> None:
    before = large.find_windows("harken")
    large.open_tray_menu()
    try:
        menus = large.find_windows("harken")
        if name:
            for _ in range(SUBMENUS[name]):
                large.keyboard.press("Up")
                watcher.next_focused()
            large.keyboard.press("Return")
            opened = wait_for(lambda: large.find_windows("harken") - menus, "the menu within")
        else:
            opened = menus - before
        (place,) = (box(large, window) for window in opened)
        assert is_on_screen(place)
        assert place[2] < SIZE[0]
        found = walk(large, watcher)
        assert len({left for left, *_ in found}) == 1
        assert all(top >= 0 and top + height <= SIZE[1] for _, top, _, height in found)
        assert len(found) >= SHORTEST[name]
    finally:
        for _ in range(2):
            large.keyboard.press("Escape")
        wait_for(lambda: large.find_windows("harken") <= before, "the menu's end")


def test_the_window_fits_too(large: Desk) -> None:
    assert large.harken_call("show") == 0
    window = wait_for(lambda: max(large.find_windows("harken"), default=0), "the window")
    assert is_on_screen(box(large, window))
