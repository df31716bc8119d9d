"""numpy's library for matrices, which is not to begin threads.

OpenBLAS begins one for each core when numpy is imported, and they spin before they sleep: 70 ms of the processor in
each process. Harken multiplies nothing that is large enough for two.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator

VARIABLE = "OPENBLAS_NUM_THREADS"


@contextlib.contextmanager
def one_thread() -> Iterator[None]:
    """For what imports numpy. The variable is there only meanwhile: programs that Harken starts do as they like."""
    if VARIABLE in os.environ:
        yield
        return
    os.environ[VARIABLE] = "1"
    try:
        yield
    finally:
        os.environ.pop(VARIABLE, None)
