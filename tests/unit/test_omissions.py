"""What is told of what was left out of a text: mild, but never nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from reader.core import first_time
from reader.flow import CapturedText, Event, Notice, ReadingEnded, Source
from reader.session.omissions import nothing_left, told
from reader.session.preferences import Preferences
from reader.text.choices import Choices, Emoji
from reader.text.left_out import Tally, Why
from tests.fakes.session import Session

LINKED = "See [the page](https://example.com/a-long/way/to/go) now."
LITTLE = "A text of quite some words which is read whole but for one[^1] little mark."


def _tally(letters: int, **left_out: int) -> Tally:
    tally = Tally(letters)
    tally.left_out.update({Why(why): count for why, count in left_out.items()})
    return tally


@pytest.mark.parametrize(
    ("tally", "is_first", "sentence"),
    [
        (_tally(100), True, ""),
        (_tally(100, links=20), False, ""),
        (_tally(100, links=21), False, "Harken left out 21% of this text: the addresses behind links."),
        (
            _tally(100, tags=10, code=50, marks=2, links=9, times=8),
            False,
            "Harken left out 79% of this text: code, HTML tags, the addresses behind links.",
        ),
        (
            _tally(100, links=1),
            True,
            "Harken left something out of this text: the addresses behind links. See “What is read” in the settings.",
        ),
        (
            _tally(100, code=50),
            True,
            "Harken left out 50% of this text: code. See “What is read” in the settings.",
        ),
    ],
)
def test_the_sentence(tally: Tally, is_first: bool, sentence: str) -> None:
    assert told(tally, is_first=is_first) == sentence


def test_each_reason_has_a_name() -> None:
    for why in set(Why) - {Why.SIGNS}:
        assert told(_tally(10, **{why: 10}), is_first=False)
        assert nothing_left(_tally(10, **{why: 10})).endswith(".")


def _notices(session: Session) -> list[str]:
    return [event.sentence for event in session.events if isinstance(event, Notice)]


async def test_it_is_told_before_the_end_is() -> None:
    async with Session() as session:
        session.speak(CapturedText(LINKED, Source.GIVEN))
        await session.settle()
        await session.hear(5.0)
        kinds = [type(event) for event in session.events if isinstance(event, Notice | ReadingEnded)]
        assert kinds == [Notice, ReadingEnded]
        assert _notices(session) == ["Harken left out 68% of this text: the addresses behind links."]


@pytest.mark.parametrize("text", [LITTLE, "Nothing is left out of this."])
async def test_little_is_left_out_without_a_word(text: str) -> None:
    async with Session() as session:
        session.speak(CapturedText(text, Source.GIVEN))
        await session.settle()
        await session.hear(9.0)
        assert isinstance(session.events[-2], ReadingEnded)
        assert _notices(session) == []


async def test_a_text_that_is_stopped_has_no_such_end() -> None:
    async with Session() as session:
        reading = session.speak(CapturedText(LINKED, Source.GIVEN))
        await session.settle()
        session.controller.stop_reading(reading)
        await session.settle()
        assert _notices(session) == []


class Aloud(Session):
    """One whose notices are said, as Harken's are."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[bool] = []

    def note(self, event: Event) -> None:
        super().note(event)
        if isinstance(event, Notice) and event.is_aloud:
            self.said.append(self.controller.say(event.sentence))


async def test_it_is_said_behind_the_text() -> None:
    async with Aloud() as session:
        session.controller.preferences = Preferences()
        session.speak(CapturedText(LINKED, Source.GIVEN))
        await session.settle()
        await session.hear(5.0)
        assert session.said == [True]
        assert session.controller.is_saying


async def test_where_all_is_left_out_that_is_the_reason() -> None:
    async with Session() as session:
        session.controller.preferences = Preferences(speaks_notices=False, choices=Choices(emoji=Emoji.NONE))
        session.speak(CapturedText("🎉🎉 😀", Source.GIVEN))
        await session.settle()
        assert _notices(session) == ["There is nothing left to read in this text: Harken leaves out emoji."]


async def test_of_harkens_own_words_nothing_is_left_out() -> None:
    async with Session() as session:
        session.controller.preferences = Preferences(choices=Choices(brackets=False))
        session.controller.say("This (and that) is said.")
        await session.settle()
        await session.hear(3.0)
        session.controller.say("So.")
        assert session.spoken == ["This (and that) is said."]


def test_the_first_time_is_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(first_time, "state_folder", lambda: tmp_path / "state")
    assert [first_time.is_first_left_out() for _ in range(3)] == [True, False, False]


def test_a_folder_that_can_not_be_written_makes_it_no_first_time(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "state").write_text("a file", encoding="utf-8")
    monkeypatch.setattr(first_time, "state_folder", lambda: tmp_path / "state")
    assert not first_time.is_first_left_out()
