"""Commands of a word or two that the running Harken carries out as they are, with nothing to parse."""

from __future__ import annotations

from collections.abc import Sequence

from reader.commands import Command

# What can be read.
READ = {
    "selection": Command.READ_SELECTION,
    "focus": Command.READ_FOCUS,
    "clipboard": Command.READ_CLIPBOARD,
    "word": Command.READ_WORD,
    "line": Command.READ_LINE,
    "sentence": Command.READ_SENTENCE,
    "paragraph": Command.READ_PARAGRAPH,
    "rest": Command.READ_REST,
    "document": Command.READ_DOCUMENT,
    "later": Command.READ_LATER,
    "queued": Command.READ_QUEUED,
}
PLAIN = {
    "pause": (Command.PAUSE, "pause reading"),
    "resume": (Command.RESUME, "resume reading"),
    "pause-resume": (Command.PAUSE_RESUME, "pause reading, or resume it if it is paused"),
    "stop": (Command.STOP, "stop reading"),
    "next": (Command.NEXT, "go to the next sentence"),
    "previous": (Command.PREVIOUS, "go to the beginning of the sentence, or to the previous one"),
    "next-paragraph": (Command.NEXT_PARAGRAPH, "go to the next paragraph"),
    "previous-paragraph": (Command.PREVIOUS_PARAGRAPH, "go to the beginning of the paragraph, or to the previous one"),
    "repeat": (Command.REPEAT, "repeat the sentence"),
    "add-bookmark": (Command.ADD_BOOKMARK, "set a bookmark at the sentence being read"),
    "sleep-timer": (Command.SLEEP_TIMER, "set the sleep timer to its next step, as its key does"),
    "faster": (Command.FASTER, "read faster"),
    "slower": (Command.SLOWER, "read more slowly"),
    "louder": (Command.LOUDER, "read louder"),
    "quieter": (Command.QUIETER, "read more quietly"),
}


def asked(words: Sequence[str]) -> Command | None:
    """The command that these words are; None if they are none of these, or there are no words."""
    match words:
        case ["read"]:
            return Command.READ_SELECTION
        case ["read", what]:
            return READ.get(what)
        case [name] if name in PLAIN:
            return PLAIN[name][0]
    return None
