"""GNOME's custom keys, as `gsettings` prints and accepts them. Its output is untrusted: any program can write it. Pure.

Each of Harken's keys has its own path, and its command ends in a comment with the keys that Harken requested: this
shows later whether they are still the same, or the user has changed them in GNOME's settings.
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
# Other schemas with keys, and what the keys belong to.
OTHERS = (
    MEDIA_KEYS,
    "org.gnome.desktop.wm.keybindings",
    "org.gnome.shell.keybindings",
    "org.gnome.mutter.keybindings",
    "org.gnome.mutter.wayland.keybindings",
)
# Their dconf folders, by which dconf reports changes.
FOLDERS = (
    "/org/gnome/settings-daemon/plugins/media-keys/",
    "/org/gnome/desktop/wm/keybindings/",
    "/org/gnome/shell/keybindings/",
    "/org/gnome/mutter/",
)

# An unclosed string extends to the end, so that no text is scanned twice.
_QUOTED = re.compile(r"'((?:[^'\\]|\\.?)*)(?:'|\Z)|\"((?:[^\"\\]|\\.?)*)(?:\"|\Z)", re.DOTALL)
_MODIFIER = re.compile(r"<([^<>]*)>")
_MODIFIERS = {
    "primary": "Ctrl", "control": "Ctrl", "ctrl": "Ctrl", "ctl": "Ctrl", "alt": "Alt", "mod1": "Alt",
    "super": "Super", "mod4": "Super", "shift": "Shift",
}  # fmt: skip
_GTK_MODIFIERS = {"Ctrl": "<Control>", "Super": "<Super>", "Alt": "<Alt>", "Shift": "<Shift>"}
_KEYSYMS = {"page_up": "prior", "page_down": "next"}  # two names of the same key
_ORDER = ("Ctrl", "Super", "Alt", "Shift")

Keys = tuple[frozenset[str], str]  # modifiers, and the key in lower case


@dataclass(frozen=True, slots=True)
class Entry:
    """One custom key."""

    name: str = ""
    command: str = ""
    binding: str = ""

    @property
    def wish(self) -> str:
        """The keys Harken created this entry for; "" if Harken did not create it."""
        return self.command.rpartition(" # ")[2] if " # " in self.command else ""


def path(command: Command) -> str:
    """The path of a command's entry."""
    return f"{FOLDER}harken-{command}/"


OWN_PATHS = frozenset(path(command) for command in Command)


def entry(program: str, command: Command, chord: Chord, name: str) -> Entry:
    """The entry that has `harken-key`, at `program`, run a command."""
    words = ["read", command.removeprefix("read-")] if command.startswith("read-") else [str(command)]
    return Entry(f"Harken: {name}", f"{shlex.join([program, *words])} # {chord}", accelerator(chord))


def accelerator(chord: Chord) -> str:
    """A chord in GNOME's notation."""
    return "".join(_GTK_MODIFIERS[modifier] for modifier in sorted(chord.modifiers)) + chord.keysym


def keys_of(binding: str) -> Keys | None:
    """The keys a binding stands for, however it is written; None if there are none."""
    name = _MODIFIER.sub("", binding).strip().lower()
    if not name:
        return None
    modifiers = (modifier.lower() for modifier in _MODIFIER.findall(binding))
    return frozenset(_MODIFIERS.get(modifier, modifier) for modifier in modifiers), _KEYSYMS.get(name, name)


def shown(binding: str) -> str:
    """A binding as shown to users."""
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
    """One custom key, as `gsettings list-recursively` prints it; missing values are ""."""
    values = {key: next(iter(strings(value)), "") for key, value in _lines(printed)}
    return Entry(values.get("name", ""), values.get("command", ""), values.get("binding", ""))


def taken(printed: str) -> dict[Keys, str]:
    """The keys of a schema, as `gsettings list-recursively` prints it, each with GNOME's name for its use."""
    found: dict[Keys, str] = {}
    for key, value in _lines(printed):
        if key != LIST:
            found |= {keys: key for text in strings(value) if (keys := keys_of(text))}
    return found


def owner(chord: Chord, others: Mapping[Keys, str]) -> str:
    """The owner of a chord among the taken keys; "" if it is free."""
    keys = keys_of(accelerator(chord))
    return others.get(keys, "") if keys else ""


def strings(printed: str) -> list[str]:
    """The strings in a value that `gsettings` prints."""
    found = (single or double for single, double in _QUOTED.findall(printed))
    return [re.sub(r"\\(.)", r"\1", text, flags=re.DOTALL) for text in found]


def _lines(printed: str) -> Iterator[tuple[str, str]]:
    for line in printed.splitlines():
        _, _, rest = line.partition(" ")
        key, _, value = rest.partition(" ")
        if value:
            yield key, value
