"""A document of speech markup (SSML), passed unchanged to a voice that accepts it.

It is one segment, because its parts can't be sent one by one: an element opened in one would be missing in the next. So
after an interruption it is read from its beginning again, and moving by sentences leaves it. Voices that don't accept
markup get only the text.

Used by one task at a time; pure.
"""

from __future__ import annotations

from xml.parsers import expat

from reader.errors import MarkupError
from reader.flow import Ending, Segment
from reader.support.i18n import QT_TRANSLATE_NOOP, translate
from reader.text.script import is_speakable
from reader.text.segment import Segmenter

# Amazon Polly's limit for one request, with and without markup.
MAX_CHARS = 6000
MAX_SPOKEN_CHARS = 3000
# What replaces an element in the plain text.
_BREAKS = {"p": "\n\n", "s": "\n", "break": " "}
_NO_DOCUMENT = QT_TRANSLATE_NOOP("reader", "The SSML must begin with <speak> and end with </speak>.")


def spoken(markup: str) -> str:
    """Return the text without markup. Raises MarkupError if it is no document, or too long."""
    if len(markup) > MAX_CHARS:
        sentence = translate("reader", "The SSML is too long: the limit is %Ln characters.", None, MAX_CHARS)
        raise MarkupError(sentence)
    text = _Text().of(markup)
    if len(text) > MAX_SPOKEN_CHARS:
        sentence = translate(
            "reader", "The SSML has too much text: the limit is %Ln characters without markup.", None, MAX_SPOKEN_CHARS
        )
        raise MarkupError(sentence)
    return text


class _Text:
    """Extracts the text of a document."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._depth = 0
        self._sub_depth = 0  # depth of the element whose text is replaced by other words, else 0

    def of(self, markup: str) -> str:
        # Without namespaces: "amazon:effect" declares none.
        parser = expat.ParserCreate("utf-8")  # regardless of the encoding it declares
        parser.StartElementHandler = self._on_start
        parser.EndElementHandler = self._on_end
        parser.CharacterDataHandler = self._on_text
        parser.StartDoctypeDeclHandler = self._on_doctype  # neither its own entities nor external files are read
        try:
            parser.Parse(markup.encode("utf-8", "replace"), True)
        except expat.ExpatError as error:
            if not self._parts:  # no element has begun, so it is plain text
                raise MarkupError(translate("reader", _NO_DOCUMENT)) from error
            what = expat.ErrorString(error.code)
            sentence = translate("reader", "The SSML is not well-formed: {what}, line {line}.")
            raise MarkupError(sentence.format(what=what, line=error.lineno)) from error
        return "".join(self._parts).strip()

    def _on_start(self, name: str, attributes: dict[str, str]) -> None:
        if not self._depth and name != "speak":
            raise MarkupError(translate("reader", _NO_DOCUMENT))
        self._depth += 1
        self._parts.append(_BREAKS.get(name, ""))
        if name == "sub" and "alias" in attributes and not self._sub_depth:
            self._parts.append(attributes["alias"])
            self._sub_depth = self._depth

    def _on_end(self, name: str) -> None:
        if self._sub_depth == self._depth:
            self._sub_depth = 0
        self._depth -= 1
        self._parts.append(_BREAKS.get(name, ""))

    def _on_text(self, text: str) -> None:
        if not self._sub_depth:
            self._parts.append(text)

    @staticmethod
    def _on_doctype(*_: object) -> None:
        raise MarkupError(translate("reader", "The SSML can't have a document type (<!DOCTYPE …>)."))


class Document(Segmenter):
    """Gives a whole document as one segment."""

    _markup = ""

    def feed(self, text: str) -> None:
        """Add markup. The caller must already have checked that it is a document: see `spoken`."""
        self._markup += text

    def take(self, *, is_hungry: bool = False, by_words: bool = False) -> Segment | None:
        """Return the document, once. Raises MarkupError."""
        markup, self._markup = self._markup, ""
        text = spoken(markup) if markup else ""
        if not is_speakable(text):
            return None
        language = self._fixed_language or self._detect(text)
        end = Ending.PARAGRAPH
        return Segment(self._utterance_id, 0, 0, text, 0, len(markup), end, language, markup)
