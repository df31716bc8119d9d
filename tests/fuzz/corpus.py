"""The kept inputs of each target: tests/data/fuzz/TARGET.jsonl, a string a line, in which each character is a byte."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

_FOLDER = Path(__file__).parents[1] / "data" / "fuzz"


def names() -> list[str]:
    """All targets, by their corpora: each has one."""
    return sorted(path.stem for path in _FOLDER.glob("*.jsonl"))


def inputs(name: str) -> list[bytes]:
    """What is kept for a target."""
    return [json.loads(line).encode("latin-1") for line in _path(name).read_text("ascii").splitlines()]


def write_out(name: str, folder: Path) -> None:
    """As libFuzzer wants it: a file each, in a folder that holds nothing else."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for data in inputs(name):
        (folder / hashlib.sha1(data, usedforsecurity=False).hexdigest()).write_bytes(data)


def keep(name: str, folder: Path, max_inputs: int, max_bytes: int) -> None:
    """Add the files of a folder, the shortest first, until there are so many."""
    kept = set(inputs(name))
    for data in sorted((path.read_bytes() for path in folder.iterdir()), key=len):
        if len(kept | {data}) <= max_inputs and sum(map(len, kept | {data})) <= max_bytes:
            kept.add(data)
    lines = (json.dumps(data.decode("latin-1")) for data in sorted(kept, key=lambda data: (len(data), data)))
    _path(name).write_text("".join(f"{line}\n" for line in lines), "ascii")


def _path(name: str) -> Path:
    return _FOLDER / f"{name}.jsonl"
