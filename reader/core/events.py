"""Passes on what happens, and limits how often: notices with the same cause are merged. Core thread only."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace

from reader.flow import Event, Notice, ReadingEnded
from reader.support.i18n import translate

log = logging.getLogger(__name__)

Subscriber = Callable[[Event], None]

# The first notice of a cause is passed on at once, its end too, and after that no more often than this.
MERGED_S = 60.0


def hand(event: Event, subscriber: Subscriber) -> None:
    """Pass an event to a subscriber. What that raises is logged: the publisher and the other subscribers go on."""
    try:
        subscriber(event)
    except Exception:
        log.exception("%s was not taken", type(event).__name__)


def how_ended(ending: ReadingEnded) -> str:
    """How a reading has ended, as reported to other programs: "whole", "failed" or "stopped"."""
    if ending.is_whole:
        return "whole"
    return "failed" if ending.is_failed else "stopped"


@dataclass(slots=True)
class _Cause:
    """What has been reported about one cause."""

    timer: asyncio.TimerHandle
    is_problem: bool  # what was reported last
    held: Notice | None = None  # the newest that was not passed on
    held_count: int = 0


class Events:
    """Passes events to its subscribers. Every notice that is seen or heard has passed through one of these."""

    def __init__(self, say: Callable[[str], bool] = lambda _: False, *, merged_s: float = MERGED_S) -> None:
        """`say` speaks a sentence in Harken's own voice, or returns False if this is not the moment.

        Only tests shorten `merged_s`.
        """
        self._say = say
        self._merged_s = merged_s
        self._subscribers: list[Subscriber] = []
        self._unmerged: list[Subscriber] = []
        self._causes: dict[str, _Cause] = {}

    def subscribe(self, subscriber: Subscriber, *, merges: bool = True) -> None:
        """Receive every event; without `merges`, also every single notice. Must return at once."""
        (self._subscribers if merges else self._unmerged).append(subscriber)

    def unsubscribe(self, subscriber: Subscriber) -> None:
        """Receive no more events."""
        for subscribers in (self._subscribers, self._unmerged):
            if subscriber in subscribers:
                subscribers.remove(subscriber)

    def publish(self, event: Event) -> None:
        """Pass on an event."""
        for subscriber in list(self._unmerged):
            hand(event, subscriber)
        if isinstance(event, Notice) and not event.is_answer:
            self._merge(event)
        else:
            self._spread(event)

    def close(self) -> None:
        """Drop what is held back."""
        for cause in self._causes.values():
            cause.timer.cancel()
        self._causes.clear()

    def _merge(self, notice: Notice) -> None:
        name = notice.cause or notice.sentence
        cause = self._causes.get(name)
        if cause is None:
            self._begin(name, notice)
        elif cause.is_problem and not notice.is_problem and not cause.held:  # its end is worth knowing at once
            cause.is_problem = False
            self._spread(notice)
        else:
            cause.held, cause.held_count = notice, cause.held_count + 1

    def _begin(self, name: str, notice: Notice) -> None:
        timer = asyncio.get_running_loop().call_later(self._merged_s, self._on_time, name)
        self._causes[name] = _Cause(timer, notice.is_problem)
        self._spread(notice)

    def _on_time(self, name: str) -> None:
        """Nothing was said about this cause for this long: say how it continued, if it did."""
        cause = self._causes.pop(name)
        if held := cause.held:
            sentence = translate(
                "reader", "{sentence} This happened %n more times in the last minute.", None, cause.held_count
            )
            self._begin(name, replace(held, sentence=sentence.format(sentence=held.sentence)))

    def _spread(self, event: Event) -> None:
        if isinstance(event, Notice) and event.is_aloud and not event.is_spoken:
            event = replace(event, is_spoken=self._say(event.sentence))
        for subscriber in list(self._subscribers):
            hand(event, subscriber)
