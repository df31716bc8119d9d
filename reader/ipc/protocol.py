r"""What is said between the command line and the running Harken: one JSON object a line, UTF-8.

The client speaks first: {"v": 6, "do": WHAT, ...}; the answer is {"ok": true, ...}, or {"ok": false,
"sentence": WHY}, and then the connection ends. WHAT is

    command   {"command": a value of flow.Command, "by_key": whether the user pressed a key, and sees no refusal but
              Harken's own}
    show      opens the window that has what the menu has (also for a second start); answered with "pid"
    quit      ends Harken; answered with "pid", whose end is the end
    open-settings  opens the settings window
    settings  answered with "values", of every setting by its name, and "problems", sentences about the file
    set       {"key", "value"} of a setting; answered with "notices", sentences about the result
    reset     {"keys"} of settings that get their first values again; answered likewise
    account   says that the AWS keys in the keyring are others now
    account-report  answered with "row", as in "report" below, "account" (see account.py) and "problem" or ""
    voices    {"engine" or ""}; answered with "voices" ("id", "name", "language") and "problem", why some are missing
    voices-changed  says that the user has added voices, or removed some
    devices   answered with "outputs": "id", "name", "default"
    status    answered with "state", "speed", "words_a_minute" (what that speed is called),
              "heard_words_a_minute" (measured; null before enough was heard at it), "volume" (percent), "pid",
              "voice" (whose voice is heard, or "") and "spent", by service the characters of this month
              ("billed", "counted": see voices/service.py), without those where there are none
    doctor    answered with "report"; {"ask": ["polly"]} asks a service although none of its voices is chosen
    history   answered with "readings", the newest first: "id", "first_words", "when_s" (since the epoch), "source"
    read-again  {"id"} of a reading of the history
    say       {"text"} begins to read a text of less than MAX_REQUEST_BYTES; answered at once with "reading", its number
    speak     {"language", "voice", "speed", "falls_back" (whether another voice may go on, null as it is set)}, then
              {"text": ...} any number of times, then {"end": true}; or at once with {"ssml": a whole document}. Each
              text is answered with {"ok": true, "more": true} when the reading has room for another one; no more than
              TEXTS_AHEAD may be unanswered. What the user must know about this reading comes as {"ok": true,
              "notice": SENTENCE} when it happens, and when the reading is over the answer: {"ok": true, "ended":
              "whole", "failed" (the last notice says why) or "stopped" (by the user, or for a newer reading)}. A
              client that hangs up before stops the reading.

What a field may hold says messages.py. A client that says nothing for long, or does not read its answer, is let go.
A client and an instance of different versions do not talk to each other.

Pure.
"""

from __future__ import annotations

import json
from typing import Any

VERSION = 6
# What is said is never longer, on either side. A text is sent in pieces.
MAX_LINE_BYTES = 1 << 20
PIECE_CHARS = 1 << 13
# The longest request: a piece of text, however it is escaped. What is longer is not looked into: no nonsense of this
# length takes longer than the loop may be held.
MAX_REQUEST_BYTES = 100_000
# How many texts a client sends before the first of them was taken.
TEXTS_AHEAD = 2


class BadMessageError(ValueError):
    """What arrived is no message of ours."""


def encode(message: dict[str, Any]) -> bytes:
    """A message as a line."""
    return json.dumps(message).encode() + b"\n"


def decode(line: bytes) -> dict[str, Any]:
    """A line as a message. Raises BadMessageError."""
    try:
        message = json.loads(line, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:  # also of numbers with thousands of digits
        raise BadMessageError("not JSON") from error
    if not isinstance(message, dict):
        raise BadMessageError("not an object")
    return message


def _refuse(name: str) -> float:
    """NaN and the infinities are no JSON, though Python reads them."""
    raise ValueError(name)
