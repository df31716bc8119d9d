"""Harken's icon as a panel sees it that speaks StatusNotifier: its texts, and its menu over com.canonical.dbusmenu."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from jeepney import DBusAddress, new_method_call
from jeepney.io.blocking import open_dbus_connection
from jeepney.wrappers import DBusErrorResponse, unwrap_msg

from tests.desktop.desk import Desk, wait_for

_MENU = "com.canonical.dbusmenu"
_WATCHER = DBusAddress("/StatusNotifierWatcher", "org.kde.StatusNotifierWatcher", "org.freedesktop.DBus.Properties")


@dataclass(frozen=True)
class MenuEntry:
    """An entry of the menu, as it was told. `label` has `_` before its mnemonic."""

    id: int
    label: str
    is_enabled: bool
    is_marked: bool
    children: tuple[MenuEntry, ...]


class Item:
    """The icon. Close it when done."""

    def __init__(self, desk: Desk) -> None:
        self._bus = open_dbus_connection(desk.env["DBUS_SESSION_BUS_ADDRESS"])
        self._service, self._path = wait_for(self._find, "the icon")

    def close(self) -> None:
        self._bus.close()

    def _call(self, address: DBusAddress, method: str, signature: str, *arguments: object) -> Any:
        reply = unwrap_msg(
            self._bus.send_and_get_reply(new_method_call(address, method, signature, arguments), timeout=5)
        )
        return reply[0] if len(reply) == 1 else reply

    def _find(self) -> tuple[str, str] | None:
        try:
            found = self._call(_WATCHER, "Get", "ss", _WATCHER.bus_name, "RegisteredStatusNotifierItems")
        except DBusErrorResponse:
            return None  # the panel is not there yet
        for name in found[1]:
            service, _, path = name.partition("/")
            return service, f"/{path}"
        return None

    def read(self, name: str) -> Any:
        """A property: Title, ToolTip, Menu and so on."""
        address = DBusAddress(self._path, self._service, "org.freedesktop.DBus.Properties")
        return self._call(address, "Get", "ss", "org.kde.StatusNotifierItem", name)[1]

    def _menu(self) -> DBusAddress:
        return DBusAddress(self.read("Menu"), self._service, _MENU)

    def menu(self) -> tuple[MenuEntry, ...]:
        """All entries, with those of menus within; lines between them and what is hidden left out."""
        _, root = self._call(self._menu(), "GetLayout", "iias", 0, -1, [])
        return _entry(root).children

    def open(self, entry: MenuEntry) -> None:
        """Say that a menu is about to be shown."""
        self._call(self._menu(), "AboutToShow", "i", entry.id)

    def choose(self, entry: MenuEntry) -> None:
        """Click on an entry."""
        self._call(self._menu(), "Event", "isvu", entry.id, "clicked", ("s", ""), 0)


def _entry(told: Any) -> MenuEntry:
    number, properties, children = told
    values = {name: value for name, (_, value) in properties.items()}
    entries = tuple(_entry(child) for _, child in children if _is_shown(child))
    return MenuEntry(
        number, values.get("label", ""), values.get("enabled", True), values.get("toggle-state", 0) == 1, entries
    )


def _is_shown(told: Any) -> bool:
    values = {name: value for name, (_, value) in told[1].items()}
    return values.get("visible", True) and values.get("type") != "separator"


def flat(entries: tuple[MenuEntry, ...]) -> list[MenuEntry]:
    """The entries and all within them."""
    return [found for entry in entries for found in (entry, *flat(entry.children))]
