"""How wrong usage is reported: the usage line, then one sentence saying what is possible."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from reader.support import foreign

if TYPE_CHECKING:
    import argparse


class UsageError(Exception):
    """The command line is not valid. The message is the sentence for the user."""

    def __init__(self, sentence: str, parser: argparse.ArgumentParser | None = None) -> None:
        """`parser` is the command's, as far as it is known."""
        super().__init__(sentence)
        self.parser = parser


def no_command(prog: str, word: str, known: Iterable[str]) -> str:
    """The sentence saying that `prog` has no such command."""
    name = f"{prog.partition(' ')[2]} {foreign.shown(word)}".strip()
    return f"There is no command “{name}”. {did_you_mean(word, known)}“{prog} -h” lists all commands."


def not_one_of(value: str, known: Sequence[str], name: str) -> str:
    """The sentence saying that `value` is not allowed for `name`."""
    listed = ", ".join(known[:-1])
    listed = f"{listed} or {known[-1]}" if listed else known[-1]
    meant = foreign.nearest(value, known, 1)
    did_you = f" Did you mean “{meant[0]}”?" if meant else ""
    return f"Choose {listed} for {name}, not “{foreign.shown(value)}”.{did_you}"


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The question whether one of `known` was meant; "" if none is similar."""
    found = foreign.nearest(word, list(known), 1)
    return f"Did you mean “{found[0]}”? " if found else ""
