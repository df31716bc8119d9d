"""Decodes bytes as they arrive, in any encoding.

UTF-8 is passed on at once. At the first bytes that are something else, enough are gathered to detect the encoding with
`chardet` (0BSD, maintained, wheels for all three systems): of 45 texts of one sentence, in as many encodings and
languages, it gets 1 wrong; charset-normalizer gets 22 wrong. UTF-16 and UTF-32 without a mark are detected here.

Used by one thread at a time.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections import Counter

from reader.documents.encodings import known

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
# Encodings that are in use. Given all that chardet knows, it would take short texts for rare ones.
_KNOWN = (
    *("utf-8", "ascii", "cp932", "cp949", "euc_kr", "gb18030", "big5hkscs", "euc_jis_2004", "cp874"),
    *(f"cp125{n}" for n in range(9)),
    *("koi8-r", "koi8-u", "cp437", "cp850", "cp852", "cp855", "cp866", "mac-cyrillic", "mac-latin2", "mac-roman"),
    *(f"iso8859-{n}" for n in (2, 3, 5, 6, 15, 16)),
)
_LATIN = (
    *("cp1250", "cp1252", "cp1254", "cp1257", "cp1258", "iso8859-2", "iso8859-3", "iso8859-15", "iso8859-16"),
    *("cp437", "cp850", "cp852", "mac-latin2", "mac-roman"),
)
_FALLBACK = "cp1252"
# With no more accented letters than this, detection is pointless: most people with such a text have a western one. That
# is, if it can be one: no symbol within words, and no letter that western languages hardly use.
_FEW = 3
_NOT_WESTERN = re.compile(
    r"[^\W\d_][\xa1-\xb6\xb8-\xbf\xd7\xf7]|[\xa1-\xa9\xab-\xb9\xbb-\xbe\xd7\xf7][^\W\d_]|[þðÞÐ¦¨¸¼½¾]"
)
# In scripts other than Latin, most non-ASCII bytes are adjacent.
_RUN_SHARE = 0.3
_HIGH = re.compile(rb"[\x80-\xff]+")
# Sentences that are all ASCII, perhaps in another language, say nothing about the rest.
_SENTENCE = re.compile(rb"(?<=[.!?\n\r])\s*")
_LINES = "\t\n\r\f\x1a\x1b"
_PRINTED = bytes({*range(32, 127), *b"\t\n\r\f\x1b"})
# For UTF-16 without a mark: how many letters there are for each NUL byte, if these only separate texts; the share of
# letters; and the share of the non-ASCII letters that belong to a single script.
_NUL_RATIO = 3
_LETTERS_SHARE = 0.3
_ONE_SCRIPT_SHARE = 0.85
# For UTF-16 with a mark: the share of characters that may be non-existent.
_STRANGE_SHARE = 0.02
# This much is enough to detect the encoding; as much of what came before helps.
ENOUGH_BYTES = 4096
# Up to this many non-UTF-8 bytes per non-ASCII character in UTF-8: a UTF-8 text with a few foreign bytes in it.
_STRAY_SHARE = 0.25
_ESCAPES = re.compile(rb"\x1b\$|\x1b\([JI]")  # ISO 2022
_BEGUN_ESCAPE = re.compile(r"\x1b[$(]?\Z")
_DECLARED = re.compile(rb"""<\?xml[^>]*?encoding=["']([\w.-]{1,40})["']""")
_STRAY = "harken.stray"


class Decoder:
    """`encoding` is the encoding found; "" until then."""

    def __init__(self) -> None:
        self.encoding = ""
        self._decoder: codecs.IncrementalDecoder | None = None
        self._before = b""  # the end of what was passed on as UTF-8
        self._held = b""  # undecided
        self._more_bytes = 0  # of UTF-8 characters, beyond the first of each

    def decode(self, data: bytes, *, is_last: bool = False, is_paused: bool = False) -> str:
        """Return as much as can be decoded so far. The first call must have enough bytes to show a mark.

        `is_last`: nothing follows. `is_paused`: nothing follows soon, so it is time to decide.
        """
        if not self.encoding:
            data = self._begin(data)
        if self.encoding != "utf-8?":
            return self._read(data, is_last)
        self._held += data
        text, end = _valid(self._held)
        is_utf8 = end == len(self._held) or (not is_last and _is_begun(self._held[end:]))
        if is_utf8 and not _ESCAPES.search(self._held):
            if not is_last and (escape := _BEGUN_ESCAPE.search(text)):
                text, end = text[: escape.start()], escape.start()
            return self._pass_on(text, end)
        if len(self._held) - end < ENOUGH_BYTES and not is_last and not is_paused:
            return ""
        return self._decide(is_last)

    @property
    def is_utf8(self) -> bool:
        """Whether it is UTF-8, as far as one can tell."""
        return self.encoding.startswith("utf-8")

    @property
    def is_waiting(self) -> bool:
        """Whether something has arrived that can't be decoded yet."""
        return bool(self._held) and self.encoding == "utf-8?"

    def _begin(self, data: bytes) -> bytes:
        for mark, encoding in _MARKS:
            if data.startswith(mark):
                self._use(encoding)
                return data[len(mark) :]
        if wide := wide_encoding(data):
            self._use(wide)
        else:
            self.encoding = "utf-8?"
        return data

    def _use(self, encoding: str, errors: str = "replace") -> None:
        self.encoding = encoding
        self._decoder = codecs.getincrementaldecoder(encoding)(errors)

    def _pass_on(self, text: str, end: int) -> str:
        self._before = (self._before + self._held[:end])[-ENOUGH_BYTES:]
        self._held = self._held[end:]
        self._more_bytes += end - len(text)
        return text

    def _decide(self, is_last: bool) -> str:
        """Find the encoding: what is held is not UTF-8."""
        data, self._held = self._held, b""
        text = data.decode("utf-8", "replace")
        foreign = text.count("\ufffd")
        own = self._more_bytes + sum(not character.isascii() for character in text) - foreign
        if not _ESCAPES.search(data) and own and foreign <= own * _STRAY_SHARE:
            codecs.register_error(_STRAY, _as_western)
            self._use("utf-8", _STRAY)
        else:
            self._use(_guess(self._before, data))
        return self._read(data, is_last)

    def _read(self, data: bytes, is_last: bool) -> str:
        assert self._decoder is not None
        try:
            return self._decoder.decode(data, is_last)
        except UnicodeError:  # Python's escape-sequence decoders fail on broken ones, whatever the handler
            self._use(_FALLBACK)
            return self._decoder.decode(data, is_last)


def marked_encoding(data: bytes) -> str:
    """UTF-16 or UTF-32 according to a byte order mark; "" if there is none."""
    return next(
        (encoding for mark, encoding in _MARKS if encoding.startswith(("utf-16", "utf-32")) and data.startswith(mark)),
        "",
    )


def wide_encoding(data: bytes) -> str:
    """UTF-16 or UTF-32 without a byte order mark; "" for anything else."""
    if b"\0" not in data or _has_nul_between(data):
        return ""
    data = data[: min(len(data) // 4 * 4 or len(data), ENOUGH_BYTES)]
    likely = {encoding: _likeness(data, encoding) for encoding in ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be")}
    best = max(likely, key=lambda encoding: likely[encoding])
    return best if likely[best] > 0 else ""


def is_readable(data: bytes, encoding: str) -> bool:
    """Whether alleged UTF-16 or UTF-32 consists of characters that exist, apart from a few."""
    text = codecs.getincrementaldecoder(encoding)("replace").decode(data[:ENOUGH_BYTES])
    return sum(map(_is_none, text)) <= 1 + _STRANGE_SHARE * len(text)


def _has_nul_between(data: bytes) -> bool:
    """Whether it is ASCII with NUL bytes between texts, such as a list of file names for programs.

    In UTF-16 or UTF-32, Latin text has at least as many NUL bytes as letters; in other scripts, the bytes are not all
    ASCII letters.
    """
    rest = data.replace(b"\0", b"")
    return len(rest) > _NUL_RATIO * (len(data) - len(rest)) and len(rest.translate(None, _PRINTED)) <= 0.05 * len(rest)


def _likeness(data: bytes, encoding: str) -> float:
    """How likely this is a text: few kinds of letters, and the more ASCII the better. 0 if it is none."""
    try:
        text = codecs.getincrementaldecoder(encoding)("strict").decode(data)
    except UnicodeDecodeError:
        return 0.0
    if any(map(_is_none, text)):
        return 0.0
    letters = [character for character in text if character.isalpha()]
    own = [character for character in letters if not character.isascii()]
    if own and max(Counter(_block(ord(character)) for character in own).values()) < _ONE_SCRIPT_SHARE * len(own):
        return 0.0
    if not letters or len(letters) < _LETTERS_SHARE * len(text):
        return 0.0
    return 1 + sum(character.isascii() for character in text)


def _is_none(character: str) -> bool:
    """Whether no text contains it: unassigned, private use, a lone surrogate, a replacement or a control character."""
    category = unicodedata.category(character)
    return category in ("Cn", "Co", "Cs") or character == "\ufffd" or (category == "Cc" and character not in _LINES)


def _block(code: int) -> int:
    """A number shared by letters that occur in the same text: the Latin ones, or Chinese and Japanese ones."""
    if code < 0x250 or 0x1E00 <= code < 0x1F00:
        return 0
    if 0x370 <= code < 0x400 or 0x1F00 <= code < 0x2000:
        return 0x3
    if 0x400 <= code < 0x530:
        return 0x4
    if 0x600 <= code < 0x800 or 0xFB50 <= code < 0xFF00:
        return 0x6
    if 0x3000 <= code < 0xA000 or 0xFF00 <= code < 0xFFF0:
        return 0x30
    return 0xAC if 0x1100 <= code < 0x1200 or 0xAC00 <= code <= 0xD7A3 else code >> 7


def _valid(data: bytes) -> tuple[str, int]:
    """(the text up to the first bytes that are not UTF-8, their position)."""
    try:
        return data.decode(), len(data)
    except UnicodeDecodeError as error:
        return data[: error.start].decode(), error.start


def _is_begun(rest: bytes) -> bool:
    """Whether it may be the beginning of a UTF-8 character."""
    if len(rest) > 3:
        return False
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    try:
        decoder.decode(rest)
    except UnicodeDecodeError:
        return False
    return True


def _guess(before: bytes, data: bytes) -> str:
    """The encoding of `data`, which follows `before`."""
    if declared := _DECLARED.search(before + data):
        encoding = known(declared[1].decode("ascii"))
        if encoding and not encoding.startswith("utf"):
            return encoding
    if _ESCAPES.search(before + data):
        return "iso2022_kr" if b"\x1b$)C" in before + data else "iso2022_jp_ext"
    foreign = b" ".join(part for part in _SENTENCE.split(before + data) if not part.isascii())
    runs = [len(run) for run in _HIGH.findall(foreign)]
    is_latin = sum(n for n in runs if n > 1) < _RUN_SHARE * sum(runs)
    if is_latin and sum(runs) <= _FEW and not _NOT_WESTERN.search(foreign.decode(_FALLBACK, "replace")):
        return _FALLBACK
    import chardet  # not loaded for the many texts that are UTF-8

    found_name = chardet.detect(foreign, include_encodings=_LATIN if is_latin else _KNOWN)["encoding"] or _FALLBACK
    return known(found_name) or _FALLBACK


def _as_western(error: UnicodeError) -> tuple[str, int]:
    """Decode a foreign byte within UTF-8 as the programs that leave them there usually mean it."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.start + 1].decode("cp1252", "replace"), error.start + 1
