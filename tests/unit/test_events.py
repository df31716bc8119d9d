"""Notices of one cause are merged, and everything else is passed on."""

from __future__ import annotations

import asyncio

import pytest

from reader.core.events import Events
from reader.flow import Event, Notice, VolumeChanged

LOST = "The sound was lost but is back. Reading continues."


class Heard(asyncio.Queue[Event]):
    """What a subscriber was told."""

    def __call__(self, event: Event) -> None:
        self.put_nowait(event)

    def sentences(self) -> list[str]:
        events = [self.get_nowait() for _ in range(self.qsize())]
        return [event.sentence for event in events if isinstance(event, Notice)]


async def test_fifty_of_one_cause_are_one_and_then_one_that_says_so() -> None:
    events, heard, single = Events(merged_s=0.02), Heard(), Heard()
    events.subscribe(heard)
    events.subscribe(single, merges=False)
    for reading in range(50):
        events.publish(Notice(reading, LOST, is_problem=False))
    assert heard.sentences() == [LOST]
    assert len(single.sentences()) == 50
    again = await heard.get()
    assert isinstance(again, Notice)
    assert again.sentence == f"{LOST} This happened 49 more times in the last minute."
    events.close()


async def test_a_cause_that_goes_on_is_told_once_in_each_time() -> None:
    events, heard = Events(merged_s=0.01), Heard()
    events.subscribe(heard)
    events.publish(Notice(1, "It keeps failing."))
    for _ in range(3):
        events.publish(Notice(1, "It keeps failing."))
        events.publish(Notice(1, "It keeps failing."))
        told = [await heard.get()]
        while "2 more times" not in str(told[-1]):
            told.append(await heard.get())
        assert heard.empty()
    events.close()


async def test_different_sentences_of_one_cause_are_one_cause() -> None:
    events, heard = Events(), Heard()
    events.subscribe(heard)
    for voice in ("first", "second"):
        events.publish(Notice(1, f"The voice {voice} continues.", cause="voice polly"))
    events.publish(Notice(1, "Something else."))
    assert heard.sentences() == ["The voice first continues.", "Something else."]
    events.close()


async def test_the_end_of_a_problem_is_told_at_once_but_not_again_and_again() -> None:
    events, heard = Events(), Heard()
    events.subscribe(heard)
    for _ in range(3):
        events.publish(Notice(0, "The key is taken.", cause="keys"))
        events.publish(Notice(0, "The key works now.", is_problem=False, cause="keys"))
    assert heard.sentences() == ["The key is taken.", "The key works now."]
    events.close()


async def test_every_answer_is_passed_on() -> None:
    events, heard = Events(), Heard()
    events.subscribe(heard)
    for _ in range(3):
        events.publish(Notice(0, "Nothing is selected.", is_answer=True))
    assert heard.sentences() == ["Nothing is selected."] * 3
    for _ in range(2):
        events.publish(VolumeChanged(0, 0.5))
    assert heard.qsize() == 2


@pytest.mark.parametrize("is_free", [True, False])
async def test_what_is_to_be_said_aloud_is_said_where_that_can_be(is_free: bool) -> None:
    said: list[str] = []

    def say(sentence: str) -> bool:
        said.append(sentence)
        return is_free

    events, heard = Events(say), Heard()
    events.subscribe(heard)
    for _ in range(2):  # a merged one is not said either
        events.publish(Notice(0, "The key is taken.", is_aloud=True))
    events.publish(Notice(0, "Only shown."))
    assert said == ["The key is taken."]
    first = heard.get_nowait()
    assert isinstance(first, Notice)
    assert first.is_spoken is is_free
    events.close()


@pytest.mark.noisy
async def test_a_subscriber_that_fails_keeps_no_other_from_hearing(noise: list[str]) -> None:
    def fail(_: Event) -> None:
        raise RuntimeError

    events, heard, single = Events(), Heard(), Heard()
    for subscriber, merges in ((fail, True), (heard, True), (fail, False), (single, False)):
        events.subscribe(subscriber, merges=merges)
    events.publish(VolumeChanged(0, 0.5))
    assert (heard.qsize(), single.qsize()) == (1, 1)
    assert noise == ["reader.core.events: VolumeChanged was not taken"] * 2
