"""The .deb, for Debian 12, Ubuntu 24.04 and later: the bundle without the libraries that Debian has itself."""

from __future__ import annotations

import gzip
import hashlib
import os
import shutil
import subprocess
from email.utils import formatdate
from pathlib import Path

import bundle
from project import Project

_MAINTAINER = "The Harken maintainers <maintainers@harken.example>"
# Opened by name at run time, so that dpkg-shlibdeps does not see them: PortAudio, and ALSA's way to PulseAudio and
# PipeWire, without which there is no sound on a desktop.
_OPENED = "libportaudio2, libasound2-plugins | pipewire-alsa"
# What Harken asks for the focused text; a font where there is none; what harken-key asks with.
_RECOMMENDS = "at-spi2-core, fonts-dejavu-core | fonts-freefont-ttf, dbus-bin | systemd | libglib2.0-bin"
_SUGGESTS = "gnome-keyring | kwalletmanager, xdg-desktop-portal"
_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}


def make(project: Project, version: str) -> Path:
    """Write the .deb into dist/ and return its path."""
    tree = project.build / "deb"
    shutil.rmtree(tree, ignore_errors=True)
    _fill(project, tree, version)
    _control(project, tree, version)
    for path in (*tree.rglob("*"), tree):
        os.utime(path, (project.epoch_s, project.epoch_s), follow_symlinks=False)
    path = project.dist / f"harken_{version}_{_ARCHITECTURES.get(project.machine, project.machine)}.deb"
    packing = ["-Zgzip", "-z1"] if project.is_quick else ["-Zxz", "-z6"]
    command = ["dpkg-deb", "--root-owner-group", *packing, "--build", str(tree), str(path)]
    subprocess.run(command, check=True, env=project.env(), stdout=subprocess.DEVNULL)
    return path


def _fill(project: Project, tree: Path, version: str) -> None:
    """Everything that is installed, with the modes it shall have."""
    home = tree / "usr/lib/harken"
    theirs = {str(project.bundle / name) for name in bundle.system_libraries(project)}
    shutil.copytree(
        project.bundle, home, symlinks=True, ignore=lambda f, names: [n for n in names if os.path.join(f, n) in theirs]
    )
    (tree / "usr/bin").mkdir()
    programs = ("harken", "harken-key")
    for name in programs:
        (tree / "usr/bin" / name).symlink_to(f"../lib/harken/{name}")
    shutil.copytree(project.share, tree / "usr/share")
    service = tree / "usr/lib/systemd/user/harken.service"
    service.parent.mkdir(parents=True)
    shutil.copyfile(project.root / "packaging/linux/harken.service", service)
    overrides = tree / "usr/share/lintian/overrides/harken"
    overrides.parent.mkdir(parents=True)
    shutil.copyfile(project.root / "packaging/linux/lintian-overrides", overrides)
    papers = tree / "usr/share/doc/harken"
    papers.mkdir(parents=True)
    shutil.copyfile(project.papers / "copyright", papers / "copyright")
    _write_gz(papers / "NOTICE.gz", (project.papers / "NOTICE").read_text(encoding="utf-8"))
    _write_gz(papers / "sbom.cdx.json.gz", (project.papers / "sbom.cdx.json").read_text(encoding="utf-8"))
    date = formatdate(project.epoch_s)
    log = f"harken ({version}) unstable; urgency=medium\n\n  * See CHANGELOG.md.\n\n -- {_MAINTAINER}  {date}\n"
    _write_gz(papers / "changelog.gz", log)
    for path in tree.rglob("*"):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path == home / "harken" or path.name == "harken-key" else 0o644)


def _write_gz(path: Path, text: str) -> None:
    path.write_bytes(gzip.compress(text.encode(), 9, mtime=0))


def _control(project: Project, tree: Path, version: str) -> None:
    size_kb = sum(path.lstat().st_size for path in tree.rglob("*") if not path.is_dir()) // 1024
    fields = {
        "Package": "harken",
        "Version": version,
        "Architecture": _ARCHITECTURES.get(project.machine, project.machine),
        "Maintainer": _MAINTAINER,
        "Installed-Size": str(size_kb),
        "Depends": f"{_OPENED}, {_depends(project, tree)}",
        "Recommends": _RECOMMENDS,
        "Suggests": _SUGGESTS,
        "Section": "utils",
        "Priority": "optional",
        "Homepage": "https://harken.example/",
        "Description": (
            "reads aloud what you select\n Select text in any program, press a key, and hear it at once, in a natural"
            "\n voice on this computer, in one of eSpeak NG's languages, or through Amazon\n Polly. It needs no account"
            " and no network, and keeps no text."
        ),
    }
    control = tree / "DEBIAN/control"
    control.parent.mkdir()
    control.write_text("".join(f"{name}: {value}\n" for name, value in fields.items()), encoding="utf-8")
    control.parent.chmod(0o755)
    files = sorted(path for path in (tree / "usr").rglob("*") if path.is_file() and not path.is_symlink())
    sums = (f"{hashlib.md5(path.read_bytes()).hexdigest()}  {path.relative_to(tree)}\n" for path in files)  # noqa: S324
    (tree / "DEBIAN/md5sums").write_text("".join(sums))
    for path in (tree / "DEBIAN").iterdir():
        path.chmod(0o644)


def _depends(project: Project, tree: Path) -> str:
    """The packages that the libraries in the bundle need, as dpkg-shlibdeps finds them."""
    work = project.build / "shlibdeps"
    (work / "debian").mkdir(parents=True, exist_ok=True)
    (work / "debian/control").write_text("Source: harken\n\nPackage: harken\nArchitecture: any\n")
    home = tree / "usr/lib/harken"
    files = [home / "harken", *(p for p in home.rglob("*.so*") if p.is_file() and not p.is_symlink())]
    folders = sorted({f"-l{path.parent}" for path in files})
    command = ["dpkg-shlibdeps", "-O", "--ignore-missing-info", *folders, *(f"-e{path}" for path in sorted(files))]
    found = subprocess.run(command, check=True, cwd=work, capture_output=True, text=True, env=project.env()).stdout
    return found.strip().removeprefix("shlibs:Depends=")
