r"""The protocol between the command line and the running Harken: one JSON object per line, UTF-8.

The client speaks first: {"v": 6, "do": WHAT, ...}; the answer is {"ok": true, ...}, or {"ok": false,
"sentence": WHY}, and then the connection ends. WHAT is

    command   {"command": a value of flow.Command, "by_key": whether the user pressed a key, and sees no refusal but
              Harken's own}
    show      opens the window that offers what the menu does (also for a second start); answered with "pid"
    quit      ends Harken; answered with "pid": Harken has quit when that process has exited
    open-settings  opens the settings window
    settings  answered with "values", those of all settings by name, and "problems", sentences about the file
    set       {"key", "value"} of a setting; answered with "notices", sentences about the result
    reset     {"keys"} of settings to be reset to their defaults; answered likewise
    account   says that the AWS keys in the keyring have changed
    account-report  answered with "row", as in "report" below, "account" (see account.py) and "problem" or ""
    voices    {"engine" or ""}; answered with "voices" ("id", "name", "language") and "problem", why some are missing
    voices-changed  says that the user has added voices, or removed some
    devices   answered with "outputs": "id", "name", "default"
    status    answered with "state", "speed", "words_a_minute" (how that speed is shown),
              "heard_words_a_minute" (measured; null before enough was heard at it), "volume" (percent), "pid",
              "voice" (the one being heard, or "") and "spent", this month's characters by service
              ("billed", "counted": see voices/service.py), for services that have any
    doctor    answered with "report"; {"ask": ["polly"]} checks a service even if none of its voices is chosen
    history   answered with "readings", newest first: "id", "first_words", "when_s" (since the epoch), "source"
    read-again  {"id"} of a reading of the history
    say       {"text"} begins to read a text of less than MAX_REQUEST_BYTES; answered at once with "reading", its number
    speak     {"language", "voice", "speed", "falls_back" (whether another voice may take over; null: as set)}, then
              {"text": ...} any number of times, then {"end": true}; or at once with {"ssml": a whole document}. Each
              text is answered with {"ok": true, "more": true} when the reading has room for another; no more than
              TEXTS_AHEAD may be unanswered. What the user must know about this reading arrives as {"ok": true,
              "notice": SENTENCE} when it happens, and when the reading is over the answer: {"ok": true, "ended":
              "whole", "failed" (the last notice says why) or "stopped" (by the user, or for a newer reading)}. A
              client that disconnects earlier stops the reading.

messages.py defines what fields may contain. A client that is silent for long, or does not read its answer, is dropped.
A client and an instance of different versions do not talk to each other.

Pure.
"""

from __future__ import annotations

import json
from typing import Any

VERSION = 6
# The longest line in either direction. Text is sent in pieces.
MAX_LINE_BYTES = 1 << 20
PIECE_CHARS = 1 << 13
# The longest request: a piece of text, however it is escaped. Longer ones are not parsed, so that no garbage blocks the
# loop for too long.
MAX_REQUEST_BYTES = 100_000
# How many texts a client may send before the first of them is taken.
TEXTS_AHEAD = 2


class BadMessageError(ValueError):
    """What arrived is not a message of ours."""


def encode(message: dict[str, Any]) -> bytes:
    """Encode a message as a line."""
    return json.dumps(message).encode() + b"\n"


def decode(line: bytes) -> dict[str, Any]:
    """Decode a line to a message. Raises BadMessageError."""
    try:
        message = json.loads(line, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:  # also for numbers with thousands of digits
        raise BadMessageError("not JSON") from error
    if not isinstance(message, dict):
        raise BadMessageError("not an object")
    return message


def _refuse(name: str) -> float:
    """NaN and the infinities are not JSON, though Python accepts them."""
    raise ValueError(name)
