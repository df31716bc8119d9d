"""The frozen program in one folder, which every package but the wheel contains, and the papers that go with it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import contents
import desktop
import notice
from project import Project

# What wheels' makers have moved about in with patchelf can be broken by strip, and has been stripped by them.
_LEFT_AS_IT_IS = ("PySide6", "shiboken6", "numpy", "numpy.libs", "onnxruntime", "soxr")


def make(project: Project) -> None:
    """Freeze Harken into `project.bundle` and write the papers. Takes about a minute."""
    if not list(project.root.glob("resources/help/*/index.html")):
        raise SystemExit("build.py: the guide is not built yet. Run packaging/setup.sh package first.")
    project.build.mkdir(exist_ok=True)
    desktop.program_icons(project)
    shutil.rmtree(project.bundle, ignore_errors=True)
    command = [
        *(sys.executable, "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level", "ERROR"),
        *("--distpath", str(project.bundle.parent), "--workpath", str(project.build / "pyinstaller")),
        str(project.root / "packaging" / "harken.spec"),
    ]
    subprocess.run(command, check=True, cwd=project.root, env=project.env())
    if sys.platform == "linux":
        shutil.copy(project.root / "resources/harken-key", project.bundle)
        _strip(project.bundle)
    _tidy(project.bundle)
    _write_papers(project)
    if sys.platform == "linux":
        desktop.make(project)


def _strip(folder: Path) -> None:
    """Take debugging symbols out; those of a Python that was built by hand are half of what it weighs."""
    inside = folder / "_internal"
    files = [
        path
        for path in inside.rglob("*.so*")
        if path.is_file() and not path.is_symlink() and path.relative_to(inside).parts[0] not in _LEFT_AS_IT_IS
    ]
    subprocess.run(["strip", "--strip-unneeded", *map(str, sorted(files))], check=True)


def _tidy(folder: Path) -> None:
    """Only the programs are executable, and only the owner may write. Compressed files have no date inside.

    botocore's have one, in bytes 4 to 7 (RFC 1952), and lintian does not let a package of an earlier date have those.
    """
    for path in folder.rglob("*.gz"):
        data = path.read_bytes()
        path.write_bytes(data[:4] + bytes(4) + data[8:])
    for path in folder.rglob("*"):
        if not path.is_symlink():
            is_program = path.parent == folder or path.name == "harken-key"
            path.chmod(0o755 if path.is_dir() or is_program else 0o644)


def _write_papers(project: Project) -> None:
    found = contents.components(project.build / "inside.json", project.root)
    project.papers.mkdir(exist_ok=True)
    shutil.copy(project.root / "LICENSE", project.papers)
    (project.papers / "NOTICE").write_text(notice.notice(found, project.version), encoding="utf-8")
    (project.papers / "copyright").write_text(notice.debian_copyright(found, 2026), encoding="utf-8")
    bom = notice.sbom(found, project.version, project.epoch_s)
    (project.papers / "sbom.cdx.json").write_text(bom, encoding="utf-8")
    (project.dist / f"harken-{project.version}-{sys.platform}-{project.machine}.cdx.json").write_text(bom)


def system_libraries(project: Project) -> list[str]:
    """What in the bundle is a copy of a Debian package's file: relative to the bundle."""
    entries: list[tuple[str, str]] = json.loads((project.build / "inside.json").read_text())
    found = [
        os.path.join("_internal", name)
        for name, path in entries
        if os.sep not in name and ".so" in name and path.startswith(("/lib/", "/usr/lib/"))
    ]
    return sorted(name for name in found if (project.bundle / name).exists() and "libpython" not in name)
