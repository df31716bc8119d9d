"""What the session's programs and the running Harken send over D-Bus: docs/dbus.md explains it to their authors.

The methods correspond to messages of protocol.py, so they do and refuse the same as the command line, with the same
sentences. No text that is read is ever on the bus, unless a program sends it with Say. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reader.flow import Command
from reader.support.app_id import APP_ID

NAME = APP_ID
INTERFACE = APP_ID
PATH = "/" + APP_ID.replace(".", "/")
REFUSED = f"{APP_ID}.Error.Refused"  # the sentence says why it can't be done now, or what went wrong
PROPERTIES = "org.freedesktop.DBus.Properties"
INTROSPECTABLE = "org.freedesktop.DBus.Introspectable"
PEER = "org.freedesktop.DBus.Peer"

Properties = dict[str, tuple[str, Any]]  # name -> (D-Bus type, value)

# Each with its type, in the order in which they are listed.
PROPERTY_TYPES = {
    "State": "s",  # a value of flow.State
    "CanResume": "b",
    "Speed": "d",
    "WordsPerMinute": "u",
    "Volume": "d",
    "Voice": "s",
    "Version": "s",
}
# With their arguments, each as (name, type).
SIGNALS = {
    "ReadingStarted": (("reading", "t"),),
    "ReadingEnded": (("reading", "t"), ("how", "s")),
}


def _method_name(command: Command) -> str:
    return "".join(part.capitalize() for part in command.split("-"))


def _by_command(command: str) -> dict[str, Any]:
    """The message for a command by its name; “show” has its own, which also says what to do next."""
    return {"do": "show"} if command == Command.SHOW else {"do": "command", "command": command}


_PLAIN = {_method_name(command): _by_command(command) for command in Command} | {
    "SleepAtParagraph": {"do": "sleep-at-paragraph"},
    "OpenSettings": {"do": "open-settings"},
    "Quit": {"do": "quit"},
}
# Method -> its arguments, and what it returns.
METHODS: dict[str, tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]] = {
    **dict.fromkeys(_PLAIN, ((), ())),
    "Do": ((("command", "s"),), ()),
    "Press": ((("command", "s"),), ()),
    "Say": ((("text", "s"),), (("reading", "t"),)),
    "Sleep": ((("minutes", "u"),), ()),
    "Recent": ((), (("texts", "a(udisb)"),)),
    "ReadRecent": ((("number", "u"),), ()),
    "ForgetRecent": ((("number", "u"),), ()),
}


def signature(arguments: tuple[tuple[str, str], ...]) -> str:
    """The types of arguments, as D-Bus writes them."""
    return "".join(kind for _, kind in arguments)


def message(method: str, arguments: tuple[Any, ...]) -> dict[str, Any]:
    """What a method asks for, as a message of protocol.py. Its arguments have the types in METHODS."""
    match method:
        case "Do":
            return _by_command(arguments[0])
        case "Press":
            return {**_by_command(arguments[0]), "by_key": True}
        case "Say":
            return {"do": "say", "text": arguments[0]}
        case "Sleep":
            return {"do": "sleep", "minutes": arguments[0]}
        case "Recent":
            return {"do": "recent"}
        case "ReadRecent":
            return {"do": "recent-read", "number": arguments[0]}
        case "ForgetRecent":
            return {"do": "recent-forget", "number": arguments[0] or None}
    return _PLAIN[method]


def returned(method: str, answer: Mapping[str, Any]) -> tuple[Any, ...]:
    """What the method returns, taken from the answer."""
    if method == "Recent":  # without first words: no text goes on the bus
        rows = [(row["number"], row["when_s"], _percent(row), row["path"], row["can_go_on"]) for row in answer["texts"]]
        return (rows,)
    return tuple(answer[name] for name, _ in METHODS[method][1])


def _percent(row: Mapping[str, Any]) -> int:
    return -1 if row["percent"] is None else int(row["percent"])


def introspection() -> str:
    """The object's introspection data."""
    lines = [f'<node><interface name="{INTERFACE}">']
    for name, (arguments, results) in METHODS.items():
        inside = _arguments(arguments, ' direction="in"') + _arguments(results, ' direction="out"')
        lines.append(f'<method name="{name}">{inside}</method>')
    lines += [f'<signal name="{name}">{_arguments(arguments)}</signal>' for name, arguments in SIGNALS.items()]
    lines += [f'<property name="{name}" type="{kind}" access="read"/>' for name, kind in PROPERTY_TYPES.items()]
    return "\n".join([*lines, "</interface>", _STANDARD, "</node>"])


def node_above(path: str) -> str:
    """The introspection data of a parent object, which only lists the next one; "" for an unrelated path."""
    start = "/" if path == "/" else f"{path}/"
    if not PATH.startswith(start):
        return ""
    return f'<node><node name="{PATH[len(start) :].partition("/")[0]}"/></node>'


def _arguments(arguments: tuple[tuple[str, str], ...], more: str = "") -> str:
    return "".join(f'<arg name="{name}" type="{kind}"{more}/>' for name, kind in arguments)


_STANDARD = """\
<interface name="org.freedesktop.DBus.Properties">
<method name="Get"><arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="v" direction="out"/></method>
<method name="GetAll"><arg type="s" direction="in"/><arg type="a{sv}" direction="out"/></method>
<method name="Set"><arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="v" direction="in"/></method>
<signal name="PropertiesChanged"><arg type="s"/><arg type="a{sv}"/><arg type="as"/></signal>
</interface>
<interface name="org.freedesktop.DBus.Introspectable">
<method name="Introspect"><arg type="s" direction="out"/></method>
</interface>
<interface name="org.freedesktop.DBus.Peer"><method name="Ping"/></interface>"""
