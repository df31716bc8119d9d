"""The position of the cursor in the focused object, which may be part of a document, and the text around it.

A web page has the focus as a whole, or one of its links does; LibreOffice gives it to a paragraph. `find` goes from
there up to the document and down to the object that contains the cursor. Core thread only.
"""

from __future__ import annotations

from dataclasses import dataclass

from reader.capture.accessible import Accessibles, Object
from reader.capture.roles import Role, State
from reader.capture.walk import EMBEDDED, INLINE, OFFICE, PART_CHARS, Level, Walk, open_level
from reader.errors import CaptureError, CaptureTimeoutError

# How much text before and after the cursor is looked at, if only a part around it is meant.
AROUND_CHARS = 30_000
_AROUND_OBJECTS = 50
_MOST_LEVELS = 100
_MOST_PAGES = 2000
_DOCUMENTS = OFFICE | {Role.DOCUMENT_FRAME, Role.DOCUMENT_WEB, Role.DOCUMENT_EMAIL}
# An object, and a position in its text or among its children.
_Place = tuple[Object, int]


@dataclass(frozen=True)
class Caret:
    """The objects around the cursor, outermost first, with the position in each. `has_text`: the last one has text."""

    path: list[_Place]
    has_text: bool

    @property
    def document(self) -> Object:
        """The whole document."""
        return self.path[0][0]

    @property
    def innermost(self) -> _Place:
        """The exact position of the cursor."""
        return self.path[-1]


async def find(objects: Accessibles, focus: Object) -> Caret:
    """Find the cursor. Raises CaptureError if the object is gone."""
    path = await _up(objects, focus)
    has_text = False
    seen = {item for item, _ in path}
    while len(path) < _MOST_LEVELS:
        item = path[-1][0]
        try:
            at = await objects.caret(item)
        except CaptureTimeoutError:
            raise
        except CaptureError:  # it has no text
            page = await _page(objects, item) if len(path) == 1 else None
            if page:
                path[-1:] = [(item, page[0]), (page[1], 0)]
            break
        if at < 0:  # the cursor is elsewhere: start at the beginning
            break
        has_text = True
        path[-1] = item, at
        inner = await _object_at(objects, item, at)
        if inner is None or inner in seen:
            break
        seen.add(inner)
        path.append((inner, 0))
    return Caret(path, has_text)


async def _page(objects: Accessibles, document: Object) -> tuple[int, Object] | None:
    """The page of a document that has the focus, if any: PDF viewers have no other cursor."""
    if await objects.role(document) != Role.DOCUMENT_FRAME:
        return None
    for number, child in enumerate(await objects.children(document, _MOST_PAGES)):
        try:
            if State.FOCUSED.is_in(await objects.states(child)):
                return number, child
        except CaptureTimeoutError:
            raise
        except CaptureError:
            continue
    return None


async def _object_at(objects: Accessibles, item: Object, at: int) -> Object | None:
    """The object at a position, which may contain the cursor, if there is one."""
    try:
        if await objects.text(item, at, at + 1) != EMBEDDED:
            return None
        inner = await objects.embedded(item, at)
        return inner if await objects.caret(inner) >= 0 else None
    except CaptureTimeoutError:
        raise
    except CaptureError:
        return None


async def _up(objects: Accessibles, focus: Object) -> list[_Place]:
    """The objects from the document to the focus. An editable part of a page is a document of its own."""
    role, states = await objects.role(focus), await objects.states(focus)
    path: list[_Place] = [(focus, 0)]
    item = focus
    while role not in _DOCUMENTS and len(path) < _MOST_LEVELS:
        try:
            parent = await objects.parent(item)
            role, place = await objects.role(parent), await _place_in(objects, parent, item)
        except CaptureTimeoutError:
            raise
        except CaptureError:
            return path[-1:]
        if role in (Role.APPLICATION, Role.FRAME) or any(parent == above for above, _ in path):
            return path[-1:]
        if State.EDITABLE.is_in(states) and role not in OFFICE:
            states = await objects.states(parent)
            if not State.EDITABLE.is_in(states):
                return path
        path.insert(0, (parent, place))
        item = parent
    return path


