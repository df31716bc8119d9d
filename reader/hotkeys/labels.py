"""The names of commands that may have a key, in the settings and in a desktop's own list of keys."""

from __future__ import annotations

from reader.flow import Command
from reader.support.i18n import QT_TRANSLATE_NOOP, translate

LABELS = {
    Command.READ_SELECTION: QT_TRANSLATE_NOOP("settings", "Read selection, or stop"),
    Command.READ_FOCUS: QT_TRANSLATE_NOOP("settings", "Read focused text"),
    Command.READ_CLIPBOARD: QT_TRANSLATE_NOOP("settings", "Read clipboard"),
    Command.READ_WORD: QT_TRANSLATE_NOOP("settings", "Read word at cursor"),
    Command.READ_LINE: QT_TRANSLATE_NOOP("settings", "Read line at cursor"),
    Command.READ_SENTENCE: QT_TRANSLATE_NOOP("settings", "Read sentence at cursor"),
    Command.READ_PARAGRAPH: QT_TRANSLATE_NOOP("settings", "Read paragraph at cursor"),
    Command.READ_REST: QT_TRANSLATE_NOOP("settings", "Read from cursor to end"),
    Command.READ_DOCUMENT: QT_TRANSLATE_NOOP("settings", "Read whole document"),
    Command.READ_LATER: QT_TRANSLATE_NOOP("settings", "Read selection later"),
    Command.READ_QUEUED: QT_TRANSLATE_NOOP("settings", "Read the queue"),
    Command.PAUSE_RESUME: QT_TRANSLATE_NOOP("settings", "Pause or resume"),
    Command.STOP: QT_TRANSLATE_NOOP("settings", "Stop"),
    Command.NEXT: QT_TRANSLATE_NOOP("settings", "Next sentence"),
    Command.PREVIOUS: QT_TRANSLATE_NOOP("settings", "Previous sentence"),
    Command.NEXT_PARAGRAPH: QT_TRANSLATE_NOOP("settings", "Next paragraph"),
    Command.PREVIOUS_PARAGRAPH: QT_TRANSLATE_NOOP("settings", "Previous paragraph"),
    Command.REPEAT: QT_TRANSLATE_NOOP("settings", "Repeat sentence"),
    Command.FASTER: QT_TRANSLATE_NOOP("settings", "Faster"),
    Command.SLOWER: QT_TRANSLATE_NOOP("settings", "Slower"),
    Command.LOUDER: QT_TRANSLATE_NOOP("settings", "Louder"),
    Command.QUIETER: QT_TRANSLATE_NOOP("settings", "Quieter"),
    Command.ADD_BOOKMARK: QT_TRANSLATE_NOOP("settings", "Set a bookmark"),
    Command.SLEEP_TIMER: QT_TRANSLATE_NOOP("settings", "Sleep timer"),
    Command.SHOW: QT_TRANSLATE_NOOP("settings", "Open the player"),
}


def label(command: Command) -> str:
    """The command's name in the user's language."""
    return translate("settings", LABELS[command])
