"""The modules of Harken's that are imported by a name in a row: engines, services, places, keys, child processes."""

from __future__ import annotations

from pathlib import Path

import reader.capture.choose
import reader.hotkeys.choose
from reader.voices import registry


def modules(folder: Path) -> list[str]:
    """Their names. `folder` is that of the package reader."""
    workers = {".".join(file.relative_to(folder.parent).with_suffix("").parts) for file in folder.rglob("*worker.py")}
    ports = {*reader.capture.choose.modules(), *reader.hotkeys.choose.modules()}
    return sorted({*registry.modules(), *ports, *workers})
