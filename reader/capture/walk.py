"""Reads the text of a document made of many objects, in order and piece by piece: web pages, office documents.

An object's text has U+FFFC in place of another object, whose text belongs there; an object without text consists of its
children. Some of what follows is requested at once, because each answer takes time, but only as far as needed: a page
of 10,000 objects costs no more than the part that is heard. Core thread only.
"""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field

from reader.capture.accessible import GONE, WITHHELD, Accessibles, Object, Relation
from reader.capture.base import LIMIT_CHARS
from reader.capture.controls import describe
from reader.capture.roles import CONTROLS, FIELDS, Role, State
from reader.capture.withheld import Withheld
from reader.errors import CaptureError, CaptureTimeoutError, NothingToReadError
from reader.support.i18n import translate

EMBEDDED = "\ufffc"
# How much of a long text to request at once.
PART_CHARS = 200_000
# The most objects in one document.
_MOST_OBJECTS = 100_000
_MOST_LEVELS = 200
# The most children of an object; one with more is a spreadsheet, or its count is wrong.
_MOST_CHILDREN = 20_000
# How many objects to ask at once: few for the first words, then enough to hide the latency.
_FIRST_AT_ONCE, _AT_ONCE = 3, 16
# An empty object may just have been created (Firefox), so ask again; after this many vain attempts, never again.
_AGAIN_S = 0.03
_IN_VAIN = 5

OFFICE = frozenset({Role.DOCUMENT_TEXT, Role.DOCUMENT_SPREADSHEET, Role.DOCUMENT_PRESENTATION})
# These are part of a line.
INLINE = frozenset(
    {Role.LINK, Role.STATIC, Role.IMAGE, Role.ICON, Role.LABEL, Role.SUBSCRIPT, Role.SUPERSCRIPT, Role.MARK}
)
# These have text to read, although the user can act on them.
_READ = frozenset(
    {
        *(Role.LINK, Role.LIST_ITEM, Role.TREE_ITEM, Role.TABLE_CELL, Role.COLUMN_HEADER, Role.ROW_HEADER),
        *(Role.TABLE_COLUMN_HEADER, Role.TABLE_ROW_HEADER),
    }
)
_LINES = frozenset({*_READ, *CONTROLS, *FIELDS} - INLINE)


@dataclass
class Level:
    """An object that is being read, up to `at` in `text`.

    `text` begins at `base` in the object's own text, and has been requested up to `until` of `end`, in the program's
    units, which may not be characters. `inside` has what belongs at each U+FFFC in `text`, in order, as far as
    requested. An object without text has `children` instead; in an office document, `flow` leads to the next paragraph.
    """

    item: Object
    role: int
    text: str = ""
    base: int = 0
    until: int = 0
    end: int = 0
    at: int = 0
    children: list[Object] | None = None
    inside: deque[Level | str | None] = field(default_factory=deque)
    flow: Object | None = None

    @property
    def is_over(self) -> bool:
        """Whether it is read completely."""
        return self.at >= len(self.text) and self.until >= self.end and self.flow is None


