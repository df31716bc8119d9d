"""Rich text (RTF).

Read here because striprtf (BSD, 8 KB) does not support headings, notes, running heads or fonts with their own encoding.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from reader.documents import symbol_font
from reader.documents.document import LOWEST, PARAGRAPH, TITLE, Block, names, tidied
from reader.documents.encodings import known
from reader.documents.office_text import OfficeText
from reader.documents.refusals import Refusal, UnreadableError

_TOKEN = re.compile(
    rb"\\(?:([a-zA-Z]{1,32})(-?\d{1,10})? ?|'([0-9a-fA-F]{2})|([^a-zA-Z\r\n])|[\r\n])|([{}])|[\r\n]+|([^\\{}\r\n]+)",
)
# Groups that are not part of the text.
_PASSED_OVER = names(
    "fonttbl colortbl stylesheet info pict header headerl headerr headerf footer footerl footerr footerf fldinst "
    "objdata object themedata colorschememapping datastore listtable listoverridetable rsidtbl generator filetbl "
    "revtbl xmlnstbl nonshppict private bkmkstart bkmkend annotation atnid atnauthor pntxta pntxtb sp shpinst "
    "ftnsep ftnsepc aftnsep aftnsepc ftncn aftncn xe tc rxe txe latentstyles passwordhash userprops mmathPr"
)
# Groups that are, although programs that do not know them may ignore them.
_KEPT = frozenset(("shptxt", "shprslt", "fldrslt", "listtext", "pntext", "footnote", "shppict", "ud"))
_LABELS = ("listtext", "pntext")
_SIGNS = {
    "line": "\n", "lbr": "\n", "tab": "\t", "emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’",
    "ldblquote": "“", "rdblquote": "”", "emspace": " ", "enspace": " ", "qmspace": " ", "softline": "\n",
}  # fmt: skip
_CHARSETS = {
    77: "mac-roman", 128: "cp932", 129: "cp949", 134: "gb18030", 136: "big5", 161: "cp1253", 162: "cp1254",
    163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250",
}  # fmt: skip
_PAGES = {"mac": "mac-roman", "pc": "cp437", "pca": "cp850", "ansi": "cp1252"}
_SYMBOL = 2
# Used instead of an encoding: for the font Symbol, which has Greek letters, and for fonts with pictures.
_GREEK, _PICTURES = "greek", "pictures"
_SYMBOL_FIELD = re.compile(r'\s*SYMBOL\s+(\d{1,5}|0x[0-9a-f]{1,4})\b[^\\]*\\f\s*"?([^"\\]+)', re.I)
_HEADING = re.compile(r"heading ([1-9])", re.I)
_DEEPEST = 500


@dataclass(slots=True)
class _State:
    """What reverts at the end of a group."""

    group: str = ""  # its purpose, if it is not text
    is_passed_over: bool = False
    encoding: str = ""
    is_hidden: bool = False
    skipped_per_unicode: int = 1


def parse(data: bytes) -> Iterator[Block]:
    """The document's title and text. Raises UnreadableError, after the text, if it is truncated."""
    rtf = _Rtf()
    yield from tidied(rtf.read(data))
    if rtf.is_within_group:
        raise UnreadableError(Refusal.DAMAGED)


