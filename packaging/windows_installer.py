"""Windows: the portable zip and the installer. Tried under Wine (tests/windows/package.py), never on Windows itself."""

from __future__ import annotations

import subprocess
import time
import zipfile
from pathlib import Path

from project import Project


def portable(project: Project) -> Path:
    """The bundle as a zip that runs from any folder. Settings are the user's, not the folder's."""
    path = portable_file(project)
    name = path.stem
    date = time.gmtime(max(project.epoch_s, 315532800))[:6]  # a zip can't be older than 1980
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1 if project.is_quick else 9) as archive:
        for folder in (project.bundle, project.papers):
            for file in sorted(path for path in folder.rglob("*") if path.is_file()):
                entry = zipfile.ZipInfo(f"{name}/{file.relative_to(folder).as_posix()}", date)
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, file.read_bytes())
    return path


def portable_file(project: Project) -> Path:
    """Where the zip is made."""
    return project.dist / f"harken-{project.version}-windows-{project.machine}.zip"


def installer_file(project: Project) -> Path:
    """Where the installer is made."""
    return portable_file(project).with_suffix(".exe")


def installer(project: Project, bundle: Path | None = None, target: str = "") -> Path:
    """Compile windows/harken.nsi with makensis. `bundle` stands in for the frozen Harken.

    `target` is NSIS's name of a kind of program: its own installers for Windows have only that of 32 bits, which every
    Windows runs.
    """
    path = installer_file(project)
    icon = project.build / "harken.ico"
    bundle = bundle or project.bundle
    removal = project.build / "removal.nsh"
    removal.parent.mkdir(parents=True, exist_ok=True)
    removal.write_text(removing(bundle), encoding="utf-8")
    defined = {
        "VERSION": project.version, "BUNDLE": bundle, "OUT": path, "ICON": icon, "REMOVAL": removal,
        **({"TARGET": target} if target else {}), **({"QUICK": ""} if project.is_quick else {}),
    }  # fmt: skip
    command = ["makensis", "-V2", "-WX", *(f"-D{name}={value}" for name, value in defined.items())]
    script = project.root / "packaging/windows/harken.nsi"
    subprocess.run([*command, str(script)], check=True, env=project.env(), stdout=subprocess.DEVNULL)
    return path


def removing(bundle: Path) -> str:
    """The macro that removes what the installer has installed, by name: anything else in those folders stays."""
    found = sorted(bundle.rglob("*"), reverse=True)  # what is in a folder comes before it
    lines = [
        f'{"RMDir" if path.is_dir() else "Delete"} "$INSTDIR\\{_quoted(path.relative_to(bundle))}"' for path in found
    ]
    return "\n".join(["!macro RemoveInstalled", *(f"  {line}" for line in lines), "!macroend"]) + "\n"


def _quoted(path: Path) -> str:
    """A path as written between quotes in an NSIS script."""
    return str(path).replace("/", "\\").replace("$", "$$").replace('"', '$\\"')
