"""Sets bookmarks in what is read, and goes to them. Core thread only."""

from __future__ import annotations

from collections.abc import Callable

from reader.core.library import KeptLibrary
from reader.errors import NothingToReadError
from reader.flow import Command, Event, Notice
from reader.session.controller import Controller
from reader.session.meanings import Other
from reader.support.i18n import translate


def take_key(controller: Controller, library: KeptLibrary, publish: Callable[[Event], None]) -> None:
    """Have the command set a bookmark where the user's current reading is, or where the last one was."""

    def refusal() -> NothingToReadError | None:
        if (reading := controller.going_on.reading) and not reading.captured.is_ssml:
            return None
        return NothingToReadError(translate("reader", "Nothing is being read. Select some text and read it."))

    def add() -> None:
        if reading := controller.going_on.reading:
            sentence = library.add_bookmark(reading.whole_text, controller.going_on.place_of(reading))
            publish(Notice(0, sentence, is_problem=False, is_answer=True, is_aloud=True))

    controller.others[Command.ADD_BOOKMARK] = Other(add, refusal)
