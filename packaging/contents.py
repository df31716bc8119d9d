"""What is really inside a bundle: every component whose files went in, its version and its licence.

From PyInstaller's own list of files (build/inside.json): a file belongs to a Python distribution, to Python, to a
package of the system, or to Harken. What is inside other people's wheels without being said by their metadata is
named here, by the file that shows that it is there.
"""

from __future__ import annotations

import importlib.metadata
import json
import platform
import subprocess
import sys
import sysconfig
from dataclasses import dataclass, field
from pathlib import Path

LICENCES = Path(__file__).parent / "licences"


@dataclass
class Component:
    """One thing inside. `kind` is pypi, npm, deb or generic, as in a package URL."""

    name: str
    version: str
    kind: str
    licence: str  # SPDX
    texts: dict[str, str] = field(default_factory=dict)  # by the name of the file that says it
    files: list[str] = field(default_factory=list)  # in the bundle

    @property
    def purl(self) -> str:
        """Its package URL."""
        space = "debian/" if self.kind == "deb" else ""
        name = self.name.lower().replace("_", "-").replace("@", "%40")
        return f"pkg:{self.kind}/{space}{name}@{self.version}"


# What the distributions' metadata leave open or say in other words.
_SPDX = {
    "cffi": "MIT-0",
    "espeakng-loader": "MIT",
    "flatbuffers": "Apache-2.0",
    "hibari-tts": "Apache-2.0",
    "importlib-metadata": "Apache-2.0",
    "jeepney": "MIT",
    "jmespath": "MIT",
    "keyring": "MIT",
    "miniaudio": "MIT",
    "onnxruntime": "MIT",
    "protobuf": "BSD-3-Clause",
    "pyside6-essentials": "LGPL-3.0-only OR GPL-2.0-only OR GPL-3.0-only",
    "pypdfium2": "BSD-3-Clause AND Apache-2.0",
    "python-dateutil": "Apache-2.0 OR BSD-3-Clause",
    "python-xlib": "LGPL-2.1-or-later",
    "pyinstaller": "GPL-2.0-or-later WITH Bootloader-exception",
    "pyinstaller-hooks-contrib": "Apache-2.0",
    "pynput": "LGPL-3.0-only",
    "secretstorage": "BSD-3-Clause",
    "shiboken6": "LGPL-3.0-only OR GPL-2.0-only OR GPL-3.0-only",
    "six": "MIT",
}
_CLASSIFIERS = {
    "MIT License": "MIT",
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "GNU Lesser General Public License v3 (LGPLv3)": "LGPL-3.0-only",
}
_WORDS = {"MIT License": "MIT", "Apache License 2.0": "Apache-2.0", "BSD": "BSD-3-Clause", "MPL-2.0": "MPL-2.0"}


def _inner(there: set[str]) -> list[Component]:
    """What is inside the wheels of others and in no metadata."""
    qt = importlib.metadata.version("PySide6_Essentials")
    known = [
        ("PySide6/QtCore", Component("Qt", qt, "generic", "LGPL-3.0-only")),
        ("libicudata", Component("ICU", _version_of(there, "libicudata.so."), "generic", "Unicode-3.0")),
        ("espeak-ng-data", Component("eSpeak-NG", "1.52.0", "generic", "GPL-3.0-or-later")),
        ("libscipy_openblas", Component("OpenBLAS", "inside-numpy", "generic", "BSD-3-Clause")),
        ("libgfortran", Component("libgfortran", "inside-numpy", "generic", "GPL-3.0-or-later WITH GCC-exception-3.1")),
        (
            "resources/languages/model",
            Component("py3langid", "0.4.0", "pypi", "BSD-3-Clause", _licence_of("languages")),
        ),
        (
            "resources/languages/word_",
            Component("wordfreq", "3.1.1", "pypi", "CC-BY-SA-4.0", _licence_of("languages")),
        ),
        ("resources/emoji/", Component("cldr-annotations-full", "48.2.0", "npm", "Unicode-3.0", _licence_of("emoji"))),
        ("resources/numbers/", Component("cldr-rbnf", "48.2.0", "npm", "Unicode-3.0", _licence_of("numbers"))),
        (
            "resources/faces/OpenDyslexic",
            Component("@fontsource/opendyslexic", "5.3.0", "npm", "OFL-1.1", _licence_of("faces")),
        ),
        (
            "resources/faces/Atkinson",
            Component("@expo-google-fonts/atkinson-hyperlegible-next", "0.4.1", "npm", "OFL-1.1", _licence_of("faces")),
        ),
        ("soxr_ext", Component("libsoxr", "inside-soxr", "generic", "LGPL-2.1-or-later")),
        ("libsndfile", Component("libsndfile", "inside-soundfile", "generic", "LGPL-2.1-or-later")),
        ("libsndfile", Component("LAME", "inside-soundfile", "generic", "LGPL-2.0-or-later")),
        ("libsndfile", Component("mpg123", "inside-soundfile", "generic", "LGPL-2.1-only")),
        ("libsndfile", Component("FLAC, Ogg, Vorbis and Opus", "inside-soundfile", "generic", "BSD-3-Clause")),
        ("portaudio-binaries", Component("PortAudio", "inside-sounddevice", "generic", "MIT")),
        ("pdfium.", Component("PDFium", "inside-pypdfium2", "generic", "BSD-3-Clause AND Apache-2.0")),
        ("_miniaudio", Component("miniaudio-library", "inside-miniaudio", "generic", "MIT-0")),
    ]
    for mark, component in known:
        component.files = sorted(name for name in there if mark in name.replace("\\", "/"))
    return [component for _, component in known if component.files]


