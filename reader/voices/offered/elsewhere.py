"""Finds voices in Piper's format that other programs have installed. Blocking; looks at names only."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

_NET, _DESCRIPTION = ".onnx", ".json"
# How deep to look, and at how many entries in all, in case of circular links or a disk full of files.
_MOST_DEPTH, _MOST_ENTRIES = 4, 5_000

# Piper, Speech Note, Pied and speech-dispatcher, natively and as Flatpaks. "*" matches the rest of a name.
_AT_HOME = (
    ".local/share/piper*",
    ".cache/net.mkiol/dsnote/speech-models",
    ".var/app/net.mkiol.SpeechNote/cache/net.mkiol/dsnote/speech-models",
    ".local/share/pied/models",
    ".var/app/com.mikeasoft.pied/data/pied/models",
    "AppData/Roaming/piper*",
    "Library/Application Support/piper*",
)
_OF_SYSTEM = ("usr/share/piper*", "usr/local/share/piper*", "usr/share/speech-dispatcher/piper*")


def find(home: Path | None = None, root: Path = Path("/")) -> list[Path]:
    """The nets that have their description beside them, each name once."""
    places = [*_matching(home or Path.home(), _AT_HOME), *_matching(root, _OF_SYSTEM)]
    found: dict[str, Path] = {}
    left = [_MOST_ENTRIES]
    for place in places:
        for net in _nets(place, _MOST_DEPTH, left):
            found.setdefault(net.name, net)
    return sorted(found.values(), key=lambda net: net.name)


def _matching(base: Path, patterns: Iterable[str]) -> Iterator[Path]:
    for pattern in patterns:
        try:
            yield from sorted(base.glob(pattern))
        except OSError:
            continue


def _nets(folder: Path, depth: int, left: list[int]) -> Iterator[Path]:
    try:
        names = set(os.listdir(folder))
    except OSError:
        return
    for name in sorted(names):
        left[0] -= 1
        if left[0] < 0:
            return
        path = folder / name
        if name.endswith(_NET):
            if name + _DESCRIPTION in names and path.is_file():
                yield path
        elif depth and path.is_dir():
            yield from _nets(path, depth - 1, left)
