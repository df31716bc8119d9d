"""Harken's modules that are imported by a name in a row: engines, services, back ends, readers, child processes."""

from __future__ import annotations

from pathlib import Path

import reader.capture.choose
import reader.desktop.choose
import reader.documents.formats
import reader.hotkeys.choose
import reader.ipc.choose
from reader.voices import registry


def modules(folder: Path) -> list[str]:
    """Their names. `folder` is that of the package reader."""
    workers = {".".join(file.relative_to(folder.parent).with_suffix("").parts) for file in folder.rglob("*worker.py")}
    chosen = (reader.capture.choose, reader.desktop.choose, reader.hotkeys.choose, reader.ipc.choose)
    ports = {module for port in chosen for module in port.modules()}
    return sorted({*registry.modules(), *reader.documents.formats.modules(), *ports, *workers})
