"""What every step of the build knows: where things are, which version, which date."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Project:
    """One build. `epoch_s` is the date that everything in it has."""

    root: Path
    version: str
    epoch_s: int
    is_quick: bool

    @property
    def build(self) -> Path:
        """For what is made on the way."""
        return self.root / "build"

    @property
    def dist(self) -> Path:
        """For what is made for others."""
        return self.root / "dist"

    @property
    def bundle(self) -> Path:
        """The frozen program with all it needs: see bundle.py."""
        return self.build / "bundle" / "harken"

    @property
    def papers(self) -> Path:
        """LICENSE, NOTICE and the bill of materials of the bundle."""
        return self.build / "papers"

    @property
    def share(self) -> Path:
        """The files a Unix desktop knows a program by, as they stand in /usr/share: see desktop.py."""
        return self.build / "share"

    @property
    def machine(self) -> str:
        """The processor, as files are named by it."""
        return platform.machine().lower()

    def env(self) -> dict[str, str]:
        """The environment of tools that would otherwise put the time or chance into what they make."""
        return {**os.environ, "SOURCE_DATE_EPOCH": str(self.epoch_s), "PYTHONHASHSEED": "0", "LC_ALL": "C.UTF-8"}
