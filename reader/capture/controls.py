"""Describes a control as a person would: its name, kind, value and position.

`describe` serves everything that announces the focus or what is under the pointer. What an object does not answer is
left out; only a program that does not answer at all is an error. Core thread only.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from reader.capture.accessible import Accessibles, Object, Relation
from reader.capture.roles import (
    CELLS,
    CHECKED_NAMES,
    COLLAPSED,
    EXPANDED,
    FIELDS,
    ITEMS,
    PARTLY_CHECKED,
    RANGES,
    ROLE_NAMES,
    STATE_NAMES,
    Role,
    State,
)
from reader.errors import CaptureError, CaptureTimeoutError
from reader.support.i18n import translate

# The most said of a name or a value.
_CHARS = 2000
# With more siblings than this, an object's position among those of its kind is not looked up.
_MOST_SIBLINGS = 100
# How many levels up from a nameless button to look for what it belongs to.
_MOST_AROUND = 3
# The most headers of a cell that are said, for its row and for its column.
_MOST_HEADERS = 3

_MENU = frozenset({Role.MENU, Role.MENU_ITEM, Role.CHECK_MENU_ITEM, Role.RADIO_MENU_ITEM})

T = TypeVar("T")


async def describe(objects: Accessibles, item: Object) -> str:
    """Name, kind, value, state and position of a control, "" if it has nothing to say.

    Never requests a password's text. Raises CaptureTimeoutError if its program does not answer, CaptureError if the
    object is gone.
    """
    role = await objects.role(item)
    name, states, attributes, description = await asyncio.gather(
        _name(objects, item, role),
        _or(0, objects.states(item)),
        _or({}, objects.attributes(item)),
        _or("", objects.description(item)),
    )
    value, place, headers = await asyncio.gather(
        _value(objects, item, role, states, name),
        _place(objects, item, role, attributes),
        _headers(objects, item, role),
    )
    if not (name or value or description):
        whole = await drop_down_list(objects, item, role)
        return await describe(objects, whole) if whole else ""
    kind = await _kind(objects, item, role)
    known = [*headers, name, kind, value, *_states(role, states), *_level(role, attributes), *place]
    if description.casefold() not in " ".join(known).casefold():
        known.append(description)
    return _listed([part[:_CHARS] for part in known])


async def drop_down_list(objects: Accessibles, button: Object, role: int) -> Object | None:
    """The drop-down list of a nameless button that has the focus, as in GTK; None for other objects."""
    name = await _or("", objects.name(button))
    if name or role not in (Role.TOGGLE_BUTTON, Role.BUTTON):
        return None
    item: Object | None = button
    for _ in range(_MOST_AROUND):
        item = await _or(None, objects.parent(item)) if item else None
        if item and await _or(0, objects.role(item)) == Role.COMBO_BOX:
            return item
    return None


async def _or(otherwise: T, answer: Awaitable[T]) -> T:
    """An object's answer, or `otherwise` if it refuses. Raises CaptureTimeoutError."""
    try:
        return await answer
    except CaptureTimeoutError:
        raise
    except CaptureError:
        return otherwise


def _listed(parts: list[str]) -> str:
    """Join the parts of a control's description."""
    said = ""
    for part in filter(None, (" ".join(part.split()) for part in parts)):
        said = translate("controls", "{before}, {behind}").format(before=said, behind=part) if said else part
    return said


async def _kind(objects: Accessibles, item: Object, role: int) -> str:
    known = ROLE_NAMES.get(role)
    if known is not None:
        return translate("controls", known) if known else ""
    return await _or("", objects.role_name(item))


async def _name(objects: Accessibles, item: Object, role: int) -> str:
    """Its own name, else its label's, else the text on it."""
    if name := (await _or("", objects.name(item))).strip():
        return name
    labels = (await _or({}, objects.relations(item))).get(Relation.LABELLED_BY, [])
    names = await asyncio.gather(*(_or("", objects.name(label)) for label in labels[:_MOST_HEADERS]))
    if name := " ".join(filter(None, names)):
        return name
    if role in FIELDS or role in RANGES or role == Role.PASSWORD:
        return ""  # its text is its value
    return _without_objects(await _or("", objects.beginning(item, _CHARS)))


def _without_objects(text: str) -> str:
    return text.replace("\ufffc", " ").strip()


async def _value(objects: Accessibles, item: Object, role: int, states: int, name: str) -> str:
    """Its value: a number, a text, or the selected item."""
    if role == Role.PASSWORD:
        return ""
    if role in FIELDS:
        return _without_objects(await _or("", objects.beginning(item, _CHARS)))
    if role == Role.COMBO_BOX:
        return await _choice(objects, item, name)
    if role in RANGES:
        written, number = await asyncio.gather(_or("", objects.value_text(item)), _number(objects, item, role))
        return written or number or _without_objects(await _or("", objects.beginning(item, _CHARS)))
    return ""


