"""Harken's side of a voice process: keeps one warm, and replaces it when it dies.

The process may crash, be killed or hang. What it had not finished is then given to a new process. Sound that had
already arrived is not repeated: for the same text the neural voice makes exactly the same sound, and eSpeak the same
within some 5 ms. A text that ends one process after another is deadly: it is reported as broken, the session finds
another way to say it, and the voice continues after it. (Some three in a thousand odd texts end eSpeak in one language
or another; in Vietnamese a lone ^ does.) How often processes end does not matter as long as they speak in between. If
they only end or hang, what was waiting is given up with a VoiceError, and the session turns to another voice.

Core thread only.
"""

from __future__ import annotations

import asyncio
import collections
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from reader import tasks
from reader.errors import VoiceError, VoiceMissingError
from reader.flow import FRAME_BYTES, AudioChunk, Ending, SpeechRequest, Voice, WordMark
from reader.support import timeline
from reader.support.i18n import translate
from reader.voices.local.stream import LocalStream
from reader.workers.child import Child
from reader.workers.frames import Frame, FrameKind
from reader.workers.worker import Worker

log = logging.getLogger(__name__)

# A process that is not ready by then never will be. A cold disk takes a few seconds; next to twenty busy programs on
# two cores 30 s was too short, and the user was advised to reinstall Harken.
START_LIMIT_S = 120.0
# A process that has produced nothing for a request for this long is hanging (the longest segment takes 0.1 s).
ANSWER_LIMIT_S = 10.0
# A process that ends this often before it is ready can't run here.
STARTS = 8
# A text that ended this many processes is not retried: two may well have been killed from outside. Ending a process
# because it hung counts as two, because each hang costs ANSWER_LIMIT_S of silence.
DEATHS_OF_A_TEXT = 3
# After this many deaths, or this many hangs of ANSWER_LIMIT_S, with nothing said in between, the texts aren't to blame.
DEATHS = 12
HANGS = 4


@dataclass(slots=True)
class _Job:
    """A request on its way through the process."""

    tag: int
    request: SpeechRequest
    stream: LocalStream
    speed: float
    received_bytes: int = 0  # of sound passed on to the stream
    skip_bytes: int = 0  # of sound that a new process will make again
    deaths: int = 0  # of processes while working on it
    rate_hz: int = 0  # of its sound, if the process says so
    received_words: int = 0
    skip_words: int = 0  # likewise
    # Words whose sound has not arrived yet, counted from the request's first frame.
    words: collections.deque[WordMark] = field(default_factory=collections.deque)


