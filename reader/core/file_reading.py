"""Reads a file that the user has opened: from where it was stopped, or from its beginning. Core thread."""

from __future__ import annotations

from reader.core.app import App
from reader.flow import Event, Notice, State, StateChanged
from reader.support.i18n import translate


def read_file(app: App, path: str) -> None:
    """Begin; from the beginning if it is the current text already. What can't be read is reported in a sentence."""
    current = app.controller.current
    is_again = current is not None and current.captured.path == path
    place = app.library.place_in_file(path, goes_on=app.controller.preferences.goes_on and not is_again)
    app.controller.reopen(place)
    if place.at_chars:  # only now: `reopen` silences Harken's own sentence, and its end is not the text's
        _tell_when_heard(app)


def _tell_when_heard(app: App) -> None:
    """Tell the user when the first word is heard: it would hide an earlier message."""

    def watch(event: Event) -> None:
        if isinstance(event, StateChanged) and event.state in (State.SPEAKING, State.IDLE):
            app.unsubscribe(watch)
            current = app.controller.current
            if current and current.utterance_id == event.utterance_id:  # not the sentence saying why it can't be read
                sentence = translate(
                    "reader", "Continuing where you stopped. Open the file again to start from the beginning."
                )
                app.publish(Notice(event.utterance_id, sentence, is_problem=False, is_answer=True))

    app.subscribe(watch)
