"""What the bundle does without: of each library only what Harken uses. Called from harken.spec.

Qt's plugins and botocore's services are named that stay, so that a new version of either brings nothing unasked;
shared libraries stay when something that stays needs them.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable
from typing import Any

# Imported somewhere, but only for something Harken never does.
MODULES = [
    *("hypothesis", "mypy", "pip", "pkg_resources", "pytest", "_pytest", "setuptools", "tkinter", "trustme"),
    *("IPython", "PIL", "matplotlib", "pandas", "scipy"),
    "PySide6.QtNetwork",
    *("curses", "dbm", "doctest", "ftplib", "pdb", "pydoc", "readline", "smtplib", "sqlite3", "xmlrpc"),
    *("numpy.f2py", "numpy.testing", "numpy.distutils"),
    *("onnxruntime.quantization", "onnxruntime.tools", "onnxruntime.transformers"),
]
# Each would be run at every start, also of a child process. PySide6's loads Qt, to set paths that its wheel knows
# anyway; the others serve what Harken does not do.
_RUNTIME_HOOKS = {"pyi_rth_pyside6", "pyi_rth_multiprocessing", "pyi_rth_inspect", "pyi_rth_pkgutil"}

_QT_PLUGINS = {
    "platforms": ("qxcb", "qwayland", "qoffscreen", "qwindows", "qcocoa"),
    "platformthemes": ("qxdgdesktopportal",),
    "platforminputcontexts": ("compose", "ibus"),
    "imageformats": ("qsvg",),
    "iconengines": ("qsvgicon",),
    "styles": ("qmodernwindowsstyle", "qwindowsvistastyle", "qmacstyle"),
    "wayland-shell-integration": ("xdg-shell",),
    "wayland-decoration-client": ("adwaita", "bradient"),
}
# Beside Amazon Polly's, those through which botocore finds keys: roles, and AWS's sign-in.
_SERVICES = ("polly", "sts", "sso", "sso-oidc", "signin")
_NOT_WANTED = re.compile(
    r"""
      botocore/data/(?!(?:SERVICES)/)[^/]+/      # other services
    | espeakng_loader/libespeak-ng\.so\.[\d.]+$  # copies of the library under other names
    | _sounddevice_data/portaudio-binaries/.*(32bit|arm64|-asio).*  # Windows' other processors, and another maker's SDK
    | resources/screenshots/.*
    | resources/translations/.*\.ts$
    """.replace("SERVICES", "|".join(_SERVICES)),
    re.VERBOSE,
)
# Of the system's libraries only those that a desktop may be without; the others have to be the system's, because they
# belong to its sound, its display and its C library.
_CARRIED = re.compile(
    r"""lib( portaudio | jack | db-5 | xcb-(cursor|icccm|image|keysyms|render-util|util|xkb) | xkbcommon
        | crypto | ssl | ffi | bz2 | lzma | python )[-.\w]*$""",
    re.VERBOSE,
)
# Opened by name at run time, so that no other file says that it needs them.
_OPENED = ("libportaudio", "libespeak-ng", "espeak-ng", "pdfium", "libsndfile")

Entry = tuple[str, str, str]  # PyInstaller's: name in the bundle, file (of a link: its target), kind


def lighten(analysis: Any, *, languages: Iterable[str]) -> None:
    """Take out of a PyInstaller Analysis what is not wanted, then the libraries that nothing needs any more.

    `languages`: those that Harken is translated into.
    """
    analysis.scripts = [script for script in analysis.scripts if script[0] not in _RUNTIME_HOOKS]
    qts_texts = {f"qtbase_{language}.qm" for language in languages}
    analysis.datas = [entry for entry in analysis.datas if _is_wanted(entry[0], qts_texts)]
    wanted = [e for e in analysis.binaries if _is_wanted(e[0], qts_texts) and not _is_the_systems(e)]
    analysis.binaries = _needed(wanted)
    there = {entry[0] for entry in (*analysis.binaries, *analysis.datas)}
    for table in ("binaries", "datas"):
        kept = [entry for entry in getattr(analysis, table) if entry[2] != "SYMLINK" or _target(entry) in there]
        setattr(analysis, table, kept)


def _is_wanted(name: str, qts_texts: set[str]) -> bool:
    """Whether a file of the bundle is one that is used."""
    name = name.replace(os.sep, "/")
    folder, _, file = name.rpartition("/")
    if folder.startswith("PySide6/"):
        if found := re.search(r"/plugins/([^/]+)$", folder):
            return any(plugin in file for plugin in _QT_PLUGINS.get(found.group(1), ()))
        if folder.endswith("/translations"):
            return file in qts_texts
    if file.endswith(".dylib") and sys.platform != "darwin":  # sounddevice's wheel for Windows has that of macOS, too
        return False
    return not _NOT_WANTED.match(name)


def _is_the_systems(entry: Entry) -> bool:
    name, path, kind = entry
    return kind == "BINARY" and path.startswith(("/lib/", "/usr/lib/")) and "/" not in name and not _CARRIED.match(name)


def _needed(binaries: list[Entry]) -> list[Entry]:
    """Those that are a module of Python's, a plugin or opened by name, and the libraries that these need."""
    from PyInstaller.depend import bindepend

    others = [entry for entry in binaries if entry[2] == "BINARY" and not _is_root(entry)]
    libraries = {_library(entry[0]): entry for entry in others}
    kept = [entry for entry in binaries if _library(entry[0]) not in libraries or entry[2] != "BINARY"]
    waiting = [entry for entry in kept if entry[2] != "SYMLINK"]
    while waiting:
        needed = {_library(name) for name, _ in bindepend.get_imports(waiting.pop()[1])}
        for name in sorted(needed & libraries.keys()):
            entry = libraries.pop(name)
            kept.append(entry)
            waiting.append(entry)
    return kept


def _library(name: str) -> str:
    """What it is needed by: on Windows, whoever needs it may write it in other letters than its file."""
    return os.path.normcase(os.path.basename(name))


def _is_root(entry: Entry) -> bool:
    file = os.path.basename(entry[0])
    return "plugins" in entry[0] or file.startswith((*_OPENED, "libpython", "python3"))


def _target(link: Entry) -> str:
    return os.path.normpath(os.path.join(os.path.dirname(link[0]), link[1]))
