"""The bundle for every other Linux: a tar.gz that runs from any folder, with a script that installs it for one user."""

from __future__ import annotations

import gzip
import shutil
import tarfile
from pathlib import Path

from project import Project


def make(project: Project) -> Path:
    """Write the archive into dist/ and return its path."""
    name = f"harken-{project.version}-linux-{project.machine}"
    tree = project.build / "tarball" / name
    shutil.rmtree(tree.parent, ignore_errors=True)
    shutil.copytree(project.bundle, tree, symlinks=True)
    shutil.copytree(project.share, tree / "share")
    for paper in ("LICENSE", "NOTICE", "sbom.cdx.json"):
        shutil.copyfile(project.papers / paper, tree / paper)
    script = tree / "install.sh"
    shutil.copyfile(project.root / "packaging/linux/install.sh", script)
    script.chmod(0o755)
    path = project.dist / f"{name}.tar.gz"
    pack(tree, path, project)
    return path


def pack(tree: Path, path: Path, project: Project) -> None:
    """Pack a folder. The same files give the same archive: sorted, without owners, dated by the last commit."""

    def plain(entry: tarfile.TarInfo) -> tarfile.TarInfo:
        entry.uid = entry.gid = 0
        entry.uname = entry.gname = ""
        entry.mtime = project.epoch_s
        return entry

    with (
        path.open("wb") as raw,
        gzip.GzipFile("", "wb", 1 if project.is_quick else 9, raw, mtime=project.epoch_s) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.GNU_FORMAT) as archive,
    ):
        for file in (tree, *sorted(tree.rglob("*"))):
            archive.add(file, str(file.relative_to(tree.parent)), recursive=False, filter=plain)
