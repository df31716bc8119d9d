"""A session bus that nobody else is on."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def session_bus() -> Iterator[str]:
    """Its address, as in DBUS_SESSION_BUS_ADDRESS."""
    command = ["dbus-daemon", "--session", "--nofork", "--print-address=1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as daemon:
        assert daemon.stdout
        try:
            yield daemon.stdout.readline().decode().strip()
        finally:
            daemon.terminate()
