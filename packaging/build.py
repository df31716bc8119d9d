"""The one build entry: `make package` builds in dist/ everything that can be built on this machine.

    build.py [--quick] [--reuse] [--twice] [--version VERSION] [deb tarball wheel ...]

--quick hardly compresses and --reuse packs the bundle there is (both for tests); --version gives a .deb another version
than Harken's own. The same checkout, machine and versions give the same bytes: everything is sorted, and dated by the
last commit (SOURCE_DATE_EPOCH where it is set). --twice makes everything twice and fails when that is not so.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "packaging")]

import bundle  # noqa: E402
import deb  # noqa: E402
import disk_image  # noqa: E402
import tarball  # noqa: E402
import windows_installer  # noqa: E402
import windows_manifests  # noqa: E402
from project import Project  # noqa: E402

import reader  # noqa: E402


def main() -> int:
    """Make what is asked for and return the exit code."""
    options = _options()
    project = Project(ROOT, reader.__version__, _epoch_s(), options.quick)
    project.dist.mkdir(exist_ok=True)
    steps: dict[str, Callable[[], list[Path]]] = {"wheel": lambda: _wheel(project)}
    if sys.platform == "linux":
        steps["tarball"] = lambda: [tarball.make(project)]
        if shutil.which("dpkg-deb"):
            steps["deb"] = lambda: [deb.make(project, options.version or project.version)]
    if sys.platform == "win32":
        steps |= {
            "zip": lambda: [windows_installer.portable(project)],
            "installer": lambda: [windows_installer.installer(project)],
            "manifests": lambda: _manifests(project),
        }
    if sys.platform == "darwin":
        steps["dmg"] = lambda: [disk_image.make(project)]
    wanted = options.packages or list(steps)
    if unknown := set(wanted) - set(steps):
        print(f"build.py: can't be made on this machine: {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    _make(project, {name: steps[name] for name in wanted}, reuses=options.reuse)
    if not options.twice:
        return 0
    once = _sums_of(project)
    _make(project, {name: steps[name] for name in wanted}, reuses=options.reuse)
    again = _sums_of(project)
    differing = sorted(name for name in once.keys() | again.keys() if once.get(name) != again.get(name))
    print("\n".join(f"differs: {name}" for name in differing) or f"both builds are the same: {len(once)} files")
    return 1 if differing else 0


def _make(project: Project, steps: dict[str, Callable[[], list[Path]]], *, reuses: bool) -> None:
    if steps.keys() - {"wheel"} and not reuses:
        bundle.make(project)
    for make in steps.values():
        for path in make():
            print(f"{path.relative_to(ROOT)}  {path.stat().st_size / 1e6:.1f} MB", flush=True)
    _sums(project.dist)


def _sums_of(project: Project) -> dict[str, str]:
    """The checksums of all that was made, and of what is in the bundle, which says where a difference comes from."""
    files = [path for folder in (project.dist, project.bundle) for path in folder.rglob("*") if path.is_file()]
    return {str(path.relative_to(ROOT)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="build.py")
    parser.add_argument("packages", nargs="*")
    parser.add_argument("--quick", action="store_true", help="hardly compress: for tests")
    parser.add_argument("--reuse", action="store_true", help="pack the bundle that was made before")
    parser.add_argument("--twice", action="store_true", help="make everything twice and compare")
    parser.add_argument("--version", help="of the .deb, if not Harken's")
    return parser.parse_args()


def _epoch_s() -> int:
    """The date of everything that is built."""
    if given := os.environ.get("SOURCE_DATE_EPOCH"):
        return int(given)
    command = ["git", "-C", str(ROOT), "log", "-1", "--format=%ct"]
    said = subprocess.run(command, check=False, capture_output=True, text=True).stdout.strip()
    return int(said) if said else int((ROOT / "CHANGELOG.md").stat().st_mtime)


def _manifests(project: Project) -> list[Path]:
    """Of the installer and the zip that were made before."""
    files = (windows_installer.installer_file(project), windows_installer.portable_file(project))
    return windows_manifests.make(project, *files)


def _wheel(project: Project) -> list[Path]:
    """The wheel and the source distribution."""
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(project.dist)]
    subprocess.run(command, check=True, cwd=ROOT, env=project.env(), stdout=subprocess.DEVNULL)
    names = (f"harken-{project.version}-py3-none-any.whl", f"harken-{project.version}.tar.gz")
    return [project.dist / name for name in names]


def _sums(folder: Path) -> None:
    """The checksums of everything there, as sha256sum writes and checks them."""
    files = sorted(path for path in folder.iterdir() if path.is_file() and path.name != "SHA256SUMS")
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files]
    (folder / "SHA256SUMS").write_text("".join(lines))


if __name__ == "__main__":
    sys.exit(main())
