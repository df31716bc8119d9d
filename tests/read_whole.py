"""How much of a document was read, beside what another program finds in it. Words are compared, since extractors differ
in white space and in signs.
"""

from __future__ import annotations

import re
import subprocess
import tempfile
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path


def words(text: str) -> list[str]:
    """Without marks, hyphens at the ends of lines, and ligatures."""
    text = re.sub(r"(?<=\w)[-\u00ad]\n(?=[a-zß-ü])", "", text).replace("\u00ad", "")
    return re.findall(r"\w+", unicodedata.normalize("NFKC", text))


@dataclass(frozen=True)
class Comparison:
    """Numbers of words: of ours, of theirs, of those that are the same in the same order, and of theirs that are not
    among ours anywhere. `differences` are (ours, theirs) where they differ.
    """

    ours: int
    theirs: int
    in_order: int
    missing: int
    differences: list[tuple[str, str]] = field(default_factory=list)


def compare(ours: str, theirs: str) -> Comparison:
    """By GNU diff, which takes a book in a second."""
    our_words, their_words = words(ours), words(theirs)
    missing = sum((Counter(their_words) - Counter(our_words)).values())
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder, name) for name in ("ours", "theirs")]
        for file, found in zip(files, (our_words, their_words), strict=True):
            file.write_text("".join(f"{word}\n" for word in found), encoding="utf-8")
        formats = ["--old-line-format=-%L", "--new-line-format=+%L", "--unchanged-line-format==%L"]
        done = subprocess.run(["diff", "-d", *formats, *files], capture_output=True, text=True, check=False)
    lines = done.stdout.splitlines()
    differences: list[tuple[str, str]] = []
    here: tuple[list[str], list[str]] = [], []
    for line in [*lines, "="]:
        if not line.startswith("="):
            here[line.startswith("+")].append(line[1:])
        elif here[0] or here[1]:
            differences.append((" ".join(here[0]), " ".join(here[1])))
            here = [], []
    in_order = sum(line.startswith("=") for line in lines)
    return Comparison(len(our_words), len(their_words), in_order, missing, differences)
