"""What commands mean to the session: an input of the state table, or a move within a text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from reader.capture.capture import EXTENTS
from reader.errors import NothingToReadError
from reader.flow import Command
from reader.session.seeking import Move, Unit
from reader.session.state import Input
from reader.support.i18n import translate

INPUTS = {
    Command.READ_SELECTION: Input.READ,
    Command.READ_CLIPBOARD: Input.READ,
    **dict.fromkeys(EXTENTS, Input.READ),
    Command.PAUSE_RESUME: Input.PAUSE_RESUME,
    Command.PAUSE: Input.PAUSE,
    Command.RESUME: Input.RESUME,
    Command.STOP: Input.STOP,
}
MOVES = {
    Command.NEXT: Move(Unit.SENTENCE, 1),
    Command.PREVIOUS: Move(Unit.SENTENCE, -1),
    Command.REPEAT: Move(Unit.SENTENCE, 0),
    Command.NEXT_PARAGRAPH: Move(Unit.PARAGRAPH, 1),
    Command.PREVIOUS_PARAGRAPH: Move(Unit.PARAGRAPH, -1),
}


def no_move(command: Command, *, has_last: bool) -> NothingToReadError | None:
    """Why a move leads nowhere while nothing is being read. `has_last`: something was read before."""
    if command in MOVES and (MOVES[command].by > 0 or not has_last):
        return NothingToReadError(translate("reader", "Nothing is being read. Select some text and read it."))
    return None


@dataclass(frozen=True, slots=True)
class Other:
    """What any other command does. `refusal` says why it can do nothing now."""

    do: Callable[[], None]
    refusal: Callable[[], NothingToReadError | None] = lambda: None
