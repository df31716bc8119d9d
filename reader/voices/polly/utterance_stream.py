"""One reading over StartSpeechSynthesisStream: text goes out in passages, sound comes back as a single piece.

The first clause is forced out alone, so that it is heard at once. The first sentences go one by one, each when all
sound of the previous one has arrived (see synthesis_stream.py), so that a failure repeats no more than one. As soon as
there is enough unheard sound, a paragraph goes as one passage, because the voice then keeps its prosody across
sentences; its sound is passed on once all of it has arrived. Text that arrives word by word is passed on as it comes.

If waiting for the silence after a passage, or for its proof (see proof.py), would take too long, its stream is closed,
which proves it, and the next passage goes to another stream. That one's sound waits until the first is over, so the
change is inaudible. The same happens before a stream gets too old for the service. A file, which must not contain
anything twice, uses a stream for each passage: only its end says exactly which sound is whose.

Core thread only.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Protocol

from reader.errors import RemoteVoiceError, SpendingLimitError
from reader.flow import FRAME_BYTES, AudioChunk, Ending, SpeechRequest, Voice
from reader.support import timeline
from reader.support.i18n import translate
from reader.voices.polly.delivery import Delivery
from reader.voices.polly.synthesis_stream import Limits, SynthesisStream

# Longer paragraphs are split into several passages (this is some 50 s).
PARAGRAPH_CHARS = 800
# Shorter paragraphs are combined with what follows: waiting for the next passage would take longer than hearing them.
_SHORT_CHARS = 80
# After a longer passage, the listener would wait for sound that itself waits for the next text: close its stream.
_LONG_S = 12.0
# The same with this much sound waiting for its proof, because after a failure it would be billed again.
_VERY_LONG_S = 30.0
# This long before the listener runs out, sound that is likely but not proven is passed on.
_NEEDED_S = 0.5
# How long a new stream takes to answer, roughly: it is no help if the wait for a proof is shorter.
_OPENING_S = 0.3
# Streams at once: one being heard, and the next one arriving.
_STREAMS = 2
# The interval at which an account may open streams, for everything it does.
_OPEN_EVERY_S = 0.15
# The share of its life at which a stream is left at a paragraph, at a sentence, and in any case.
_LEAVE_AT_PARAGRAPH, _LEAVE_AT_SENTENCE, _LEAVE_AT_ANY = 0.7, 0.8, 0.87

# When text arrives word by word, its first clause is forced out once it is long enough to sound like one.
_FIRST_CHARS = 12
_CLAUSE_MARKS = ",;:.!?…—–)，、；：。！？"

_BREAKS = {Ending.PARAGRAPH: "\n\n", Ending.LINE: "\n"}


class Streams(Protocol):
    """The engine, as its readings see it."""

    limits: Limits

    async def open_synthesis(self, voice: Voice, speech: UtteranceStream) -> SynthesisStream:
        """Open a stream for a voice. Raises RemoteVoiceError."""

    def check_spending(self, more_chars: int) -> None:
        """Raises SpendingLimitError if this much may not be sent in addition to what is known to be spent."""

    def note_end(self, stream: SynthesisStream) -> RemoteVoiceError | None:
        """A stream is over: complete, failed or cancelled. Returns its failure as the session should see it."""


class UtteranceStream:
    """Implements SpeechStream."""

    def __init__(self, engine: Streams, utterance_id: int, *, is_live: bool = True) -> None:
        self.utterance_id = utterance_id
        self._is_live = is_live
        self._engine = engine
        self._gathered: list[SpeechRequest] = []
        self._streams: deque[SynthesisStream] = deque()  # the first is being heard, text goes to the last
        # The streams whose end the engine knows of, each with its failure as the session should see it.
        self._failures: dict[SynthesisStream, RemoteVoiceError | None] = {}
        self._error: RemoteVoiceError | None = None  # why what was gathered was not sent
        self._opened_s = 0.0
        self._lasts_until_s = 0.0  # when everything passed on will have been heard, if there is no pause
        self._voice: Voice | None = None  # the last stream's
        self._last_ending = Ending.PARAGRAPH  # of what was passed on
        self._is_first = True  # nothing was forced out yet
        self._open_chars = 0  # sent word by word
        self._speed = 1.0  # the listener's
        self._is_finished = False
        self._is_cancelled = False
        self._news = asyncio.Event()

    # ---- SpeechStream ----

    @property
    def is_gathering(self) -> bool:
        return bool(self._gathered)

    @property
    def ahead_s(self) -> float:
        streams_s = sum(
            stream.proof.missing_s + min(stream.proof.kept_s, _LONG_S) for stream in self._streams if not stream.is_over
        )
        if not self._gathered or not self._streams:
            return streams_s
        return streams_s + sum(self._streams[-1].proof.delivery.length_s(request.text) for request in self._gathered)

    async def send(self, request: SpeechRequest) -> None:
        timeline.mark(timeline.Stage.ASKED, request.utterance_id)
        try:
            self._engine.check_spending(self._unbilled_chars + len(request.text))
        except SpendingLimitError:
            await self.finish()  # let what was sent be heard before another voice reads on
            raise
        if self._gathered and (request.is_ssml or self._gathered[-1].voice != request.voice):
            await self._pass_on(is_forced=True)
        self._gathered.append(request)
        if request.is_ssml:
            await self._pass_on(is_forced=True)
        elif request.ending is Ending.OPEN:
            self._open_chars += len(request.text)
            is_clause = self._open_chars >= _FIRST_CHARS and request.text[-1] in _CLAUSE_MARKS
            if self._is_free:
                await self._pass_on(is_forced=self._is_first and is_clause)
        elif self._is_first or self._is_enough(request.ending):
            await self._pass_on(is_forced=True)

    async def flush(self, *, is_urgent: bool) -> None:
        if self._gathered:
            await self._pass_on(is_forced=is_urgent)
        stream = self._streams[-1] if self._streams else None
        if not stream or stream.is_over or stream.is_closing:
            return
        if stream.proof.is_keeping:
            stream.close()  # nothing will follow to prove it
        elif is_urgent and stream.proof.is_inside and not stream.proof.is_forced:
            stream.say(" ", [], is_forced=True)

    async def finish(self) -> None:
        if self._gathered:
            await self._pass_on(is_forced=True)
        self._is_finished = True
        if self._streams:
            self._streams[-1].close()
        self._news.set()

    def cancel(self) -> None:
        self._is_cancelled = True
        for stream in self._streams:
            stream.cancel()  # it reports that
        self._streams.clear()
        self._news.set()

    async def __aiter__(self) -> AsyncIterator[AudioChunk]:
        while not self._is_cancelled:
            stream = self._streams[0] if self._streams else None
            spare_s = self._lead_s - _NEEDED_S
            if stream and (chunk := stream.take(is_needed=spare_s <= 0)):
                self._note_handed_on(chunk)
                yield chunk
            elif stream and stream.is_over:
                self._streams.popleft()
                if failure := self._failures.get(stream):
                    raise failure
                self._news.set()  # there is room for another one
            elif self._error and not stream:
                raise self._error
            elif self._is_finished and not stream:
                return
            else:
                is_waiting = stream is not None and stream.proof.is_waiting
                if stream and spare_s <= 0 and stream.proof.is_stuck and not self._gathered:
                    stream.close()  # nothing will follow to prove what the listener waits for
                self._news.clear()
                with suppress(TimeoutError):
                    async with asyncio.timeout(spare_s if is_waiting and spare_s > 0 else None):
                        await self._news.wait()

    # ---- internals ----

    def note_news(self) -> None:
        """A stream has something to take, or is over."""
        for stream in self._streams:
            if stream.is_over and stream not in self._failures:
                self._failures[stream] = self._engine.note_end(stream)
        self._news.set()

    @property
    def _unbilled_chars(self) -> int:
        """Characters under way that are not counted yet."""
        sent = sum(stream.sent_chars for stream in self._streams if stream not in self._failures)
        return sent + sum(len(request.text) for request in self._gathered)

    @property
    def _is_free(self) -> bool:
        """Whether text can leave without waiting."""
        stream = self._streams[-1] if self._streams else None
        return stream is None or stream.proof.is_free or stream.is_over or stream.is_closing

    def _is_enough(self, ending: Ending) -> bool:
        """Whether to send the gathered text, now that something with this ending was added."""
        chars = sum(len(request.text) for request in self._gathered)
        if ending is Ending.PARAGRAPH:
            return chars >= _SHORT_CHARS or self._is_free
        return chars >= PARAGRAPH_CHARS or (self._goes_on and not ending.is_inside)

    @property
    def _goes_on(self) -> bool:
        """Whether a sentence was begun whose end has not been sent."""
        return bool(self._streams) and self._streams[-1].proof.is_inside and not self._streams[-1].is_over

    async def _pass_on(self, *, is_forced: bool) -> None:
        """Send the gathered text, passage by passage, each as one event."""
        try:
            is_begun = False
            while self._gathered and not (is_begun and self._is_only_begun and not is_forced):
                stream = await self._stream_for(self._gathered[0])
                requests, is_kept = self._next_passage(stream.proof.delivery)
                last = requests[-1]
                is_whole = not last.ending.is_inside
                text = last.text if last.is_ssml else "".join(_spoken(request) for request in requests)
                is_forced_now = is_whole or (is_forced and not self._gathered)
                is_begun = True
                stream.say(text, requests, is_forced=is_forced_now, is_ssml=last.is_ssml, is_kept=is_kept)
                self._is_first = self._is_first and not is_forced_now
                self._last_ending = last.ending
                is_alone = not self._is_live or not stream.is_telling
                if is_whole and (is_alone or (is_kept and stream.proof.missing_s > _LONG_S)):
                    stream.close()
        except RemoteVoiceError as error:
            self._error = error
            self._news.set()
            raise

    def _next_passage(self, delivery: Delivery) -> tuple[list[SpeechRequest], bool]:
        """(the gathered requests to send next, whether to hold their sound until all of it has arrived).

        That is the rest of a sentence already begun; else one sentence; or as many from a paragraph or list as will
        arrive before the listener has heard what is here.
        """
        limit_s = delivery.whole_s(self._lead_s)
        count, length_s, chars = 0, 0.0, 0
        goes_on, sentences = self._goes_on, 0
        while count < len(self._gathered):
            end = self._end_of_sentence(count)
            more = self._gathered[count:end]
            more_s = sum(delivery.length_s(request.text) for request in more)
            more_chars = sum(len(request.text) for request in more)
            is_too_much = length_s + more_s > limit_s or chars + more_chars > PARAGRAPH_CHARS
            if sentences and (goes_on or is_too_much or more[-1].ending.is_inside):
                break
            count, length_s, chars, sentences = end, length_s + more_s, chars + more_chars, sentences + 1
            if self._gathered[end - 1].ending is Ending.PARAGRAPH and chars >= _SHORT_CHARS:
                break
        requests, self._gathered = self._gathered[:count], self._gathered[count:]
        return requests, sentences > 1

    @property
    def _is_only_begun(self) -> bool:
        """Whether no gathered sentence is complete."""
        return all(request.ending.is_inside for request in self._gathered)

    def _end_of_sentence(self, start: int) -> int:
        """The index after the sentence that begins with this gathered request."""
        ends = (i for i in range(start, len(self._gathered)) if not self._gathered[i].ending.is_inside)
        return next(ends, len(self._gathered) - 1) + 1

    @property
    def _lead_s(self) -> float:
        """Seconds until the listener runs out of sound, as far as one can tell."""
        return max(self._lasts_until_s - asyncio.get_running_loop().time(), 0.0)

    def _note_handed_on(self, chunk: AudioChunk) -> None:
        now_s = asyncio.get_running_loop().time()
        length_s = len(chunk.pcm) / FRAME_BYTES / chunk.rate_hz / self._speed
        self._lasts_until_s = max(self._lasts_until_s, now_s) + length_s

    async def _stream_for(self, request: SpeechRequest) -> SynthesisStream:
        """The stream to send a request to, once one is free: the current one, or a new one.

        A new one is needed if the current one is over, too old, another voice's, or would make the listener wait.
        """
        self._speed = request.speed
        while (stream := self._streams[-1] if self._streams else None) and not stream.is_over:
            self._check_cancelled()
            if stream.is_closing:
                if sum(not one.is_over for one in self._streams) < _STREAMS:
                    break
            elif request.voice != self._voice or self._should_leave(stream) or self._would_starve(stream):
                stream.close()
                continue
            elif stream.proof.is_free:
                return stream
            self._news.clear()
            await self._news.wait()
        if stream and (failure := self._failures.get(stream)):
            raise failure  # the listener will reach it anyway; more text would be lost
        return await self._open(request.voice)

    async def _open(self, voice: Voice) -> SynthesisStream:
        """Open another stream."""
        self._check_cancelled()
        if (wait_s := self._opened_s + _OPEN_EVERY_S - asyncio.get_running_loop().time()) > 0:
            await asyncio.sleep(wait_s)
        made = await self._engine.open_synthesis(voice, self)
        if self._is_cancelled:
            made.cancel()
            self._check_cancelled()
        self._opened_s = asyncio.get_running_loop().time()
        self._voice = voice
        self._streams.append(made)
        return made

    def _check_cancelled(self) -> None:
        if self._is_cancelled:
            raise RemoteVoiceError(translate("reader", "This reading was stopped."), code="cancelled")

    def _would_starve(self, stream: SynthesisStream) -> bool:
        """Whether the listener would run out of sound before the next text is answered on this stream."""
        proof, delivery = stream.proof, stream.proof.delivery
        if proof.is_inside:
            return False
        if proof.is_free:
            is_long = proof.kept_s > _VERY_LONG_S and proof.doubt_s > 0
            return is_long or delivery.made_s(proof.doubt_s) > max(self._lead_s - delivery.answer_s, _OPENING_S)
        if proof.is_keeping:
            return False
        return delivery.next_sound_s(proof.missing_s) > self._lead_s + proof.missing_s / self._speed

    def _should_leave(self, stream: SynthesisStream) -> bool:
        age = stream.age_s / self._engine.limits.age_s
        if stream.proof.is_inside:
            return age > _LEAVE_AT_ANY
        if self._last_ending in _BREAKS:
            return age > _LEAVE_AT_PARAGRAPH
        return age > (_LEAVE_AT_SENTENCE if self._last_ending is Ending.SENTENCE else _LEAVE_AT_ANY)


def _spoken(request: SpeechRequest) -> str:
    """A request's text plus the separator before the next. A heading without a full stop gets one."""
    is_bare = request.ending in _BREAKS and request.text[-1].isalnum()
    return request.text + ("." if is_bare else "") + _BREAKS.get(request.ending, " ")
