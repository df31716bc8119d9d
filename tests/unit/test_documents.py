"""Documents that other people's programs made are read whole and in order, as another program reads them.

Those of tests/data/documents, each beside its text: the README there says what made both. Words are compared, since
extractors differ in white space, and in signs.
"""

from __future__ import annotations

import difflib
import importlib
import re
from pathlib import Path

import pytest

from reader.documents.document import gathered
from reader.documents.formats import FORMATS

_FOLDER = Path(__file__).parents[1] / "data" / "documents"
_FILES = sorted(path for path in _FOLDER.glob("*/*") if path.suffix != ".txt")
# Of the words that the other program has, so many are here in the same order, and the other way round. LibreOffice
# leaves out the texts of notes, and pandoc says twice what a book is called.
_SAME_SHARE = 0.995
_SAME_SHARES = {"notes": (0.94, 0.86)}


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.replace("\u00ad", ""))


def read(path: Path) -> str:
    parser = importlib.import_module(FORMATS[path.parent.name].module)
    return gathered(parser.parse(path.read_bytes())).text


@pytest.mark.parametrize("kind", ["docx", "epub", "odt", "rtf"])
def test_there_are_ten_of_each(kind: str) -> None:
    assert len([path for path in _FILES if path.parent.name == kind]) >= 10


@pytest.mark.parametrize("path", _FILES, ids=lambda path: path.name)
def test_it_is_read_whole_and_in_order(path: Path) -> None:
    ours, theirs = words(read(path)), words(path.with_suffix(".txt").read_text("utf-8"))
    matcher = difflib.SequenceMatcher(None, ours, theirs, autojunk=False)
    same = sum(block.size for block in matcher.get_matching_blocks())
    whole, alone = _SAME_SHARES.get(path.stem.partition("-")[0], (_SAME_SHARE, _SAME_SHARE))
    differences = [(ours[a:b], theirs[c:d]) for what, a, b, c, d in matcher.get_opcodes() if what != "equal"]
    assert same >= whole * len(theirs), differences
    assert same >= alone * len(ours), differences