class LocalEngine:
    """A voice in its own process. Implements Engine and Sleeping."""

    is_continuous = False
    is_backing_off = False

    def __init__(
        self,
        name: str,
        speeds: tuple[float, float],
        worker: Worker,
        find: Callable[[], Sequence[Voice]],
    ) -> None:
        """`worker` is its process; `find` lists its voices, and may block and raise OSError or RuntimeError."""
        self.name = name
        self.speeds = speeds
        self._worker = worker
        self._find = find
        self._voices: Sequence[Voice] = ()
        self._child: Child | None = None
        self._starting: asyncio.Task[None] | None = None
        self._ready: asyncio.Future[None] | None = None
        self._is_open = False  # ready, and has received what was waiting
        self._why_broken = ""
        self._has_ended = False  # before becoming ready
        self._was_ready = False
        self._rate_hz = 0
        self._jobs: dict[int, _Job] = {}  # in the order they were sent
        self._endings: dict[int, list[LocalStream]] = collections.defaultdict(list)
        self._last_tag = 0
        self._deaths = self._hangs = 0  # since it last said something
        self._is_hanging = False  # and is being ended because of that
        self._is_unwanted = False  # likewise: another is to take its place
        self._watchdog: asyncio.TimerHandle | None = None

    # ---- Engine ----

    async def start(self) -> None:
        if self._starting is None or _has_failed(self._starting):
            self._restart()  # even after a failed start: the disk may have been busy
        assert self._starting is not None
        await asyncio.shield(self._starting)

    async def look(self) -> None:
        if not self._voices:
            try:
                self._voices = await asyncio.to_thread(self._find)
            except (OSError, RuntimeError) as error:
                log.error("%s: %s", self.name, error)

    def voices(self) -> Sequence[Voice]:
        return self._voices

    async def wait_until_available(self) -> None:
        pass

    def open_stream(self, utterance_id: int, *, is_live: bool = True) -> LocalStream:
        return LocalStream(self)

    async def close(self) -> None:
        if self._watchdog:
            self._watchdog.cancel()
        if self._starting:
            self._starting.cancel()
            await asyncio.gather(self._starting, return_exceptions=True)
        if self._child:
            await self._child.close()

    # ---- for streams ----

    def submit(self, request: SpeechRequest, stream: LocalStream) -> None:
        """Send a request to the process, which may still be starting."""
        timeline.mark(timeline.Stage.ASKED, request.utterance_id)
        self._last_tag += 1
        speed = min(max(request.speed, self.speeds[0]), self.speeds[1])
        job = _Job(self._last_tag, request, stream, speed)
        self._jobs[job.tag] = job
        if self._is_open:
            self._send(job)
        elif self._starting is None or self._starting.done():
            self._restart()

    def finish(self, stream: LocalStream) -> None:
        """End a stream after its last request."""
        if tags := self._tags_of(stream):
            self._endings[tags[-1]].append(stream)
        else:
            stream.chunks.put_nowait(None)

    def cancel(self, stream: LocalStream) -> None:
        """Drop a stream's requests, including the one being worked on."""
        self._tell(stream, "cancel")
        for tag in self._tags_of(stream):
            del self._jobs[tag]
            self._endings.pop(tag, None)
        self._watch()

    def go(self, stream: LocalStream) -> None:
        """Complete a stream's requests, which were held."""
        self._tell(stream, "go")
        self._watch()

    def _tell(self, stream: LocalStream, what: str) -> None:
        for tag in self._tags_of(stream):
            if self._child and self._is_open:
                self._child.send(tag, {"do": what})

    def _tags_of(self, stream: LocalStream) -> list[int]:
        return [tag for tag, job in self._jobs.items() if job.stream is stream]

    # ---- the process ----

    def _restart(self) -> None:
        self._starting = tasks.start(self._start(), f"start {self.name}")
        self._starting.add_done_callback(_retrieve)

    async def _start(self) -> None:
        """Start the process and send it what is waiting. Raises VoiceMissingError."""
        for _ in range(STARTS):
            self._ready = asyncio.get_running_loop().create_future()
            self._why_broken = ""
            self._has_ended = False
            try:
                self._child = await Child.start(self._worker, self._receive, self._on_end)
                found = self._voices or await asyncio.to_thread(self._find)
                async with asyncio.timeout(START_LIMIT_S):
                    await self._ready
            except Exception as error:  # whatever `find` raises, or the streams would wait forever
                if not isinstance(error, OSError | RuntimeError):
                    log.exception("%s does not start", self.name)
                raise self._missing(
                    translate("reader", "The voice “{voice}” does not start. Reinstall Harken.")
                ) from error
            if not self._has_ended:
                break
            log.info("%s ended while it was starting", self.name)
        if self._why_broken or self._has_ended:
            log.error("%s: %s", self.name, self._why_broken or "ends before it is ready")
            raise self._missing(
                translate("reader", "The voice “{voice}” can't be used on this computer. Reinstall Harken.")
            )
        self._voices = found
        self._is_open = self._was_ready = True
        for job in self._jobs.values():
            self._send(job)

    def _missing(self, sentence: str) -> VoiceMissingError:
        """The engine can't be used: fail everything that waits for it. Returns the error for `start` to raise."""
        if not self._was_ready:
            self._voices = ()
        sentence = sentence.format(voice=self.name)
        self._give_up(sentence, VoiceMissingError)
        return VoiceMissingError(sentence)

    def _send(self, job: _Job) -> None:
        assert self._child is not None
        job.skip_bytes, job.skip_words = job.received_bytes, job.received_words
        voice = job.request.voice.id.partition("/")[2]
        text = job.request.text
        if job.request.ending in (Ending.CUT, Ending.OPEN) and text[-1].isalnum():
            text += ","  # so that the voice does not sound as if the sentence ended
        message = {"do": "speak", "text": text, "voice": voice, "speed": job.speed, "pitch": job.request.pitch}
        self._child.send(job.tag, message | {"is_held": job.stream.is_held})
        self._watch()

    def _receive(self, frame: Frame) -> None:
        """Handle a message from the process."""
        job = self._jobs.get(frame.tag)
        if frame.kind is FrameKind.BYTES:
            if job:
                self._hear(job, frame.body)
            return
        message = frame.json()
        match message["is"]:
            case "ready":
                self._rate_hz = message["rate_hz"]
                self._set_ready()
            case "broken":
                self._why_broken = message["why"]
                self._set_ready()
            case "done":
                self._deaths = self._hangs = 0
        if job:
            self._receive_of(job, message)

    def _receive_of(self, job: _Job, message: Mapping[str, Any]) -> None:
        match message["is"]:
            case "rate":
                job.rate_hz = message["rate_hz"]
            case "words":
                self._note_words(job, message["words"])
            case "done":
                self._end(job)
            case "failed":
                log.warning("%s could not say something: %s", self.name, message["why"])
                self._end(job, is_broken=True)

    def _set_ready(self) -> None:
        if self._ready is not None and not self._ready.done():
            self._ready.set_result(None)

    def _hear(self, job: _Job, pcm: bytes) -> None:
        """Take sound for a request, skipping what was passed on before the process was replaced."""
        if job.skip_bytes:
            skipped = min(job.skip_bytes, len(pcm))
            job.skip_bytes -= skipped
            pcm = pcm[skipped:]
        if pcm:
            self._pass_on(job, pcm)
        self._watch()

    def _note_words(self, job: _Job, words: Sequence[Sequence[int]]) -> None:
        """Note when words of a request begin: for each, its frame, and where it begins and ends in the text."""
        skipped = min(job.skip_words, len(words))
        job.skip_words -= skipped
        job.received_words += len(words) - skipped
        job.words.extend(WordMark(*map(int, word)) for word in words[skipped:])
        if job.words and job.words[0].frame * FRAME_BYTES < job.received_bytes:
            self._pass_on(job, b"")  # the sound of these words is on its way

    def _pass_on(self, job: _Job, pcm: bytes) -> None:
        """Pass sound on, with the words that have begun."""
        request, before = job.request, job.received_bytes // FRAME_BYTES
        job.received_bytes += len(pcm)
        words = []
        while job.words and job.words[0].frame * FRAME_BYTES < job.received_bytes:
            word = job.words.popleft()
            words.append(replace(word, frame=word.frame - before))
        chunk = AudioChunk(
            request.utterance_id, request.segment, self._rate_of(job), pcm, job.speed, words=tuple(words)
        )
        job.stream.chunks.put_nowait(chunk)

    def _rate_of(self, job: _Job) -> int:
        return job.rate_hz or self._rate_hz

    def _end(self, job: _Job, *, is_broken: bool = False) -> None:
        """Finish a request."""
        del self._jobs[job.tag]
        request = job.request
        last = AudioChunk(
            request.utterance_id, request.segment, self._rate_of(job), b"", job.speed, True, is_broken=is_broken
        )
        job.stream.chunks.put_nowait(last)
        for stream in self._endings.pop(job.tag, []):
            stream.chunks.put_nowait(None)
        self._watch()

    def _watch(self) -> None:
        """Expect an answer within the limit while any request is not held; otherwise expect nothing."""
        if self._watchdog:
            self._watchdog.cancel()
            self._watchdog = None
        is_awaited = any(not job.stream.is_held for job in self._jobs.values())
        if is_awaited and self._child and self._is_open:
            self._watchdog = asyncio.get_running_loop().call_later(ANSWER_LIMIT_S, self._end_hanging)

    def _end_hanging(self) -> None:
        if self._child:
            self._is_hanging = True
            self._hangs += 1
            self._child.kill()

    def _replace(self) -> None:
        """Start a new process, which takes over the unfinished requests."""
        if self._child:
            self._is_unwanted = True
            self._child.kill()

    def _on_end(self) -> None:
        """The process is gone."""
        was_open, self._is_open = self._is_open, False
        was_wanted, self._is_unwanted = not self._is_unwanted, False
        was_hanging, self._is_hanging = self._is_hanging, False
        self._child = None
        self._watch()
        if not was_open:
            self._has_ended = True
            self._set_ready()
            return
        if not was_wanted:
            self._restart()
            return
        self._deaths += 1
        if self._deaths == DEATHS or self._hangs == HANGS:
            self._deaths = self._hangs = 0
            self._give_up(translate("reader", "The voice “{voice}” keeps failing.").format(voice=self.name), VoiceError)
            return
        if current := next(iter(self._jobs.values()), None):
            current.deaths += 2 if was_hanging else 1
            if current.deaths >= DEATHS_OF_A_TEXT:
                self._end(current, is_broken=True)
        log.warning("%s ended, starting it again", self.name)
        self._restart()

    def _give_up(self, sentence: str, kind: type[VoiceError]) -> None:
        """Tell every stream that its requests will not be spoken."""
        streams = {id(job.stream): job.stream for job in self._jobs.values()}
        self._jobs.clear()
        self._endings.clear()
        for stream in streams.values():
            stream.chunks.put_nowait(kind(sentence))
        if self._child:
            self._child.kill()


def _retrieve(task: asyncio.Task[None]) -> None:
    """Mark a failed start as seen: the streams have been told."""
    if not task.cancelled():
        task.exception()


def _has_failed(task: asyncio.Task[None]) -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)
