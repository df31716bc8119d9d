"""Presses a button by its name in any window, through AT-SPI: `python3 -m tests.wayland.buttons NAME`, in the root."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from jeepney.wrappers import DBusErrorResponse

from tests.desktop.accessible import Item, Watcher
from tests.desktop.desk import wait_for


def buttons(watcher: Watcher, name: str, within: Item) -> Iterator[Item]:
    """All that are called so, in a window and the parts of it that answer."""
    try:
        is_button = "button" in watcher.call(within, "Accessible", "GetRoleName")
        if is_button and watcher.read(within, "Accessible", "Name") == name:
            yield within
        children = watcher.children(within)
    except (DBusErrorResponse, TimeoutError):
        return
    for child in children:
        yield from buttons(watcher, name, child)


def main(name: str) -> None:
    """Wait for the button and press it."""
    watcher = Watcher()

    def find() -> Item | None:
        return next((button for window in watcher.windows() for button in buttons(watcher, name, window)), None)

    button: Item = wait_for(find, f"a button {name}", 30.0)
    watcher.call(button, "Action", "DoAction", "i", 0)


if __name__ == "__main__":
    main(sys.argv[1])
