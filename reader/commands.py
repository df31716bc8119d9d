"""What a person can ask for, told here once. The first of the values of `flow.py`.

The keys of the settings, the menu, the methods on the bus and what clients may ask for are made of this list. It is
apart from the others because commands to the running Harken import this and nothing else of them.
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
