"""What builds and signs Harken is pinned, and what it may do is no more than it needs."""

from __future__ import annotations

import plistlib
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def test_actions_are_named_by_hash() -> None:
    uses = [
        line.strip()
        for path in (ROOT / ".github/workflows").glob("*.yml")
        for line in path.read_text("utf-8").splitlines()
        if "uses:" in line
    ]
    assert uses
    assert [use for use in uses if not re.search(r"uses: [\w/-]+@[0-9a-f]{40} # v\d", use)] == []


def test_macos_grants_only_what_is_needed() -> None:
    rights = plistlib.loads((ROOT / "packaging/macos/entitlements.plist").read_bytes())
    assert rights == {"com.apple.security.cs.allow-unsigned-executable-memory": True}


@pytest.mark.parametrize("name", ["run", "test", "package"])
def test_every_pinned_version_has_its_hashes(name: str) -> None:
    text = (ROOT / f"packaging/requirements/{name}.txt").read_text("utf-8").replace("\\\n", "")
    rows = text.splitlines()
    assert rows
    assert [row.split()[0] for row in rows if "==" not in row or "--hash=sha256:" not in row] == []


def test_what_harken_asks_for_is_pinned() -> None:
    """After a new dependency: packaging/constraints.sh keep."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    for name, asked in {
        "run": project["dependencies"],
        "test": [*project["dependencies"], *extras["test"]],
        "package": [*project["dependencies"], *extras["test"], *extras["package"]],
    }.items():
        pinned = (ROOT / f"packaging/requirements/{name}.txt").read_text("utf-8").lower()
        names = [re.split(r"[\[ !;<>=]", row)[0].lower() for row in asked]
        assert [row for row in names if not re.search(rf"^{re.escape(row)}(\[\w+\])?==", pinned, re.MULTILINE)] == []
