"""What builds and signs Harken is pinned, and what it may do is no more than it needs."""

from __future__ import annotations

import plistlib
import re
from pathlib import Path

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
