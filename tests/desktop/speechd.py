"""speech-dispatcher, the real one, on a desk: with Harken's voices among its modules, and a client that sees events."""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

from tests.desktop.desk import Desk, wait_for

NEEDED = {
    "speech-dispatcher": "speech-dispatcher", "spd-say": "speech-dispatcher",
    "/usr/lib/speech-dispatcher-modules/sd_espeak-ng": "speech-dispatcher-espeak-ng",
}  # fmt: skip
_LIMIT_S = 60.0
_EVENTS = {"700": "mark", "701": "begin", "702": "end", "703": "cancel", "704": "pause", "705": "resume"}


class Client:
    """Speaks SSIP, and hears what becomes of its messages."""

    def __init__(self, desk: Desk, module: str = "harken") -> None:
        self._link = socket.socket(socket.AF_UNIX)
        self._link.settimeout(_LIMIT_S)
        self._link.connect(str(desk.runtime / "speech-dispatcher" / "speechd.sock"))
        self._file = self._link.makefile("rb")
        self.events: list[tuple[str, str]] = []  # what happened, and the name of the mark
        self.at_s: list[float] = []  # when (time.monotonic)
        for command in ("CLIENT_NAME user:test:main", "NOTIFICATION ALL ON", f"OUTPUT_MODULE {module}"):
            self.set(command)

    def close(self) -> None:
        """End the connection."""
        self._file.close()
        self._link.close()

    def set(self, what: str) -> None:
        """Change a setting of this client's: "RATE 50"."""
        self.ask(f"SET SELF {what}")

    def ask(self, command: str) -> list[str]:
        """Send a command and return its answer, which must be no refusal."""
        self._link.sendall(f"{command}\r\n".encode())
        return self._answer(command)

    def speak(self, text: str) -> None:
        """Send a message. It is being spoken when its "begin" comes."""
        self.events, self.at_s = [], []
        self.ask("SPEAK")
        self._link.sendall(f"{text}\r\n.\r\n".encode())
        self._answer("text")

    def wait_for(self, event: str) -> None:
        """Wait until an event of the last message has come."""
        while not any(name == event for name, _ in self.events):
            self.wait_for_next()

    def wait_for_next(self) -> None:
        """Wait for one more event."""
        self._note(self._lines())

    def _answer(self, command: str) -> list[str]:
        while True:
            lines = self._lines()
            if lines[-1][0] != "7":
                assert lines[-1][0] == "2", f"{command}: {lines}"
                return [line[4:] for line in lines[:-1]]
            self._note(lines)

    def _note(self, lines: list[str]) -> None:
        code = lines[-1][:3]
        self.at_s.append(time.monotonic())
        self.events.append((_EVENTS[code], lines[2][4:] if code == "700" else ""))

    def _lines(self) -> list[str]:
        lines: list[str] = []
        while not lines or lines[-1][3:4] == "-":
            line = self._file.readline()
            assert line, "speech-dispatcher is gone"
            lines.append(line.decode().rstrip("\r\n"))
        return lines


class SpeechDispatcher:
    """The user's, started with `start`; Harken's voices are installed by its own command."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def start(self, *install: str) -> None:
        """Install Harken's voices and start it, and wait until it has loaded all modules."""
        assert self._desk.harken_call("speechd", "install", *install) == 0
        command = ["speech-dispatcher", "-s", "-L", str(self._desk.folder), "-t", "0"]
        env = {"NO_AT_BRIDGE": "", "GTK_MODULES": ""}
        self._process = self._desk.start_program(command, "speech-dispatcher", env=env)
        socket = self._desk.runtime / "speech-dispatcher" / "speechd.sock"
        wait_for(socket.exists, "speech-dispatcher", _LIMIT_S)  # before a client starts another one
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        """Wait until it serves, and Harken's module with all its voices."""
        wait_for(lambda: "harken" in self._desk.output(["spd-say", "-O"]), "speech-dispatcher", _LIMIT_S)
        wait_for(lambda: "Heart" in self._desk.output(["spd-say", "-o", "harken", "-L"]), "voices", _LIMIT_S)

    def stop(self) -> None:
        """End it."""
        self._desk.end(self._process)

    def kill_module(self) -> None:
        """End Harken's module as a crash would."""
        (pid,) = self.modules()
        os.kill(pid, signal.SIGKILL)
        wait_for(lambda: pid not in self.modules(), "end of the module")

    def misses_a_module(self) -> bool:
        """Whether it has found out, as its log says, that a module of its own has ended."""
        log = self._desk.folder / "speech-dispatcher.log"
        return "terminated abnormally" in log.read_text(errors="replace")

    def modules(self) -> list[int]:
        """The processes of Harken's module that it started."""
        return [pid for pid in _children(self._process.pid) if "speechd" in _command(pid)]


def _children(parent: int) -> Iterator[int]:
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == parent and fields[0] != "Z":
            yield int(path.parent.name)


def _command(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    except OSError:
        return []
