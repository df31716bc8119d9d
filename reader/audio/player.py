"""Keeps a device just ahead of the ear, and knows what has been heard.

One utterance at a time. Frames stay here until they have been heard, so that a pause of an hour, a device
that vanishes or a sound server that restarts goes on at the very frame, on a new run of the device.

Core thread only. Nothing here waits for the device but `_reopen`, a task of its own.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from reader import tasks
from reader.audio.base import DeviceEvent, Drained, Lost, OutputDevice, Progress
from reader.audio.cues import Cue, tone
from reader.audio.mixer import Mixer
from reader.audio.run import Run
from reader.audio.track import FRAME_BYTES, Mark, Track, resampled, to_pcm
from reader.errors import SoundError
from reader.flow import AudioChunk, Event, Notice, ReadingEnded, Segment, SegmentHeard, SegmentStarted
from reader.support.i18n import translate

log = logging.getLogger(__name__)

# How often it is looked what is coming from the voices.
_LOOK_AGAIN_S = 0.1
# How long to wait before the device is tried again, in seconds; the last one over and over.
_RETRIES_S = (0.0, 0.1, 0.3, 1.0, 2.0)
# After so many the user is told: a sound server that restarts is back by then.
_RETRIES_IN_SILENCE = 3
# Of the notices: an output that goes and comes is one trouble, whatever is said of it.
_CAUSE = "sound"


class Player:
    """Plays one utterance at a time on one device."""

    def __init__(self, device: OutputDevice) -> None:
        self._device = device
        self._mixer = Mixer()
        # Gets SegmentStarted, SegmentHeard, ReadingEnded (when all was heard) and Notice. The session sets it.
        self.on_event: Callable[[Event], None] = lambda _: None
        self._room = asyncio.Event()
        self._reopening: asyncio.Task[None] | None = None
        self.utterance_id = 0
        self.speed = 1.0
        self._changing = asyncio.Lock()  # the device
        self._forget()
        device.listen(self._on_device)

    def _forget(self) -> None:
        """Begin with an empty page."""
        self._rate_hz = self._device.rate_hz
        self._track = Track(self._rate_hz, self.speed)
        self._is_paused = False
        self._goes_on = False  # in the loop's next turn, with what the device wants
        self._is_complete = False  # no more sound will be added
        self._run = Run.NONE
        self._cue_next: Cue | None = None  # to be played when the run is cut, or over what is heard next
        self._has_end_cue: Callable[[], bool] = lambda: False
        # Positions count the utterance's frames at the device's rate.
        self._kept: deque[bytes] = deque()  # taken from the track and not yet heard
        self._heard = 0  # up to where it was heard: where the first kept frame stands
        self._end = 0  # behind the last kept frame
        self._sent = 0  # up to where it was written to the device
        self._run_from = 0  # where the device's run began
        self._taken = 0  # up to where the device took it
        self._marks: deque[tuple[int, Mark]] = deque()  # segments that have not begun to be heard
        self._at_ear: tuple[int, Mark] | None = None  # the segment that is heard, and where it began
        self._speed_at_ear = 0.0  # its speed, 0 when that was changed on the way
        self._old_speed_to = 0  # frames before this were made at an older speed

    # ---- what to say ----

    def begin(self, utterance_id: int, speed: float | None = None) -> None:
        """A new utterance; the old one is silent at once. `speed` is for this one only."""
        self.cut()
        self.utterance_id = utterance_id
        self._track.speed = speed or self.speed

    def start_segment(self, segment: Segment, voice_id: str) -> None:
        """What is added from here on belongs to `segment`."""
        self._track.mark(Mark(segment, voice_id))

    def add(self, chunk: AudioChunk) -> None:
        """Add sound. Late chunks of older utterances are dropped."""
        if chunk.utterance_id == self.utterance_id:
            self._track.add(chunk)
            self._pump()

    def drop_segment(self, segment: Segment) -> bool:
        """Forget a segment's sound, and what follows it, if none of it was on its way to the ear yet."""
        return self._track.drop(segment)

    def end_segment(self, segment: Segment) -> None:
        """The segment's sound is complete: its pause follows."""
        self._track.pause(segment.ending)
        self._pump()

    def finish(self, *, with_cue: Callable[[], bool] = lambda: False) -> None:
        """Nothing more will be added. ReadingEnded follows when all was heard, and a tone if `with_cue` says so."""
        self._is_complete = True
        self._has_end_cue = with_cue
        self._pump()

    @property
    def speed_in_hand(self) -> float:
        """The speed of the utterance in hand."""
        return self._track.speed

    @property
    def ahead_s(self) -> float:
        """Seconds of sound between the ear and the end of what was added."""
        return self._track.waiting_s + (self._end - self._heard) / self._rate_hz

    async def wait_for_room(self, ahead_s: float, coming_s: Callable[[], float]) -> None:
        """Wait until less than `ahead_s` seconds of sound are waiting, or coming as `coming_s` says."""
        while self._track.waiting_s + coming_s() >= ahead_s:
            self._room.clear()
            with suppress(TimeoutError):  # what is coming changes without a word
                async with asyncio.timeout(_LOOK_AGAIN_S):
                    await self._room.wait()

    # ---- what to do ----

    def cut(self) -> None:
        """Silence, at once, and forget the utterance."""
        if self._run.is_speech or self._run is Run.CUE:
            self._device.cut()
        self.utterance_id = 0
        self._forget()
        self._room.set()

    def pause(self, *, with_cue: bool = False) -> None:
        """Silence, at once, and keep the place. With `with_cue` a tone follows."""
        self._is_paused = True
        self._cue_next = Cue.PAUSED if with_cue and self._device.is_live else None
        if self._run.is_speech:
            self._run = Run.CUTTING
            track = self._track
            self._device.cut().add_done_callback(lambda heard: self._on_cut(track, heard.result()))
        elif self._run is not Run.CUTTING:
            self._sound_cue()

    def _on_cut(self, track: Track, heard: int) -> None:
        """The run was cut behind the frame `heard`; `track` was in hand then."""
        if track is self._track:
            self._run = Run.NONE
            self._advance(self._run_from + heard)
            self._rewind()
            self._meet_rate()
            if self._is_paused:
                self._sound_cue()
            self._pump()

    def _sound_cue(self) -> None:
        """Play the tone of a pause, in a run of its own."""
        if self._cue_next and self._device.is_open and self._run is Run.NONE:
            self._run = Run.CUE
            self._mixer.begin()
            self._device.play()
            self._device.write(self._mixer.mix(to_pcm(tone(self._cue_next, self._rate_hz)), self._rate_hz))
            self._device.end()
        self._cue_next = None

    def resume(self, *, with_cue: bool = False) -> None:
        """Go on at the place. With `with_cue` a tone is heard over the speech, so that no word waits for it."""
        self._is_paused = False
        self._cue_next = Cue.RESUMED if with_cue and self._device.is_live else None
        self._pump()

    def set_speed(self, speed: float) -> None:
        """The speed from now on; heard as soon as the device's lead has passed."""
        self.speed = self._track.speed = speed
        self._speed_at_ear = 0.0
        self._old_speed_to = self._end

    @property
    def device(self) -> OutputDevice:
        """What it plays on."""
        return self._device

    @property
    def volume(self) -> float:
        """How loud, 0 to 1."""
        return self._mixer.volume

    def set_volume(self, volume: float) -> None:
        """The volume from now on; heard as soon as the device's lead has passed. A file is always at full volume."""
        self._mixer.volume = volume if self._device.is_live else 1.0

    async def open(self) -> None:
        """Have the device ready before it is needed. Raises SoundError."""
        await self._device.open()
        self._meet_rate()
        self._tell_of_missing()

    async def change_device(self, device: OutputDevice) -> None:
        """Go on with another device, at the very frame. Raises SoundError when it can't be opened; the old one stays.

        The old one plays until the new one is ready, so all that is heard of the change is its being elsewhere.
        """
        async with self._changing:
            await device.open()
            old, self._device = self._device, device
            old.listen(lambda event: None)
            device.listen(self._on_device)
            if self._run.is_speech:
                self._run = Run.CUTTING
                track = self._track
                self._on_cut(track, await old.cut())
            else:
                if self._run is Run.CUE:  # it ends on the old one, which is not listened to any more
                    self._run = Run.NONE
                self._meet_rate()
            self._tell_of_missing()
            self._pump()
            await old.close()

    def _tell_of_missing(self) -> None:
        if missing := self._device.missing:
            sentence = translate(
                "reader", "The sound output “{missing}” is not available. Harken uses {used} instead."
            ).format(missing=missing, used=self._device.name)
            self.on_event(Notice(0, sentence, cause=_CAUSE))

    async def close(self) -> None:
        """Silence, and let go of the device."""
        self.cut()
        if self._reopening:
            self._reopening.cancel()
            await asyncio.gather(self._reopening, return_exceptions=True)
        await self._device.close()

    # ---- ahead of the ear ----

    def _pump(self, *, is_next_turn: bool = False) -> None:
        """Write as much as the device wants ahead, a block in each turn of the loop."""
        self._goes_on = self._goes_on and not is_next_turn
        if self._is_paused or self._run is Run.CUTTING or self._reopening or not self.utterance_id or self._goes_on:
            return
        is_done = False
        while self._sent - self._taken < self._device.lead_s * self._rate_hz:
            if is_done:
                self._goes_on = True
                asyncio.get_running_loop().call_soon(partial(self._pump, is_next_turn=True))
                return
            pcm = self._unsent() or self._take()
            if pcm is None:
                break
            if not pcm:
                continue
            if not self._begin_run():
                return  # there is no device: what was taken is kept, and goes on when there is one
            self._device.write(self._mixer.mix(pcm, self._rate_hz))
            self._sent += len(pcm) // FRAME_BYTES
            is_done = True
        is_all_sent = self._is_complete and self._sent == self._end and self._track.is_empty
        if is_all_sent and self._run not in (Run.ENDING, Run.HEARD) and self._begin_run():
            self._run = Run.ENDING
            if self._has_end_cue() and self._end and self._device.is_live:
                self._device.write(self._mixer.mix(to_pcm(tone(Cue.ENDED, self._rate_hz)), self._rate_hz))
            self._device.end()

    def _unsent(self) -> bytes:
        """What was kept from a run that was cut, and has to be written again."""
        return b"".join(self._kept)[(self._sent - self._heard) * FRAME_BYTES :] if self._sent < self._end else b""

    def _take(self) -> bytes | None:
        """New frames from the track; None when there are none."""
        block = self._track.take()
        self._room.set()
        if block is None:
            return None
        if block.mark:
            self._marks.append((self._end, block.mark))
        if block.pcm:
            self._kept.append(block.pcm)
            self._end += block.frames
        return block.pcm

    def _begin_run(self) -> bool:
        """Have a run to write to. False when there is no device: that is being seen to."""
        if not self._run.is_speech:
            if not self._device.is_open:
                self._on_lost()
                return False
            if self._run is Run.CUE:
                self._device.cut()
            self._run = Run.SPEECH
            over = tone(self._cue_next, self._rate_hz) if self._cue_next else None
            self._mixer.begin(over, is_inside=self._sent > 0 and self._device.is_live)
            self._cue_next = None
            self._run_from = self._taken = self._sent
            self._device.play()
        return True

    def _rewind(self) -> None:
        """The run is gone: what was not heard has to be written again."""
        self._sent = self._taken = self._heard

    # ---- what the device says ----

    def _on_device(self, event: DeviceEvent) -> None:
        if not self._run.is_speech:
            if self._run is Run.CUE and not isinstance(event, Progress):
                self._run = Run.NONE
            return
        match event:
            case Progress():
                self._taken = self._run_from + event.taken
                self._advance(self._run_from + event.heard)
                self._pump()
            case Drained():
                self._run = Run.HEARD
                self._advance(self._end)
                self._end_of_segment(self._end)
                self._at_ear = None
                self.on_event(ReadingEnded(self.utterance_id, is_whole=True))
            case Lost():
                self._run = Run.NONE
                self._rewind()
                self._on_lost()

    def _advance(self, heard: int) -> None:
        """Everything before `heard` has been heard: forget it, and tell which segments have begun."""
        while self._kept and heard > self._heard:
            pcm = self._kept.popleft()
            frames = min(len(pcm) // FRAME_BYTES, heard - self._heard)
            self._heard += frames
            if rest := pcm[frames * FRAME_BYTES :]:
                self._kept.appendleft(rest)
        while self._marks and self._marks[0][0] < self._heard:
            at, mark = self._marks.popleft()
            self._end_of_segment(at)
            self._speed_at_ear = self._track.speed if at >= self._old_speed_to else 0.0
            self._at_ear = at, mark
            self.on_event(SegmentStarted(self.utterance_id, mark.segment, mark.voice_id))

    def _end_of_segment(self, end: int) -> None:
        """Tell that the segment at the ear was heard, up to the frame `end`."""
        if self._at_ear:
            start, mark = self._at_ear
            duration_s = (end - start) / self._rate_hz
            self.on_event(SegmentHeard(self.utterance_id, mark.segment, mark.voice_id, duration_s, self._speed_at_ear))

    # ---- a device that is gone ----

    def _on_lost(self) -> None:
        """Go on where it was, as soon as there is a device again."""
        if self._reopening is None:
            self._reopening = tasks.start(self._reopen(), "reopen sound")

    async def _reopen(self) -> None:
        attempt = 0
        try:
            while self.utterance_id:
                await asyncio.sleep(_RETRIES_S[min(attempt, len(_RETRIES_S) - 1)])
                try:
                    await self._device.open()
                except SoundError as error:
                    attempt += 1
                    if attempt == _RETRIES_IN_SILENCE:
                        self.on_event(Notice(self.utterance_id, error.sentence, cause=_CAUSE))
                else:
                    break
        finally:  # whatever it met, the next loss is gone after as well
            self._reopening = None
        self._meet_rate()
        if self._end and self._device.is_open:  # something had been said when it went
            sentence = translate("reader", "The sound was lost but is back ({device}). Reading continues.").format(
                device=self._device.name
            )
            self.on_event(Notice(self.utterance_id, sentence, is_problem=False, cause=_CAUSE))
        self._pump()

    def _meet_rate(self) -> None:
        """The device may have come back as another one, with another rate: bring what is kept to it."""
        old, self._rate_hz = self._rate_hz, self._device.rate_hz
        if old == self._rate_hz:
            return
        ratio = self._rate_hz / old
        pcm = resampled(b"".join(self._kept), old, self._rate_hz)
        self._marks = deque((round((at - self._heard) * ratio), mark) for at, mark in self._marks)
        if self._at_ear:
            at, mark = self._at_ear
            self._at_ear = round((at - self._heard) * ratio), mark
        self._kept = deque([pcm] if pcm else [])
        self._heard, self._end = 0, len(pcm) // FRAME_BYTES
        self._old_speed_to = self._end
        self._track.set_rate(self._rate_hz)
        self._rewind()