def _licence_of(folder: str) -> dict[str, str]:
    """Of those of Harken's files that are another's work, or made from it (see languages.py, emoji.py, faces.py …)."""
    text = LICENCES.parents[1] / "resources" / folder / "LICENSE"
    return {text.name: text.read_text(encoding="utf-8")}


def _version_of(there: set[str], start: str) -> str:
    return next((name.rpartition(start)[2] for name in sorted(there) if start in name), "unknown")


def components(inside: Path, root: Path) -> list[Component]:
    """Everything inside but Harken, by name. Raises LookupError for a file of unknown origin."""
    files: list[tuple[str, str]] = [(name, path) for name, path in json.loads(inside.read_text())]
    owners = _distribution_files()
    python_homes = _python_homes()
    found: dict[str, Component] = {}
    rest: dict[str, list[str]] = {}
    for name, path in files:
        resolved = Path(path).resolve() if Path(path).is_absolute() else None
        if resolved is None or (root in resolved.parents and ".venv" not in resolved.parts):
            continue  # a link within the bundle, or Harken itself
        if distribution := owners.get(resolved):
            name_of_it = distribution.name
            if name_of_it not in found:
                found[name_of_it] = _of_distribution(distribution)
            component = found[name_of_it]
        elif not python_homes.isdisjoint(resolved.parents) or resolved.name.startswith("libpython"):
            component = found.setdefault("Python", _python())
        else:
            rest.setdefault(str(resolved), []).append(name)
            continue
        component.files.append(name)
    for component in _system(rest):
        found[f"deb {component.name}"] = component
    bootloader = importlib.metadata.distribution("pyinstaller")  # the program itself
    found.setdefault(bootloader.name, _of_distribution(bootloader))
    inner = _inner({name for name, _ in files})
    return sorted((*found.values(), *inner), key=lambda c: (c.name.lower(), c.kind))


def _python_homes() -> set[Path]:
    """Where Python has its own files: on Windows also beside the standard library (DLLs) and above it."""
    homes = {Path(sysconfig.get_path("stdlib"))}
    if sys.platform == "win32":
        homes.add(Path(sys.base_prefix))
    return {home.resolve() for home in homes}


def _distribution_files() -> dict[Path, importlib.metadata.Distribution]:
    return {
        Path(str(file.locate())).resolve(): distribution
        for distribution in importlib.metadata.distributions()
        for file in distribution.files or ()
    }


def _of_distribution(distribution: importlib.metadata.Distribution) -> Component:
    about = distribution.metadata.json
    texts = {}
    for file in distribution.files or ():
        base = file.name.lower()
        is_text = base.startswith(("license", "licence", "copying", "notice", "thirdparty", "authors"))
        if is_text and not base.endswith((".py", ".pyc", ".json", ".rst")):
            texts[str(file)] = Path(str(file.locate())).read_text(encoding="utf-8", errors="replace")
    licence = _licence(distribution)
    if not texts:
        author = about.get("author") or about.get("author_email") or about.get("maintainer") or distribution.name
        texts = {"its metadata": f"Copyright: {author}", **_standard(licence)}
    return Component(distribution.name, distribution.version, "pypi", licence, texts)


def _standard(licence: str) -> dict[str, str]:
    """The text of a licence, where a distribution comes without it."""
    start = licence.removesuffix("-or-later").removesuffix("-only").partition(" ")[0].removesuffix("-only")
    file = LICENCES / f"{start}.txt"
    return {file.name: file.read_text(encoding="utf-8")} if file.exists() else {}


def _licence(distribution: importlib.metadata.Distribution) -> str:
    about = distribution.metadata.json
    if known := _SPDX.get(distribution.name.lower().replace("_", "-")):
        return known
    if said := about.get("license_expression"):
        return str(said)
    for classifier in about.get("classifier", ()):
        if classifier.startswith("License ::") and (known := _CLASSIFIERS.get(classifier.rpartition(" :: ")[2])):
            return known
    said = str(about.get("license", "")).strip()
    if said in _WORDS:
        return _WORDS[said]
    if said and "\n" not in said and len(said) < 60:
        return str(said)
    raise LookupError(f"nobody says under which licence {distribution.name} is")


def _python() -> Component:
    text = Path(sysconfig.get_path("stdlib")) / "LICENSE.txt"
    texts = {"LICENSE.txt": text.read_text(encoding="utf-8")} if text.exists() else {"LICENSE": sys.copyright}
    return Component("Python", platform.python_version(), "generic", "PSF-2.0", texts)


def _system(files: dict[str, list[str]]) -> list[Component]:
    """The system's packages that these files (path: names in the bundle) are from. Raises LookupError."""
    packages: dict[str, Component] = {}
    for path, names in files.items():
        owner = owner_of(path)
        if not owner:
            if path.endswith("base_library.zip"):  # Python's own modules, put together by PyInstaller
                continue
            raise LookupError(f"nobody answers for {path}")
        if owner not in packages:
            version = _output(["dpkg-query", "-W", "-f", "${Version}", owner])
            copyright_file = Path("/usr/share/doc") / owner / "copyright"
            text = copyright_file.read_text(encoding="utf-8", errors="replace") if copyright_file.exists() else ""
            packages[owner] = Component(owner, version, "deb", "LicenseRef-Debian-copyright", {"copyright": text})
        packages[owner].files += names
    return list(packages.values())


def owner_of(path: str) -> str:
    """The Debian package that a file is from, or ""."""
    if sys.platform != "linux":
        return ""
    # A package may have put it under /lib, which is a link to /usr/lib.
    for candidate in (path, path.removeprefix("/usr")):
        if found := _output(["dpkg-query", "-S", candidate]):
            return found.partition(":")[0]
    return ""


def _output(command: list[str]) -> str:
    return subprocess.run(command, check=False, capture_output=True, text=True).stdout.strip()