class Walk:
    """Reads on from a position in a document."""

    def __init__(self, objects: Accessibles, levels: list[Level]) -> None:
        """`levels` lead to the starting position, outermost first."""
        self._objects = objects
        self.levels = levels
        self._root = levels[0].item
        self._parts: list[str] = []
        self._chars = 0
        self._seen = {level.item for level in levels}
        self._in_vain = 0
        self._at_once = _FIRST_AT_ONCE
        self._withheld = Withheld(objects)

    async def next(self) -> str | None:
        """Return the next paragraph or so, None after the last. If cancelled, it may be called again.

        Raises CaptureTimeoutError if the program does not answer, CaptureError if it has gone.
        """
        while self.levels:
            if self._chars >= LIMIT_CHARS:
                raise CaptureError(translate("reader", "The text is too long. Harken reads only the first part."))
            level = self.levels[-1]
            at = level.text.find(EMBEDDED, level.at)
            end = at if at >= 0 else len(level.text)
            if end > level.at:
                self._parts.append(level.text[level.at : end])
            level.at = end
            if at >= 0:
                await self._go_in(level)
            elif level.until < level.end:
                if (text := "".join(self._parts)).strip():
                    return self._take(text)
                await self._read_on(level)
            elif level.flow:
                await self._follow(level)
            else:
                self.levels.pop()
                if self.levels:
                    self._break(level.role)
            if self._parts and self._parts[-1].endswith("\n") and (text := "".join(self._parts)).strip():
                self._at_once = _AT_ONCE
                return self._take(text)
        text = "".join(self._parts)
        return self._take(text) if text.strip() else None

    @property
    def is_over(self) -> bool:
        """Whether nothing is left."""
        return all(level.is_over for level in self.levels)

    async def all(self, limit_chars: int) -> str:
        """The whole text, up to a limit."""
        text = ""
        while len(text) < limit_chars and (more := await self.next()) is not None:
            text += more
        return text

    def _take(self, text: str) -> str:
        self._parts.clear()
        self._chars += len(text)
        return text

    def _break(self, role: int) -> None:
        """End the line or the paragraph, unless an object of this role stands within a line."""
        if role not in INLINE:
            self._parts.append("\n" if role in _LINES else "\n\n")

    # ---- what is in an object; nothing is changed before all answers are here, so that they may be given up ----

    async def _go_in(self, level: Level) -> None:
        if not level.inside:
            count = level.text.count(EMBEDDED, level.at)
            places = [level.at]
            while len(places) < min(count, self._at_once):
                places.append(level.text.index(EMBEDDED, places[-1] + 1))
            level.inside.extend(await asyncio.gather(*(self._find(level, at) for at in places)))
        found = level.inside.popleft()
        level.at += 1
        if isinstance(found, str):
            self._parts.append(found)
        elif found and self._is_new(found.item):
            self._seen.add(found.item)
            if self._parts and not self._parts[-1].endswith("\n"):
                self._break(found.role)
            self.levels.append(found)

    def _is_new(self, item: Object) -> bool:
        """Whether to enter an object: prevents cycles and endless nesting."""
        return item not in self._seen and len(self._seen) < _MOST_OBJECTS and len(self.levels) < _MOST_LEVELS

    async def _find(self, level: Level, at: int) -> Level | str | None:
        """What is at a position of a text: an object to enter, or a text for it; None for nothing."""
        has_waited = False
        while True:
            found: Level | str | None = None
            try:
                if level.children is not None:
                    inner = level.children[at]
                else:
                    inner = await self._objects.embedded(level.item, level.base + at)
                found = await enter(self._objects, inner)
            except CaptureTimeoutError:
                raise
            except CaptureError:
                await self._check_is_there()
            if found or self._in_vain >= _IN_VAIN:
                self._in_vain *= not (found and has_waited)
                return found
            has_waited = True
            self._in_vain += 1
            await asyncio.sleep(_AGAIN_S)

    async def _check_is_there(self) -> None:
        """Check that the document still exists, and so its program: single objects come and go."""
        try:
            await self._objects.role(self._root)
        except CaptureTimeoutError:
            raise
        except CaptureError as error:
            raise CaptureError(translate("reader", GONE)) from error

    async def _read_on(self, level: Level) -> None:
        """Request the next part of a long text."""
        start, until = level.until, min(level.end, level.until + PART_CHARS)
        try:
            text = await self._objects.text(level.item, start, until)
        except CaptureTimeoutError:
            raise
        except CaptureError as error:
            raise CaptureError(translate("reader", GONE)) from error
        level.base, level.text, level.at, level.until = start, text, 0, until
        if not text:  # it is shorter than before, or than reported
            level.end = until

    async def _follow(self, level: Level) -> None:
        """Go to the next paragraph of an office document, whose children are only those on the screen."""
        item = level.flow
        assert item
        try:
            relations = await self._objects.relations(item)
            if not relations and State.DEFUNCT.is_in(await self._objects.states(item)):  # scrolled away
                raise CaptureError(translate("reader", GONE))
        except NothingToReadError:
            await self._check_is_there()
            relations = {}
        following = next(iter(relations.get(Relation.FLOWS_TO, [])), None)
        found = None
        is_new = following is not None and self._is_new(following)
        if following and is_new:
            found = await enter(self._objects, following)
            if found:
                self._withheld.forget()
            elif await self._withheld.add(following):
                raise CaptureError(translate("reader", WITHHELD))
            self._seen.add(following)
        level.flow = following if is_new else None
        if isinstance(found, Level):
            self.levels.append(found)
        elif found:
            self._parts.append(found)


async def enter(objects: Accessibles, item: Object) -> Level | str | None:
    """An object with the beginning of its text, or a text for one without; None for nothing.

    Raises CaptureError if it is gone.
    """
    role = await objects.role(item)
    if role == Role.IMAGE:
        return await objects.name(item) or None
    is_field = role in FIELDS and State.EDITABLE.is_in(await objects.states(item))
    if role == Role.PASSWORD or is_field or (role in CONTROLS and role not in _READ):
        said = await describe(objects, item)
        return f"{said}\n" if said else None
    level = await open_level(objects, item, role)
    if level.text or level.flow:
        return level
    return await objects.name(item) or None if role in INLINE else None


async def open_level(objects: Accessibles, item: Object, role: int, start: int = 0) -> Level:
    """An object, to be read from a position in its text. Raises CaptureError if it is gone."""
    try:
        count = await objects.character_count(item)
        if count > 0:
            until = min(count, start + PART_CHARS)
            text = await objects.text(item, start, until) if start < until else ""
            if text or start:
                return Level(item, role, text, start, until, count)
    except CaptureTimeoutError:
        raise
    except CaptureError:
        pass  # it has no text
    children = await _children(objects, item)
    if role in OFFICE and children:
        first = await enter(objects, children[0])
        inside: deque[Level | str | None] = deque([first])
        return Level(item, role, EMBEDDED, children=children[:1], inside=inside, flow=children[0])
    return Level(item, role, EMBEDDED * len(children), children=children)


async def _children(objects: Accessibles, item: Object) -> list[Object]:
    """An object's children; none for a spreadsheet, which would create millions of cells to answer."""
    is_there = 0 < await objects.child_count(item) <= _MOST_CHILDREN
    return await objects.children(item, _MOST_CHILDREN) if is_there else []
