"""What winget and scoop are told of a release: packaging/windows_manifests.py."""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "packaging"))
import windows_installer  # noqa: E402
import windows_manifests  # noqa: E402
from project import Project  # noqa: E402


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = Project(tmp_path, "1.2.3", 1_700_000_000, is_quick=True)
    made.dist.mkdir()
    windows_installer.installer_file(made).write_bytes(b"the installer")
    windows_installer.portable_file(made).write_bytes(b"the zip")
    return made


def make(project: Project) -> dict[str, str]:
    """What was written, by its name."""
    files = windows_installer.installer_file(project), windows_installer.portable_file(project)
    return {path.name: path.read_text("utf-8") for path in windows_manifests.make(project, *files)}


def test_winget_finds_the_installer_and_knows_the_program_that_it_installs(project: Project) -> None:
    made = make(project)
    fields = dict(
        line.strip("- ").split(": ", 1) for line in made["Harken.Harken.installer.yaml"].splitlines() if ": " in line
    )
    assert fields["InstallerUrl"].endswith(f"/1.2.3/{windows_installer.installer_file(project).name}")
    assert fields["InstallerSha256"] == hashlib.sha256(b"the installer").hexdigest().upper()
    script = (ROOT / "packaging/windows/harken.nsi").read_text("utf-8")
    assert f'CurrentVersion\\Uninstall\\{fields["ProductCode"]}"' in script
    assert f'"Publisher" "{windows_manifests._PUBLISHER}"' in script
    kinds = {line for text in made.values() for line in text.splitlines() if line.startswith("ManifestType")}
    assert kinds == {"ManifestType: version", "ManifestType: installer", "ManifestType: defaultLocale"}


def test_scoop_finds_the_zip_and_what_is_in_it(project: Project) -> None:
    told = json.loads(make(project)["harken.json"])
    package = windows_installer.portable_file(project)
    assert told["architecture"]["64bit"]["hash"] == hashlib.sha256(b"the zip").hexdigest()
    assert told["architecture"]["64bit"]["url"].endswith(f"/1.2.3/{package.name}")
    assert told["extract_dir"] == package.stem  # the one folder in it: see portable
