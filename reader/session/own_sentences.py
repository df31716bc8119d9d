"""What Harken itself says, and when: never in place of the user's text. Core thread only."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from reader.errors import Fault, HarkenError
from reader.flow import Event, Notice
from reader.session import omissions
from reader.session.announcer import Announcer
from reader.session.preferences import Preferences
from reader.session.reading import Reading


class Now(NamedTuple):
    """What decides whether a sentence is said."""

    preferences: Preferences
    is_idle: bool  # nothing is being read, or looked for
    is_free: bool  # no text of the user's is


class OwnSentences:
    """Says the sentences that tell the user something, one after the other."""

    def __init__(
        self,
        announcer: Announcer,
        on_event: Callable[[Event], None],
        now: Callable[[], Now],
        give: Callable[[Reading], None],
        is_first_left_out: Callable[[], bool],
    ) -> None:
        """`give` starts a reading at once. For `is_first_left_out` see Controller."""
        self._announcer = announcer
        self._on_event = on_event
        self._now = now
        self._give = give
        self._is_first_left_out = is_first_left_out
        self._is_heard = False  # a text of the user's has just been heard to its end

    def say(self, sentence: str) -> bool:
        """Say a sentence after those being said. False if Harken must be silent, or is reading."""
        now = self._now()
        if not now.preferences.speaks_notices or not (now.is_free or self._is_heard):
            return False
        self._announcer.add(sentence)
        if now.is_idle:
            self.say_next()
        return True

    def say_next(self) -> None:
        """Begin with the sentence that has waited longest, if there is one."""
        if reading := self._announcer.next():
            self._give(reading)

    def say_change(self, sentence: str) -> bool:
        """Say what a key has changed, instead of what Harken is saying. A screen reader says it by itself."""
        preferences, _, is_free = self._now()
        if not preferences.says_speed or preferences.has_screen_reader or not is_free:
            return False
        self._announcer.clear()
        self._announcer.add(sentence)
        self.say_next()
        return True

    def explain(self, problem: HarkenError) -> None:
        """Report why nothing is read, aloud if the user wishes."""
        sentence, is_passing, now = problem.sentence, problem.fault is Fault.USER, self._now()
        if not now.preferences.speaks_notices or not now.is_free:  # never in place of a text that is being read
            self._on_event(Notice(0, sentence, is_answer=True, is_passing=is_passing))
            return
        spoken = self._announcer.make(sentence)
        self._on_event(Notice(spoken.utterance_id, sentence, is_spoken=True, is_answer=True, is_passing=is_passing))
        self._give(spoken)

    def tell_unread(self, reading: Reading) -> None:
        """Report what was not read of a text, just before its end is reported. If spoken, it follows the text."""
        self._is_heard = reading.is_users
        if reading.intake.lacking:  # it was shown when it became known
            self.say(reading.intake.lacking)
        is_told = reading.is_users and reading.tally.left_out
        if is_told and (sentence := omissions.told(reading.tally, is_first=self._is_first_left_out())):
            self._on_event(Notice(reading.utterance_id, sentence, is_problem=False, is_answer=True, is_aloud=True))
        self._is_heard = False
