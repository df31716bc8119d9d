"""Makes the rest of the desktop follow a reading: media keys, the screen lock, and how loud other programs are.

It receives events and acts afterwards, so no word waits for a desktop service. Core thread only.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace

from reader.desktop.base import MediaControls, OthersVolume, Playing, ScreenLockInhibitor
from reader.flow import Event, SegmentStarted, SpeedChanged, State, StateChanged, VolumeChanged

# After a longer pause the user is doing something else, and the screen may lock.
PAUSE_S = 60.0
# How long the media keys are kept after Stop, so that Play resumes; then they control the music again.
STOPPED_S = 10.0
UNCHANGED = 100.0


@dataclass(frozen=True, slots=True)
class DesktopOptions:
    """What the user wants. `others_percent` is how loud other programs stay, UNCHANGED to leave them alone."""

    media_keys: bool = True
    keep_unlocked: bool = True
    others_percent: float = UNCHANGED


class ReadingFollower:
    def __init__(
        self,
        media: MediaControls,
        awake: ScreenLockInhibitor,
        others: OthersVolume,
        voice_name: Callable[[str], str],
        speed: float,
        volume: float = 1.0,
        *,
        pause_s: float = PAUSE_S,
        stopped_s: float = STOPPED_S,
    ) -> None:
        """`voice_name` maps a voice's id to its name. `pause_s` and `stopped_s` are shortened by tests only."""
        self.others = others
        self._media = media
        self._awake = awake
        self._voice_name = voice_name
        self._pause_s = pause_s
        self._stopped_s = stopped_s
        self._options = DesktopOptions()
        self._state = State.IDLE
        self._is_stopped = False  # recently, and can be resumed
        self._playing = Playing(0, False, "", speed, volume)
        self._pausing: asyncio.TimerHandle | None = None

    def apply(self, desktop_options: DesktopOptions) -> None:
        """The options from now on, also for the current reading."""
        self._options = desktop_options
        self._follow()

    def on_event(self, event: Event) -> None:
        """Receive an event as it is published."""
        match event:
            case StateChanged(state=State.PREPARING):
                return  # whether there is something to read isn't known yet; the previous reading is on hold
            case StateChanged():
                self._state, self._is_stopped = event.state, event.can_resume
            case SegmentStarted():
                self._playing = replace(
                    self._playing, utterance_id=event.utterance_id, voice=self._voice_name(event.voice_id)
                )
            case SpeedChanged():
                self._playing = replace(self._playing, speed=event.speed)
            case VolumeChanged():
                self._playing = replace(self._playing, volume=event.volume)
            case _:
                return
        self._follow()

    async def close(self) -> None:
        """Return everything to how it was."""
        self._stop_waiting()
        await asyncio.gather(self._media.close(), self._awake.close(), self.others.close())

    def _follow(self) -> None:
        self._stop_waiting()
        is_speaking, is_paused = self._state is State.SPEAKING, self._state is State.PAUSED
        self._playing = replace(self._playing, is_paused=is_paused, is_stopped=self._is_stopped)
        is_shown = self._options.media_keys and (is_speaking or is_paused or self._is_stopped)
        self._media.show(self._playing if is_shown else None)
        if is_speaking and self._options.keep_unlocked:
            self._awake.hold()
        elif is_paused and self._options.keep_unlocked:
            self._pausing = asyncio.get_running_loop().call_later(self._pause_s, self._awake.release)
        else:
            self._awake.release()
        if self._is_stopped:
            self._pausing = asyncio.get_running_loop().call_later(self._stopped_s, self._leave_keys)
        if is_speaking and self._options.others_percent < UNCHANGED:
            self.others.lower(self._options.others_percent)
        else:
            self.others.restore()

    def _leave_keys(self) -> None:
        """The user hasn't resumed, and is listening to something else."""
        self._is_stopped = False
        self._follow()

    def _stop_waiting(self) -> None:
        if self._pausing:
            self._pausing.cancel()
            self._pausing = None