class _Rtf:
    def __init__(self) -> None:
        self._text = OfficeText()
        self._state = _State()
        self._states: list[_State] = []
        self._encoding = "cp1252"
        self._fonts: dict[int, str] = {}
        self._font = 0
        self._levels: dict[int, int] = {}  # of heading styles
        self._style = 0
        self._level = PARAGRAPH
        self._bytes = b""  # not decoded yet, as a character may have two
        self._to_skip = 0
        self._is_unknown = False  # the group is marked as ignorable
        self._name = ""  # the text of a style's name, the title, or a field's instruction
        self._in_row = False

    @property
    def is_within_group(self) -> bool:
        """Whether any group has not ended yet."""
        return bool(self._states)

    def read(self, data: bytes) -> Iterator[Block]:
        self._text.begin_paragraph()
        at = 0
        while at < len(data):
            found = _TOKEN.match(data, at)
            if found is None:
                at += 1
                continue
            at = found.end()
            word, number, code, sign, brace, plain = found.groups()
            if word == b"bin":
                at += max(int(number or 0), 0)
            elif word:
                self._obey(word.decode(), int(number) if number else None)
            elif code:
                self._add_bytes(bytes([int(code, 16)]))
            elif brace:
                yield from self._brace(brace == b"{")
            elif sign:
                self._obey_sign(sign)
            elif plain:
                self._add_bytes(plain)
            elif found.group()[:1] == b"\\":
                self._obey("par", None)
            yield from self._text.take()
        self._flush()
        yield from self._text.end()

    def _brace(self, is_opening: bool) -> Iterator[Block]:
        self._flush()
        if is_opening:
            if len(self._states) < _DEEPEST:
                self._states.append(self._state)
                self._state = replace(self._state)
            return
        if self._state.group == "title" and self._name:
            yield Block(self._name, TITLE)
        ended = self._state.group
        self._state = self._states.pop() if self._states else _State()
        if ended == "fldinst" != self._state.group:
            self._add_field(self._name)
        if ended == "footnote" != self._state.group:
            self._text.end_paragraph()
            self._text.end_note()
        self._name = "" if ended != self._state.group else self._name

    def _obey(self, word: str, number: int | None) -> None:
        self._flush(unless=word == "u")
        is_unknown, self._is_unknown = self._is_unknown, False
        if word in _PASSED_OVER or (is_unknown and word not in _KEPT):
            self._state.group, self._state.is_passed_over = word, True
        elif word in ("title", "footnote", "ud", "shptxt", *_LABELS):
            self._begin_group(word)
        elif self._state.is_passed_over:
            self._obey_table(word, number)
        elif word in _SIGNS:
            self._add(_SIGNS[word])
        elif word == "u":
            self._add_unicode(number or 0)
        else:
            self._obey_layout(word, number)

    def _begin_group(self, word: str) -> None:
        if word == "title" and self._state.group != "info":
            return
        self._state.group = word
        if word == "footnote":
            self._text.begin_room()
            self._text.begin_paragraph()
        elif word == "ud" or word == "shptxt":
            self._state.is_passed_over = False

    def _obey_table(self, word: str, number: int | None) -> None:
        """Handle words within the font and style tables."""
        if word == "f" and number is not None:
            self._font = number
        elif word == "fcharset" and number in _CHARSETS:
            self._fonts[self._font] = _CHARSETS[number]
        elif word == "fcharset" and number == _SYMBOL:
            self._fonts[self._font] = _PICTURES
        elif word == "s" and number is not None:
            self._style = number
        elif word == "outlinelevel" and number is not None and 0 <= number < LOWEST:
            self._levels[self._style] = number + 1

    def _obey_layout(self, word: str, number: int | None) -> None:
        match word:
            case "par" | "sect" | "page" | "column":
                self._end_paragraph()
            case "cell" | "nestcell":
                self._end_paragraph()
                self._text.end_cell()
                self._text.begin_room()
            case "row" | "nestrow":
                self._end_row()
            case "trowd" if not self._in_row:
                self._begin_row()
            case "pard":
                self._level = PARAGRAPH
            case "dropcapli":
                self._text.set_initial()
            case "s" if number in self._levels:
                self._level = self._levels[number]
            case "outlinelevel" if number is not None and 0 <= number < LOWEST:
                self._level = number + 1
            case _:
                self._obey_letters(word, number)

    def _obey_letters(self, word: str, number: int | None) -> None:
        """Handle words that say which letters are shown, and what bytes mean."""
        match word:
            case "v" | "deleted":
                self._state.is_hidden = number != 0
            case "plain":
                self._state.is_hidden = False
            case "uc":
                self._state.skipped_per_unicode = max(number or 0, 0)
            case "f" if number is not None:
                self._state.encoding = self._fonts.get(number, "")
            case "ansicpg" if number is not None:
                self._encoding = _known(f"cp{number}")
            case _ if word in _PAGES:
                self._encoding = _PAGES[word]

    def _obey_sign(self, sign: bytes) -> None:
        if sign == b"*":
            self._is_unknown = True
        elif sign in b"\\{}":
            self._add_bytes(sign)
        else:
            self._flush()
            self._add({b"~": "\u00a0", b"_": "-", b"\t": "\t"}.get(sign, ""))

    def _begin_row(self) -> None:
        """Begin a table row, with a paragraph in its first cell."""
        self._in_row = True
        self._text.end_paragraph()
        self._text.begin_row()
        self._text.begin_room()
        self._text.begin_paragraph()

    def _end_row(self) -> None:
        if self._in_row:
            self._in_row = False
            self._text.end_paragraph()
            self._text.end_cell()
            self._text.end_row()
            self._text.begin_paragraph()

    def _end_paragraph(self) -> None:
        self._text.set_level(self._level)
        self._text.end_paragraph()
        self._text.begin_paragraph()

    def _add_field(self, instruction: str) -> None:
        """Add a symbol written as a field. What other fields show follows in a separate group."""
        found = _SYMBOL_FIELD.match(instruction)
        if found and symbol_font.is_symbol(found[2]):
            self._add(symbol_font.letter(int(found[1], 0)))

    def _add_unicode(self, number: int) -> None:
        self._flush()
        code = number & 0xFFFF
        is_private = 0xF000 <= code < 0xF100
        if self._state.encoding == _GREEK and is_private:
            self._add(symbol_font.letter(code))
        elif not is_private:
            self._add(chr(code))
        self._to_skip = self._state.skipped_per_unicode

    def _add_bytes(self, data: bytes) -> None:
        """Add bytes, skipping those that replace a character for programs without Unicode."""
        skipped = min(self._to_skip, len(data))
        self._to_skip -= skipped
        self._bytes += data[skipped:]

    def _flush(self, *, unless: bool = False) -> None:
        if self._bytes:
            encoding = self._state.encoding or self._encoding
            data, self._bytes = self._bytes, b""
            if encoding == _GREEK:
                self._add("".join(map(symbol_font.letter, data)))
            elif encoding != _PICTURES:
                self._add(data.decode(encoding, "replace"))
        if not unless:
            self._to_skip = 0

    def _add(self, text: str) -> None:
        state = self._state
        if state.group in ("title", "fldinst"):
            self._name += text
        elif state.group == "fonttbl":
            if symbol_font.is_symbol(text):
                self._fonts[self._font] = _GREEK
        elif state.group == "stylesheet":
            self._name += text
            if heading := _HEADING.match(self._name.lstrip(" ;")):
                self._levels.setdefault(self._style, min(int(heading[1]), LOWEST))
            if ";" in text:
                self._name, self._style = "", 0
        elif not state.is_passed_over and not state.is_hidden:
            is_dot = state.group in _LABELS and text.strip() == "o"  # Word's second-level bullet, not a letter
            self._text.add("◦ " if is_dot else text)


def _known(encoding: str) -> str:
    return "utf-8" if encoding == "cp65001" else known(encoding) or "cp1252"
