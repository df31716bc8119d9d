"""The sound server of a desk: PulseAudio with a sink that nobody hears, which busy programs don't keep waiting."""

from __future__ import annotations

import contextlib
from pathlib import Path

from tests.desktop.recorder import RATE_HZ

COMMAND = (
    "pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--disable-shm=no",
    "-L", f"module-null-sink sink_name=test rate={RATE_HZ}",
    "-L", "module-native-protocol-unix auth-anonymous=1",
)  # fmt: skip


def come_first(pid: int) -> None:
    """Have the server come before other programs, if that is allowed.

    It asks for that itself, but where the kernel groups processes by session it counts only within its own group.
    Beside two busy loops and other tests the server waited 2 s of 35 then, and its buffers ran dry.
    """
    with contextlib.suppress(OSError):
        Path(f"/proc/{pid}/autogroup").write_text("-11")
