"""The commands for texts that were read, are to be read, or stop being read: what each takes."""

from __future__ import annotations

import argparse
from functools import partial

from reader.cli import commands
from reader.cli.argument_parser import Parser
from reader.cli.usage import UsageError
from reader.support import foreign

_MAX_NUMBER_DIGITS = 9


def add(parsers: argparse._SubParsersAction[Parser]) -> None:
    """Add them to those of `harken`."""
    history = parsers.add_parser(
        "history",
        help="list the recent texts, or read one of them again with “read N”",
        usage="harken history [read N] [--json]",
    )
    history.set_defaults(do=commands.history, json=False)
    history.add_argument("--json", action="store_true", help="write JSON, for programs")
    verbs = history.add_subparsers(title="commands", metavar="", parser_class=Parser, prog="harken history")
    again = verbs.add_parser("read", help="read one of the recent texts again")
    again.add_argument("number", type=partial(_number_of, "history"), help="its number in the list")
    again.set_defaults(do=commands.read_again)
    recent = parsers.add_parser(
        "recent",
        help="list the long texts and documents in which your place is remembered; continue one, or forget them",
        usage="harken recent [read N|forget [N]] [--json]",
    )
    recent.set_defaults(do=commands.recent, json=False)
    recent.add_argument("--json", action="store_true", help="write JSON, for programs")
    verbs = recent.add_subparsers(title="commands", metavar="", parser_class=Parser, prog="harken recent")
    onward = verbs.add_parser("read", help="continue one of them where you stopped")
    onward.add_argument("number", type=partial(_number_of, "recent"), help="its number in the list")
    onward.set_defaults(do=commands.read_recent)
    forgotten = verbs.add_parser("forget", help="forget one of them, or all")
    forgotten.add_argument(
        "number", type=partial(_number_of, "recent"), nargs="?", help="its number in the list; without it, all"
    )
    forgotten.set_defaults(do=commands.forget)
    marks = parsers.add_parser(
        "bookmarks",
        help="list the bookmarks, go to one, or remove it",
        usage="harken bookmarks [go N|remove N] [--json]",
    )
    marks.set_defaults(do=commands.bookmarks, json=False)
    marks.add_argument("--json", action="store_true", help="write JSON, for programs")
    verbs = marks.add_subparsers(title="commands", metavar="", parser_class=Parser, prog="harken bookmarks")
    for verb, what in (("go", "continue reading at one of them"), ("remove", "remove one of them")):
        marked = verbs.add_parser(verb, help=what)
        marked.add_argument("number", type=partial(_number_of, "bookmarks"), help="its number in the list")
        marked.set_defaults(do=commands.bookmark, verb=verb)
    queue = parsers.add_parser(
        "queue", help="list what is waiting to be read, or empty the queue", usage="harken queue [clear] [--json]"
    )
    queue.set_defaults(do=commands.queue, json=False)
    queue.add_argument("--json", action="store_true", help="write JSON, for programs")
    verbs = queue.add_subparsers(title="commands", metavar="", parser_class=Parser, prog="harken queue")
    verbs.add_parser("clear", help="empty the queue").set_defaults(do=commands.clear_queue)
    sleeping = parsers.add_parser("sleep", help="stop reading after so many minutes, or at the end of the paragraph")
    sleeping.add_argument(
        "when", type=_sleep, help="a number of minutes, “paragraph” for the end of the paragraph, or “off”"
    )
    sleeping.set_defaults(do=commands.sleep)


def _sleep(word: str) -> int | str:
    """Minutes, 0 for “off”, or “paragraph”."""
    from reader.flow import MAX_SLEEP_MINUTES

    if word in ("off", "paragraph"):
        return 0 if word == "off" else word
    if not (word.isascii() and word.isdecimal() and 1 <= int(word[:_MAX_NUMBER_DIGITS]) <= MAX_SLEEP_MINUTES):
        raise UsageError(f"Give 1 to {MAX_SLEEP_MINUTES} minutes, “paragraph” or “off”, not “{foreign.shown(word)}”.")
    return int(word)


def _number_of(command: str, text: str) -> int:
    """A number in the list that a command shows."""
    if not (text.isascii() and text.isdecimal() and len(text) <= _MAX_NUMBER_DIGITS):
        raise UsageError(f"Use a number from “harken {command}”, not “{foreign.shown(text)}”.")
    return int(text)
