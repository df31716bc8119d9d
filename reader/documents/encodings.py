"""The encodings that documents name, as those who write the names mean them."""

from __future__ import annotations

import codecs

# What a name stands for in practice: the wider encoding of the same system, which the WHATWG Encoding Standard
# (https://encoding.spec.whatwg.org/#names-and-labels) prescribes to browsers.
_MEANT = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "euc_kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
}
# Python knows these as encodings of text, but no document is written in them: they are for programs, and some take a
# time that grows with the square of what they are given.
_NOT_FOR_DOCUMENTS = frozenset({"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape"})


def known(name: str) -> str:
    """The name by which Python knows what a document calls its encoding; "" where it is none for text. Never raises."""
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError):  # ValueError: names with a zero or half a surrogate pair in them
        return ""
    return "" if not found._is_text_encoding or found.name in _NOT_FOR_DOCUMENTS else _MEANT.get(found.name, found.name)


def decoded(data: bytes, name: str) -> str | None:
    """The text, where it is in the encoding that its document names; None where that is unknown or not true."""
    if not (encoding := known(name)):
        return None
    try:
        return data.decode(encoding)
    except UnicodeError:
        return None
