"""Where the cursor is in the focused object, which may be a part of a document, and what is around it.

A web page has the focus as a whole, or one of its links has it; LibreOffice gives it to a paragraph. `find` goes from
there up to the document and down to the object in which the cursor is. Core thread only.
"""

from __future__ import annotations

from dataclasses import dataclass

from reader.capture.accessible import Accessibles, Object
from reader.capture.roles import Role, State
from reader.capture.walk import EMBEDDED, INLINE, OFFICE, PART_CHARS, Level, Walk, open_level
from reader.errors import CaptureError, CaptureTimeoutError

# What is looked at in front of the cursor and behind it, where only a part around it is meant.
AROUND_CHARS = 30_000
_AROUND_OBJECTS = 50
_MOST_LEVELS = 100
_MOST_PAGES = 2000
_DOCUMENTS = OFFICE | {Role.DOCUMENT_FRAME, Role.DOCUMENT_WEB, Role.DOCUMENT_EMAIL}
# An object and a place in its text, or one of its children's.
_Place = tuple[Object, int]


@dataclass(frozen=True)
class Caret:
    """The objects around the cursor, the outermost first, each with where it is in it. `has_text`: in the last one."""

    path: list[_Place]
    has_text: bool

    @property
    def document(self) -> Object:
        """All of it."""
        return self.path[0][0]

    @property
    def innermost(self) -> _Place:
        """Where the cursor is, exactly."""
        return self.path[-1]


async def find(objects: Accessibles, focus: Object) -> Caret:
    """Where the cursor is. Raises CaptureError if the object is gone."""
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
        if at < 0:  # the cursor is elsewhere: one begins at the beginning
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
    """Which page of a document has the focus, if one has: a viewer of PDFs knows no other cursor."""
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
    """The object in which the cursor may be, if one stands there."""
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
    """The objects from the document to the focus. What is edited within a page is a document of its own."""
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
    """Where an object stands in the text of its parent, or among its children."""
    try:
        await objects.character_count(parent)
        return await objects.start_in_parent(item)
    except CaptureTimeoutError:
        raise
    except CaptureError:
        return await objects.index_in_parent(item)


async def block(objects: Accessibles, caret: Caret) -> int:
    """Which of the objects of the path is the paragraph, or its like: links and their like stand within one."""
    number = len(caret.path) - 1
    while number > 0 and await objects.role(caret.path[number][0]) in INLINE:
        number -= 1
    return number


async def walk(objects: Accessibles, path: list[_Place], last: Level | None = None) -> Walk:
    """From a place on; with `last` from there in the last object. Raises CaptureError."""
    levels: list[Level] = []
    for number, (item, at) in enumerate(path[:-1]):
        role = await objects.role(item)
        if role in OFFICE:
            levels.append(Level(item, role, children=[], flow=path[number + 1][0]))
            continue
        level = await open_level(objects, item, role, at + 1)  # the next one stands there, and is gone into here
        if level.children is not None:
            level.at = min(at + 1, len(level.text))
        levels.append(level)
    item, at = path[-1]
    return Walk(objects, [*levels, last or await open_level(objects, item, await objects.role(item), max(at, 0))])


async def around(objects: Accessibles, caret: Caret) -> tuple[str, int]:
    """The text of the paragraph's object with all that stands in it, and where the cursor is in that."""
    if not caret.has_text and len(caret.path) == 1:  # the cursor is nowhere in it
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
    if number < len(caret.path) - 1:  # the cursor is in the object that stands there
        inner = (await walk(objects, caret.path[number + 1 :])).levels
        rest = Walk(objects, [Level(item, role, behind[1:], at + 1), *inner])
    else:
        rest = Walk(objects, [Level(item, role, behind, at)])
    return whole, max(len(whole) - len(await rest.all(4 * AROUND_CHARS)), 0)


async def both_sides(objects: Accessibles, item: Object, at: int, most_chars: int) -> tuple[str, str]:
    """Of an object's text what is in front of a place and what is behind it.

    Asked for separately: what a program counts as a character may be less than one (Qt's are UTF-16's).
    """
    count = await objects.character_count(item)
    at = min(max(at, 0), max(count, 0))
    before = await objects.text(item, max(at - most_chars, 0), at) if at else ""
    behind = await objects.text(item, at, min(count, at + most_chars)) if count > at else ""
    return before, behind


async def line(objects: Accessibles, caret: Caret) -> str | None:
    """The line of the screen, None where the program can't say. Raises CaptureError."""
    item, at = caret.path[await block(objects, caret)]
    for offset in (at, at - 1):  # at the end of a text there is no line to some
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