async def _number(objects: Accessibles, item: Object, role: int) -> str:
    value, (low, high) = await asyncio.gather(
        _or(None, objects.value(item)), _or((0.0, 0.0), objects.value_range(item))
    )
    if value is None:
        return ""
    is_share = high - low == 1 or role in (Role.PROGRESS_BAR, Role.SCROLL_BAR, Role.LEVEL_BAR)
    if is_share and high > low:
        return translate("controls", "{number}%").format(number=round(100 * (value - low) / (high - low)))
    return f"{round(value, 2):g}"


async def _choice(objects: Accessibles, item: Object, name: str) -> str:
    """The selected item of a drop-down list: some programs report it on the list, others on the menu inside."""
    places = [item, *(await _or([], objects.children(item, limit=3)))]
    chosen = await asyncio.gather(*(_or(None, objects.selected_child(place)) for place in places))
    for found in filter(None, chosen):
        if told := await _or("", objects.name(found)):
            return told if told != name else ""
    written = _without_objects(await _or("", objects.beginning(places[-1] if len(places) > 1 else item, _CHARS)))
    return written if written != name else ""


async def _place(objects: Accessibles, item: Object, role: int, attributes: dict[str, str]) -> list[str]:
    """Its position among how many siblings."""
    if role in CELLS:
        row, column = await _or((-1, -1), objects.cell_place(item))
        if row < 0 or column < 0:
            return []
        return [translate("controls", "row {row}, column {column}").format(row=row + 1, column=column + 1)]
    if role not in ITEMS:
        return []
    number, count = attributes.get("posinset", ""), attributes.get("setsize", "")
    if not (number.isdecimal() and count.isdecimal()):
        found = await _among_siblings(objects, item, role)
        if found is None:
            return []
        number, count = map(str, found)
    if int(count) < 2 or not 0 < int(number) <= int(count):
        return []
    return [translate("controls", "{number} of {count}").format(number=number, count=count)]


async def _among_siblings(objects: Accessibles, item: Object, role: int) -> tuple[int, int] | None:
    parent = await _or(None, objects.parent(item))
    if parent is None or await _or(0, objects.child_count(parent)) > _MOST_SIBLINGS:
        return None
    siblings = await _or([], objects.children(parent, limit=_MOST_SIBLINGS))
    roles = await asyncio.gather(*(_or(0, objects.role(sibling)) for sibling in siblings))
    is_menu = role in _MENU
    alike = [s for s, kind in zip(siblings, roles, strict=True) if kind == role or (is_menu and kind in _MENU)]
    return (alike.index(item) + 1, len(alike)) if item in alike else None


async def _headers(objects: Accessibles, item: Object, role: int) -> list[str]:
    """The headers of a cell's row and column."""
    if role != Role.TABLE_CELL:
        return []
    found = await asyncio.gather(*(_or([], objects.cell_headers(item, axis)) for axis in ("Row", "Column")))
    headers = [header for group in found for header in group[:_MOST_HEADERS] if header != item]
    return list(await asyncio.gather(*(_name(objects, header, Role.LABEL) for header in headers)))


def _level(role: int, attributes: dict[str, str]) -> list[str]:
    level = attributes.get("level", "")
    if role not in (Role.TREE_ITEM, Role.HEADING) or not level.isdecimal():
        return []
    return [translate("controls", "level {level}").format(level=level)]


def _states(role: int, states: int) -> list[str]:
    """The words for its state."""
    said = []
    is_checked = State.CHECKED.is_in(states) or (role == Role.TOGGLE_BUTTON and State.PRESSED.is_in(states))
    if names := CHECKED_NAMES.get(role):
        if State.INDETERMINATE.is_in(states) and not is_checked:
            said.append(translate("controls", PARTLY_CHECKED))
        else:
            said.append(translate("controls", names[not is_checked]))
    elif is_checked:
        said.append(translate("controls", CHECKED_NAMES[Role.CHECK_BOX][0]))
    if State.EXPANDED.is_in(states) and State.EXPANDABLE.is_in(states):
        said.append(translate("controls", EXPANDED))
    elif State.EXPANDABLE.is_in(states):
        said.append(translate("controls", COLLAPSED))
    for state, name in STATE_NAMES.items():
        if state.is_in(states) and not (state is State.READ_ONLY and role not in FIELDS):
            said.append(translate("controls", name))
    is_usable = State.ENABLED.is_in(states) or State.SENSITIVE.is_in(states)
    if State.SHOWING.is_in(states) and not is_usable:
        said.append(translate("controls", "unavailable"))
    return list(dict.fromkeys(said))
