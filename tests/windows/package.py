"""Makes Harken's packages for Windows in Wine, as `packaging/build.py` would there: the zip, and the installer.

The sources are copied into that Windows, so nothing of it gets into this checkout's build/ and dist/. makensis is this
machine's, and makes a program of 64 bits, because this Wine runs no others. The packages are for tests only: in them
are the libraries that Wine lacks (lacking.py).
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import reader
from tests.windows.packages import pins
from tests.windows.wine import CHECKOUT, PYTHON, Windows

_MAKERS = (
    "altgraph",
    "packaging",
    "pefile",
    "pyinstaller",
    "pyinstaller-hooks-contrib",
    "pywin32-ctypes",
    "setuptools",
)
_SOURCES = ("packaging", "reader", "ui", "resources", "LICENSE", "CHANGELOG.md", "README.md", "pyproject.toml")
_EPOCH_S = "1790000000"


def make(there: Windows, folder: Path) -> None:
    """Put both into a folder, with the bill of materials. Takes some minutes. Raises subprocess.CalledProcessError."""
    makers, source = folder / "makers", there.c / "source"
    _install_makers(makers)
    _copy_sources(source)
    code = there.copied(
        PYTHON, "packaging\\build.py", "--quick", "zip",
        env={"SOURCE_DATE_EPOCH": _EPOCH_S, "PYTHONPATH": f"Z:{makers}"}, cwd=source,
    )  # fmt: skip
    if code:
        raise subprocess.CalledProcessError(code, "packaging/build.py")
    _compile_installer(source)
    for made in (source / "dist").iterdir():
        shutil.copy(made, folder)


def _install_makers(folder: Path) -> None:
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
    windows = ["--only-binary=:all:", "--platform", "win_amd64", "--python-version", "3.11", "--implementation", "cp"]
    folder.mkdir(parents=True)
    wanted = folder.with_suffix(".txt")
    listed = pins((CHECKOUT / "packaging/requirements/package.txt").read_text("utf-8"))
    wanted.write_text("\n".join(line for line in listed if line.partition("==")[0] in _MAKERS), "utf-8")
    command = [*pip, *windows, "--require-hashes", "--target", str(folder), "--requirement", str(wanted)]
    subprocess.run(command, check=True)


def _copy_sources(to: Path) -> None:
    for name in _SOURCES:
        source = CHECKOUT / name
        if source.is_dir():
            shutil.copytree(source, to / name, ignore=shutil.ignore_patterns("__pycache__", "screenshots"))
        else:
            shutil.copy(source, to / name)


def _compile_installer(source: Path) -> None:
    sys.path.insert(0, str(CHECKOUT / "packaging"))
    import windows_installer
    from project import Project

    project = Project(source, reader.__version__, int(_EPOCH_S), is_quick=True)
    windows_installer.installer(project, target="amd64-unicode")
