"""The standard library's command-line parser, with Harken's sentences about mistakes and none of its own."""

from __future__ import annotations

import argparse
from typing import Any, NoReturn

from reader.cli.usage import UsageError, did_you_mean, no_command, not_one_of
from reader.support import foreign


class Parser(argparse.ArgumentParser):
    """Raises UsageError where argparse would print its own message and end the process."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options, exit_on_error=False, allow_abbrev=False, add_help=False)
        self._positionals.title = "arguments"
        self.add_argument("-h", "--help", action="help", help="show this help")
        self.set_defaults(parser=self)  # the innermost command's is the last to be set

    def parse_args(self, args: Any = None, namespace: Any = None) -> Any:
        """The options. Raises UsageError."""
        options, rest = self.parse_known_args(args, namespace)
        if rest:
            raise UsageError(_too_much(rest[0], options.parser), options.parser)
        return options

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """As argparse's. Raises UsageError."""
        try:
            return super().parse_known_args(args, namespace)
        except argparse.ArgumentError as error:
            raise UsageError(self._misused(error.argument_name), self) from None
        except UsageError as error:
            error.parser = error.parser or self
            raise

    def error(self, message: str) -> NoReturn:
        """Called for missing words; for every other mistake argparse raises ArgumentError."""
        raise UsageError(self._missing(), self)

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is None or value in action.choices:
            return
        if isinstance(action, argparse._SubParsersAction):
            raise UsageError(no_command(self.prog, value, action.choices), self)
        name = _name(action) if action.option_strings else f"“{self.prog}”"
        raise UsageError(not_one_of(value, list(action.choices), name), self)

    def _misused(self, name: str | None) -> str:
        action = next((a for a in self._actions if name == "/".join(a.option_strings)), None)
        if name is None or action is None:
            return self._missing()
        return _without_value(action)

    def _missing(self) -> str:
        wanted = [
            _name(action).upper()
            for action in self._actions
            if not action.option_strings and action.nargs is None and action.dest != argparse.SUPPRESS
        ]
        return f"“{self.prog}” needs {' and '.join(wanted)}."


def _without_value(action: argparse.Action) -> str:
    name = _name(action)
    if action.nargs == 0:
        return f"{name} takes no value."
    return f"{name} needs a value. If it begins with a hyphen, write {name}=…"


def _too_much(word: str, parser: argparse.ArgumentParser) -> str:
    if not word.startswith("-"):
        return f"“{parser.prog}” does not take “{foreign.shown(word)}”."
    name = word.partition("=")[0]
    known = [option for action in parser._actions for option in action.option_strings]
    return f"“{parser.prog}” has no option “{foreign.shown(name)}”. {did_you_mean(name, known)}".rstrip()


def _name(action: argparse.Action) -> str:
    """What people call an argument: the longest form of an option, the name of a word."""
    return max(action.option_strings, key=len) if action.option_strings else str(action.metavar or action.dest)
