"""Documents that other people's programs made are read whole and in order, as another program reads them.

Those of tests/data/documents, each beside its text: the README there says what made both. Words are compared, since
extractors differ in white space, and in signs.
"""

from __future__ import annotations

import difflib
import importlib
import re
import unicodedata
from pathlib import Path

import pytest

from reader.documents.document import TITLE
from reader.documents.formats import FORMATS

_FOLDER = Path(__file__).parents[1] / "data" / "documents"
_FILES = sorted(path for path in _FOLDER.glob("*/*") if path.suffix == f".{path.parent.name}")
# Of the words that the other program has, so many are here in the same order, and the other way round. Running heads,
# numbers of pages and what is around an article only the others have; LibreOffice leaves out the texts of notes, and
# pandoc says twice what a book is called; w3m names the fields of forms.
_SAME_SHARE = 0.995
_SAME_SHARES = {
    "notes-abiword.docx": (0.969, 0.862),
    "notes-pandoc.docx": (0.971, 0.869),
    "notes-pandoc.epub": (0.961, 0.918),
    "contributing-sphinx.html": (0.97, 0.995),
    "gnome-sphinx.html": (0.956, 0.995),
    "hilfe-libreoffice.html": (0.94, 0.94),
    "packaging-mkdocs.html": (0.944, 0.995),
    "polly-mkdocs.html": (0.874, 0.995),
    "notes-pandoc.odt": (0.971, 0.869),
    "book-pdflatex.pdf": (0.946, 0.986),
    "contributing-ghostscript.pdf": (0.99, 0.96),
    "gnome-reportlab.pdf": (0.988, 0.995),
    "packaging-groff.pdf": (0.982, 0.985),
    "polly-weasyprint.pdf": (0.989, 0.989),
    "two-columns-pdflatex.pdf": (0.981, 0.995),
    "woerter-chromium.pdf": (0.934, 0.995),
    "notes-pandoc.rtf": (0.971, 0.869),
}


def words(text: str) -> list[str]:
    """Without marks, hyphens at the ends of lines, and ligatures."""
    text = re.sub(r"(?<=\w)[-\u00ad]\n(?=[a-zß-ü])", "", text).replace("\u00ad", "")
    return re.findall(r"\w+", unicodedata.normalize("NFKC", text))


def read(path: Path) -> str:
    parser = importlib.import_module(FORMATS[path.parent.name].module)
    return "\n\n".join(block.text for block in parser.parse(path.read_bytes()) if block.level != TITLE)


@pytest.mark.parametrize("kind", ["docx", "epub", "html", "odt", "pdf", "rtf"])
def test_there_are_ten_of_each(kind: str) -> None:
    assert len([path for path in _FILES if path.parent.name == kind]) >= 10


@pytest.mark.parametrize("path", _FILES, ids=lambda path: path.name)
def test_it_is_read_whole_and_in_order(path: Path) -> None:
    ours, theirs = words(read(path)), words(path.with_suffix(".txt").read_text("utf-8"))
    matcher = difflib.SequenceMatcher(None, ours, theirs, autojunk=False)
    same = sum(block.size for block in matcher.get_matching_blocks())
    whole, alone = _SAME_SHARES.get(path.name, (_SAME_SHARE, _SAME_SHARE))
    differences = [(ours[a:b], theirs[c:d]) for what, a, b, c, d in matcher.get_opcodes() if what != "equal"]
    assert same >= whole * len(theirs), differences
    assert same >= alone * len(ours), differences
