"""One reading over StartSpeechSynthesisStream: text goes out in paragraphs, sound comes back as one piece.

The first clause is forced out alone, so that it is heard at once. Behind it sentences are gathered into one TextEvent a
paragraph, because the voice keeps its prosody across them, and forced out at its end. Text that arrives word by word is
passed on as it comes. Before a stream gets too old for the service, the next paragraph opens another one; its sound
waits until that of the first is over, so nothing is heard of the change.

Core thread only.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from typing import Protocol

from reader.errors import RemoteVoiceError, SpendingLimitError
from reader.flow import AudioChunk, Ending, SpeechRequest, Voice
from reader.voices.polly.leg import Leg, Limits
from reader.words import translate

# Paragraphs longer than that are sent in several events, each waiting for the listener (some 50 s).
PARAGRAPH_CHARS = 800
# Of its life, a stream is left at the first paragraph, at the first sentence, and in any case.
_OLD, _VERY_OLD, _TOO_OLD = 0.7, 0.8, 0.87

# The first clause of a text that comes word by word is forced out when it is long enough to sound like one.
_FIRST_CHARS = 12
_CLAUSE_MARKS = ",;:.!?…—–)，、；：。！？"

_BREAKS = {Ending.PARAGRAPH: "\n\n", Ending.LINE: "\n"}


class Legs(Protocol):
    """The engine, as a reading sees it."""

    limits: Limits

    async def open_leg(self, voice: Voice, speech: Speech) -> Leg:
        """A stream for a voice. Raises RemoteVoiceError."""

    def check_spending(self, more_chars: int) -> None:
        """Raises SpendingLimitError when so much may not be sent, besides what is known to be spent."""

    def note_end(self, leg: Leg) -> None:
        """A stream is over: with its sound, an error, or cut off."""


class Speech:
    """See the module, and SpeechStream."""

    def __init__(self, engine: Legs, utterance_id: int) -> None:
        self.utterance_id = utterance_id
        self._engine = engine
        self._gathered: list[SpeechRequest] = []
        self._legs: deque[Leg] = deque()  # the first one is heard, the last one is sent to
        self._noted: list[Leg] = []  # legs whose end the engine was told of
        self._voice: Voice | None = None  # the last leg's
        self._last_ending = Ending.PARAGRAPH  # of what was passed on
        self._is_first = True  # nothing was forced out yet
        self._open_chars = 0  # sent word by word
        self._is_open_ended = False  # what was passed on last may wait for more at the service
        self._is_finished = False
        self._is_cancelled = False
        self._news = asyncio.Event()

    # ---- SpeechStream ----

    @property
    def is_gathering(self) -> bool:
        """See SpeechStream."""
        return bool(self._gathered)

    @property
    def ahead_s(self) -> float:
        """See SpeechStream."""
        legs_s = sum(leg.alignment.missing_s for leg in self._legs if not leg.is_over)
        if not self._gathered or not self._legs:
            return legs_s
        return legs_s + sum(len(r.text) for r in self._gathered) * self._legs[-1].alignment.seconds_per_char

    async def send(self, request: SpeechRequest) -> None:
        """See SpeechStream."""
        try:
            self._engine.check_spending(self._unbilled_chars + len(request.text))
        except SpendingLimitError:
            await self.finish()  # what was sent is heard before another voice reads on
            raise
        if self._gathered and self._gathered[-1].voice != request.voice:
            await self._pass_on(is_forced=True)
        self._gathered.append(request)
        if request.is_ssml:
            await self._pass_on(is_forced=True)
        elif request.ending is Ending.OPEN:
            self._open_chars += len(request.text)
            is_clause = self._open_chars >= _FIRST_CHARS and request.text[-1] in _CLAUSE_MARKS
            await self._pass_on(is_forced=self._is_first and is_clause)
        elif self._is_first or request.ending in _BREAKS:
            await self._pass_on(is_forced=True)
        elif sum(len(gathered.text) for gathered in self._gathered) >= PARAGRAPH_CHARS:
            await self._pass_on(is_forced=False)

    async def flush(self, *, is_urgent: bool) -> None:
        """See SpeechStream."""
        if self._gathered:
            await self._pass_on(is_forced=is_urgent)
        elif is_urgent and self._is_open_ended and self._legs and not self._legs[-1].is_over:
            self._is_open_ended = False
            self._legs[-1].say(" ", [], is_forced=True)

    async def finish(self) -> None:
        """See SpeechStream."""
        if self._gathered:
            await self._pass_on(is_forced=True)
        self._is_finished = True
        if self._legs:
            self._legs[-1].close()
        self._news.set()

    def cancel(self) -> None:
        """See SpeechStream."""
        self._is_cancelled = True
        for leg in self._legs:
            leg.cancel()  # of which it tells
        self._legs.clear()
        self._news.set()

    async def __aiter__(self) -> AsyncIterator[AudioChunk]:
        """See SpeechStream."""
        while not self._is_cancelled:
            leg = self._legs[0] if self._legs else None
            if leg and (chunk := leg.take()):
                yield chunk
            elif leg and leg.is_over:
                self._legs.popleft()
                if leg.error:
                    raise leg.error
            elif self._is_finished and not leg:
                return
            else:
                self._news.clear()
                await self._news.wait()

    # ---- within ----

    def note_news(self) -> None:
        """A leg has something to take, or is over."""
        for leg in self._legs:
            if leg.is_over and leg not in self._noted:
                self._noted.append(leg)
                self._engine.note_end(leg)
        self._news.set()

    @property
    def _unbilled_chars(self) -> int:
        """What is on its way and was not counted yet."""
        sent = sum(leg.sent_chars for leg in self._legs if leg not in self._noted)
        return sent + sum(len(request.text) for request in self._gathered)

    async def _pass_on(self, *, is_forced: bool) -> None:
        """Send what was gathered as one event."""
        requests, self._gathered = self._gathered, []
        leg = await self._leg_for(requests[0])
        last = requests[-1]
        text = last.text if last.is_ssml else "".join(_spoken(request) for request in requests)
        leg.say(text, requests, is_forced=is_forced, is_ssml=last.is_ssml)
        self._is_first = self._is_first and not is_forced
        self._is_open_ended = not is_forced
        self._last_ending = last.ending

    async def _leg_for(self, request: SpeechRequest) -> Leg:
        """The stream to send a request to: the one in hand, unless it is over, too old or another voice's."""
        if self._is_cancelled:
            raise RemoteVoiceError(translate("reader", "This reading was stopped."), code="cancelled")
        leg = self._legs[-1] if self._legs else None
        if leg and not leg.is_over and not leg.is_closing:
            if request.voice == self._voice and not self._should_leave(leg):
                return leg
            leg.close()
        if leg and leg.error:
            raise leg.error  # the listener gets there by himself; more text would be lost
        made = await self._engine.open_leg(request.voice, self)
        if self._is_cancelled:
            made.cancel()
            raise RemoteVoiceError(translate("reader", "This reading was stopped."), code="cancelled")
        self._voice = request.voice
        self._legs.append(made)
        return made

    def _should_leave(self, leg: Leg) -> bool:
        age = leg.age_s / self._engine.limits.age_s
        if self._last_ending in _BREAKS:
            return age > _OLD
        return age > (_VERY_OLD if self._last_ending is Ending.SENTENCE else _TOO_OLD)


def _spoken(request: SpeechRequest) -> str:
    """A request's text with what stands between it and the next. A heading without a full stop gets one."""
    is_bare = request.ending in _BREAKS and request.text[-1].isalnum()
    return request.text + ("." if is_bare else "") + _BREAKS.get(request.ending, " ")
