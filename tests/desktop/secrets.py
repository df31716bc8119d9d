"""A Secret Service of its own: the real gnome-keyring on a private session bus.

The bus starts nothing by itself, so that there is neither another keyring nor a dialogue on somebody's desktop.
Every process is ended by its number.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.desktop.desk import wait_for

PASSWORD = "the keyring's own password"
SECRETS = "org.freedesktop.secrets"
PROMPTER = "org.gnome.keyring.SystemPrompter"
NEEDED = {"dbus-daemon": "dbus", "gnome-keyring-daemon": "gnome-keyring"}
_BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""
# Owns the name under which gnome-keyring asks for passwords, and leaves every question open.
_SILENT_PROMPTER = f"""
import jeepney, jeepney.io.blocking as io
bus = io.open_dbus_connection()
bus.send_and_get_reply(jeepney.message_bus.RequestName({PROMPTER!r}))
while True:
    message = bus.receive()
    if message.header.message_type == jeepney.MessageType.method_call:
        bus.send(jeepney.new_method_return(message))
        print(message.header.fields[jeepney.HeaderFields.member], flush=True)
"""


def missing() -> list[str]:
    """The packages (Debian's names) that have to be installed first."""
    return sorted({package for program, package in NEEDED.items() if not shutil.which(program)})


class SessionBus:
    """A session bus with nothing on it, and what tests put there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.address = f"unix:path={folder / 'bus'}"
        self._processes: list[subprocess.Popen[bytes]] = []
        self._keyring: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        config = self.folder / "bus.conf"
        config.write_text(_BUS.format(socket=self.folder / "bus"))
        self._start(["dbus-daemon", f"--config-file={config}", "--nofork", "--nopidfile"])
        wait_for(self._is_listening, "the session bus")  # its socket is there a little before
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        for process in reversed(self._processes):
            process.send_signal(signal.SIGCONT)
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe:
                    pipe.close()

    def start_keyring(self, *, is_unlocked: bool) -> None:
        """Start gnome-keyring, in place of the one before: its files stay, as through a log-out."""
        if self._keyring:
            self._processes.remove(self._keyring)
            self._keyring.kill()
            self._keyring.wait()
            if self._keyring.stdin:
                self._keyring.stdin.close()
            wait_for(lambda: not self.has(SECRETS), "the old keyring's end")
        command = ["gnome-keyring-daemon", "--foreground", "--components=secrets"]
        self._keyring = self._start(
            [*command, "--unlock"] if is_unlocked else command, feed=PASSWORD if is_unlocked else ""
        )
        wait_for(lambda: self.has(SECRETS), "gnome-keyring")

    def freeze_keyring(self) -> None:
        """Let it be there and answer nothing."""
        assert self._keyring
        os.kill(self._keyring.pid, signal.SIGSTOP)

    def start_silent_prompter(self) -> subprocess.Popen[bytes]:
        """Show a dialogue that nobody answers. Its output has a line for each step."""
        prompter = self._start([sys.executable, "-c", _SILENT_PROMPTER], listen=True)
        wait_for(lambda: self.has(PROMPTER), "the prompter")
        return prompter

    def has(self, name: str) -> bool:
        """Whether a name is owned on the bus."""
        import jeepney.io.blocking as io
        from jeepney import message_bus

        with io.open_dbus_connection(self.address) as bus:
            return bool(bus.send_and_get_reply(message_bus.NameHasOwner(name)).body[0])

    def _is_listening(self) -> bool:
        with socket.socket(socket.AF_UNIX) as probe:
            return probe.connect_ex(str(self.folder / "bus")) == 0

    def _start(self, command: list[str], *, feed: str | None = None, listen: bool = False) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            command,
            env={**os.environ, "DBUS_SESSION_BUS_ADDRESS": self.address},
            stdin=subprocess.DEVNULL if feed is None else subprocess.PIPE,
            stdout=subprocess.PIPE if listen else subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._processes.append(process)
        if feed is not None:
            assert process.stdin
            process.stdin.write(feed.encode())
            process.stdin.close()
        return process
