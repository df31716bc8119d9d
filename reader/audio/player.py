"""Keeps a device supplied just ahead of the ear, and knows what has been heard.

One utterance at a time. Frames are kept until they have been heard, so that after a pause of an hour, the loss of a
device or a restart of the sound server, reading continues at the same frame, in a new run of the device.

Core thread only. Nothing here waits for the device but `_reopen`, a separate task.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial

from reader import tasks
from reader.audio.base import DeviceEvent, Drained, Lost, OutputDevice, Progress
from reader.audio.cues import Cue, tone
from reader.audio.mixer import Mixer
from reader.audio.run import Run
from reader.audio.track import Mark, Track, to_pcm
from reader.audio.unheard import Passed, Unheard
from reader.errors import SoundError
from reader.flow import AudioChunk, Event, Notice, ReadingEnded, Segment, SegmentStarted
from reader.support import timeline
from reader.support.i18n import translate
from reader.support.timeline import Stage

log = logging.getLogger(__name__)

# How often to check how much sound is coming from the voices.
_LOOK_AGAIN_S = 0.1
# Delays before retrying to open the device, in seconds; the last one is repeated.
_RETRIES_S = (0.0, 0.1, 0.3, 1.0, 2.0)
# Tell the user after this many attempts: a sound server that restarts is back by then. If it hangs, each attempt takes
# long, so the first failure after this time is enough.
_RETRIES_IN_SILENCE = 3
_SILENCE_S = 5.0
# The cause in all notices: an output that comes and goes is a single problem, whatever is said about it.
_CAUSE = "sound"


class Player:
    """Plays one utterance at a time on one device."""

    def __init__(self, device: OutputDevice) -> None:
        self._device = device
        self._mixer = Mixer()
        # Gets SegmentStarted, WordStarted, SegmentHeard, ReadingEnded (once everything was heard) and Notice. Set by
        # the session.
        self.on_event: Callable[[Event], None] = lambda _: None
        self._room = asyncio.Event()
        self._reopening: asyncio.Task[None] | None = None
        self.speed = 1.0
        self._changing = asyncio.Lock()  # held while the device changes
        self._cut: asyncio.Future[int] | None = None  # the cut of the last pause
        self._forget()
        device.listen(self._on_device)

    def _forget(self) -> None:
        """Start afresh, without an utterance."""
        self._unheard = Unheard(self._device.rate_hz)
        self._track = Track(self._device.rate_hz, self.speed)
        self._is_paused = False
        self._goes_on = False  # continues in the loop's next turn to write what the device needs
        self._is_complete = False  # no more sound will be added
        self._run = Run.NONE
        self._cue_next: Cue | None = None  # to play when the run is cut, or over what is heard next
        self._has_end_cue: Callable[[], bool] = lambda: False

    # ---- what to say ----

    @property
    def utterance_id(self) -> int:
        """The utterance being played, 0 for none."""
        return self._unheard.utterance_id

    def begin(self, utterance_id: int, speed: float | None = None) -> None:
        """Begin an utterance; the old one falls silent at once. `speed` applies to this one only."""
        self.cut()
        timeline.mark(Stage.BEGUN, utterance_id)
        self._unheard.utterance_id = utterance_id
        self._track.speed = speed or self.speed

    def start_segment(self, segment: Segment, voice_id: str) -> None:
        """Whatever is added from here on belongs to `segment`."""
        self._track.mark(Mark(segment, voice_id))

    def add(self, chunk: AudioChunk) -> None:
        """Add sound. Late chunks of older utterances are dropped."""
        if chunk.utterance_id == self.utterance_id:
            self._track.add(chunk)
            self._pump()

    def drop_segment(self, segment: Segment) -> bool:
        """Forget a segment's sound and all that follows, unless some of it is on its way to the ear already."""
        return self._track.drop(segment)

    def end_segment(self, segment: Segment) -> None:
        """The segment's sound is complete: its pause follows."""
        self._track.pause(segment.ending)
        self._pump()

    def finish(self, *, with_cue: Callable[[], bool] = lambda: False) -> None:
        """Nothing more will be added. ReadingEnded follows once all was heard, and a tone if `with_cue` says so."""
        self._is_complete = True
        self._has_end_cue = with_cue
        self._pump()

    @property
    def current_speed(self) -> float:
        """The speed of the current utterance."""
        return self._track.speed

    @property
    def ahead_s(self) -> float:
        """Seconds of sound between the ear and the end of what was added."""
        return self._track.waiting_s + self._unheard.ahead_s

    @property
    def heard_s(self) -> float:
        """Seconds of the utterance that were heard, without pauses; from 0 again on another device."""
        return self._unheard.heard_s

    async def wait_for_room(self, ahead_s: float, coming_s: Callable[[], float]) -> None:
        """Wait until less than `ahead_s` seconds of sound are waiting, including what `coming_s` says is coming."""
        while self._track.waiting_s + coming_s() >= ahead_s:
            self._room.clear()
            with suppress(TimeoutError):  # `coming_s` changes without notice
                async with asyncio.timeout(_LOOK_AGAIN_S):
                    await self._room.wait()

    # ---- what to do ----

    def cut(self) -> None:
        """Fall silent at once, and forget the utterance."""
        if self.utterance_id and self._run is not Run.HEARD:
            timeline.mark(Stage.ENDED, self.utterance_id)
        if self._run.is_speech or self._run is Run.CUE:
            self._device.cut()
        self._forget()
        self._room.set()

    def pause(self, *, with_cue: bool = False) -> None:
        """Fall silent at once, and remember the place. With `with_cue` a tone follows."""
        self._is_paused = True
        self._cue_next = Cue.PAUSED if with_cue and self._device.is_live else None
        if self._run.is_speech:
            self._run = Run.CUTTING
            track = self._track
            self._cut = self._device.cut()
            self._cut.add_done_callback(lambda heard: self._on_cut(track, heard.result()))
        elif self._run is not Run.CUTTING:
            self._sound_cue()

    def _on_cut(self, track: Track, heard: int) -> None:
        """The run was cut after the frame `heard`; `track` was the current one then."""
        if track is self._track:
            self._run = Run.NONE
            self._tell(self._unheard.advance(heard, self._track.speed))
            self._unheard.rewind()
            self._meet_rate()
            if self._is_paused:
                self._sound_cue()
            self._pump()

    def _sound_cue(self) -> None:
        """Play the tone of a pause, in a separate run."""
        if self._cue_next and self._device.is_open and self._run is Run.NONE:
            self._run = Run.CUE
            self._mixer.begin()
            self._device.play()
            self._write_cue(self._cue_next)
            self._device.end()
        self._cue_next = None

    def resume(self, *, with_cue: bool = False) -> None:
        """Continue at the same place. With `with_cue` a tone is heard over the speech, so that no word waits for it."""
        self._is_paused = False
        self._cue_next = Cue.RESUMED if with_cue and self._device.is_live else None
        self._pump()

    def set_speed(self, speed: float) -> None:
        """Set the speed from now on; audible once the device's lead has passed."""
        self.speed = self._track.speed = speed
        self._unheard.note_speed_change()

    @property
    def device(self) -> OutputDevice:
        """The device it plays on."""
        return self._device

    @property
    def volume(self) -> float:
        """The volume, 0 to 1."""
        return self._mixer.volume

    def set_volume(self, volume: float) -> None:
        """Set the volume; audible once the device's lead has passed. A file is always at full volume."""
        self._mixer.volume = volume if self._device.is_live else 1.0

    def set_fade(self, fade: float) -> None:
        """Set the share of the volume to play at from now on, 0 to 1. A file is always at full volume."""
        self._mixer.fade = fade if self._device.is_live else 1.0

    async def open(self) -> None:
        """Open the device before it is needed. Raises SoundError."""
        await self._device.open()
        self._meet_rate()
        self._tell_of_missing()

    async def change_device(self, device: OutputDevice) -> None:
        """Continue on another device, at the same frame. Raises SoundError if that can't be opened; the old one stays.

        The old one plays until the new one is ready, so the only audible change is where the sound comes from.
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
            elif self._run is Run.CUTTING and self._cut:
                # What was heard is counted at the old rate: `_on_cut`, which comes first, then adapts to the new one.
                await self._cut
            else:
                if self._run is Run.CUE:  # it ends on the old device, whose events are now ignored
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
        """Fall silent, and release the device."""
        self.cut()
        if self._reopening:
            self._reopening.cancel()
            await asyncio.gather(self._reopening, return_exceptions=True)
        await self._device.close()

    # ---- ahead of the ear ----

    def _pump(self, *, is_next_turn: bool = False) -> None:
        """Write as much as the device needs, one block per turn of the loop."""
        self._goes_on = self._goes_on and not is_next_turn
        if self._is_paused or self._run is Run.CUTTING or self._reopening or not self.utterance_id or self._goes_on:
            return
        is_done = False
        while self._unheard.sent_ahead_s < self._device.lead_s:
            if is_done:
                self._goes_on = True
                asyncio.get_running_loop().call_soon(partial(self._pump, is_next_turn=True))
                return
            pcm = self._unheard.unsent() or self._take()
            if pcm is None:
                break
            if not pcm:
                continue
            if not self._begin_run():
                return  # no device: what was taken is kept until there is one
            self._device.write(self._mixer.mix(pcm, self._unheard.rate_hz))
            self._unheard.note_sent(pcm)
            is_done = True
        is_all_sent = self._is_complete and self._unheard.is_all_sent and self._track.is_empty
        if is_all_sent and self._run not in (Run.ENDING, Run.HEARD) and self._begin_run():
            self._run = Run.ENDING
            if self._has_end_cue() and not self._unheard.is_empty and self._device.is_live:
                self._write_cue(Cue.ENDED)
            self._device.end()

    def _write_cue(self, cue: Cue) -> None:
        rate_hz = self._unheard.rate_hz
        self._device.write(self._mixer.mix(to_pcm(tone(cue, rate_hz)), rate_hz))

    def _take(self) -> bytes | None:
        """New frames from the track, or None."""
        block = self._track.take()
        self._room.set()
        if block is None:
            return None
        self._unheard.keep(block)
        return block.pcm

    def _begin_run(self) -> bool:
        """Ensure there is a run to write to. False if there is no device, which is then being reopened."""
        if not self._run.is_speech:
            if not self._device.is_open:
                self._on_lost(is_inside=False)
                return False
            if self._run is Run.CUE:
                self._device.cut()
            self._run = Run.SPEECH
            over = tone(self._cue_next, self._unheard.rate_hz) if self._cue_next else None
            self._mixer.begin(over, is_inside=self._unheard.is_begun and self._device.is_live)
            self._cue_next = None
            self._unheard.begin_run()
            timeline.mark(Stage.PLAYED, self.utterance_id)
            self._device.play()
        return True

    # ---- what the device says ----

    def _on_device(self, event: DeviceEvent) -> None:
        if not self._run.is_speech:
            if self._run is Run.CUE and not isinstance(event, Progress):
                self._run = Run.NONE
            return
        match event:
            case Progress():
                self._unheard.note_taken(event.taken)
                self._tell(self._unheard.advance(event.heard, self._track.speed))
                self._pump()
            case Drained():
                self._run = Run.HEARD
                self._tell(self._unheard.finish(self._track.speed))
                timeline.mark(Stage.ENDED, self.utterance_id)
                self.on_event(ReadingEnded(self.utterance_id, is_whole=True))
            case Lost():
                self._run = Run.NONE
                self._unheard.rewind()
                self._on_lost(is_inside=True)

    def _tell(self, passed: Iterator[Passed]) -> None:
        """Report what was heard, until a listener cuts the utterance."""
        unheard = self._unheard
        for event in passed:
            if isinstance(event, SegmentStarted):
                timeline.mark(Stage.TOLD, event.utterance_id)
            self.on_event(event)
            if unheard is not self._unheard:
                break

    # ---- a device that is gone ----

    def _on_lost(self, *, is_inside: bool) -> None:
        """Continue once there is a device again. `is_inside`: the device was lost while something was playing."""
        if self._reopening is None:
            self._reopening = tasks.start(self._reopen(is_inside=is_inside), "reopen sound")

    async def _reopen(self, *, is_inside: bool) -> None:
        attempt, is_told = 0, False
        loop = asyncio.get_running_loop()
        now_s = loop.time
        long_at_s = now_s() + _SILENCE_S
        # A slow start is reported as such; nothing is blamed for it yet.
        slow = loop.call_at(long_at_s, self._tell_slow)
        try:
            while self.utterance_id:
                await asyncio.sleep(_RETRIES_S[min(attempt, len(_RETRIES_S) - 1)])
                try:
                    await self._device.open()
                except SoundError as error:
                    attempt += 1
                    if not is_told and (attempt >= _RETRIES_IN_SILENCE or now_s() >= long_at_s):
                        is_told = True
                        slow.cancel()
                        self.on_event(Notice(self.utterance_id, error.sentence, cause=_CAUSE))
                else:
                    break
        finally:  # whatever was raised, the next loss must be handled as well
            slow.cancel()
            self._reopening = None
        self._meet_rate()
        if (is_inside or is_told) and self._device.is_open and self.utterance_id:
            sentence = translate("reader", "The sound was lost but is back ({device}). Reading continues.").format(
                device=self._device.name
            )
            self.on_event(Notice(self.utterance_id, sentence, is_problem=False, cause=_CAUSE))
        self._pump()

    def _tell_slow(self) -> None:
        if self.utterance_id:
            sentence = translate("reader", "The sound is taking a while to start. Harken reads as soon as it is ready.")
            self.on_event(Notice(self.utterance_id, sentence, is_passing=True))  # any actual problem is reported later

    def _meet_rate(self) -> None:
        """The device may have come back as a different one, with another rate: convert what is kept to that."""
        rate_hz = self._device.rate_hz
        if rate_hz != self._unheard.rate_hz:
            self._unheard.keep(self._track.set_rate(rate_hz))
            self._unheard.change_rate(rate_hz)
