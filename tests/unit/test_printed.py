"""Text that was made for a terminal, as it would be seen."""

from __future__ import annotations

import pytest

from reader.documents.printed import Printed

TEXTS = {
    "\x1b[32mOK\x1b[0m test one passed\n": "OK test one passed\n",
    "\x1b7\x1b[?25lLoading.\x1b[?25h\x1b8\n": "Loading.\n",
    "\x1b]8;;https://example.org\x1b\\a link\x1b]8;;\x1b\\ here": "a link here",
    "\x1b]0;title\x07Words.": "Words.",
    "_\x08N_\x08A N\x08NA\x08A": "NA NA",
    "oops\x08\x08\x08\x08done": "done",
    "plain, and Grüße": "plain, and Grüße",
}


@pytest.mark.parametrize("text", TEXTS)
def test_what_is_seen(text: str) -> None:
    assert Printed().show(text) == TEXTS[text]


@pytest.mark.parametrize("text", [text for text in TEXTS if "\x08" not in text])
def test_a_sequence_may_come_in_pieces(text: str) -> None:
    printed = Printed()
    assert "".join(map(printed.show, text)) == TEXTS[text]


def test_a_sequence_without_an_end_costs_no_more_than_itself() -> None:
    printed = Printed()
    assert printed.show("Words. \x1b]0;never ended") == "Words. "
    assert "Last." in printed.show("x" * 5000 + "\nLast.")


def test_words_behind_a_sequence_without_an_end_are_not_lost() -> None:
    printed = Printed()
    shown = printed.show("First. \x1b]Second. ") + printed.show("Third.")
    assert shown + printed.rest() == "First. Second. Third."
    assert printed.rest() == ""


@pytest.mark.parametrize("begun", ["\x1b", "\x1b[", "\x1b[1;3", "\x1b(", "\x1bP", "\x1b]\x1b"])
def test_of_a_sequence_that_was_only_begun_nothing_is_left(begun: str) -> None:
    printed = Printed()
    assert printed.show(f"Words{begun}") + printed.rest() == "Words"


@pytest.mark.parametrize("text", ["\x1b" + "\x90" * 500_000, "\x1b]" * 500_000, "x" * 500_000 + "\x08" * 500_000])
def test_a_megabyte_of_beginnings_or_backspaces_is_seen_through_at_once(text: str) -> None:
    printed = Printed()
    assert set(printed.show(text) + printed.rest()) <= set("\x1b\x90]")
