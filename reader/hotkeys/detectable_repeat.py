"""A keyboard extension flag missing from python-xlib, which distinguishes a held key from one pressed again.

For each repetition X sends a release and a press, the same as for a key that goes up and down in an instant; only their
times would differ, and a busy machine distorts those. With the flag, a held key sends only presses. X Keyboard
Extension, "Detectable Autorepeat"; every X.Org server supports it.
"""

from __future__ import annotations

from typing import Any

from Xlib.protocol import rq

_EXTENSION = "XKEYBOARD"
_VERSION = (1, 0)
_CORE_KEYBOARD = 0x100
_DETECTABLE_AUTO_REPEAT = 1


class _UseExtension(rq.ReplyRequest):
    _request = rq.Struct(
        rq.Card8("opcode"), rq.Opcode(0), rq.RequestLength(), rq.Card16("wanted_major"), rq.Card16("wanted_minor")
    )
    _reply = rq.Struct(
        rq.ReplyCode(), rq.Card8("is_supported"), rq.Card16("sequence_number"), rq.ReplyLength(),
        rq.Card16("server_major"), rq.Card16("server_minor"), rq.Pad(20),
    )  # fmt: skip


class _PerClientFlags(rq.ReplyRequest):
    _request = rq.Struct(
        rq.Card8("opcode"), rq.Opcode(21), rq.RequestLength(), rq.Card16("device"), rq.Pad(2), rq.Card32("change"),
        rq.Card32("value"), rq.Card32("controls"), rq.Card32("auto_controls"), rq.Card32("auto_control_values"),
    )  # fmt: skip
    _reply = rq.Struct(
        rq.ReplyCode(), rq.Card8("device"), rq.Card16("sequence_number"), rq.ReplyLength(), rq.Card32("supported"),
        rq.Card32("value"), rq.Card32("auto_controls"), rq.Card32("auto_control_values"), rq.Pad(8),
    )  # fmt: skip


def switch_on(display: Any) -> bool:
    """Make held keys send only presses to this client. Returns whether the server does so."""
    extension = display.query_extension(_EXTENSION)
    if not extension:
        return False
    major, minor = _VERSION
    inner, opcode = display.display, extension.major_opcode
    used = _UseExtension(display=inner, opcode=opcode, wanted_major=major, wanted_minor=minor)
    if not used.is_supported:
        return False
    flags = _PerClientFlags(
        display=inner,
        opcode=opcode,
        device=_CORE_KEYBOARD,
        change=_DETECTABLE_AUTO_REPEAT,
        value=_DETECTABLE_AUTO_REPEAT,
        controls=0,
        auto_controls=0,
        auto_control_values=0,
    )
    return bool(flags.value & _DETECTABLE_AUTO_REPEAT)
