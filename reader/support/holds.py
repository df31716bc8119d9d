"""Measures how long a single callback blocks the loop, for tests and benches, while HARKEN_HOLDS names a folder.

No key press is noticed while a callback runs, so none may take longer than 5 ms. Each is measured in CPU time of its
thread, which a busy machine does not affect, and also in elapsed time. Any that takes at least a millisecond, and
longer than the same function ever did in this process, is written to a file in the folder as a line of JSON, with the
modules that were imported meanwhile. No text is recorded: only names of functions.

On a virtual machine CPU time also runs while the host has taken the processor away. Linux only counts that for all
processors together ("steal" in proc(5), /proc/stat): what it counted around that time is recorded as stolen.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import asyncio

VARIABLE = "HARKEN_HOLDS"
_LEAST_S = 0.001
_STAT = "/proc/stat"
_STOLEN = 8  # index of “steal” in the first line
_LOOK_S = 0.05  # the maximum age of the earlier reading

_is_watching = False


def watch() -> None:
    """Measure every loop of this process from now on, if the environment asks for it. Any further call does nothing."""
    global _is_watching
    if (folder := os.environ.get(VARIABLE)) and not _is_watching:
        _is_watching = True
        _Watch(Path(folder)).begin()


class _Here(threading.local):
    """Garbage collection in a thread: a test may have one loop for itself and one for a service."""

    collecting_s = 0.0  # during the current callback
    began_collecting_s = 0.0


class _Watch:
    """Replaces the function with which asyncio runs callbacks: all of them go through it, task steps included."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file = (folder / f"{os.getpid()}.jsonl").open("a", encoding="utf-8", buffering=1)
        self._longest_s: dict[tuple[str, bool], float] = {}  # raw, and without garbage collection and stolen time
        self._here = _Here()
        self._stat = os.open(_STAT, os.O_RDONLY) if sys.platform == "linux" else None
        self._looked_s = 0.0
        self._stolen_s = self._read_stolen_s()

    def begin(self) -> None:
        """Start measuring."""
        import asyncio  # slow to import, and some commands have no loop

        run: Callable[[asyncio.Handle], None] = vars(asyncio.Handle)["_run"]

        def measured(handle: asyncio.Handle) -> None:
            callback, self._here.collecting_s = getattr(handle, "_callback"), 0.0  # noqa: B009 - likewise
            modules = len(sys.modules)
            wall_s = time.perf_counter()
            if wall_s >= self._looked_s + _LOOK_S:
                self._looked_s, self._stolen_s = wall_s, self._read_stolen_s()
                wall_s = time.perf_counter()
            cpu_s = time.thread_time()
            run(handle)
            cpu_s = time.thread_time() - cpu_s
            if cpu_s >= _LEAST_S:
                self._note(_name(callback), cpu_s, time.perf_counter() - wall_s, list(sys.modules)[modules:])

        setattr(asyncio.Handle, "_run", measured)  # noqa: B010 - a method that the types leave out
        gc.callbacks.append(self._on_collection)

    def _on_collection(self, phase: str, _info: dict[str, int]) -> None:
        if phase == "start":
            self._here.began_collecting_s = time.thread_time()
        else:
            self._here.collecting_s += time.thread_time() - self._here.began_collecting_s

    def _read_stolen_s(self) -> float:
        if sys.platform != "linux" or self._stat is None:
            return 0.0
        words = os.pread(self._stat, 256, 0).split(maxsplit=_STOLEN + 1)
        return int(words[_STOLEN]) / float(os.sysconf("SC_CLK_TCK"))

    def _note(self, name: str, cpu_s: float, wall_s: float, imported: list[str]) -> None:
        stolen_s = self._read_stolen_s() - self._stolen_s
        times_s = {(name, True): cpu_s, (name, False): cpu_s - self._here.collecting_s - stolen_s}
        if all(time_s <= self._longest_s.get(key, 0.0) for key, time_s in times_s.items()):
            return
        for key, time_s in times_s.items():
            self._longest_s[key] = max(time_s, self._longest_s.get(key, 0.0))
        milliseconds = {"cpu": cpu_s, "wall": wall_s, "collecting": self._here.collecting_s, "stolen": stolen_s}
        program = "/".join(Path(sys.argv[0]).parts[-2:])
        figures = {key: round(1000 * s, 2) for key, s in milliseconds.items()}
        fields = {"what": name, **figures, "program": program, "imported": imported}
        self._file.write(json.dumps(fields) + "\n")


def _name(callback: Any) -> str:
    """Which function it is, and where; for a task, its coroutine."""
    import asyncio

    while isinstance(callback, partial):
        callback = callback.func
    owner = getattr(callback, "__self__", None)
    if isinstance(owner, asyncio.Task):
        callback = owner.get_coro()
    code = getattr(callback, "cr_code", None) or getattr(callback, "__code__", None)
    parts = Path(code.co_filename).parts if code else (type(callback).__module__,)
    room = next((i for i, part in enumerate(parts) if part in ("tests", "reader", "ui")), max(len(parts) - 2, 0))
    place = "/".join(parts[room:])
    return f"{place}: {getattr(callback, '__qualname__', type(callback).__qualname__)}"
