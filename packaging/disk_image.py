"""macOS: the disk image of the application that PyInstaller made. Never run. docs/packaging.md has the signing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from project import Project


def make(project: Project) -> Path:
    """The image from which Harken.app is dragged into the applications. Needs dmgbuild (pip)."""
    path = project.dist / f"Harken-{project.version}-macos-{project.machine}.dmg"
    application = project.bundle.parent / "Harken.app"
    settings = project.root / "packaging/macos/dmg_settings.py"
    command = [sys.executable, "-m", "dmgbuild", "-s", str(settings), "-D", f"app={application}", "Harken", str(path)]
    subprocess.run(command, check=True, env=project.env())
    return path
