"""Finds a paragraph's heading level and list number in Word's styles and lists; the numbers are in no text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from reader.documents.document import LOWEST
from reader.documents.list_numbers import told
from reader.documents.xml_events import Is, events

_DEEPEST = 9
# Heading levels by the outline level of a style or a paragraph.
OUTLINE = {str(level - 1): level for level in range(1, LOWEST + 1)}
_HEADING = re.compile(r"heading ([1-9])", re.I)
_FORMS = {"lowerLetter": "a", "upperLetter": "A", "lowerRoman": "i", "upperRoman": "I"}
_PLACE = re.compile(r"%([1-9])")


class Styles:
    """By style id: `levels` of headings; `numbered`, the list that a style belongs to, and at which depth."""

    def __init__(self, data: bytes) -> None:
        """`data` is styles.xml. Raises UnreadableError."""
        self.levels: dict[str, int] = {}
        self.numbered: dict[str, tuple[str, int]] = {}
        self._depth = 0
        style = ""
        for event in events(data or b"<a/>"):
            if event.what is Is.START and event.name == "style":
                style, self._depth = event.attributes.get("styleId", ""), 0
            elif event.what is Is.START:
                self._learn(style, event.name, event.attributes.get("val", ""))

    def _learn(self, style: str, name: str, value: str) -> None:
        match name:
            case "name":
                if heading := _HEADING.fullmatch(value):
                    self.levels[style] = min(int(heading[1]), LOWEST)
                elif value.lower() == "title":
                    self.levels[style] = 1
            case "basedOn" if value in self.levels:
                self.levels.setdefault(style, self.levels[value])
            case "outlineLvl" if value in OUTLINE:
                self.levels[style] = OUTLINE[value]
            case "ilvl":
                self._depth = _number(value)
            case "numId":
                self.numbered[style] = value, self._depth


@dataclass(slots=True)
class _Level:
    first: int = 1
    form: str = "decimal"
    text: str = ""

    def learn(self, name: str, value: str) -> None:
        """Set one of its properties."""
        match name:
            case "start":
                self.first = _number(value)
            case "numFmt":
                self.form = value
            case "lvlText":
                self.text = value[:100]


@dataclass(slots=True)
class _List:
    levels: list[_Level] = field(default_factory=lambda: [_Level() for _ in range(_DEEPEST)])
    counts: list[int | None] = field(default_factory=lambda: [None] * _DEEPEST)


class Numbering:
    """Numbers the list items of one document, paragraph by paragraph."""

    def __init__(self, data: bytes, styles: Styles) -> None:
        """`data` is numbering.xml. Raises UnreadableError."""
        self._styles = styles
        self._lists: dict[str, _List] = {}
        self._read(data)
        self._list, self._depth = "", 0

    def begin_paragraph(self) -> None:
        """Start afresh for a new paragraph."""
        self._list, self._depth = "", 0

    def set_style(self, style: str) -> None:
        """The paragraph has this style."""
        if not self._list:  # the paragraph's own list takes precedence
            self._list, self._depth = self._styles.numbered.get(style, ("", 0))

    def set_list(self, name: str) -> None:
        """The paragraph is an item of this list; of none if "0"."""
        self._list = name

    def set_depth(self, depth: str) -> None:
        """The item's depth in the list."""
        self._depth = min(_number(depth), _DEEPEST - 1)

    def label(self) -> str:
        """The item's number, followed by a space; "" for none, or a mere bullet."""
        found = self._lists.get(self._list)
        if found is None:
            return ""
        depth = min(self._depth, _DEEPEST - 1)
        count = found.counts[depth]
        found.counts[depth] = found.levels[depth].first if count is None else count + 1
        found.counts[depth + 1 :] = [None] * (_DEEPEST - depth - 1)
        level = found.levels[depth]
        if level.form in ("bullet", "none"):
            return ""
        text = _PLACE.sub(lambda place: _told(found, int(place[1]) - 1), level.text)
        return f"{text} " if text else ""

    def _read(self, data: bytes) -> None:
        abstract: dict[str, _List] = {}
        found, level, name = _List(), _Level(), ""
        for event in events(data or b"<a/>"):
            if event.what is not Is.START:
                continue
            given = event.attributes
            match event.name:
                case "abstractNum":
                    found = abstract.setdefault(given.get("abstractNumId", ""), _List())
                case "lvl":
                    level = found.levels[min(_number(given.get("ilvl", "0")), _DEEPEST - 1)]
                case "num":
                    name = given.get("numId", "")
                case "abstractNumId" if given.get("val", "") in abstract:
                    self._lists[name] = abstract[given.get("val", "")]
                case "startOverride" if name in self._lists:  # it has its own count
                    self._lists[name] = _List(self._lists[name].levels)
                case _:
                    level.learn(event.name, given.get("val", ""))


def _number(text: str) -> int:
    return int(text) if re.fullmatch("[0-9]{1,6}", text) else 0


def _told(found: _List, depth: int) -> str:
    count = found.counts[depth]
    level = found.levels[depth]
    return told(level.first if count is None else count, _FORMS.get(level.form, "1"))
