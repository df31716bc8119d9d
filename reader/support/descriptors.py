"""Paths that name a process's own descriptors, as a shell writes them: /dev/stdin, <(…), >(…).

They go through /proc, which does not work for processes that can't be inspected (see core_dumps.py), so they are
resolved here instead.
"""

from __future__ import annotations

import re

_NAMED = {"/dev/stdin": 0, "/dev/stdout": 1, "/dev/stderr": 2}
_NUMBERED = re.compile(r"/(?:dev|proc/self)/fd/(\d{1,4})")


def own(path: str) -> int | None:
    """The number of the descriptor that a path refers to; None for an ordinary file."""
    found = _NUMBERED.fullmatch(path)
    return int(found[1]) if found else _NAMED.get(path)
