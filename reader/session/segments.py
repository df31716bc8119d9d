"""Passes segments to the player: to a listener at once, to a file when they are whole.

A listener hears sound as it arrives; what breaks off is said again. A file must not hold anything twice, so what goes
into one waits until a voice has spoken it to its end.

Core thread only.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial

from reader.audio.player import Player
from reader.flow import AudioChunk, Ending, Segment
from reader.support import timeline
from reader.support.timeline import Stage

# For how long at most the first sound has the event loop to itself. It takes several turns of the loop until it is
# heard, and every turn spent cutting and spelling out what follows delays it.
_FIRST_SOUND_S = 0.1


class Outlet:
    """One for each reading."""

    def __init__(self, player: Player, *, ends_at_once: bool) -> None:
        """`ends_at_once`: no pause follows the last segment."""
        self._player = player
        self._ends_at_once = ends_at_once
        self._pause_due: Segment | None = None  # its pause follows once there is another segment
        self._waiting: list[Callable[[], None]] = []
        self._has_sound = asyncio.Event()

    def start_segment(self, segment: Segment, voice_id: str) -> None:
        """What is added from here on belongs to `segment`."""
        timeline.mark(Stage.SOUND, segment.utterance_id)
        if self._pause_due:
            self._do(partial(self._player.end_segment, self._pause_due))
            self._pause_due = None
        self._do(partial(self._player.start_segment, segment, voice_id))

    def add(self, chunk: AudioChunk) -> None:
        """Add sound."""
        self._do(partial(self._player.add, chunk))
        self._has_sound.set()

    async def let_sound_pass(self, *, first: bool) -> None:
        """Give other tasks a turn; with `first`, wait for the first sound, if it is not here and comes soon."""
        await asyncio.sleep(0)
        if not first:
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(_FIRST_SOUND_S):
                await self._has_sound.wait()
        self._has_sound.set()

    def end_segment(self, segment: Segment) -> None:
        """The segment's sound is complete."""
        if self._ends_at_once:
            self._pause_due = segment
            return
        self._do(partial(self._player.end_segment, segment))

    def pass_whole(self) -> None:
        """Pass on what waits: it has been spoken to its end."""
        waiting, self._waiting = self._waiting, []
        for do in waiting:
            do()

    def drop(self, segment: Segment) -> bool:
        """Drop a segment's sound, and what follows it. False if some is already on its way to the ear or the file."""
        is_waiting = bool(self._waiting)
        self._waiting.clear()
        return is_waiting or self._player.drop_segment(segment)

    def go_back(self, segments: list[Segment], *, is_begun: bool) -> None:
        """A segment, and what follows it, will be spoken again. `is_begun`: some of its sound has come.

        What is already waiting to be heard is not heard twice.
        """
        dropped = next((segment for segment in segments if self.drop(segment)), None)
        if is_begun and dropped is not segments[0] and self._player.device.is_live:
            # What broke off must not run into what follows, even within a sentence.
            self._player.end_segment(replace(segments[0], ending=Ending.SENTENCE))

    def _do(self, do: Callable[[], None]) -> None:
        if self._player.device.is_live:
            self.pass_whole()  # the output was a file until now
            do()
        else:
            self._waiting.append(do)
