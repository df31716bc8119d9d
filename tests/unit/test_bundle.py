"""What goes into a package and is named in its papers, on each system: packaging/slim.py, packaging/contents.py."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "packaging"))
import contents
import slim

# Loaded by name at run time: no other file says that it needs them.
LOADED = {
    "linux": ["libportaudio.so.2", "espeakng_loader/libespeak-ng.so"],
    "windows": [
        "_sounddevice_data/portaudio-binaries/libportaudio64bit.dll",
        "espeakng_loader/espeak-ng.dll",
        "pypdfium2_raw/pdfium.dll",
        "_soundfile_data/libsndfile_x64.dll",
        "PySide6/plugins/platforms/qwindows.dll",
    ],
}


@pytest.mark.parametrize("name", [name for names in LOADED.values() for name in names])
def test_what_is_loaded_by_name_stays(name: str) -> None:
    assert slim._is_wanted(name, set())
    assert slim._is_root((name, f"/somewhere/{name}", "BINARY"))


@pytest.mark.parametrize("kind", ["32bit", "arm64", "64bit-asio"])
def test_of_portaudio_only_what_this_windows_loads_stays(kind: str) -> None:
    assert not slim._is_wanted(f"_sounddevice_data/portaudio-binaries/libportaudio{kind}.dll", set())


@pytest.mark.parametrize(("system", "is_wanted"), [("win32", False), ("darwin", True)])
def test_what_is_built_for_macos_stays_there_only(
    system: str, is_wanted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sounddevice's wheels for both have it."""
    monkeypatch.setattr(sys, "platform", system)
    assert slim._is_wanted("_sounddevice_data/portaudio-binaries/libportaudio.dylib", set()) == is_wanted


def test_the_same_is_named_on_windows() -> None:
    there = {
        "PySide6/QtCore.pyd", "espeakng_loader/espeak-ng-data/phontab", "resources/languages/model.npz",
        "resources/emoji/de.json", "resources/faces/OpenDyslexic-Regular.otf", "pypdfium2_raw/pdfium.dll",
        "_sounddevice_data/portaudio-binaries/libportaudio64bit.dll", "_soundfile_data/libsndfile_x64.dll",
    }  # fmt: skip
    named = [component.name for component in contents._inner({name.replace("/", "\\") for name in there})]
    assert named == [component.name for component in contents._inner(there)]
    assert {"Qt", "eSpeak-NG", "py3langid", "cldr-annotations-full", "PortAudio", "PDFium", "libsndfile"} <= set(named)
