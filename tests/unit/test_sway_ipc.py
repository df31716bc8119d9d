"""sway's messages, and which keys its configuration has."""

from __future__ import annotations

import json
import struct

import pytest

from reader.errors import DesktopError
from reader.hotkeys import sway_ipc
from reader.hotkeys.chord import Chord


def raw(kind: int, body: object) -> bytes:
    data = json.dumps(body).encode()
    return b"i3-ipc" + struct.pack("=II", len(data), kind) + data


@pytest.mark.parametrize("size", [1, 3, 14, 1000])
def test_messages_come_out_however_they_are_cut(size: int) -> None:
    data = raw(0, [{"success": True}]) + raw(sway_ipc.BINDING_EVENT, {"a": "ü" * 40})
    decoder, found = sway_ipc.Decoder(), []
    for at in range(0, len(data), size):
        found += decoder.feed(data[at : at + size])
    assert found == [(0, [{"success": True}]), (sway_ipc.BINDING_EVENT, {"a": "ü" * 40})]


@pytest.mark.parametrize(
    "data",
    [
        b"HTTP/1.1 400 Bad Request",
        b"i3-ipc" + struct.pack("=II", 1 << 31, 0),
        b"i3-ipc" + struct.pack("=II", 1, 0) + b"{",
    ],
    ids=["another protocol", "endless", "no JSON"],
)
def test_what_is_no_message_is_refused(data: bytes) -> None:
    with pytest.raises(DesktopError, match="sway"):
        sway_ipc.Decoder().feed(data)


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        ([{"success": True}, {"success": True}], ""),
        ([{"success": True}, {"success": False, "error": "Unknown key"}], "Unknown key"),
        ([], "no answer"),
        ({"success": True}, "no answer"),
        ([7], "refused"),
    ],
)
def test_what_is_refused_is_told(answer: object, fault: str) -> None:
    assert sway_ipc.fault(answer) == fault


def test_only_harkens_bindings_are_its_own() -> None:
    def event(command: object) -> object:
        return {"change": "run", "binding": {"command": command}}

    assert sway_ipc.pressed(event("nop harken stop")) == ("stop", False)
    assert sway_ipc.pressed(event("nop harken stop released")) == ("stop", True)
    for other in (event("exec foot"), event("nop harkening stop"), event(None), {"binding": 1}, [], None):
        assert sway_ipc.pressed(other) is None


CONFIG = r"""
# bindsym Mod4+Mod1+a nop
set $mod Mod4
set $mod2 $mod+Mod1
bindsym $mod2+r exec echo "bindsym Mod4+Mod1+b nop"
bindsym --release --no-warn  $mod+Shift+Ctrl+F9   exec foot
bindsym {
    $mod+Mod1+space exec foot
    --locked Mod4+Control+x exec foot
}
bindcode Mod4+Mod1+57 exec foot
mode "resize" {
    bindsym Mod4+Mod1+c resize shrink
}
mode resize bindsym Mod4+Mod1+d nop
bar {
    bindsym button1 nop
}
input "type:keyboard" {
    xkb_layout us
}
bindsym Mod4+Mod1+Prior nop
bindsym \
    Mod4+Mod1+p nop
include ~/.config/sway/more
bindsym Mod4+a+b nop
bindsym XF86AudioMute nop
bindsym "Mod4+q" nop 'it"s
"""


def test_which_keys_the_users_configuration_has() -> None:
    files = {"~/.config/sway/more": ["bindsym $mod+F7 nop\ninclude ~/.config/sway/more\n"]}
    found = sway_ipc.taken(CONFIG, lambda name: files.get(name, []))
    expected = [
        "Super+Alt+R", "Ctrl+Super+Shift+F9", "Super+Alt+Space", "Ctrl+Super+X", "Super+Alt+N", "Super+Alt+Page_Up",
        "Super+Alt+P", "Super+F7",
    ]  # fmt: skip
    assert found >= {Chord.parse(text) for text in expected}
    left = {str(chord) for chord in found} - {str(Chord.parse(text)) for text in expected}
    assert left <= {"Super+Q"}


def test_a_chord_is_written_as_sway_reads_it() -> None:
    chord = Chord.parse("Ctrl+Super+Alt+Shift+Page_Up")
    assert sway_ipc.bind(chord, "stop").startswith("bindsym Mod1+Ctrl+Shift+Mod4+Prior nop harken stop; ")
    assert sway_ipc.taken(sway_ipc.bind(Chord.parse("Super+R"), "stop")) == {Chord.parse("Super+R")}
