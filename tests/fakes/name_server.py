"""A network of one's own whose only name server knows no name, or never answers: runs a command in it.

    python -m tests.fakes.name_server none|silent COMMAND ...

The network is a namespace, which needs no administrator; so no name is looked up outside this computer.
"""

from __future__ import annotations

import enum
import fcntl
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

_APART = ("unshare", "--user", "--map-root-user", "--net", "--mount")
# From linux/sockios.h and linux/if.h.
_SIOCSIFFLAGS, _IFF_UP = 0x8914, 1
# RFC 1035, 4.1.1: it is an answer, recursion is wanted and there; there is no such name.
_NO_SUCH_NAME = b"\x81\x83"


class Names(enum.StrEnum):
    """What the name server does."""

    NONE = "none"
    SILENT = "silent"


def among(names: Names, *command: str) -> list[str]:
    """The command that runs `command` beside such a name server."""
    return [*_APART, sys.executable, "-m", "tests.fakes.name_server", names, *command]


def is_possible() -> bool:
    """Whether this machine lets its users have a network of their own."""
    if sys.platform != "linux" or not shutil.which("unshare"):
        return False
    return subprocess.run([*_APART, "true"], check=False, capture_output=True).returncode == 0


def main(names: Names, command: list[str]) -> int:
    """Run `command` and return its exit code. Called in a namespace of its own."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked, tempfile.TemporaryDirectory() as folder:
        fcntl.ioctl(asked, _SIOCSIFFLAGS, struct.pack("16sH14s", b"lo", _IFF_UP, b""))
        asked.bind(("127.0.0.1", 53))
        for name, text in (("resolv.conf", "nameserver 127.0.0.1\n"), ("nsswitch.conf", "hosts: files dns\n")):
            (Path(folder) / name).write_text(text)
            subprocess.run(["mount", "--bind", f"{folder}/{name}", f"/etc/{name}"], check=True)
        if names is Names.NONE:
            threading.Thread(target=_know_none, args=[asked], daemon=True).start()
        return subprocess.run(command, check=False).returncode


def _know_none(asked: socket.socket) -> None:
    """Answer every question with: no such name."""
    while True:
        question, client = asked.recvfrom(512)
        asked.sendto(question[:2] + _NO_SUCH_NAME + question[4:6] + bytes(6) + question[12:], client)


if __name__ == "__main__":
    sys.exit(main(Names(sys.argv[1]), sys.argv[2:]))