async def _place_in(objects: Accessibles, parent: Object, item: Object) -> int:
    """The position of an object in its parent's text, or among its children."""
    try:
        await objects.character_count(parent)
        return await objects.start_in_parent(item)
    except CaptureTimeoutError:
        raise
    except CaptureError:
        return await objects.index_in_parent(item)


async def block(objects: Accessibles, caret: Caret) -> int:
    """The index in the path of the paragraph or similar block: links and the like are inside one."""
    number = len(caret.path) - 1
    while number > 0 and await objects.role(caret.path[number][0]) in INLINE:
        number -= 1
    return number


async def walk(objects: Accessibles, path: list[_Place], last: Level | None = None) -> Walk:
    """A walk from a position on; `last`, if given, says from where in the last object. Raises CaptureError."""
    levels: list[Level] = []
    for number, (item, at) in enumerate(path[:-1]):
        role = await objects.role(item)
        if role in OFFICE:
            levels.append(Level(item, role, children=[], flow=path[number + 1][0]))
            continue
        level = await open_level(objects, item, role, at + 1)  # the next object is at this position, and entered here
        if level.children is not None:
            level.at = min(at + 1, len(level.text))
        levels.append(level)
    item, at = path[-1]
    return Walk(objects, [*levels, last or await open_level(objects, item, await objects.role(item), max(at, 0))])


async def around(objects: Accessibles, caret: Caret) -> tuple[str, int]:
    """The text of the paragraph's object with everything in it, and the cursor's position in that."""
    if not caret.has_text and len(caret.path) == 1:  # the cursor has no position in it
        return await (await walk(objects, caret.path)).next() or "", 0
    number = await block(objects, caret)
    item, at = caret.path[number]
    before, behind = await both_sides(objects, item, at, AROUND_CHARS)
    if EMBEDDED not in before + behind:
        return before + behind, len(before)
    before = EMBEDDED.join(before.split(EMBEDDED)[-_AROUND_OBJECTS:])
    behind = EMBEDDED.join(behind.split(EMBEDDED)[:_AROUND_OBJECTS])
    role = await objects.role(item)
    whole = await Walk(objects, [Level(item, role, before + behind, at - len(before))]).all(4 * AROUND_CHARS)
    if number < len(caret.path) - 1:  # the cursor is in the object at this position
        inner = (await walk(objects, caret.path[number + 1 :])).levels
        rest = Walk(objects, [Level(item, role, behind[1:], at + 1), *inner])
    else:
        rest = Walk(objects, [Level(item, role, behind, at)])
    return whole, max(len(whole) - len(await rest.all(4 * AROUND_CHARS)), 0)


async def both_sides(objects: Accessibles, item: Object, at: int, most_chars: int) -> tuple[str, str]:
    """An object's text before and after a position.

    Requested separately: a program's idea of a character may be less than one (Qt counts UTF-16 units).
    """
    count = await objects.character_count(item)
    at = min(max(at, 0), max(count, 0))
    before = await objects.text(item, max(at - most_chars, 0), at) if at else ""
    behind = await objects.text(item, at, min(count, at + most_chars)) if count > at else ""
    return before, behind


async def line(objects: Accessibles, caret: Caret) -> str | None:
    """The line of the screen, None if the program can't report it. Raises CaptureError."""
    item, at = caret.path[await block(objects, caret)]
    for offset in (at, at - 1):  # some report no line at the end of a text
        if offset < 0:
            break
        try:
            text, start, end = await objects.line(item, offset)
        except CaptureTimeoutError:
            raise
        except CaptureError:
            return None
        if start <= at <= end and text and len(text) <= PART_CHARS:
            if EMBEDDED not in text:
                return text
            role = await objects.role(item)
            return await Walk(objects, [Level(item, role, text, start)]).all(PART_CHARS)
        if offset == at and (await both_sides(objects, item, at, 1))[0] == "\n":
            return None  # the last line is empty
    return None
