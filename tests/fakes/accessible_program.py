"""A program on the accessibility bus, as far as `reader/capture/accessible.py` asks it. What it has not, it refuses."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from jeepney import HeaderFields, Message

from reader.capture.accessible import IFACE, Object
from reader.errors import DesktopError, NoAnswerError

NAME = ":1.7"
_EMBEDDED = "\ufffc"


@dataclass
class Item:
    """One object. `text` is None for a control without one; each U+FFFC in it stands for the next of `inner`."""

    role: int = 61
    role_name: str = "text"
    name: str = ""
    text: str | None = None
    caret: int = 0
    selected: tuple[int, int] | None = None
    value: float | None = None
    states: int = 0
    inner: list[str] = field(default_factory=list)  # paths
    children: list[str] = field(default_factory=list)
    hangs: bool = False
    said_chars: int | None = None  # what it says that its text is long
    said_children: int | None = None
    start: int | None = None  # which character of its parent's text it stands for
    description: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    relations: dict[int, list[str]] = field(default_factory=dict)
    parent: str = ""
    chosen: str = ""  # what is selected in it
    value_range: tuple[float, float] | None = None
    value_text: str = ""
    cell: tuple[int, int] | None = None  # row and column
    headers: dict[str, list[str]] = field(default_factory=dict)  # of "Row" and "Column"
    place: tuple[int, int, int, int] | None = None  # on the screen: x, y, width, height
    end: tuple[int, int, int, int] | None = None  # of its text, likewise


class Program:
    """Stands for the bus in Accessibles: `ask` answers a message as the program would."""

    is_gone = False

    def __init__(self, **items: Item) -> None:
        self.items = {f"/{name}": item for name, item in items.items()}
        self.asked: list[str] = []

    def object(self, name: str) -> Object:
        return Object(NAME, f"/{name}")

    async def close(self) -> None:
        pass

    async def ask(self, message: Message, _limit_s: float) -> tuple[Any, ...]:
        fields = message.header.fields
        member = str(fields[HeaderFields.member])
        self.asked.append(member)
        item = self.items.get(str(fields[HeaderFields.path]).partition("/link")[0])
        if item is None:
            raise DesktopError("UnknownObject")
        if item.hangs:
            raise NoAnswerError("no answer")
        if member == "Get":
            interface, name = message.body
            return (self._property(item, interface.removeprefix(IFACE), name),)
        return self._call(str(fields[HeaderFields.path]), item, member, message.body)

    def _property(self, item: Item, interface: str, name: str) -> tuple[str, Any]:
        found = {
            "Accessible.Name": ("s", item.name),
            "Accessible.Description": ("s", item.description),
            "Accessible.ChildCount": ("i", len(item.children) if item.said_children is None else item.said_children),
            "Accessible.Parent": ("(so)", (NAME, item.parent or "/org/a11y/atspi/null")),
            "Value.CurrentValue": ("d", item.value),
            "Value.Text": ("s", item.value_text),
            "Value.MinimumValue": ("d", item.value_range and item.value_range[0]),
            "Value.MaximumValue": ("d", item.value_range and item.value_range[1]),
            "TableCell.Position": ("(ii)", item.cell),
            "Text.CaretOffset": ("i", None if item.text is None else item.caret),
            "Text.CharacterCount": ("i", item.said_chars if item.text is None or item.said_chars else len(item.text)),
            "Hyperlink.StartIndex": ("i", item.start),
        }.get(f"{interface}.{name}")
        if found is None or found[1] is None:
            raise DesktopError("UnknownProperty")
        return found

    def _call(self, path: str, item: Item, member: str, given: tuple[Any, ...]) -> tuple[Any, ...]:
        if member == "GetObject":  # of a hyperlink, whose path ends with its number
            return ((NAME, item.inner[int(path.partition("/link")[2])]),)
        found = {
            "GetRole": item.role,
            "GetRoleName": item.role_name,
            "GetState": [item.states & 0xFFFFFFFF, item.states >> 32],
            "GetChildren": [(NAME, child) for child in item.children],
            "GetAttributes": item.attributes,
            "GetRelationSet": [(kind, [(NAME, path) for path in paths]) for kind, paths in item.relations.items()],
            "GetIndexInParent": self._index(path, item),
            "GetSelectedChild": (NAME, item.chosen) if item.chosen else None,
            "GetExtents": item.place,
            "GetRowHeaderCells": [(NAME, path) for path in item.headers.get("Row", [])],
            "GetColumnHeaderCells": [(NAME, path) for path in item.headers.get("Column", [])],
        }.get(member)
        if found is not None:
            return (found,)
        if item.text is None:
            raise DesktopError("UnknownMethod")
        return self._call_text(path, item, item.text, member, given)

    def _index(self, path: str, item: Item) -> int:
        siblings = self.items[item.parent].children if item.parent in self.items else []
        return siblings.index(path) if path in siblings else -1

    def _call_text(self, path: str, item: Item, text: str, member: str, given: tuple[Any, ...]) -> tuple[Any, ...]:
        match member:
            case "GetNSelections":
                return (int(item.selected is not None),)
            case "GetSelection":
                return item.selected or (0, 0)
            case "GetText":
                start, end = given
                if end > len(text) and item.said_chars is None:  # as Firefox does
                    return ("",)
                return (text[start : None if end < 0 else end],)
            case "GetCharacterExtents" if item.end and given[0] == len(text):
                return (item.end,)
            case "GetLinkIndex":
                return (text[: given[0]].count(_EMBEDDED),)
            case "GetLink":
                return ((NAME, f"{path}/link{given[0]}"),)
        raise DesktopError("UnknownMethod")
