"""Maps the encodings that documents name to what those who write the names mean."""

from __future__ import annotations

import codecs

# What a name stands for in practice: the more comprehensive encoding of the same family, which the WHATWG Encoding
# Standard (https://encoding.spec.whatwg.org/#names-and-labels) prescribes for browsers.
_MEANT = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "euc_kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
}
# Python counts these as text encodings, but no document is written in them: they are for programs, and some take time
# that grows with the square of their input.
_NOT_FOR_DOCUMENTS = frozenset({"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape"})


def known(name: str) -> str:
    """Python's name for the encoding that a document names; "" if that is not a text encoding. Never raises."""
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError):  # ValueError: names containing NUL or a lone surrogate
        return ""
    return "" if not found._is_text_encoding or found.name in _NOT_FOR_DOCUMENTS else _MEANT.get(found.name, found.name)


def decoded(data: bytes, name: str) -> str | None:
    """Decode with the encoding that a document names; None if that is unknown or wrong."""
    if not (encoding := known(name)):
        return None
    try:
        return data.decode(encoding)
    except UnicodeError:
        return None
