"""What winget and scoop install Harken by: where the packages are, and their sums. Never submitted to either."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from project import Project

# Each release's files are below; replaced together with the other placeholders (docs/packaging.md).
RELEASES = "https://harken.example/releases"
_HOME = "https://harken.example/"
_ID, _NAME, _PUBLISHER, _LICENCE = "Harken.Harken", "Harken", "The Harken maintainers", "GPL-3.0-or-later"
_TELLS = "Reads aloud what you select in any program"
_SCHEMA = "1.6.0"
# Windows 10 1809: the oldest that Qt 6.11 runs on.
_OLDEST = "10.0.17763.0"


def make(project: Project, installer: Path, portable: Path) -> list[Path]:
    """Write winget's three files and scoop's one into dist/."""
    made = {
        f"{_ID}.yaml": [*_head(project), "DefaultLocale: en-US", *_tail("version")],
        f"{_ID}.installer.yaml": [*_head(project), *_installer(project, installer), *_tail("installer")],
        f"{_ID}.locale.en-US.yaml": [*_head(project), *_about(), *_tail("defaultLocale")],
    }
    for name, lines in made.items():
        (project.dist / name).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    scoop = project.dist / "harken.json"
    scoop.write_text(json.dumps(_scoop(project, portable), indent=4) + "\n", encoding="utf-8")
    return [*(project.dist / name for name in made), scoop]


def _head(project: Project) -> list[str]:
    return [f"PackageIdentifier: {_ID}", f"PackageVersion: {project.version}"]


def _tail(kind: str) -> list[str]:
    return [f"ManifestType: {kind}", f"ManifestVersion: {_SCHEMA}"]


def _installer(project: Project, installer: Path) -> list[str]:
    return [
        f"MinimumOSVersion: {_OLDEST}",
        "InstallerType: nullsoft",
        "Scope: user",
        "UpgradeBehavior: install",
        f"ProductCode: {_NAME}",  # its key among the installed programs: harken.nsi
        "Installers:",
        "- Architecture: x64",
        f"  InstallerUrl: {_address(project, installer)}",
        f"  InstallerSha256: {_sum(installer).upper()}",
    ]


def _about() -> list[str]:
    return [
        "PackageLocale: en-US",
        f"Publisher: {_PUBLISHER}",
        f"PackageName: {_NAME}",
        f"PackageUrl: {_HOME}",
        f"License: {_LICENCE}",
        f"ShortDescription: {_TELLS}",
    ]


def _scoop(project: Project, portable: Path) -> dict[str, object]:
    return {
        "version": project.version,
        "description": _TELLS,
        "homepage": _HOME,
        "license": _LICENCE,
        "architecture": {"64bit": {"url": _address(project, portable), "hash": _sum(portable)}},
        "extract_dir": portable.stem,
        "bin": "harken.exe",
        "shortcuts": [["harken.exe", _NAME]],
    }


def _address(project: Project, package: Path) -> str:
    return f"{RELEASES}/{project.version}/{package.name}"


def _sum(package: Path) -> str:
    return hashlib.sha256(package.read_bytes()).hexdigest()
