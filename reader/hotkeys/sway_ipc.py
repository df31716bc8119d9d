"""sway's IPC, and the key bindings in its configuration. Pure: `man 7 sway-ipc`, `man 5 sway`.

Both the socket's data and the configuration are untrusted.
"""

from __future__ import annotations

import json
import re
import shlex
import struct
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from reader.errors import DesktopError
from reader.hotkeys.chord import US_KEYCODES, Chord

RUN_COMMAND, SUBSCRIBE, GET_CONFIG, GET_VERSION = 0, 2, 9, 7
WORKSPACE_EVENT, BINDING_EVENT = 0x80000000, 0x80000005
_MAGIC = b"i3-ipc"
_HEAD = struct.Struct("=6sII")
# A configuration and everything it includes is a few kilobytes; no valid answer is longer than this.
_MAX_BYTES = 8_000_000
_MODIFIERS = {"Ctrl": "Ctrl", "Alt": "Mod1", "Shift": "Shift", "Super": "Mod4"}
_READ_MODIFIERS = {
    "ctrl": "Ctrl", "control": "Ctrl", "mod1": "Alt", "alt": "Alt", "shift": "Shift", "mod4": "Super", "super": "Super",
    "logo": "Super",
}  # fmt: skip
# How Harken's bindings begin, and what marks those for the release of a key.
_MARK, _RELEASED = "nop harken", "released"
_MAX_INCLUDES = 50


class Reply(NamedTuple):
    """A message from sway: an answer or an event."""

    kind: int
    body: Any


def message(kind: int, text: str = "") -> bytes:
    """Encode a request."""
    data = text.encode()
    return _HEAD.pack(_MAGIC, len(data), kind) + data


class Decoder:
    """Decodes messages from bytes that arrive in arbitrary chunks."""

    def __init__(self) -> None:
        self._data = bytearray()

    def feed(self, data: bytes) -> list[Reply]:
        """Return the messages that are now complete. Raises DesktopError if the data is not sway's."""
        self._data += data
        found = []
        while len(self._data) >= _HEAD.size:
            magic, size, kind = _HEAD.unpack_from(self._data)
            if magic != _MAGIC or size > _MAX_BYTES:
                raise DesktopError("sway: no message of sway's")
            if len(self._data) < _HEAD.size + size:
                break
            body = bytes(self._data[_HEAD.size : _HEAD.size + size])
            del self._data[: _HEAD.size + size]
            try:
                found.append(Reply(kind, json.loads(body)))
            except (ValueError, RecursionError) as error:
                raise DesktopError("sway: a message that can't be read") from error
        return found


def bind(chord: Chord, word: str) -> str:
    """The commands that bind a chord, so that its press and release are reported as `word`."""
    keys = written(chord)
    return f"bindsym {keys} {_MARK} {word}; bindsym --release {keys} {_MARK} {word} {_RELEASED}"


def unbind(chord: Chord) -> str:
    """The commands that undo `bind`."""
    keys = written(chord)
    return f"unbindsym {keys}; unbindsym --release {keys}"


def written(chord: Chord) -> str:
    """A chord in sway's notation."""
    return "+".join([*(_MODIFIERS[modifier] for modifier in sorted(chord.modifiers)), chord.keysym])


def fault(answer: object) -> str:
    """Why a command was refused, or ""."""
    results = answer if isinstance(answer, list) else []
    for result in results:
        if not isinstance(result, dict) or result.get("success") is not True:
            return str(result.get("error", "refused") if isinstance(result, dict) else "refused")
    return "" if results else "no answer"


def pressed(event: object) -> tuple[str, bool] | None:
    """The word in an event of a key, and whether it was released. None if the binding is not Harken's."""
    binding = event.get("binding") if isinstance(event, dict) else None
    command = binding.get("command") if isinstance(binding, dict) else None
    if not isinstance(command, str) or not command.startswith(_MARK + " "):
        return None
    word, _, rest = command.removeprefix(_MARK).strip().partition(" ")
    return word, rest.strip() == _RELEASED


def is_reload(event: object) -> bool:
    """Whether an event reports a reload of the configuration, which removes all bindings added at run time."""
    return isinstance(event, dict) and event.get("change") == "reload"


# ---- which keys the configuration has ----


def taken(config: str, read: Callable[[str], list[str]] = lambda _: []) -> set[Chord]:
    """The chords that a configuration binds outside modes. `read` returns the contents for an `include`."""
    found: set[Chord] = set()
    left = _MAX_INCLUDES

    def read_few(name: str) -> list[str]:  # recursive includes would never end
        nonlocal left
        left -= 1
        return read(name) if left >= 0 else []

    _collect(config, read_few, {}, found)
    return found


def _collect(config: str, read: Callable[[str], list[str]], variables: dict[str, str], found: set[Chord]) -> None:
    blocks: list[str] = []
    for line in _lines(config):
        words = _words(line)
        if line.endswith("{"):
            blocks.append(words[0] if words else "")
            continue
        if line == "}":
            if blocks:
                blocks.pop()
            continue
        if "mode" in blocks or not words:
            continue
        if blocks and blocks[-1] in ("bindsym", "bindcode"):
            words.insert(0, blocks[-1])
        _follow(words, read, variables, found)


def _follow(words: list[str], read: Callable[[str], list[str]], variables: dict[str, str], found: set[Chord]) -> None:
    match words[0].lower(), words[1:]:
        case "set", [name, *rest] if name.startswith("$"):
            variables[name] = _with_values(" ".join(rest), variables)
        case "include", [*names] if names:
            for text in read(_with_values(" ".join(names), variables)):
                _collect(text, read, variables, found)
        case (("bindsym" | "bindcode" as kind), rest):
            keys = next((word for word in rest if not word.startswith("--")), "")
            if chord := _chord(_with_values(keys, variables), is_code=kind == "bindcode"):
                found.add(chord)


def _lines(config: str) -> Iterator[str]:
    for line in config.replace("\\\n", " ").splitlines():
        line = line.strip()
        if line and not line.startswith("#"):
            yield line


def _words(line: str) -> list[str]:
    try:
        return shlex.split(line.rstrip("{"), posix=False)
    except ValueError:  # an unclosed quote
        return line.rstrip("{").split()


def _with_values(text: str, variables: dict[str, str]) -> str:
    """Substitute variables, the longest names first, as sway does."""
    for name in sorted(variables, key=len, reverse=True):
        text = text.replace(name, variables[name])[:1000]
    return text


def _chord(keys: str, *, is_code: bool) -> Chord | None:
    """The chord of a binding; None for what Harken never requests: mouse buttons, several keys, unknown ones."""
    modifiers, others = set(), []
    for part in keys.split("+"):
        if modifier := _READ_MODIFIERS.get(part.lower()):
            modifiers.add(modifier)
        else:
            others.append(part)
    if len(others) != 1:
        return None
    (name,) = others
    if is_code:
        codes = {str(code): key for key, code in US_KEYCODES.items()}
        return Chord(codes[name], frozenset(modifiers)) if name in codes else None
    name = re.sub("^0x[0-9a-fA-F]+$", "", name)
    key = Chord.key_named(name) if name else None
    return Chord(key, frozenset(modifiers)) if key else None
