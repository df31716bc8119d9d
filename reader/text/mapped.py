"""Memory-mapped arrays: of several megabytes, only the parts that texts have needed are in memory."""

from __future__ import annotations

import importlib.resources
from typing import Any

import numpy as np
import numpy.typing as npt

_READ_BYTES = 1 << 16


def mapped(name: str) -> npt.NDArray[Any]:
    """The read-only array in resources/languages/`name`.npy. Any thread; takes a few milliseconds.

    The file is read once, so that it is in the system's cache and nothing waits for the disk later.
    """
    source = importlib.resources.files("resources").joinpath(f"languages/{name}.npy")
    with importlib.resources.as_file(source) as path:
        with path.open("rb", buffering=0) as file:
            while file.read(_READ_BYTES):
                pass
        return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))
