"""Keeps numpy's matrix library from starting threads.

OpenBLAS starts one per core when numpy is imported, and they spin before they sleep: 70 ms of CPU time in each process.
Harken's matrices are too small to benefit.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator

VARIABLE = "OPENBLAS_NUM_THREADS"


@contextlib.contextmanager
def one_thread() -> Iterator[None]:
    """Wraps imports of numpy. The variable is only set meanwhile, so programs that Harken starts are unaffected."""
    if VARIABLE in os.environ:
        yield
        return
    os.environ[VARIABLE] = "1"
    try:
        yield
    finally:
        os.environ.pop(VARIABLE, None)
