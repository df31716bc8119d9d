"""Queries objects on the accessibility bus (AT-SPI).

Their answers come from other programs and are untrusted: an answer of the wrong type counts as none. Every call has a
timeout, since programs hang. Core thread only. Interfaces:
org.a11y.atspi.{Accessible,Text,Value,Selection,TableCell,Hypertext,Hyperlink}.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import os
from enum import IntEnum
from typing import Any, NamedTuple

from jeepney import DBusAddress, Message, message_bus, new_method_call

from reader.capture.base import LIMIT_CHARS
from reader.dbus import STARTING_LIMIT_S, Bus, open_bus
from reader.errors import CaptureError, CaptureTimeoutError, DesktopError, NoAnswerError, NothingToReadError
from reader.support.i18n import QT_TRANSLATE_NOOP, translate

IFACE = "org.a11y.atspi."
SLOW = QT_TRANSLATE_NOOP("reader", "The program in front is not responding. Wait a moment, then press the key again.")
GONE = QT_TRANSLATE_NOOP("reader", "The program has closed this text. Harken reads only the part it already has.")
NOTHING = QT_TRANSLATE_NOOP("reader", "There is no text to read here.")
WITHHELD = QT_TRANSLATE_NOOP(
    "reader",
    "The program makes only part of this long document available. To hear all of it, select everything and read the "
    "selection, or open the file in Harken.",
)
_CALL_LIMIT_S = 0.5
# How many children of an object are looked at.
_CHILDREN = 200
# The path that programs return instead of an object if there is none.
_NOTHING_PATH = "/org/a11y/atspi/null"
# AtspiCoordType: relative to the screen's corner.
_SCREEN = 0
# How many bus names to remember the process of.
_NAMES = 256


class Relation(IntEnum):
    """The AtspiRelationType values used here."""

    LABELLED_BY = 2
    FLOWS_TO = 10
    FLOWS_FROM = 11


class Object(NamedTuple):
    """An accessible object: its owner on the bus and its path."""

    owner: str
    path: str


async def find_bus() -> str:
    """Ask the session bus for the address of the accessibility bus. Raises DesktopError."""
    session = await open_bus()
    try:
        answer = await session.call(
            "org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus", "GetAddress", limit_s=STARTING_LIMIT_S
        )
    finally:
        await session.close()
    if not (answer and isinstance(answer[0], str) and answer[0]):
        raise DesktopError("org.a11y.Bus: no address")
    return answer[0]


class Accessibles:
    """Raises NothingToReadError if a call fails or its answer is invalid, CaptureTimeoutError if there is none."""

    def __init__(self) -> None:
        self._bus: Bus | None = None
        self._connecting = asyncio.Lock()
        self._own: dict[str, bool] = {}  # by bus name: whether it is Harken's own

    async def connect(self) -> Bus:
        """Return the connection, reconnecting if the bus is gone. Raises DesktopError."""
        async with self._connecting:
            if self._bus is None or self._bus.is_gone:
                if self._bus:
                    await self._bus.close()
                    self._bus = None
                self._own.clear()
                self._bus = await open_bus(await find_bus())
            return self._bus

    async def close(self) -> None:
        """Close the connection."""
        if self._bus:
            await self._bus.close()
            self._bus = None

    def is_known_own(self, item: Object) -> bool | None:
        """As `is_own`, but None while unknown."""
        return self._own.get(item.owner)

    async def is_own(self, item: Object) -> bool:
        """Whether an object belongs to one of Harken's own windows; False if unknown."""
        if item.owner not in self._own:
            if not (pid := await self.pid(item)):
                return False
            while len(self._own) >= _NAMES:
                del self._own[next(iter(self._own))]
            self._own[item.owner] = pid == os.getpid()
        return self._own[item.owner]

    async def pid(self, item: Object) -> int:
        """The process that owns an object, 0 if unknown."""
        try:
            (pid,) = await (await self.connect()).ask(message_bus.GetConnectionUnixProcessID(item.owner), _CALL_LIMIT_S)
        except (DesktopError, ValueError):
            return 0
        return pid if isinstance(pid, int) else 0

    # ---- what an object reports about itself ----

    async def role(self, item: Object) -> int:
        """AtspiRole."""
        return _number(await self._call(item, "Accessible", "GetRole"))

    async def role_name(self, item: Object) -> str:
        """The name of its role."""
        return _text(await self._call(item, "Accessible", "GetRoleName"))

    async def name(self, item: Object) -> str:
        """Its name."""
        return _text(await self._property(item, "Accessible", "Name"))

    async def states(self, item: Object) -> int:
        """A bit for each AtspiStateType."""
        low, high = _numbers(await self._call(item, "Accessible", "GetState"))
        return low | high << 32

    async def description(self, item: Object) -> str:
        """What there is to say of it besides its name."""
        return _text(await self._property(item, "Accessible", "Description"))

    async def attributes(self, item: Object) -> dict[str, str]:
        """The object's AT-SPI attributes."""
        found = await self._call(item, "Accessible", "GetAttributes")
        if not isinstance(found, dict):
            raise _wrong()
        return {_text(name): _text(value) for name, value in found.items()}

    async def relations(self, item: Object) -> dict[int, list[Object]]:
        """Related objects, by type of relation."""
        found = await self._call(item, "Accessible", "GetRelationSet")
        if not isinstance(found, list):
            raise _wrong()
        relations: dict[int, list[Object]] = {}
        for relation in found[:_CHILDREN]:
            if not (isinstance(relation, tuple) and len(relation) == 2):
                raise _wrong()
            relations[_number(relation[0])] = _objects(relation[1], _CHILDREN)
        return relations

    async def parent(self, item: Object) -> Object:
        """The object that contains it."""
        return _object(await self._property(item, "Accessible", "Parent"))

    async def child_count(self, item: Object) -> int:
        """How many children it reports."""
        return _number(await self._property(item, "Accessible", "ChildCount"))

    async def children(self, item: Object, limit: int = _CHILDREN) -> list[Object]:
        """Its children, up to `limit`."""
        return _objects(await self._call(item, "Accessible", "GetChildren"), limit)

    async def selected_child(self, item: Object) -> Object:
        """Its first selected child."""
        return _object(await self._call(item, "Selection", "GetSelectedChild", "i", 0))

    async def at_point(self, item: Object, x: int, y: int) -> Object:
        """The object inside it at a point of the screen."""
        return _object(await self._call(item, "Component", "GetAccessibleAtPoint", "iiu", x, y, _SCREEN))

    async def contains(self, item: Object, x: int, y: int) -> bool:
        """Whether it contains a point of the screen."""
        return await self._call(item, "Component", "Contains", "iiu", x, y, _SCREEN) is True

    async def place(self, item: Object) -> tuple[int, int, int, int]:
        """Its rectangle on the screen: x, y, width, height in pixels. Some programs report none off the screen."""
        return _rectangle(await self._call(item, "Component", "GetExtents", "u", _SCREEN))

    async def place_of_character(self, item: Object, offset: int) -> tuple[int, int, int, int]:
        """The rectangle of one character of its text, or of the end."""
        return _rectangle(await self._call(item, "Text", "GetCharacterExtents", "iu", offset, _SCREEN))

    async def cell_place(self, item: Object) -> tuple[int, int]:
        """The row and the column of a table's cell, from 0."""
        return _numbers(await self._property(item, "TableCell", "Position"))

    async def cell_headers(self, item: Object, axis: str) -> list[Object]:
        """The headers of a cell on an axis, "Row" or "Column"."""
        return _objects(await self._call(item, "TableCell", f"Get{axis}HeaderCells"), _CHILDREN)

    async def value(self, item: Object) -> float:
        """The value of a slider or similar control."""
        return _float(await self._property(item, "Value", "CurrentValue"))

    async def value_range(self, item: Object) -> tuple[float, float]:
        """The smallest and the largest value of the control."""
        low = _float(await self._property(item, "Value", "MinimumValue"))
        return low, _float(await self._property(item, "Value", "MaximumValue"))

    async def value_text(self, item: Object) -> str:
        """The value in its program's own words, "" if there are none."""
        return _text(await self._property(item, "Value", "Text"))

    async def character_count(self, item: Object) -> int:
        """The length of its text, as reported."""
        return _number(await self._property(item, "Text", "CharacterCount"))

    async def line(self, item: Object, offset: int) -> tuple[str, int, int]:
        """The line of the screen at `offset`: its text, start and end."""
        try:
            found = await self._call(item, "Text", "GetStringAtOffset", "iu", offset, 3)
        except CaptureTimeoutError:
            raise
        except CaptureError:  # before AT-SPI 2.10, and in Qt
            found = await self._call(item, "Text", "GetTextAtOffset", "iu", offset, 5)
        if not (isinstance(found, tuple) and len(found) == 3):
            raise _wrong()
        return _text(found[0]), _number(found[1]), _number(found[2])

    async def start_in_parent(self, item: Object) -> int:
        """The position in its parent's text of the character that stands for it."""
        return _number(await self._property(item, "Hyperlink", "StartIndex"))

    async def index_in_parent(self, item: Object) -> int:
        """Its index among its parent's children."""
        return _number(await self._call(item, "Accessible", "GetIndexInParent"))

    async def caret(self, item: Object) -> int:
        """The position of the caret, in characters."""
        return _number(await self._property(item, "Text", "CaretOffset"))

    async def selection(self, item: Object) -> tuple[int, int] | None:
        """The start and end of the selected text, None if nothing is selected."""
        if _number(await self._call(item, "Text", "GetNSelections")) < 1:
            return None
        return await self.first_selection(item)

    async def first_selection(self, item: Object) -> tuple[int, int]:
        """The same with a single call; (0, 0) or similar if nothing is selected."""
        return _numbers(await self._call(item, "Text", "GetSelection", "i", 0))

    async def text(self, item: Object, start: int = 0, end: int = -1) -> str:
        """A part of its text, up to the limit of what is read."""
        if end < 0 or end - start > LIMIT_CHARS:
            length = await self.character_count(item)
            end = min(length, start + LIMIT_CHARS + 1) if length > LIMIT_CHARS else end
        return _text(await self._call(item, "Text", "GetText", "ii", start, end))

    async def beginning(self, item: Object, most_chars: int) -> str:
        """The beginning of its text. A program asked for more than there is may return nothing (Firefox)."""
        return await self.text(item, 0, min(await self.character_count(item), most_chars))

    async def embedded(self, item: Object, offset: int) -> Object:
        """The object that one character of a text stands for."""
        link = _number(await self._call(item, "Hypertext", "GetLinkIndex", "i", offset))
        hyperlink = _object(await self._call(item, "Hypertext", "GetLink", "i", link))
        return _object(await self._call(hyperlink, "Hyperlink", "GetObject", "i", 0))

    # ---- calls ----

    async def _property(self, item: Object, interface: str, name: str) -> Any:
        address = DBusAddress(item.path, item.owner, "org.freedesktop.DBus.Properties")
        found = await self._ask(new_method_call(address, "Get", "ss", (IFACE + interface, name)))
        if not (isinstance(found, tuple) and len(found) == 2):
            raise _wrong()
        return found[1]

    async def _call(self, item: Object, interface: str, method: str, signature: str = "", *arguments: object) -> Any:
        address = DBusAddress(item.path, item.owner, IFACE + interface)
        return await self._ask(new_method_call(address, method, signature or None, arguments))

    async def _ask(self, message: Message) -> Any:
        try:
            body = await (await self.connect()).ask(message, _CALL_LIMIT_S)
        except NoAnswerError as error:
            raise CaptureTimeoutError(translate("reader", SLOW)) from error
        except DesktopError as error:
            raise NothingToReadError(translate("reader", NOTHING)) from error
        return body[0] if len(body) == 1 else body


