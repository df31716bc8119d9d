"""What the command line writes and asks: answers to standard output, sentences to standard error, all fit to see."""

from __future__ import annotations

import json
import sys
from typing import Any

from reader.cli import streams
from reader.errors import HarkenError
from reader.support import foreign


class OutputError(HarkenError):
    """Standard output accepts nothing more."""


def say(text: str) -> None:
    """Print an answer, of any number of lines. Raises OutputError."""
    _write(foreign.lines(text))


def answer(value: Any, as_json: bool, text: str) -> None:
    """Print an answer for programs, or for people. Raises OutputError."""
    if as_json:
        _write(json.dumps(value, ensure_ascii=not streams.is_utf8(), indent=2))
    else:
        say(text)


def complain(sentence: str) -> None:
    """Print one sentence that says what is wrong, or what the user should know besides the answer."""
    try:
        print(f"harken: {foreign.sentence(sentence)}", file=sys.stderr)
    except OSError:  # there is nowhere else to say it
        streams.write_no_more(sys.stderr)


def is_confirmed(question: str) -> bool:
    """Whether the user answers yes at a terminal."""
    if not sys.stdin or not sys.stdin.isatty():
        complain("Not a terminal: pass --yes to confirm.")
        return False
    try:
        return input(question).strip().lower() == "yes"
    except EOFError:
        return False


def show_usage(usage: str) -> None:
    """Print how a command is called, before the sentence that says what is wrong."""
    try:
        sys.stderr.write(usage)
        sys.stderr.flush()
    except OSError:
        streams.write_no_more(sys.stderr)


def _write(text: str) -> None:
    try:
        print(text)
    except BrokenPipeError:  # a reader that has closed the pipe needs no sentence
        raise
    except OSError as error:
        raise OutputError(cannot_write(error)) from error


def cannot_write(error: OSError) -> str:
    """The sentence for an answer that can't be written to standard output."""
    from reader.support import files  # not needed if the answer can be written

    return f"The output can't be written: {files.reason(error)}."
