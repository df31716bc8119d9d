"""Defines a kind of child process: which module runs in it, and what it may do."""

from __future__ import annotations

from dataclasses import dataclass

READS = "HARKEN_READS"


@dataclass(frozen=True, slots=True)
class Worker:
    """A kind of child process.

    `module` is imported in it, by its path, and its `run(input_fd, output_fd)` is called. `name` is for lists of
    processes and the log. With `memory_bytes` it only computes: it may use this much memory, and has no right it does
    not need (sandbox.py), except to read the folder `reads`, whose path it finds in the environment (`READS`).
    `looks_for_keys`: it gets the environment's AWS keys, which no other child does. `variables` are set in its
    environment.
    """

    name: str
    module: str
    memory_bytes: int = 0
    reads: str = ""
    looks_for_keys: bool = False
    variables: tuple[tuple[str, str], ...] = ()
