"""Harken starts on Windows and macOS without the packages that are only for Linux."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

_ROOT = Path(__file__).parents[2]
# What is imported at the start and by every command, on each system.
_EVERYWHERE = ("reader.core.instance", "reader.cli.main", "reader.cli.purge", "reader.workers.__main__", "ui.main")
_CODE = """
import importlib, sys
for name in {missing!r}:
    sys.modules[name] = None
for name in {modules!r}:
    importlib.import_module(name)
"""


def _only_for_linux() -> list[str]:
    """The modules of those distributions."""
    names = re.findall(r'"([\w-]+); sys_platform == \'linux\'"', (_ROOT / "pyproject.toml").read_text("utf-8"))
    assert names
    return ["Xlib" if name == "python-xlib" else name for name in names]


def test_what_is_imported_everywhere_needs_nothing_that_is_only_for_linux() -> None:
    code = _CODE.format(missing=_only_for_linux(), modules=_EVERYWHERE)
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=_ROOT, timeout=60
    )
    assert not done.returncode, done.stderr


# What they open by number is no file of text or sound: a null device, a folder, Linux's own /proc, a terminal.
_NO_CONTENTS = {"cli/streams.py", "credentials/worker.py", "support/holds.py", "workers/sandbox.py", "audio/choose.py"}


def test_no_file_is_cut_or_changed_where_it_is_opened_by_number() -> None:
    """Windows ends a file at the character 0x1A, and changes the ends of its lines, unless it is told not to."""
    for path in sorted((_ROOT / "reader").rglob("*.py")):
        text = path.read_text("utf-8")
        if re.search(r"\bos\.open\(", text) and path.relative_to(_ROOT / "reader").as_posix() not in _NO_CONTENTS:
            assert "O_BINARY" in text, path
