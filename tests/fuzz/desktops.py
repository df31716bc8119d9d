"""What is fuzzed of desktops that give keys: sway's messages and configuration, GNOME's settings, what portals say."""

from __future__ import annotations

import contextlib
import json
from typing import Any

from reader.capture import gnome_shell as gnome_places
from reader.errors import DesktopError
from reader.flow import BoundKeys, Command
from reader.gnome_shell import install
from reader.gnome_shell.state import read_state
from reader.hotkeys import gnome_bindings, portal_shortcuts, sway_ipc
from reader.hotkeys import gnome_shell as gnome_keys
from reader.hotkeys.chord import Chord

_WANTED = {Command.READ_SELECTION: Chord.parse("Super+Alt+R"), Command.STOP: Chord.parse("F9")}


def sway_messages(data: bytes) -> None:
    """Whatever comes over sway's socket, in two pieces."""
    decoder = sway_ipc.Decoder()
    with contextlib.suppress(DesktopError):
        for piece in (data[:20], data[20:]):
            for reply in decoder.feed(piece):
                assert isinstance(sway_ipc.fault(reply.body), str)
                assert isinstance(sway_ipc.is_reload(reply.body), bool)
                found = sway_ipc.pressed(reply.body)
                assert found is None or isinstance(found[0], str)


def sway_configurations(data: bytes) -> None:
    """A configuration that includes itself."""
    text = data.decode("utf-8", "replace")
    found = sway_ipc.taken(text, lambda _: [text])
    assert all(Chord.parse(str(chord)) == chord for chord in found if chord.modifiers - {"Shift"})


def gnome_settings(data: bytes) -> None:
    """What gsettings prints of GNOME's keys, and what it is given of them."""
    text = data.decode("utf-8", "replace")
    paths = gnome_bindings.paths(text)
    assert gnome_bindings.paths(gnome_bindings.listed(paths)) == paths
    entry = gnome_bindings.read_entry(text)
    assert isinstance(entry.wish, str)
    assert isinstance(gnome_bindings.shown(entry.binding), str)
    assert all(name for _, name in gnome_bindings.taken(text))
    assert gnome_bindings.strings(gnome_bindings.quoted(text)) == [text]
    assert isinstance(gnome_bindings.shown(text), str)


def gnome_extension(data: bytes) -> None:
    """What GNOME Shell and its extension say, of any types, and what gsettings prints of extensions."""
    text = data.decode("utf-8", "replace")
    with contextlib.suppress(DesktopError):
        assert all(isinstance(name, str) for name in install.read_list(text))
    with contextlib.suppress(ValueError, RecursionError):
        value = _as_bus(json.loads(text))
        answer = value if isinstance(value, tuple) else (value,)
        for are_all_off in (False, True):
            state = read_state("48.7", answer, are_all_off=are_all_off, is_locked=False)
            assert isinstance(state.why_not, str)
        selection = gnome_places.read_look(answer, 1)
        assert selection is None or isinstance(selection.is_meant(), bool)
        assert isinstance(gnome_places.parts_of(answer)[3], bytes)
        refused = gnome_keys.read_refusals([*answer, value], _WANTED)
        assert all(why.endswith(".") for why in refused.values())


def _as_bus(value: Any) -> Any:
    """As D-Bus has it: what JSON has lists for are structures, too."""
    if isinstance(value, list):
        return tuple(_as_bus(part) for part in value)
    return {key: _as_bus(part) for key, part in value.items()} if isinstance(value, dict) else value


def portal_answers(data: bytes) -> None:
    """What a portal says of keys: of any types, and its descriptions."""
    text = data.decode("utf-8", "replace")
    assert isinstance(portal_shortcuts.key_name(text), str)
    told = [("read-selection", {"trigger_description": ("s", text)}), ("stop", {}), (text, {}), text]
    keys = portal_shortcuts.bound(_WANTED, told)
    assert isinstance(keys, BoundKeys)
    assert keys.names.keys() | keys.refused.keys() == _WANTED.keys()
    with contextlib.suppress(ValueError, RecursionError):
        value = json.loads(text)
        portal_shortcuts.bound(_WANTED, value)
        portal_shortcuts.bound(_WANTED, [("stop", {"trigger_description": ("v", value)})])
        portal_shortcuts.command_of(("/session", value), "/session")
