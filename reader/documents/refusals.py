"""Why a document is not read, or not to its end: the reader's finding, and the sentence for it."""

from __future__ import annotations

from enum import StrEnum

from reader.documents.formats import Format
from reader.support import foreign


class Refusal(StrEnum):
    """A reader's reason for not reading a document."""

    ENCRYPTED = "encrypted"
    DAMAGED = "damaged"
    EMPTY = "empty"
    PICTURES = "pictures"  # pictures of pages, without text
    TOO_LARGE = "too large"
    TOO_SLOW = "too slow"
    MISSING = "missing"  # the library that reads it is missing
    OTHER = "other"  # a different kind of document in the same container


class UnreadableError(Exception):
    """Raised by readers of documents."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal


_WHY = {
    Refusal.ENCRYPTED: "is {kind} that is encrypted. Save it without a password or copy protection, or open it in its "
    "own program and let Harken read what you select there.",
    Refusal.DAMAGED: "is {kind} that is damaged or incomplete. Get a new copy, or try to open it in its own program.",
    Refusal.EMPTY: "is {kind} without any text.",
    Refusal.PICTURES: "is {kind} that contains pictures of pages and no text. A text recognition (OCR) program, "
    "such as OCRmyPDF, can add the text.",
    Refusal.TOO_LARGE: "is {kind} that takes more memory than Harken allows. Open it in its own program and let "
    "Harken read what you select there.",
    Refusal.TOO_SLOW: "is {kind} that takes too long to read. Open it in its own program and let Harken read what you "
    "select there.",
    Refusal.MISSING: "is {kind}. To read it, Harken needs {library}: install it with “pip install {library}”.",
    Refusal.OTHER: "is a kind of document that Harken can't read. Open it in its own program and let Harken read "
    "what you select there.",
}


def sentence(name: str, kind: Format, refusal: Refusal) -> str:
    """The sentence for a document of which nothing was read. `name` is the file's."""
    return f"{foreign.shown(name)} {_WHY[refusal].format(kind=kind.name, library=kind.library)}"


def broken_off(name: str, refusal: Refusal) -> str:
    """The sentence for a document that was read in part."""
    why = {
        Refusal.ENCRYPTED: "continues with something encrypted",
        Refusal.TOO_LARGE: "takes more memory than Harken allows for a document",
        Refusal.TOO_SLOW: "takes too long to read",
    }.get(refusal, "is damaged from here on")
    return f"{foreign.shown(name)} {why}. Reading stops there."
