"""Which kind of display this session has. What its variables say; whether it answers is asked elsewhere."""

from __future__ import annotations

import os


def is_wayland() -> bool:
    """Whether programs of this session talk to a Wayland compositor. DISPLAY is XWayland's then."""
    return bool(os.environ.get("WAYLAND_DISPLAY")) or os.environ.get("XDG_SESSION_TYPE") == "wayland"
