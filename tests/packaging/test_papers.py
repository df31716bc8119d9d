"""What goes with a package, and the recipes for systems that are not here, as far as they can be checked here."""

from __future__ import annotations

import json
import plistlib
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

import reader
from tests.packaging.conftest import BUILD, DIST, ROOT, made

sys.path.insert(0, str(ROOT / "packaging"))
import contents
import desktop
import tarball
import windows_installer
from project import Project

LANGUAGES = {file.stem.partition("_")[2] for file in (ROOT / "resources/translations").glob("*.ts")}


@pytest.fixture
def project() -> Project:
    return Project(ROOT, reader.__version__, 1_700_000_000, is_quick=True)


def test_the_bill_of_materials_is_sound_and_names_what_is_inside() -> None:
    text = made("*.cdx.json").read_text()
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    names = {row["name"] for row in json.loads(text)["components"]}
    assert {"Qt", "eSpeak-NG", "Python", "numpy", "onnxruntime", "hibari-tts", "botocore", "keyring"} <= names
    assert not names & {"pytest", "mypy", "hypothesis", "pip", "setuptools"}


def test_every_component_has_a_licence_and_its_text_is_in_the_notice() -> None:
    notice = (BUILD / "papers/NOTICE").read_text(encoding="utf-8")
    for row in json.loads(made("*.cdx.json").read_text())["components"]:
        assert row["licenses"]
        assert row["name"] in notice
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in notice


def test_nothing_in_the_bundle_that_is_not_used() -> None:
    inside = BUILD / "bundle/harken/_internal"
    assert {path.name for path in (inside / "botocore/data").iterdir() if path.is_dir()} == {
        "polly", "sts", "sso", "sso-oidc", "signin",
    }  # fmt: skip
    names = {path.name for path in inside.rglob("*")}
    assert not [name for name in names if name.startswith(("libgtk", "libQt6Qml", "libQt6Network", "libQt6Quick"))]
    assert {f"harken_{language}.qm" for language in LANGUAGES} <= names


def test_the_same_files_make_the_same_archive(tmp_path: Path, project: Project) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder/file").write_text("text")
    for name in ("one", "two"):
        tarball.pack(tmp_path / "folder", tmp_path / name, project)
        (tmp_path / "folder/file").touch()
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_wheel_and_source_carry_translations_icons_and_guide() -> None:
    wheel = set(zipfile.ZipFile(made("*.whl")).namelist())
    with tarfile.open(made(f"harken-{reader.__version__}.tar.gz")) as archive:
        source = {name.partition("/")[2] for name in archive.getnames()}
    for names in (wheel, source):
        assert {f"resources/translations/harken_{language}.qm" for language in LANGUAGES} <= names
        assert {"resources/icons/harken.svg", "resources/help/en/index.html", "resources/help/de/index.html"} <= names


@pytest.mark.skipif(not shutil.which("makensis"), reason="makensis is missing")
def test_the_windows_installer_compiles(tmp_path: Path, project: Project) -> None:
    (tmp_path / "_internal").mkdir()
    (tmp_path / "harken.exe").write_bytes(b"")
    (tmp_path / "_internal/file").write_bytes(b"")
    desktop.program_icons(project)
    path = windows_installer.installer(project, tmp_path)
    try:
        assert path.read_bytes()[:2] == b"MZ"
    finally:
        path.unlink()


def test_the_windows_installer_removes_what_it_installs_by_name(tmp_path: Path) -> None:
    for name in ("harken.exe", "_internal/b/deep.dll", "_internal/a file", "_internal/$odd"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    lines = windows_installer.removing(tmp_path).splitlines()
    assert [line.strip() for line in lines[1:-1]] == [
        'Delete "$INSTDIR\\harken.exe"',
        'Delete "$INSTDIR\\_internal\\b\\deep.dll"',
        'RMDir "$INSTDIR\\_internal\\b"',
        'Delete "$INSTDIR\\_internal\\a file"',
        'Delete "$INSTDIR\\_internal\\$$odd"',
        'RMDir "$INSTDIR\\_internal"',
    ]
    assert "RMDir /r" not in (ROOT / "packaging/windows/harken.nsi").read_text()


@pytest.mark.parametrize("name", ["Info.plist", "entitlements.plist"])
def test_the_lists_for_macos_can_be_read(name: str) -> None:
    found = plistlib.loads((ROOT / "packaging/macos" / name).read_bytes())
    assert found
    if name == "Info.plist":
        assert found["LSUIElement"] is True
        assert all(text.strip() for key, text in found.items() if key.endswith("UsageDescription"))


def test_checksums_are_right() -> None:
    subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], check=True, cwd=DIST)


def test_windows_has_what_is_pythons_beside_the_standard_library_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As its own installer lays it out: Lib, DLLs, and python311.dll above them."""
    monkeypatch.setattr(sysconfig, "get_path", lambda _name: str(tmp_path / "Lib"))
    monkeypatch.setattr(sys, "base_prefix", str(tmp_path))
    monkeypatch.setattr(sys, "platform", "win32")
    homes = contents._python_homes()
    for name in ("Lib/abc.py", "DLLs/_asyncio.pyd", "python311.dll", "vcruntime140.dll"):
        assert not homes.isdisjoint((tmp_path / name).resolve().parents)
