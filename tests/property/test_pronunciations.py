"""Any list on any text: nothing raises, nothing hangs, and no other word is lost."""

from __future__ import annotations

import contextlib
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from reader.errors import SettingsError
from reader.flow import Voice
from reader.text import pronunciation_table
from reader.text.pronunciations import Entry, Kind, Pronunciations, checked

VOICE = Voice("espeak/en", "English", "en")
anything = st.text(st.characters(codec=None), max_size=200) | st.text(
    st.sampled_from("aAbé ß1.’-(*+?\\[])|{}^$ẞİの\ud800"), max_size=200
)
letters = st.text(st.sampled_from("abAB "), min_size=1, max_size=4)
kinds = st.sampled_from(Kind)
# What stands in no word, and in nothing that is said in the place of one.
OTHERS = ("other", "1234", "ungewöhnlich")


def usable(entries: list[Entry]) -> list[Entry]:
    found = []
    for entry in entries:
        with contextlib.suppress(SettingsError):
            found.append(checked(entry))
    return found


@given(st.lists(st.builds(Entry, anything, anything, kinds), max_size=5), anything)
@settings(max_examples=300, deadline=None)
def test_any_list_on_any_text(entries: list[Entry], text: str) -> None:
    done = Pronunciations(usable(entries)).said(text, VOICE)
    offsets = [done.source_offset(i) for i in range(len(done.text))]
    assert offsets == sorted(offsets)
    assert all(0 <= offset < len(text) for offset in offsets)


@given(
    st.lists(st.builds(Entry, letters, letters, st.sampled_from([Kind.WORD, Kind.PART])), max_size=8),
    st.lists(letters | st.sampled_from(OTHERS), max_size=20),
)
@settings(max_examples=300, deadline=None)
def test_no_other_word_is_lost(entries: list[Entry], words: list[str]) -> None:
    text = " . ".join(words)
    done = Pronunciations(usable([e for e in entries if len(e.word.strip()) > 1])).said(text, VOICE)
    wanted = [word for word in words if word in OTHERS]
    assert re.findall("|".join(OTHERS), done.text) == wanted
    assert done.text.count(" . ") == text.count(" . ")


@given(st.lists(st.builds(Entry, anything, anything, kinds, st.sampled_from(["", "de"])), max_size=8))
@settings(max_examples=200, deadline=None)
def test_a_table_is_read_as_it_is_written(entries: list[Entry]) -> None:
    wanted = list({entry.key: entry for entry in usable(entries)}.values())
    found, problems = pronunciation_table.read(pronunciation_table.written(wanted))
    assert problems == []
    assert found == list({entry.key: entry for entry in wanted}.values())
