"""What to read of the focused object: a control's description, or as much of its text as was requested.

Core thread only.
"""

from __future__ import annotations

import asyncio
import re

from reader.capture import caret, terminal
from reader.capture.accessible import NOTHING, SLOW, Accessibles, Object, Relation
from reader.capture.base import LIMIT_CHARS, Extent
from reader.capture.caret import Caret
from reader.capture.controls import describe
from reader.capture.roles import CONTROLS, Role
from reader.capture.walk import EMBEDDED, OFFICE, PART_CHARS, Level, Walk, open_level
from reader.errors import CaptureError, CaptureTimeoutError, NothingToReadError
from reader.flow import CapturedText, Source
from reader.support.i18n import translate

# How many paragraphs to go back to find an office document's beginning: as many as in a long novel.
_MOST_BACK = 20_000
# How often to retry going back.
_TRIES, _AGAIN_S = 3, 0.05
_AROUND = frozenset({Extent.WORD, Extent.LINE, Extent.SENTENCE, Extent.PARAGRAPH})
_WORD_BEGUN = re.compile(r"\S*\Z")


async def read(objects: Accessibles, focus: Object, extent: Extent) -> CapturedText:
    """The text that is meant. Raises NothingToReadError if there is none, CaptureError for a password field."""
    role = await objects.role(focus)
    if role == Role.PASSWORD:
        raise CaptureError(translate("reader", "This is a password field. Harken does not read passwords aloud."))
    if extent is Extent.FOCUS and role in CONTROLS:
        return _whole(await describe(objects, focus))
    place = await caret.find(objects, focus)
    if not place.has_text:
        is_control = role in CONTROLS and role != Role.LINK and extent in _AROUND
        if is_control or (len(place.path) == 1 and not (await open_level(objects, focus, role)).text):
            return _whole(await describe(objects, focus))
    if role == Role.TERMINAL and (extent is Extent.FOCUS or extent is Extent.DOCUMENT):
        return _whole(await _screen(objects, place, extent))
    if extent in _AROUND:
        return await _around(objects, place, extent)
    if extent is Extent.DOCUMENT:
        return await _begin(await _beginning(objects, place))
    try:
        return await _begin(await _from_caret(objects, place, focus, extent))
    except NothingToReadError:
        if extent is Extent.REST:
            raise
        return _whole(await describe(objects, focus))


async def _around(objects: Accessibles, place: Caret, extent: Extent) -> CapturedText:
    """The line, or the text to cut the word, sentence or paragraph out of."""
    if extent is Extent.LINE:
        return _whole(await _line(objects, place))
    text, at = await caret.around(objects, place)
    return CapturedText(_not_blank(text), Source.FOCUS, caret_chars=at)


def _not_blank(text: str) -> str:
    if not text.strip():
        raise NothingToReadError(translate("reader", NOTHING))
    return text


def _whole(text: str) -> CapturedText:
    return CapturedText(_not_blank(text)[:LIMIT_CHARS], Source.FOCUS, is_cut=len(text) > LIMIT_CHARS)


async def _begin(walk: Walk) -> CapturedText:
    """Start a text with its first words, so that it can be heard before all of it has arrived."""
    text = _not_blank(await walk.next() or "")
    return CapturedText(text, Source.FOCUS, more=None if walk.is_over else walk.next)


async def _screen(objects: Accessibles, place: Caret, extent: Extent) -> str:
    before, behind = await caret.both_sides(objects, *place.innermost, PART_CHARS)
    if extent is Extent.DOCUMENT:
        return "\n".join(line.rstrip() for line in (before + behind).splitlines()).strip()
    return terminal.last_output(before + behind, len(before))


async def _line(objects: Accessibles, place: Caret) -> str:
    if text := await caret.line(objects, place):
        return text
    text, at = await caret.around(objects, place)
    return text[text.rfind("\n", 0, at) + 1 :].partition("\n")[0]


async def _from_caret(objects: Accessibles, place: Caret, focus: Object, extent: Extent) -> Walk:
    """From the cursor's word or paragraph on; only the selection, if FOCUS is meant."""
    if extent is Extent.FOCUS and (selected := await _selected(objects, focus)):
        return selected
    number = await caret.block(objects, place)
    item, at = place.path[-1]
    if not place.has_text:
        return await caret.walk(objects, place.path)
    if extent is Extent.FOCUS and number < len(place.path) - 1:
        return await caret.walk(objects, [*place.path[:number], (place.path[number][0], 0)])
    before, behind = await caret.both_sides(objects, item, at, PART_CHARS)
    if extent is Extent.FOCUS:
        begun = before[before.rfind("\n") + 1 :]
        if not (begun + behind).strip() or EMBEDDED in begun:
            begun = before
    else:
        begun = _WORD_BEGUN.search(before).group()  # type: ignore[union-attr]
        begun = begun.rpartition(EMBEDDED)[2]
    count = await objects.character_count(item)
    level = Level(item, await objects.role(item), begun + behind, at - len(begun), min(count, at + PART_CHARS), count)
    return await caret.walk(objects, place.path, level)


async def _selected(objects: Accessibles, focus: Object) -> Walk | None:
    try:
        found = await objects.selection(focus)
    except CaptureTimeoutError:
        raise
    except CaptureError:
        return None
    if not found or found[1] <= found[0]:
        return None
    start, end = found
    until = min(end, start + PART_CHARS)
    role = await objects.role(focus)
    return Walk(objects, [Level(focus, role, await objects.text(focus, start, until), start, until, end)])


async def _beginning(objects: Accessibles, place: Caret) -> Walk:
    """From the document's first words on. An office document's children are only the paragraphs on the screen."""
    document = place.document
    if len(place.path) == 1 or await objects.role(document) not in OFFICE:
        return await caret.walk(objects, [(document, 0)])
    for again in range(_TRIES):
        if again:
            await asyncio.sleep(_AGAIN_S)
        if first := await _first(objects, place.path[1][0]):
            return await caret.walk(objects, [(document, 0), (first, 0)])
    raise CaptureTimeoutError(translate("reader", SLOW))


async def _first(objects: Accessibles, paragraph: Object) -> Object | None:
    """An office document's first paragraph, None if one on the way is gone: it has been scrolled away."""
    seen = {paragraph}
    while len(seen) < _MOST_BACK:
        try:
            relations = await objects.relations(paragraph)
        except NothingToReadError:
            return None
        if not relations and len(seen) > 1:
            return None
        before = relations.get(Relation.FLOWS_FROM, [])
        if not before or before[0] in seen:
            break
        paragraph = before[0]
        seen.add(paragraph)
    return paragraph
