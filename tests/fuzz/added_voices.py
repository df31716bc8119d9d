"""Files of voices that the user adds: nets, and what describes them."""

from __future__ import annotations

import contextlib
import json

from reader.errors import VoiceFileError
from reader.voices.piper import attention, cut, description, net


def voice_nets(data: bytes) -> None:
    """A net in ONNX's format: what is read of it is cut into parts that are nets again."""
    with contextlib.suppress(net.BrokenNetError):
        whole = net.read(data)
        parts = cut.cut(whole) if len(whole.outputs) == 1 else None
        cut.check(whole)
        again = net.read(cut.whole(whole))
        assert set(again.weights) >= set(whole.weights)
        for made in parts.nets.values() if parts else ():
            assert net.read(made).nodes
        if narrow := attention.narrow(whole):
            cut.cut(narrow)


def voice_descriptions(data: bytes) -> None:
    """The JSON of a voice."""
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return
    with contextlib.suppress(VoiceFileError):
        about = description.read(value, "a voice")
        assert about.language.isalpha()
        assert all(number >= 0 for ids in about.symbols.values() for number in ids)
        assert all(description.usable_name(name) == name for name in about.speakers)
