"""Whether an accessible object is in the window with the keyboard focus, according to its program. Core thread only."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from reader.capture.accessible import Accessibles, Object
from reader.capture.roles import Role, State
from reader.errors import CaptureError

# The deepest nesting from a control to its window.
_DEEPEST = 100
_ROOT_PATH = "/org/a11y/atspi/accessible/root"
# Windows that can have the keyboard focus. Others, such as menus, belong to one that has it.
WINDOWS = frozenset({Role.FRAME, Role.DIALOG, Role.ALERT, Role.FILE_CHOOSER})


async def lineage(objects: Accessibles, item: Object) -> list[Object]:
    """The object and its ancestors, up to its window."""
    found = [item]
    while len(found) < _DEEPEST:
        try:
            item = await objects.parent(item)
        except CaptureError:
            break
        if item.path == _ROOT_PATH:
            break
        found.append(item)
    return found


async def is_in_front(objects: Accessibles, line: Sequence[Object]) -> bool:
    """Whether an object of this lineage is in the active window. Raises CaptureError if that can't be known."""
    *inside, window = line
    if State.ACTIVE.is_in(await objects.states(window)):  # the usual case, and a key press waits for it
        return True
    if any(State.ACTIVE.is_in(states) for states in await asyncio.gather(*map(objects.states, inside))):
        return True
    return await objects.role(window) not in WINDOWS and await _has_active_window(objects, line[-1])


async def _has_active_window(objects: Accessibles, item: Object) -> bool:
    windows = await objects.children(Object(item.owner, _ROOT_PATH))
    return any(State.ACTIVE.is_in(states) for states in await asyncio.gather(*map(objects.states, windows)))
