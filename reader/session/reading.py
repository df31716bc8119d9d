"""One utterance from text to sound: segments get a voice, are sent to it, and what comes back is played.

A producer cuts and sends slightly ahead of the speech, a consumer passes sound to the player in order.
Moving ends both and starts again at another segment, which takes as long as a first word does. What a
failed voice has not spoken goes to the next one.

Core thread only.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from reader import tasks
from reader.errors import NothingToReadError, VoiceError, VoiceMissingError
from reader.flow import CapturedText, Ending, Notice, Segment, SpeechRequest
from reader.session import omissions
from reader.session.context import ReadingContext
from reader.session.course import Course
from reader.session.current_text import CurrentText, LeftOutSoFar, TextArrived
from reader.session.intake import Intake
from reader.session.job import Job, Outcome, VoiceFailedError
from reader.session.preferences import ReadingOptions
from reader.session.recovery import Recovery
from reader.session.seeking import Move, Unit, WordAt
from reader.session.segments import Outlet
from reader.session.word_places import WordPlaces
from reader.text import around, loading
from reader.text.left_out import Tally
from reader.text.segment import Segmenter
from reader.text.ssml import Document
from reader.voices.base import Engine, SpeechStream

# How much unheard sound may wait: enough to bridge the restart of a voice.
AHEAD_S = 20.0
# Segments on their way between the producer and the consumer.
_SEGMENTS_AHEAD = 2
# When a source of text pauses for this long and the listener has less than that left, incomplete sentences
# are spoken as far as they go.
_PATIENCE_S = 0.4
_HUNGRY_S = 0.3


class Reading:
    """One utterance. Made for a text, or for one that is still arriving (`feed`, `close`)."""

    def __init__(
        self,
        utterance_id: int,
        captured: CapturedText,
        options: ReadingOptions,
        context: ReadingContext,
        begin_at: int = 0,
        segmenter: Segmenter | None = None,
    ) -> None:
        """Begins with the segment that has the character `begin_at`. `segmenter` has begun to cut the whole text."""
        self.utterance_id = utterance_id
        self.captured = captured
        self._options = options
        self._context = context
        self._engines = context.engines
        self._player = context.player
        self._outlet = Outlet(self._player, ends_at_once=options.ends_at_once)
        self._recovery = Recovery(utterance_id, options.preferences, context)
        self._languages = options.preferences.language, options.preferences.expected_language
        self._left_out = LeftOutSoFar(utterance_id, context.on_event if options.is_users else None)
        kind = Document if captured.is_ssml else Segmenter
        self._segmenter = self._left_out.follow(segmenter or kind(utterance_id, *self._languages))
        self._cut_from = 0  # where in the text the cutting began
        self.intake = Intake(captured, self._segmenter, self._tell_more, options.is_whole, is_fed=bool(segmenter))
        self.course = Course(begin_at)
        self._begun: Segment | None = None  # the segment whose sound is being carried to the player
        self._word_places = WordPlaces()
        self._streams: dict[str, SpeechStream] = {}
        self._last_engine: Engine | None = None  # the last one to be sent anything
        self._task: asyncio.Task[None] | None = None
        self._producer: asyncio.Task[None] | None = None

    # ---- for the controller ----

    @property
    def is_users(self) -> bool:
        """Whether the text is the user's, not Harken's own."""
        return self._options.is_users

    def start(self, on_failure: Callable[[Exception], None]) -> None:
        """Begin to speak at the current segment. `on_failure` is called if the reading can't continue."""
        self._player.begin(self.utterance_id, self._options.speed)
        self._outlet = Outlet(self._player, ends_at_once=self._options.ends_at_once)
        self._begun = None
        if self._task is None:
            self._tell_more(self.captured.text, 0)
        self._task = tasks.start(self._run(), f"reading {self.utterance_id}")
        self._task.add_done_callback(lambda task: _tell(task, on_failure))
        self._on_failure = on_failure
        self.intake.fetch(lambda sentence: self._context.on_event(Notice(self.utterance_id, sentence)))

    def stop(self) -> None:
        """Make no more sound. Silencing the player is up to the controller."""
        self.intake.stop()
        for task in (self._producer, self._task):  # the producer too, or it would go on sending until its owner ends
            if task:
                task.cancel()
        for stream in self._streams.values():
            stream.cancel()
        self._streams = {}

    def _tell_more(self, text: str, start_chars: int) -> None:
        if self.is_users:
            self._context.on_event(TextArrived(self.utterance_id, text, start_chars))

    def feed(self, text: str) -> None:
        """More text has arrived."""
        self.intake.feed(text)

    async def feed_in_time(self, text: str) -> None:
        """More text has arrived: take it once there is room for it."""
        await self.intake.wait_for_room()
        self.intake.feed(text)

    def close(self) -> None:
        """The text is complete."""
        self.intake.close()

    @property
    def whole_text(self) -> CapturedText:
        """Its text, as far as it has arrived: of an endless source, the beginning."""
        return self.intake.whole_text

    @property
    def text_so_far(self) -> CurrentText:
        """Its text, and how far it has been heard."""
        return CurrentText(self.utterance_id, self.whole_text.text, self.course.heard, self._left_out.pieces)

    @property
    def is_complete(self) -> bool:
        """Whether all of it has arrived."""
        return self.intake.is_closed

    @property
    def tally(self) -> Tally:
        """What has been left out so far."""
        return self._segmenter.tally

    def note_heard(self, segment: Segment) -> None:
        """Note that the player has begun this segment."""
        self.course.note_heard(segment, self._player.heard_s)

    def move(self, where: Move | WordAt) -> bool:
        """Move from the sentence being heard, or to a word. False if nothing is ahead and nothing more will come."""
        if isinstance(where, WordAt):
            if self._begin_at(where.chars):
                return True
            where = Move(Unit.SENTENCE, 0)
        wanted, may_be_there = self.course.find(where, self._player.heard_s, self._make)
        if wanted.number < 0 and self._begin_before(wanted.unit):
            return True
        is_over = self._task is None or self._task.done() or self._task.cancelling()
        if not may_be_there and not self._segmenter.is_busy and (self.intake.is_closed or not is_over):
            return not self.intake.is_closed  # what is still arriving is not given up
        self.stop()
        self.course.go(wanted)
        self.start(self._on_failure)
        return True

    def _begin_at(self, chars: int) -> bool:
        """Cut the text again from there, and speak that. False for markup, or if not all that arrived was kept."""
        if self.captured.is_ssml or not self.intake.is_kept:
            return False
        self.stop()
        self._cut_from = chars
        self._segmenter = self._left_out.follow(Segmenter(self.utterance_id, *self._languages, chars), chars)
        self.intake.begin_at(chars, self._segmenter)
        self.course.begin_at(chars)
        self.start(self._on_failure)
        return True

    def _begin_before(self, unit: Unit) -> bool:
        """Go to the sentence or paragraph before the first one cut. False if that is the first of the text."""
        if not self._cut_from:
            return False
        text = self.whole_text.text
        if unit is Unit.PARAGRAPH:
            return self._begin_at(around.paragraph_before(text, self._cut_from))
        return self._begin_at(around.sentence_before(text, self._cut_from, *self._languages))

    # ---- segments ----

    def _make(self, *, is_hungry: bool = False, by_words: bool = False) -> Segment | None:
        if not self._options.is_own_words:
            self._segmenter.choices = self._context.user_preferences().choices
        segment = self._segmenter.take(is_hungry=is_hungry, by_words=by_words)
        self._left_out.tell()
        self.intake.note_cut()
        if segment:
            self.course.made.append(segment)
        return segment

    async def _make_next(self) -> Segment | None:
        is_hungry = False
        while not (segment := self._make(is_hungry=is_hungry, by_words=self._takes_words)):
            if self._segmenter.is_busy:
                await asyncio.sleep(0)
                continue
            if self.intake.is_closed:
                break
            if is_hungry:
                await self._flush(is_urgent=True)
            is_hungry = False
            try:
                async with asyncio.timeout(_PATIENCE_S):
                    if not self.intake.arrived.is_set():
                        await self._flush(is_urgent=False)
                    await self.intake.arrived.wait()
                self.intake.arrived.clear()
            except TimeoutError:
                is_hungry = self._player.ahead_s < _HUNGRY_S
        return segment

    @property
    def _takes_words(self) -> bool:
        """Whether the voice wants words as they arrive."""
        return not self.intake.is_closed and self._last_engine is not None and self._last_engine.is_continuous

    async def _flush(self, *, is_urgent: bool) -> None:
        for stream in list(self._streams.values()):
            await stream.flush(is_urgent=is_urgent)

    # ---- speaking ----

    async def _run(self) -> None:
        """Speak to the end, with whichever voices can. Raises HarkenError if none can."""
        if not loading.is_loaded():
            await asyncio.to_thread(loading.load)
        self._voice_choice = await self._context.find_voice_choice(self.utterance_id, self._options.preferences)
        self._last_engine = self._engines.get(self._voice_choice.first_voice.engine)
        while True:
            try:
                await self._speak()
            except VoiceFailedError as failure:
                await self._recover(failure)
            else:
                break
        if not self.course.made:
            raise NothingToReadError(omissions.nothing_left(self.tally))
        self._outlet.pass_whole()  # for a text that ends within a sentence
        self._player.finish(with_cue=lambda: self.is_users and self._context.user_preferences().sounds_ends)

    async def _speak(self) -> None:
        """Speak to the end. Raises VoiceFailedError with the segment that was not spoken whole."""
        jobs: asyncio.Queue[Job | Exception | None] = asyncio.Queue()
        room = asyncio.Semaphore(_SEGMENTS_AHEAD)
        self._producer = producer = tasks.start(self._produce(jobs, room), f"segments {self.utterance_id}")
        try:
            while (job := await jobs.get()) is not None:
                if isinstance(job, Exception):
                    raise job
                await self._play(job)
                if not job.is_continuous:
                    room.release()
                await asyncio.sleep(0)
        finally:
            producer.cancel()
            await asyncio.gather(producer, return_exceptions=True)

    async def _produce(self, jobs: asyncio.Queue[Job | Exception | None], room: asyncio.Semaphore) -> None:
        """Cut, make requests and send them, just ahead of what is heard."""
        try:
            while segment := await self.course.next(self._make_next):
                if not any(stream.is_gathering for stream in self._streams.values()):
                    await self._player.wait_for_room(AHEAD_S, self._coming_s)
                await asyncio.sleep(0)  # cutting and spelling out take a turn of the loop each
                speed, without = self._player.current_speed, self._recovery.unavailable
                requests = await self._voice_choice.request(segment, speed, without)
                job = Job(segment, requests, all(self._engine(r).is_continuous for r in requests))
                if not job.is_continuous:
                    await room.acquire()
                for request in requests:
                    await self._send(request, segment)
                jobs.put_nowait(job)
                await self._outlet.let_sound_pass(first=not job.is_continuous)
            for stream in list(self._streams.values()):
                await stream.finish()
            jobs.put_nowait(None)
        except Exception as error:  # the consumer raises it
            jobs.put_nowait(error)

    async def _send(self, request: SpeechRequest, segment: Segment) -> None:
        self._last_engine = self._engine(request)
        try:
            await self._stream(request).send(request)
        except VoiceError as error:
            raise VoiceFailedError(request.voice.engine, segment, error) from error

    def _coming_s(self) -> float:
        """Seconds of speech that have been requested but are not here yet."""
        return sum(stream.ahead_s for stream in self._streams.values())

    def _engine(self, request: SpeechRequest) -> Engine:
        return self._engines[request.voice.engine]

    def _open_stream(self, engine: str) -> SpeechStream:
        return self._engines[engine].open_stream(self.utterance_id, is_live=self._player.device.is_live)

    def _stream(self, request: SpeechRequest) -> SpeechStream:
        """The stream of this utterance on the engine of a request."""
        name = request.voice.engine
        if name not in self._streams:
            made = self._context.prepared.take(request, self.captured, self._options.preferences)
            self._streams[name] = made or self._open_stream(name)
        return self._streams[name]

    async def _play(self, job: Job) -> None:
        """Carry the sound of a segment to the player."""
        for request in job.requests:
            outcome = await self._pass_on(self._stream(request), request, job.segment)
            if outcome is not Outcome.SAID and not self._engine(request).is_continuous:
                if outcome is Outcome.BROKEN and request is job.requests[0] and self._outlet.drop(job.segment):
                    self._begun = None  # nothing of it has been heard
                await self._stand_in(request, job.segment, is_broken=outcome is Outcome.BROKEN)
            if request is not job.requests[-1] and request.ending is not Ending.CUT:  # a sentence of a document
                self._outlet.end_segment(replace(job.segment, ending=request.ending))
        if not job.is_continuous:  # else the pause is in the sound
            self._outlet.end_segment(job.segment)
        if not job.is_continuous or not job.segment.ending.is_inside:
            self._outlet.pass_whole()

    async def _pass_on(self, stream: SpeechStream, request: SpeechRequest, segment: Segment) -> Outcome:
        """Carry the sound of one request to the player."""
        outcome = Outcome.SILENT
        try:
            async for chunk in stream:
                if chunk.pcm:
                    outcome = Outcome.SAID
                    self._begin(segment, request)
                self._outlet.add(self._word_places.found(chunk, request) if chunk.words else chunk)
                if chunk.is_broken:
                    return Outcome.BROKEN
                if chunk.is_last:
                    self._recovery.note_progress(request.voice.engine)
                    break
                await asyncio.sleep(0)  # chunks already here arrive without waiting
        except VoiceError as error:
            raise VoiceFailedError(request.voice.engine, segment, error) from error
        return outcome

    def _begin(self, segment: Segment, request: SpeechRequest) -> None:
        """The first sound of a segment is here."""
        if self._begun is not segment:
            self._begun = segment
            self._outlet.start_segment(segment, request.voice.id)

    async def _stand_in(self, request: SpeechRequest, segment: Segment, *, is_broken: bool) -> None:
        """Have another voice speak what this one was silent on, though it is speakable, or failed at."""
        without = self._recovery.unavailable | {request.voice.engine}
        others: list[SpeechRequest] = []
        if self._recovery.may_fall_back or not is_broken:
            with suppress(VoiceMissingError):  # it may be a symbol that no voice here can say
                rest = replace(segment, text=request.text, written=request.written)
                others = await self._voice_choice.request(rest, request.speed, without, is_said_so=True)
        is_said = bool(others)
        for other in others:
            stream = self._open_stream(other.voice.engine)
            self._streams["instead"] = stream  # so that it is stopped with the others
            await stream.send(other)
            await stream.finish()
            is_said &= await self._pass_on(stream, other, segment) is not Outcome.BROKEN
            del self._streams["instead"]
        if is_broken:
            self._recovery.tell_broken(request.voice, others[0].voice if is_said else None)

    async def _recover(self, failure: VoiceFailedError) -> None:
        """Go on from the segment that was not fully spoken: with the same voice if it can, else with another.

        Raises VoiceError if it can't continue.
        """
        for stream in self._streams.values():
            stream.cancel()
        self._streams = {}
        is_continuous = self._engines[failure.engine].is_continuous
        self._go_back_to(self.course.sentence_start(failure.segment) if is_continuous else failure.segment)
        await self._recovery.recover(failure, self._voice_choice)

    def _go_back_to(self, segment: Segment) -> None:
        """Speak a segment again."""
        again = self.course.go_back_to(segment)
        self._outlet.go_back(again, is_begun=self._begun is not None and self._begun.index >= segment.index)
        self._begun = None


def _tell(task: asyncio.Task[None], on_failure: Callable[[Exception], None]) -> None:
    """Pass on a task's failure."""
    if not task.cancelled() and isinstance(error := task.exception(), Exception):
        on_failure(error)
