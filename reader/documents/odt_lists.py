"""The numbers of OpenDocument's list items, which are not part of the text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from reader.documents.list_numbers import told
from reader.documents.xml_events import Is, XmlEvent

_DEEPEST = 10


@dataclass(slots=True)
class _Level:
    form: str
    prefix: str
    suffix: str
    first: int


@dataclass(slots=True)
class _List:
    style: str
    count: int | None = None


class Lists:
    """The lists of one document. `take` must get the events of styles as well as those of the text."""

    def __init__(self) -> None:
        self._styles: dict[str, dict[int, _Level]] = {}
        self._style = ""
        self._open: list[_List] = []
        self._counts: dict[str, int] = {}  # for lists that may be continued
        self._label = ""

    def take(self, event: XmlEvent) -> None:
        """Learn a list style, or advance within a list."""
        if event.what is Is.END and event.name == "list" and self._open:
            ended = self._open.pop()
            self._counts[ended.style] = ended.count or 0
        elif event.what is Is.START:
            given = event.attributes
            match event.name:
                case "list-style":
                    self._style = given.get("name", "")
                case "list-level-style-number" if given.get("num-format"):
                    self._styles.setdefault(self._style, {})[_number(given.get("level"), 1)] = _Level(
                        given["num-format"],
                        given.get("num-prefix", ""),
                        given.get("num-suffix", ""),
                        _number(given.get("start-value"), 1),
                    )
                case "list":
                    self._begin(given)
                case "list-item":
                    self._count(given)

    def label(self) -> str:
        """The number of the item whose first paragraph begins, followed by a space; "" if there is none."""
        label, self._label = self._label, ""
        return label

    def _begin(self, given: dict[str, str]) -> None:
        style = given.get("style-name") or (self._open[-1].style if self._open else "")
        goes_on = given.get("continue-numbering") == "true" or "continue-list" in given
        self._open.append(_List(style, self._counts.get(style) if goes_on else None))

    def _count(self, given: dict[str, str]) -> None:
        self._label = ""
        level = self._styles.get(self._open[-1].style, {}).get(min(len(self._open), _DEEPEST)) if self._open else None
        if level is None:
            return
        count = self._open[-1].count
        self._open[-1].count = _number(given.get("start-value"), level.first if count is None else count + 1)
        self._label = f"{level.prefix}{told(self._open[-1].count, level.form)}{level.suffix} "


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and re.fullmatch("[0-9]{1,6}", text) else otherwise
