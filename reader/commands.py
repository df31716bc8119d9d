"""Everything a person can ask for, listed once. The first of the values of `flow.py`.

The key settings, the menu, the D-Bus methods and the requests from clients are all derived from this list. It is a
separate file because commands to the running Harken import this and nothing else of them.
"""

from __future__ import annotations

from enum import StrEnum


class Command(StrEnum):
    """What a person can ask for, by key, menu or command line. The values are those of the CLI."""

    READ_SELECTION = "read-selection"
    READ_FOCUS = "read-focus"
    READ_CLIPBOARD = "read-clipboard"
    READ_WORD = "read-word"
    READ_LINE = "read-line"
    READ_SENTENCE = "read-sentence"
    READ_PARAGRAPH = "read-paragraph"
    READ_REST = "read-rest"
    READ_DOCUMENT = "read-document"
    READ_LATER = "read-later"
    READ_QUEUED = "read-queued"
    PAUSE_RESUME = "pause-resume"
    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"
    NEXT = "next"
    PREVIOUS = "previous"
    NEXT_PARAGRAPH = "next-paragraph"
    PREVIOUS_PARAGRAPH = "previous-paragraph"
    REPEAT = "repeat"
    FASTER = "faster"
    SLOWER = "slower"
    LOUDER = "louder"
    QUIETER = "quieter"
    ADD_BOOKMARK = "add-bookmark"
    SLEEP_TIMER = "sleep-timer"
    SHOW = "show"
