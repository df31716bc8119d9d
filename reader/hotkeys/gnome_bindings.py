"""GNOME's custom keys, as `gsettings` prints and takes them. What it prints is foreign: any program can write it. Pure.

Each of Harken's is at a path of its own, and its command ends in a comment with the keys that Harken asked for: so it
shows later whether they are still those, or the user has given it others in GNOME's settings.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from reader.flow import Command
from reader.hotkeys.chord import Chord

MEDIA_KEYS = "org.gnome.settings-daemon.plugins.media-keys"
LIST = "custom-keybindings"
CUSTOM = f"{MEDIA_KEYS}.custom-keybinding"
FOLDER = "/org/gnome/settings-daemon/plugins/media-keys/custom-keybindings/"
# What else has keys, with what it belongs to.
OTHERS = (
    MEDIA_KEYS,
    "org.gnome.desktop.wm.keybindings",
    "org.gnome.shell.keybindings",
    "org.gnome.mutter.keybindings",
    "org.gnome.mutter.wayland.keybindings",
)
# Where they stand in dconf, which tells of changes by these.
FOLDERS = (
    "/org/gnome/settings-daemon/plugins/media-keys/",
    "/org/gnome/desktop/wm/keybindings/",
    "/org/gnome/shell/keybindings/",
    "/org/gnome/mutter/",
)

# One that is never closed goes to the end, so that no text is looked at twice.
_QUOTED = re.compile(r"'((?:[^'\\]|\\.?)*)(?:'|\Z)|\"((?:[^\"\\]|\\.?)*)(?:\"|\Z)", re.DOTALL)
_MODIFIER = re.compile(r"<([^<>]*)>")
_MODIFIERS = {
    "primary": "Ctrl", "control": "Ctrl", "ctrl": "Ctrl", "ctl": "Ctrl", "alt": "Alt", "mod1": "Alt",
    "super": "Super", "mod4": "Super", "shift": "Shift",
}  # fmt: skip
_GTK_MODIFIERS = {"Ctrl": "<Control>", "Super": "<Super>", "Alt": "<Alt>", "Shift": "<Shift>"}
_KEYSYMS = {"page_up": "prior", "page_down": "next"}  # two names of one key
_ORDER = ("Ctrl", "Super", "Alt", "Shift")

Keys = tuple[frozenset[str], str]  # modifiers, and the key in small letters


@dataclass(frozen=True, slots=True)
class Entry:
    """One custom key."""

    name: str = ""
    command: str = ""
    binding: str = ""

    @property
    def wish(self) -> str:
        """The keys for which Harken has made it; "" for one that Harken has not."""
        return self.command.rpartition(" # ")[2] if " # " in self.command else ""


def path(command: Command) -> str:
    """Where the one for a command is."""
    return f"{FOLDER}harken-{command}/"


OWN_PATHS = frozenset(path(command) for command in Command)


def entry(program: str, command: Command, chord: Chord, name: str) -> Entry:
    """The one that has `harken-key`, at a path, do a command."""
    words = ["read", command.removeprefix("read-")] if command.startswith("read-") else [str(command)]
    return Entry(f"Harken: {name}", f"{shlex.join([program, *words])} # {chord}", accelerator(chord))


def accelerator(chord: Chord) -> str:
    """A chord as GNOME writes it."""
    return "".join(_GTK_MODIFIERS[modifier] for modifier in sorted(chord.modifiers)) + chord.keysym


def keys_of(binding: str) -> Keys | None:
    """What is pressed for a binding, however it is written; None for none."""
    name = _MODIFIER.sub("", binding).strip().lower()
    if not name:
        return None
    modifiers = (modifier.lower() for modifier in _MODIFIER.findall(binding))
    return frozenset(_MODIFIERS.get(modifier, modifier) for modifier in modifiers), _KEYSYMS.get(name, name)


def shown(binding: str) -> str:
    """A binding as people are told of it."""
    found = keys_of(binding)
    if not found:
        return ""
    modifiers, key = found
    known = [modifier for modifier in _ORDER if modifier in modifiers]
    name = Chord.key_named(key) or key
    return "+".join([*known, *sorted(modifiers - set(_ORDER)), name])


def paths(printed: str) -> list[str]:
    """The list of all custom keys, as `gsettings get` prints it."""
    return [text for text in strings(printed) if text.startswith("/") and text.endswith("/")]


def listed(found: Iterable[str]) -> str:
    """The list as `gsettings set` takes it."""
    return "[" + ", ".join(quoted(text) for text in found) + "]"


def quoted(text: str) -> str:
    """A text as `gsettings set` takes it."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def read_entry(printed: str) -> Entry:
    """One custom key, as `gsettings list-recursively` prints it; what is missing is ""."""
    values = {key: next(iter(strings(value)), "") for key, value in _lines(printed)}
    return Entry(values.get("name", ""), values.get("command", ""), values.get("binding", ""))


def taken(printed: str) -> dict[Keys, str]:
    """The keys of a schema, as `gsettings list-recursively` prints it, each with what GNOME calls its use."""
    found: dict[Keys, str] = {}
    for key, value in _lines(printed):
        if key != LIST:
            found |= {keys: key for text in strings(value) if (keys := keys_of(text))}
    return found


def owner(chord: Chord, others: Mapping[Keys, str]) -> str:
    """Whose a chord is, of the keys that are taken; "" where it is free."""
    keys = keys_of(accelerator(chord))
    return others.get(keys, "") if keys else ""


def strings(printed: str) -> list[str]:
    """The texts in a value that `gsettings` prints."""
    found = (single or double for single, double in _QUOTED.findall(printed))
    return [re.sub(r"\\(.)", r"\1", text, flags=re.DOTALL) for text in found]


def _lines(printed: str) -> Iterator[tuple[str, str]]:
    for line in printed.splitlines():
        _, _, rest = line.partition(" ")
        key, _, value = rest.partition(" ")
        if value:
            yield key, value
