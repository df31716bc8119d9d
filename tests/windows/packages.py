"""Prints the lines of packaging/requirements/test.txt that hold on Windows, which pip on Linux can't tell."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from packaging.markers import Marker

_WINDOWS = {
    "sys_platform": "win32",
    "platform_system": "Windows",
    "os_name": "nt",
    "implementation_name": "cpython",
    "platform_python_implementation": "CPython",
    "python_version": "3.11",
    "python_full_version": "3.11.9",
}
# They look at sources, which they do on Linux.
_CHECKERS = ("ast-serialize", "librt", "mypy", "mypy-extensions", "ruff", "types-python-xlib")


def pins(requirements: str) -> list[str]:
    """Each with its hashes, without its marker."""
    kept = []
    for entry in re.split(r"\n(?=\S)", requirements.strip()):
        head, *hashes = entry.replace("\\\n", "\n").splitlines()
        pin, _, marker = head.partition(";")
        if marker and not Marker(marker).evaluate(_WINDOWS):
            continue
        if pin.partition("==")[0].strip() not in _CHECKERS:
            kept.append(" ".join([pin.strip(), *(line.strip() for line in hashes)]))
    return kept


if __name__ == "__main__":
    print("\n".join(pins(Path(sys.argv[1]).read_text("utf-8"))))