def _wrong() -> NothingToReadError:
    """An answer of the wrong type counts as no answer."""
    return NothingToReadError(translate("reader", NOTHING))


def _objects(value: object, limit: int) -> list[Object]:
    if not isinstance(value, list):
        raise _wrong()
    found = []
    for item in value[:limit]:
        with contextlib.suppress(NothingToReadError):  # skip invalid ones but keep the rest
            found.append(_object(item))
    return found


def _float(value: object) -> float:
    if not isinstance(value, int | float) or not math.isfinite(value):
        raise _wrong()
    return float(value)


def _number(value: object) -> int:
    if not isinstance(value, int):
        raise _wrong()
    return value


def _numbers(value: object) -> tuple[int, int]:
    if not (isinstance(value, tuple | list) and len(value) == 2):
        raise _wrong()
    return _number(value[0]), _number(value[1])


def _rectangle(value: object) -> tuple[int, int, int, int]:
    if not (isinstance(value, tuple | list) and len(value) == 4):
        raise _wrong()
    x, y, width, height = map(_number, value)
    return x, y, width, height


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise _wrong()
    return value[: LIMIT_CHARS + 1]


def _object(value: object) -> Object:
    """Check that an answer names an object. AT-SPI's null object counts as none, with or without an owner."""
    if not (isinstance(value, tuple | list) and len(value) == 2 and all(isinstance(part, str) for part in value)):
        raise _wrong()
    try:
        DBusAddress(value[1], value[0])
    except ValueError as error:  # an address that can't be called
        raise _wrong() from error
    if value[1] == _NOTHING_PATH:
        raise _wrong()
    return Object(*value)
