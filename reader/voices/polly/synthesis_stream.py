"""One StartSpeechSynthesisStream: signed events out, sound in, within the service's limits.

A reading takes one stream, or several in succession if it lasts longer than the service allows.

Text is sent in passages. The next one is sent only when all sound of the current one seems to have arrived: it was
flushed, and then the service was silent for longer than it ever is while speaking, though it answered pings. proof.py
says what proves that a passage was spoken completely; for compressed sound, only StreamClosedEvent does.

Core thread only.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass

from reader.errors import ConnectionBrokenError, RemoteVoiceError, StreamCorruptError
from reader.flow import AudioChunk, SpeechRequest
from reader.http.h2_connection import Connection
from reader.http.h2_protocol import DataReceived, Event, ResponseStarted, StreamEnded, StreamFailed
from reader.http.suspend import SuspendDetector
from reader.support.i18n import QT_TRANSLATE_NOOP, translate
from reader.voices.polly.delivery import Delivery, billed_chars
from reader.voices.polly.events import (
    MAX_AGE_S,
    MAX_SILENCE_S,
    AudioEvent,
    ServiceException,
    SpeechEvents,
    SpeechParameters,
    StreamClosedEvent,
    close_event,
    text_event,
)
from reader.voices.polly.faults import fault_of, fault_of_response
from reader.voices.polly.proof import Proof
from reader.voices.polly.requests import Clock, Opening
from reader.voices.remote.decode import PCM, Decoders

log = logging.getLogger(__name__)

_MAX_ERROR_BYTES = 1 << 16
# Credit is returned in chunks of this size: a thirtieth of what the service may send ahead.
_CREDIT_BYTES = 1 << 15
# Error codes: the computer was asleep, or no sound came.
SLEPT, STALLED = "slept", "stalled"
# The share of its maximum age at which a stream that gets no more text is closed.
_LAST_OF_AGE = 0.9
# How long a stream that was told to end may keep its connection busy.
_END_LIMIT_S = 1.0
# The share of a limit at which a silent stream is closed: a healthy one then answers, and shows what was spoken.
_DOUBT = 0.5
# How often to check whether a ping was answered.
_LOOK_S = 0.01


@dataclass(frozen=True, slots=True)
class Limits:
    """In seconds. The service's limits are from its guide; the others say when Harken has waited long enough."""

    silence_s: float = MAX_SILENCE_S
    age_s: float = MAX_AGE_S
    answer_s: float = 4.0  # from the request and its first text to the headers of the answer
    first_sound_s: float = 10.0  # from a text to its first sound
    stall_s: float = 6.0  # between sounds, while more are due


