"""Stops the reading after some minutes, softly, or at the end of the paragraph. Core thread only.

A new reading does not cancel it: a user who falls asleep over one text may do so over the next. A reading that is
paused, or over, when the time comes stays as it is.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from reader import tasks
from reader.audio.player import Player
from reader.flow import Command, Event, Notice, ReadingEnded, SegmentStarted, State, Trigger
from reader.session.controller import Controller
from reader.session.meanings import Other
from reader.support.i18n import translate

# The key steps through these, then the end of the paragraph, then off.
STEPS = (15, 30, 45, 60)
# How long the sound fades, and in how many steps.
_FADE_S = 10.0
_FADE_STEPS = 40


class SleepTimer:
    def __init__(
        self,
        fade: Callable[[float], None],
        stop: Callable[[], None],
        state: Callable[[], State],
        is_users: Callable[[], bool],
        publish: Callable[[Event], None],
    ) -> None:
        """`fade` gets the loudness, from 1 to 0; `stop` stops the reading; `publish` gets Notices.

        `is_users`: what is heard is the user's text, not one of Harken's own sentences.
        """
        self._fade = fade
        self._stop = stop
        self._state = state
        self._is_users = is_users
        self._publish = publish
        self._waiting: asyncio.Task[None] | None = None
        self._ends_s = 0.0
        self.minutes = 0  # what was asked for, 0 while it does not run
        self.is_at_paragraph = False  # stops at the end of the paragraph
        self._paragraph: tuple[int, int] | None = None  # utterance and number of what is heard meanwhile

    @classmethod
    def of(cls, controller: Controller, player: Player, publish: Callable[[Event], None]) -> SleepTimer:
        """For a session, whose key takes a step."""
        timer = cls(
            player.set_fade,
            lambda: controller.handle(Trigger(Command.STOP, "timer")),
            lambda: controller.state,
            lambda: not controller.is_saying,
            publish,
        )
        controller.others[Command.SLEEP_TIMER] = Other(timer.step)
        return timer

    @property
    def minutes_left(self) -> int:
        """Full minutes, at least 1, while it runs; 0 when it does not."""
        if not self._waiting:
            return 0
        return max(round((self._ends_s - asyncio.get_running_loop().time()) / 60), 1)

    def set_minutes(self, minutes: int) -> None:
        """Stop after this many minutes, whatever was set before; 0: never."""
        self._forget()
        self.minutes = minutes
        if minutes:
            self._ends_s = asyncio.get_running_loop().time() + 60 * minutes
            self._waiting = tasks.start(self._wait(60.0 * minutes), "sleep timer")
        self._tell(
            translate("reader", "Reading stops in %n minute(s).", None, minutes)
            if minutes
            else translate("reader", "The sleep timer is off.")
        )

    def set_paragraph(self) -> None:
        """Stop at the end of the paragraph that is being heard, or of the next one to be heard."""
        self._forget()
        self.is_at_paragraph = True
        self._tell(translate("reader", "Reading stops at the end of the paragraph."))

    def step(self) -> None:
        """Act on a key: the next one of STEPS, then the end of the paragraph, then off."""
        if self.is_at_paragraph:
            self.set_minutes(0)
        elif longer := [step for step in STEPS if step > self.minutes]:
            self.set_minutes(longer[0])
        else:
            self.set_paragraph()

    def __call__(self, event: Event) -> None:
        """Follow what happens."""
        if not self.is_at_paragraph:
            return
        if isinstance(event, ReadingEnded) and self._paragraph and self._paragraph[0] == event.utterance_id:
            self._forget()
        if isinstance(event, SegmentStarted) and self._is_users():
            paragraph = event.utterance_id, event.segment.paragraph
            if self._paragraph and self._paragraph[0] == paragraph[0] and paragraph[1] > self._paragraph[1]:
                asyncio.get_running_loop().call_soon(self._end)
            else:
                self._paragraph = paragraph

    async def close(self) -> None:
        """Turn it off for good."""
        self._forget()

    async def _wait(self, duration_s: float) -> None:
        try:
            await asyncio.sleep(duration_s - _FADE_S)
            for step in range(1, _FADE_STEPS):
                self._fade(1 - step / _FADE_STEPS)
                await asyncio.sleep(_FADE_S / _FADE_STEPS)
            self._waiting = None
            self._end()
        finally:
            self._fade(1.0)

    def _end(self) -> None:
        """Stop the reading: the time has come."""
        self._forget()
        if self._state() in (State.SPEAKING, State.PREPARING):
            self._stop()
            sentence = translate("reader", "The sleep timer has stopped the reading. Choose “Resume” to continue.")
            self._publish(Notice(0, sentence, is_problem=False, is_answer=True))

    def _forget(self) -> None:
        if self._waiting:
            self._waiting.cancel()
        self._waiting, self.minutes, self.is_at_paragraph, self._paragraph = None, 0, False, None

    def _tell(self, sentence: str) -> None:
        self._publish(Notice(0, sentence, is_problem=False, is_answer=True, is_aloud=True))
