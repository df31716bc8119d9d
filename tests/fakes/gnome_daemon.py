"""gnome-settings-daemon's own keys on a bus, with GNOME's real settings (dconf) and a keyboard in memory.

As the real one does: only entries of the list have their keys, what another key of GNOME has goes to that, and a
command is run as GLib takes it apart, which ends at a comment. What nobody has goes to the program in front.
"""

from __future__ import annotations

import os
import queue
import re
import shlex
import shutil
import subprocess
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from jeepney import message_bus

from reader.dbus import open_bus
from reader.hotkeys.chord import Chord
from reader.hotkeys.gnome_bindings import CUSTOM, FOLDER, LIST, MEDIA_KEYS, Keys, accelerator, keys_of

WM = "org.gnome.desktop.wm.keybindings"


def gsettings(*arguments: str) -> str:
    """What the real program prints, without the end of its line."""
    return subprocess.run(["gsettings", *arguments], check=True, capture_output=True, text=True).stdout.strip()


def no_gnome_settings() -> str:
    """Why GNOME's real settings can't be had here, or ""."""
    if not shutil.which("gsettings") or not shutil.which("dbus-daemon"):
        return "gsettings or dbus-daemon is not installed"
    return "" if MEDIA_KEYS in gsettings("list-schemas").split() else "gnome-settings-daemon-common is not installed"


class GnomeDaemon:
    """Runs commands one after the other, on a thread of its own."""

    def __init__(self) -> None:
        self.in_front: list[Chord] = []
        self.failures: list[str] = []
        self._commands: queue.Queue[str | None] = queue.Queue()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def close(self) -> None:
        """Run no more."""
        self._commands.put(None)

    def join(self) -> None:
        """Wait until the last command has ended. Not on the loop that answers them."""
        self._thread.join()

    def press(self, chord: Chord) -> None:
        """Press keys as a person does. The command is run soon."""
        pressed = keys_of(accelerator(chord))
        for path in self.listed():
            if keys_of(self.value(path, "binding")) == pressed:
                self._commands.put(self.value(path, "command"))
                return
        if pressed not in self._keys_of_gnome():
            self.in_front.append(chord)

    @staticmethod
    def listed() -> list[str]:
        """The paths of the custom keys there are."""
        return re.findall(r"'([^']*)'", gsettings("get", MEDIA_KEYS, LIST))

    @staticmethod
    def value(path: str, key: str) -> str:
        """Of a custom key."""
        text = gsettings("get", f"{CUSTOM}:{path}", key)
        return text[1:-1].replace("\\'", "'").replace("\\\\", "\\")

    @staticmethod
    def add(name: str, binding: str, command: str) -> str:
        """The user adds a custom key. Returns its path."""
        path = f"{FOLDER}custom{len(GnomeDaemon.listed())}/"
        for key, value in (("name", name), ("binding", binding), ("command", command)):
            gsettings("set", f"{CUSTOM}:{path}", key, value)
        gsettings("set", MEDIA_KEYS, LIST, str([*GnomeDaemon.listed(), path]))
        return path

    @staticmethod
    def remove(path: str) -> None:
        """The user removes one."""
        gsettings("set", MEDIA_KEYS, LIST, str([one for one in GnomeDaemon.listed() if one != path]))

    def _keys_of_gnome(self) -> set[Keys | None]:
        return {keys_of(text) for text in re.findall(r"'([^']*)'", gsettings("list-recursively", WM))}

    def _run(self) -> None:
        while command := self._commands.get():
            words = shlex.split(command, comments=True)
            done = subprocess.run(words, check=False, capture_output=True, text=True, env=os.environ)
            if done.returncode:
                self.failures.append(done.stderr)


@asynccontextmanager
async def gnome_daemon(address: str) -> AsyncIterator[GnomeDaemon]:
    """It, with its name on the bus."""
    bus = await open_bus(address)
    daemon = GnomeDaemon()
    try:
        await bus.ask(message_bus.RequestName("org.gnome.SettingsDaemon.MediaKeys"))
        yield daemon
    finally:
        daemon.close()
        await bus.close()