class SynthesisStream:
    """One stream. `on_news` is called when there is something new to take, or room to send."""

    def __init__(
        self,
        connection: Connection,
        parameters: SpeechParameters,
        opening: Opening,
        clock: Clock,
        decoders: Decoders,
        limits: Limits,
        delivery: Delivery,
        on_news: Callable[[], None],
    ) -> None:
        """Sends the headers, which leave together with the first text."""
        self.connection = connection
        self.parameters = parameters
        self.proof = Proof(parameters.rate_hz, delivery)
        self.error: RemoteVoiceError | None = None
        self.is_over = False  # nothing more will come; `error` says whether something is missing
        self.is_closing = False
        self.is_cancelled = False
        self.is_answered = False
        self.has_sound = False
        self.sent_chars = 0
        self.billed_chars: int | None = None  # as the service reports at the end
        self._owed_bytes = 0  # credit for sound that arrived
        self._loop = asyncio.get_running_loop()
        self._signer = opening.signer
        self._clock = clock
        self._limits = limits
        self._on_news = on_news
        self._events = SpeechEvents()
        self._decoder = decoders.decoder(
            parameters.output_format, parameters.rate_hz, self._on_sound, self._on_sound_end
        )
        self._refusal: tuple[ResponseStarted, bytearray] | None = None
        self._opened_s = self._spoke_s = self._heard_s = self._loop.time()
        self._sounded_s = 0.0  # when sound was last decoded
        self._asked_s = 0.0  # when sound was last forced out, or the end asked for
        self._pinged_s = 0.0
        self._is_doubted = False
        self._is_told = False  # the service said that all sound was sent
        self._awake = SuspendDetector()
        self._stream_id = connection.request(opening.headers, self._on_event)
        self._timer = self._loop.call_later(self._tick_s, self._tick)
        self._silence_timer: asyncio.TimerHandle | None = None

    # ---- out ----

    @property
    def age_s(self) -> float:
        """Seconds since it was opened."""
        return self._loop.time() - self._opened_s

    @property
    def is_telling(self) -> bool:
        """Whether silence indicates that all sound has come. If not, only the end of the stream does."""
        # Compressed, the last moment of a passage (mp3), or seconds of it (Ogg), arrive only when more follows.
        return self.parameters.output_format == PCM

    def say(
        self,
        text: str,
        requests: list[SpeechRequest],
        *,
        is_forced: bool,
        is_ssml: bool = False,
        is_kept: bool = False,
    ) -> None:
        """Send the text of `requests`, which is joined to what was sent before. Wait for `proof.is_free` first.

        `is_forced`: speak it at once, even what may not be the end of a sentence. `is_kept`: its sound is passed on
        once all of it has arrived.
        """
        now_s = self._loop.time()
        self.proof.expect(requests, now_s, is_forced=is_forced, is_kept=is_kept)
        if is_forced:
            self._asked_s = now_s
        self.sent_chars += billed_chars(text, is_ssml)
        self._send(text_event(text, is_ssml=is_ssml, is_forced=is_forced))
        self._look_out()

    def close(self) -> None:
        """No more text. What was sent will be spoken to its end."""
        if not self.is_closing and not self.is_over:
            self.is_closing = True
            self._asked_s = self._loop.time()
            self._send(close_event())
            self.connection.send(self._stream_id, self._signer.finish(self._clock.now()), is_last=True)

    def cancel(self) -> None:
        """Reset the stream: nothing more is spoken or heard."""
        self.connection.reset(self._stream_id)
        self.is_cancelled = True
        self.proof.forget()
        self._end(None)

    def take(self, *, is_needed: bool) -> AudioChunk | None:
        """The next chunk to pass on, one request at a time, or None. See Proof."""
        return self.proof.take(is_needed=is_needed)

    def _send(self, event: bytes) -> None:
        if not self.is_over:
            self._spoke_s = self._loop.time()
            self.connection.send(self._stream_id, self._signer.sign(event, self._clock.now()))

    # ---- in ----

    def _on_event(self, event: Event) -> None:
        now_s = self._loop.time()
        self.proof.note_data(now_s, self._heard_s)
        self._heard_s = now_s
        self.is_answered |= isinstance(event, ResponseStarted)
        try:
            match event:
                case ResponseStarted(status=status) if status != 200:
                    self._refusal = (event, bytearray())
                case DataReceived():
                    self._on_data(event)
                case StreamEnded():
                    self._on_end()
                case StreamFailed():
                    raise ConnectionBrokenError(
                        translate("reader", _BROKEN), code=str(event.code or ""), detail=event.reason
                    )
        except RemoteVoiceError as error:
            self._fail(error)

    def _on_data(self, event: DataReceived) -> None:
        if self._refusal:
            body = self._refusal[1]
            body += event.data[: _MAX_ERROR_BYTES - len(body)]
            self.connection.acknowledge(self._stream_id, event.credit_bytes)
            return
        self._owed_bytes += event.credit_bytes
        self._events.feed(event.data)
        while not self.is_over and (found := self._events.take()):
            match found:
                case AudioEvent(data=data):
                    self.has_sound = True
                    self._decoder.feed(data)
                case StreamClosedEvent(request_chars=chars):
                    self.billed_chars = chars
                    self._is_told = True
                    self._decoder.finish()
                case ServiceException():
                    raise fault_of(found)
        # No more arrives than was asked for. The start of an event may be larger than the window.
        if not self.is_over and (self._owed_bytes >= _CREDIT_BYTES or self._events.is_within):
            self.connection.acknowledge(self._stream_id, self._owed_bytes)
            self._owed_bytes = 0

    def _on_end(self) -> None:
        if self._refusal:
            response, body = self._refusal
            raise fault_of_response(response.status, dict(response.headers), bytes(body), self._clock.now())
        self._events.finish()

    def _on_sound(self, pcm: bytes) -> None:
        self._sounded_s = self._loop.time()
        self.proof.hear(pcm, self._sounded_s)
        self._look_out()
        self._on_news()

    def _on_sound_end(self, error: StreamCorruptError | None) -> None:
        if error:
            self._fail(error)
            return
        self.proof.finish()
        self._end(None)

    # ---- silence ----

    def _look_out(self, after_s: float = _LOOK_S) -> None:
        """Check from time to time whether all sound of the current passage has come."""
        if self._silence_timer is None and not self.is_over and not self.is_closing:
            self._silence_timer = self._loop.call_later(after_s, self._on_silence)

    def _on_silence(self) -> None:
        self._silence_timer = None
        passage = self.proof.last
        if not passage or passage.has_all or not passage.is_ended or not passage.is_forced or passage.first_s is None:
            return  # the next thing sent or received starts another check
        limit_s = self.proof.silence_s(passage)
        now_s = self._loop.time()
        silent_s = now_s - max(self._heard_s, self._sounded_s)
        if not self.is_telling or self._events.is_within:
            self._look_out(limit_s)
        elif silent_s < limit_s / 2:
            self._look_out(limit_s / 2 - silent_s)
        elif self._pinged_s < self._heard_s:
            # A stalled network is silent too: once a ping is answered, everything that was on its way has arrived.
            self._pinged_s = now_s
            self.connection.ping()
            self._look_out(limit_s - silent_s)
        elif silent_s < limit_s or self.connection.silent_s > now_s - self._pinged_s:
            self._look_out(max(limit_s - silent_s, _LOOK_S))
        elif self.proof.note_silence():
            self._on_news()

    # ---- limits ----

    @property
    def _tick_s(self) -> float:
        return min(self._limits.silence_s / 5, self._limits.stall_s / 5)

    def _tick(self) -> None:
        now_s = self._loop.time()
        self._timer = self._loop.call_later(self._tick_s, self._tick)
        if self.age_s > self._limits.age_s * _LAST_OF_AGE:
            self.close()  # an orderly end: further text goes to another stream
        elif not self.is_closing and now_s - self._spoke_s >= self._limits.silence_s * 0.6:
            self._send(text_event(" "))
        if self._awake.has_slept():
            self._fail(ConnectionBrokenError(translate("reader", _BROKEN), code=SLEPT, detail="the computer slept"))
        elif self._is_silent(now_s):
            if not self.is_answered:
                self._fail(
                    ConnectionBrokenError(translate("reader", _UNANSWERED), code=STALLED, detail="no answer came")
                )
            elif self.is_closing:
                self._fail(ConnectionBrokenError(translate("reader", _SILENT), code=STALLED, detail="no sound came"))
            else:
                self._is_doubted = True
                self.close()

    def _is_silent(self, now_s: float) -> bool:
        """Whether something is overdue.

        Sound must come for what was forced out, but some texts make none. So the stream is asked for its end first,
        and every healthy service sends that. What the decoder has yet to make is not the service's silence.
        """
        if self._is_told:
            return False
        if not self.is_answered:
            return (bool(self.sent_chars) or self.is_closing) and now_s - self._opened_s > self._limits.answer_s
        passage = self.proof.last
        is_due = self.is_closing or (passage is not None and passage.is_forced and not passage.has_all)
        limit_s = self._limits.stall_s
        if passage and passage.first_s is None and not self.has_sound:
            limit_s = self._limits.first_sound_s
        if self._is_doubted or not self.is_closing:
            limit_s *= _DOUBT
        return is_due and now_s - max(self._asked_s, self._heard_s) > limit_s

    def _fail(self, error: RemoteVoiceError) -> None:
        if not self.is_over:
            self.connection.reset(self._stream_id)
            self._end(error)

    def _end(self, error: RemoteVoiceError | None) -> None:
        if self.is_over:
            return
        self.is_over = True
        self.error = error
        self._timer.cancel()
        if self._silence_timer:
            self._silence_timer.cancel()
        self._decoder.cancel()
        # The end of the answer may be late or missing; resetting the stream frees the connection.
        self._loop.call_later(_END_LIMIT_S, self.connection.reset, self._stream_id)
        self._on_news()


_BROKEN = QT_TRANSLATE_NOOP("reader", "The connection to Amazon Polly was lost.")
_SILENT = QT_TRANSLATE_NOOP("reader", "Amazon Polly has stopped answering.")
_UNANSWERED = QT_TRANSLATE_NOOP("reader", "The voice service did not answer in time.")
