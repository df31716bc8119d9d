"""Speed and volume: their steps, their limits, and how they are announced. Core thread only."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from reader.audio.player import Player
from reader.flow import (
    MAX_SPEED,
    MIN_SPEED,
    Command,
    Event,
    Notice,
    SpeedChanged,
    VolumeChanged,
    words_a_minute,
)
from reader.support.i18n import translate

# One press of "faster" or "slower", of "louder" or "quieter" (2 dB): a step that is just noticeable.
_SPEED_STEP = 1.1
_VOLUME_STEP = 1.25
_MIN_VOLUME, _MAX_VOLUME = 0.05, 1.0
_FACTORS = {
    Command.FASTER: _SPEED_STEP, Command.SLOWER: 1 / _SPEED_STEP,
    Command.LOUDER: _VOLUME_STEP, Command.QUIETER: 1 / _VOLUME_STEP,
}  # fmt: skip
COMMANDS = frozenset(_FACTORS)
# While a key is held at a limit, the limit is shown no more often than this.
_LIMIT_SHOWN_S = 3.0


class Rate:
    def __init__(self, player: Player, on_event: Callable[[Event], None], say: Callable[[str], bool]) -> None:
        """`say` speaks a sentence in Harken's own voice, or returns False if this is not the moment."""
        self._player = player
        self._on_event = on_event
        self._say = say
        self._limit_shown_s = -_LIMIT_SHOWN_S

    def step(self, command: Command) -> None:
        """Act on a key, a menu entry or a command line that asks for a little more or less."""
        factor = _FACTORS[command]
        if command in (Command.FASTER, Command.SLOWER):
            self.set_speed(self._player.current_speed * factor, is_step=True)
        else:
            self.set_volume(self._player.volume * factor)
            if limit := self._volume_limit():
                self._show_limit(limit, is_spoken=self._say(limit))

    def set_speed(self, speed: float, *, is_step: bool = False) -> None:
        """Set the speed, also of what is being spoken, and announce it; after a step also if it goes no further."""
        if math.isnan(speed):  # from a program's calculation; it can't be brought within the limits
            return
        self._player.set_speed(round(min(max(speed, MIN_SPEED), MAX_SPEED), 2))
        self._on_event(SpeedChanged(self._player.utterance_id, self._player.speed))
        sentence = translate("reader", "%n words a minute", None, words_a_minute(self._player.speed))
        limit = self._speed_limit() if is_step else ""
        is_spoken = self._say(f"{sentence}. {limit}" if limit else sentence)
        if limit:
            self._show_limit(limit, is_spoken=is_spoken)

    def set_volume(self, volume: float) -> None:
        """Set the volume, 0.05 to 1, in whole hundredths."""
        if math.isnan(volume):
            return
        self._player.set_volume(round(min(max(volume, _MIN_VOLUME), _MAX_VOLUME), 2))
        self._on_event(VolumeChanged(self._player.utterance_id, self._player.volume))

    def _speed_limit(self) -> str:
        if self._player.speed == MAX_SPEED:
            return translate("reader", "This is the fastest.")
        return translate("reader", "This is the slowest.") if self._player.speed == MIN_SPEED else ""

    def _volume_limit(self) -> str:
        if self._player.volume == _MAX_VOLUME:
            return translate("reader", "This is the loudest.")
        return translate("reader", "This is the quietest.") if self._player.volume == _MIN_VOLUME else ""

    def _show_limit(self, limit: str, *, is_spoken: bool) -> None:
        now_s = time.monotonic()
        if now_s - self._limit_shown_s >= _LIMIT_SHOWN_S:
            self._limit_shown_s = now_s
            self._on_event(Notice(0, limit, is_problem=False, is_answer=True, is_spoken=is_spoken))
