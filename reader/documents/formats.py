"""The document formats that can be read, a row for each. kinds.py recognises them by their bytes.

A reader is a module with `parse(data: bytes) -> Iterator[Block]`, which raises UnreadableError. It runs in a child
process (parse_worker.py), because documents are untrusted.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Format:
    """`name` is for users, with its article. `library` is a package that may not be installed."""

    name: str
    module: str
    library: str = ""


FORMATS: dict[str, Format] = {
    "html": Format("a web page (HTML)", "reader.documents.html_page"),
    "mail": Format("an e-mail", "reader.documents.mail"),
    "epub": Format("an e-book (EPUB)", "reader.documents.epub"),
    "docx": Format("a Word document (DOCX)", "reader.documents.docx"),
    "odt": Format("a text document (ODT)", "reader.documents.odt"),
    "pdf": Format("a PDF document", "reader.documents.pdf", "pypdfium2"),
    "subtitles": Format("a file of subtitles", "reader.documents.subtitles"),
    "rtf": Format("an RTF document", "reader.documents.rtf"),
}


def modules() -> list[str]:
    """The readers, for code that has to list them by name, such as packaging."""
    return [row.module for row in FORMATS.values()]
