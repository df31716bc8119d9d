"""How the stand-in joins and cuts the text it is sent, and what of it is billed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree

from tests.fakes.polly_service.rules import RefusalError

MAX_CHARS = 6000
MAX_BILLED_CHARS = 3000
# A sentence is over when white space stands behind its mark: a full stop at the end may be that of "3.14".
_SENTENCE = re.compile(r".*?(?:[.!?…]+[\"'”’)\]]*\s+|\n\s*\n\s*)", re.DOTALL)


class TextJoiner:
    """Text goes in as it comes; whole sentences come out."""

    def __init__(self, *, joins_blank: bool) -> None:
        """`joins_blank`: whether a blank event, which keeps a stream alive, counts as white space in the text."""
        self._joins_blank = joins_blank
        self._text = ""

    def add(self, text: str) -> Iterator[str]:
        if text.strip() or self._joins_blank:
            self._text += text
        while match := _SENTENCE.match(self._text):
            self._text = self._text[match.end() :]
            if match.group().strip():
                yield match.group()

    def flush(self) -> Iterator[str]:
        text, self._text = self._text, ""
        if text.strip():
            yield text


def plain_text(text: str, kind: str) -> str:
    """What is spoken and billed of an event: without markup. Raises RefusalError."""
    if len(text) > MAX_CHARS:
        raise too_long()
    spoken = _spoken_of_ssml(text) if kind == "ssml" else text
    if kind not in ("text", "ssml"):
        raise invalid("TextType", "there is no such type")
    if len(spoken) > MAX_BILLED_CHARS:
        raise too_long()
    return spoken


def _spoken_of_ssml(text: str) -> str:
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        raise invalid("Text", f"Invalid SSML request: {error}") from None
    if root.tag != "speak":
        raise invalid("Text", "Invalid SSML request: no speak element")
    return "".join(root.itertext())


def too_long() -> RefusalError:
    return invalid("Text", "Maximum text length has been exceeded")


def invalid(name: str, text: str) -> RefusalError:
    fields = [{"name": name, "message": text}]
    return RefusalError(400, "ValidationException", text, reason="fieldValidationFailed", fields=fields)
