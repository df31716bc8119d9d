"""Runs in Windows while make.sh makes it: `compiling.py FILE`. What it loads is compiled once, not in each run.

Harken's modules load what they need of others'; those that Windows can't load are left out. FILE has what went wrong
otherwise: this has no output that can be relied on.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import sys
import traceback
from pathlib import Path

import pytest

_CHECKOUT = Path(__file__).parents[2]


def main(file: Path) -> int:
    """Load everything, and return the exit code."""
    said = io.StringIO()
    try:
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            for path in sorted([*_CHECKOUT.glob("reader/**/*.py"), *_CHECKOUT.glob("ui/**/*.py")]):
                _load(".".join(path.relative_to(_CHECKOUT).with_suffix("").parts))
            code = int(
                pytest.main(["--collect-only", "-qq", "-p", "no:cacheprovider", "tests/unit/test_on_windows.py"])
            )
    except BaseException:  # whatever it is, nobody else would say it
        traceback.print_exc(file=said)
        code = 1
    file.write_text(said.getvalue(), encoding="utf-8")
    return code


def _load(module: str) -> None:
    if not module.endswith("__main__"):
        with contextlib.suppress(ImportError, AttributeError, OSError, AssertionError):
            importlib.import_module(module)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
