"""What only the user can do about keys, in the desktop's own settings.

Keys that the desktop has given to Harken are changed there; if it gives none, the user can bind a key to `harken-key`.
"""

from __future__ import annotations

import os
from typing import NamedTuple

from reader.flow import Command
from reader.hotkeys.labels import label
from reader.support import display, key_client
from reader.support.i18n import QT_TRANSLATE_NOOP, translate


class _Line(NamedTuple):
    """A desktop's own configuration: the file, the line with `{command}` in it, and what makes it reload."""

    file: str
    line: str
    reload: str


# By the names in XDG_CURRENT_DESKTOP, in lower case. Super+Alt+R as each of them writes it.
_LINES = {
    "labwc": _Line(
        "~/.config/labwc/rc.xml, <keyboard>",
        '<keybind key="W-A-r"><action name="Execute" command="{command}"/></keybind>',
        "labwc --reconfigure",
    ),
    "sway": _Line("~/.config/sway/config", "bindsym Mod4+Mod1+r exec {command}", "swaymsg reload"),
    "hyprland": _Line("~/.config/hypr/hyprland.conf", "bind = SUPER ALT, R, exec, {command}", "hyprctl reload"),
    "river": _Line("~/.config/river/init", "riverctl map normal Super+Alt R spawn '{command}'", "~/.config/river/init"),
    "niri": _Line("~/.config/niri/config.kdl, binds", 'Super+Alt+R {{ spawn-sh "{command}"; }}', ""),
}
# Where a desktop's settings list keys for custom commands.
_SETTINGS = {
    "gnome": QT_TRANSLATE_NOOP("reader", "Settings, Keyboard, View and Customize Shortcuts, Custom Shortcuts"),
    "kde": QT_TRANSLATE_NOOP("reader", "System Settings, Shortcuts, Add New, Command"),
    "cosmic": QT_TRANSLATE_NOOP("reader", "Settings, Keyboard, Keyboard Shortcuts, Custom"),
    "xfce": QT_TRANSLATE_NOOP("reader", "Settings, Keyboard, Application Shortcuts"),
}
# Where they list the keys given to programs.
_GIVEN = {
    "gnome": QT_TRANSLATE_NOOP("reader", "Settings, Apps, Harken, Global Shortcuts"),
    "kde": QT_TRANSLATE_NOOP("reader", "System Settings, Keyboard, Shortcuts"),
}


def place() -> str:
    """Where the desktop's settings list the keys it has given to Harken."""
    known = next((_GIVEN[name] for name in _desktops() if name in _GIVEN), "")
    return translate("reader", known) if known else translate("reader", "the desktop's own settings")


def kept() -> str:
    """A sentence that tells the user where to change keys that the desktop remembers, whatever Harken requests."""
    return translate("reader", "Your desktop remembers these keys. Change them in {place}.").format(place=place())


def no_key(command: Command) -> str:
    """A sentence that tells the user where to assign a key to a command that the desktop left without one."""
    sentence = translate("reader", "Your desktop gave “{command}” no key. Set one in {place}.")
    return sentence.format(command=label(command), place=place())


def advice() -> str:
    """A sentence that tells the user how to bind a key for reading here, and the configuration line if there is one."""
    if not display.is_there():
        return translate("reader", "In a terminal, “harken speak” reads a file or a text aloud.")
    command = f"{key_client.shown() or 'harken'} read"
    for name in _desktops():
        if name in _LINES:
            return _line(_LINES[name], command)
        if name in _SETTINGS:
            sentence = translate(
                "reader", "Assign a key to the command “{command}” in the desktop's settings: {place}."
            )
            return sentence.format(command=command, place=translate("reader", _SETTINGS[name]))
    sentence = translate("reader", "Assign a key to the command “{command}” in the desktop's own settings.")
    return sentence.format(command=command)


def _desktops() -> list[str]:
    return [name.lower() for name in os.environ.get("XDG_CURRENT_DESKTOP", "").split(":")]


def _line(entry: _Line, command: str) -> str:
    line = entry.line.format(command=command)
    if not entry.reload:
        sentence = translate("reader", "Add this line to {file}: {line}")
        return sentence.format(file=entry.file, line=line)
    sentence = translate("reader", "Add this line to {file}, then run “{reload}”: {line}")
    return sentence.format(file=entry.file, line=line, reload=entry.reload)
