"""Decides how a reading continues when its voice fails: with the same voice after a while, with another, or not at all.

The voice that was asked for is tried again before another one replaces it: while there is unheard sound the user
notices nothing, and after that for as long as a pause is better than a different voice.

Core thread only.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress

from reader import tasks
from reader.errors import RemoteVoiceError, VoiceError, VoiceMissingError
from reader.flow import Notice, Voice
from reader.session.context import ReadingContext
from reader.session.job import VoiceFailedError
from reader.session.preferences import Preferences
from reader.session.voice_choice import VoiceChoice
from reader.support.i18n import translate

log = logging.getLogger(__name__)

# A voice that backs off is waited for while enough sound is left for the user not to notice.
_SPARE_S = 2.0
# And this long in silence in total, until it has spoken again: a connection refused twice is back by then.
_PATIENCE_S = 3.0
# A file has no listener, so a short network outage is waited for.
_PATIENCE_FOR_FILE_S = 20.0


class Recovery:
    """One for each reading."""

    def __init__(self, utterance_id: int, preferences: Preferences, context: ReadingContext) -> None:
        self._utterance_id = utterance_id
        self._engines = context.engines
        self._player = context.player
        self._on_event = context.on_event
        self.may_fall_back = preferences.may_fall_back
        self._may_wait = preferences.may_wait and not preferences.is_strict
        self._keeps_voice = preferences.keeps_voice
        self._failed: frozenset[str] = frozenset()  # engines that are not asked again in this reading
        self._hungry_since_s: dict[str, float] = {}  # by engine: when it first kept the listener waiting
        self._told_of: set[str] = set()  # which engines failed, and how, as far as the user has been told

    @property
    def unavailable(self) -> frozenset[str]:
        """Engines that are being replaced by others for now."""
        if self._keeps_voice:
            return frozenset()  # the voice that was asked for is used, and may fail
        return self._failed | {name for name, engine in self._engines.items() if engine.is_backing_off}

    def note_progress(self, engine: str) -> None:
        """An engine has finished speaking something: earlier failures no longer count."""
        self._hungry_since_s.pop(engine, None)

    async def recover(self, failure: VoiceFailedError, voice_choice: VoiceChoice) -> None:
        """Wait until a voice may continue with the failed segment. Raises VoiceError if none can."""
        name, error = failure.engine, failure.error
        log.info("%s failed: %s", name, type(error).__name__)
        if not error.retry:
            self._failed |= {name}
        else:
            await self._wait_for(name, error)
        if name in self._failed or self._engines[name].is_backing_off:
            await self._change_voice(failure, voice_choice)

    def tell_broken(self, voice: Voice, stand_in: Voice | None) -> None:
        """Say that `voice` fails at part of this text, which `stand_in` said instead, or which is left out."""
        if stand_in:
            sentence = translate("reader", "{voice} can't say part of this text. {other} says that part.")
            sentence = sentence.format(voice=voice.name, other=stand_in.name)
        else:
            sentence = translate("reader", "{voice} can't say part of this text. That part is left out.")
            sentence = sentence.format(voice=voice.name)
        self._tell_once(f"{voice.engine} {bool(stand_in)}", sentence)

    async def _wait_for(self, name: str, error: VoiceError) -> None:
        """Wait for an engine that backs off, while enough sound is left and a little longer."""
        now_s = asyncio.get_running_loop().time
        is_live = self._player.device.is_live
        patience_s = _PATIENCE_S if is_live else _PATIENCE_FOR_FILE_S
        if self._player.ahead_s < _SPARE_S:
            self._hungry_since_s.setdefault(name, now_s())
        if isinstance(error, RemoteVoiceError) and error.retry_after_s > patience_s:
            return  # the service itself says that it needs longer
        if not self._engines[name].is_backing_off:
            return
        available = tasks.start(self._engines[name].wait_until_available(), "voice available")
        starving = tasks.start(self._player.wait_for_room(_SPARE_S, lambda: 0.0), "player starving")
        try:
            await asyncio.wait({available, starving}, return_when=asyncio.FIRST_COMPLETED)
            hungry_s = now_s() - self._hungry_since_s.get(name, now_s())
            if not available.done():
                self._hungry_since_s.setdefault(name, now_s())
                await asyncio.wait({available}, timeout=max(0.0, patience_s - hungry_s))
        finally:
            available.cancel()
            starving.cancel()

    async def _change_voice(self, failure: VoiceFailedError, voice_choice: VoiceChoice) -> None:
        """Have another voice go on, and say so once; or wait for the same one."""
        name, error = failure.engine, failure.error
        stand_in = None
        if not self._keeps_voice:
            with suppress(VoiceMissingError):
                stand_in = voice_choice.main_voice(failure.segment.language, self.unavailable)
        if stand_in:
            sentence = translate("reader", "{problem} {voice} continues.")
            self._tell_once(name, sentence.format(problem=error.sentence, voice=stand_in.name))
        elif error.retry and self._may_wait:
            sentence = translate("reader", "{problem} Reading will resume when it is back.")
            self._tell_once(name, sentence.format(problem=error.sentence))
            await self._engines[name].wait_until_available()
        else:
            raise error

    def _tell_once(self, what: str, sentence: str) -> None:
        """Report something only once, since a voice may come and go."""
        if what not in self._told_of:
            self._told_of.add(what)
            self._on_event(Notice(self._utterance_id, sentence))
