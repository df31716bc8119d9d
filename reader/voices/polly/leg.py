"""One StartSpeechSynthesisStream: signed events out, sound in, under the service's limits.

A reading takes one, or several one behind the other where it goes on for longer than the service allows. A leg knows
which requests it was given, finds out which of them its sound belongs to, and keeps that until somebody takes it.

Core thread only.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from reader.errors import ConnectionBrokenError, RemoteVoiceError, StreamCorruptError
from reader.flow import AudioChunk, Ending, SpeechRequest
from reader.net.awake import Awake
from reader.net.http2 import Connection
from reader.voices.polly.alignment import Alignment
from reader.voices.polly.decode import Decoders
from reader.voices.polly.service import Clock, Opening
from reader.wire.events import (
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
from reader.wire.faults import fault_of, fault_of_response
from reader.wire.http2 import DataReceived, Event, ResponseStarted, StreamEnded, StreamFailed
from reader.words import QT_TRANSLATE_NOOP, translate

log = logging.getLogger(__name__)

FRAME_BYTES = 2
# Sound is assigned to requests in pieces of so long.
_PIECE_S = 0.1
_MAX_ERROR_BYTES = 1 << 16
# Credit goes back in pieces of that size: a thirtieth of what the service may send ahead.
_CREDIT_BYTES = 1 << 15
# Codes of errors: the computer slept meanwhile, or no sound came.
SLEPT, STALLED = "slept", "stalled"
# Of its life, when a stream that nothing more is sent to is closed.
_LAST_OF_AGE = 0.9
# How long a stream whose end was told may keep its connection.
_END_LIMIT_S = 1.0


@dataclass(frozen=True, slots=True)
class Limits:
    """In seconds. Those of the service are its guide's; the others say when Harken has waited long enough."""

    silence_s: float = MAX_SILENCE_S
    age_s: float = MAX_AGE_S
    answer_s: float = 4.0  # from the request, with the first text, to the headers of its answer
    first_sound_s: float = 10.0  # from a text to its first sound
    stall_s: float = 6.0  # between sounds, while more are due


class Leg:
    """See the module. `on_news` is called when there is something new to take."""

    def __init__(
        self,
        connection: Connection,
        parameters: SpeechParameters,
        opening: Opening,
        clock: Clock,
        decoders: Decoders,
        limits: Limits,
        alignment: Alignment,
        on_news: Callable[[], None],
    ) -> None:
        """Sends the headers, which leave together with the first text."""
        self.connection = connection
        self.parameters = parameters
        self.alignment = alignment
        self._chunks: deque[AudioChunk] = deque()
        self._sound: list[bytes] = []  # of the request in hand, behind the chunks
        self._owed_bytes = 0  # credit for the sound that was not taken
        self.requests: list[SpeechRequest] = []
        self.error: RemoteVoiceError | None = None
        self.is_over = False  # nothing more comes; `error` says whether something is missing
        self.is_closing = False
        self.is_cancelled = False
        self.is_answered = False
        self.has_sound = False
        self.sent_chars = 0
        self.billed_chars: int | None = None  # as the service says at the end
        self._loop = asyncio.get_running_loop()
        self._signer = opening.signer
        self._clock = clock
        self._limits = limits
        self._on_news = on_news
        self._given = 0  # requests whose last chunk was made
        self._piece_bytes = round(_PIECE_S * parameters.rate_hz) * FRAME_BYTES
        self._events = SpeechEvents()
        self._decoder = decoders.decoder(
            parameters.output_format, parameters.rate_hz, self._on_sound, self._on_sound_end
        )
        self._refusal: tuple[ResponseStarted, bytearray] | None = None
        self._opened_s = self._spoke_s = self._heard_s = self._loop.time()
        self._awake = Awake()
        self._texted_s = 0.0  # when text went out that may not have been answered
        self._stream_id = connection.request(opening.headers, self._on_event)
        self._timer = self._loop.call_later(self._tick_s, self._tick)

    # ---- out ----

    @property
    def age_s(self) -> float:
        """Seconds since it was opened."""
        return self._loop.time() - self._opened_s

    def say(self, text: str, requests: list[SpeechRequest], *, is_forced: bool, is_ssml: bool = False) -> None:
        """Send the text of `requests`, which is joined to what was sent before.

        `is_forced`: it is spoken at once, also what may not be the end of a sentence.
        """
        if not self.alignment.is_much_missing:
            self._texted_s = self._loop.time()
        for request in requests:
            self.alignment.expect(
                _spoken_chars(request.text, request.is_ssml), is_end=request.ending not in (Ending.CUT, Ending.OPEN)
            )
        if is_forced:
            self.alignment.end_unit()
        self.requests += requests
        self.sent_chars += _spoken_chars(text, is_ssml)
        self._send(text_event(text, is_ssml=is_ssml, is_forced=is_forced))

    def close(self) -> None:
        """No more text. What was sent is spoken to its end."""
        if not self.is_closing and not self.is_over:
            self.is_closing = True
            self._send(close_event())
            self.connection.send(self._stream_id, self._signer.finish(self._clock.now()), is_last=True)

    def cancel(self) -> None:
        """Reset the stream: nothing more is spoken, and nothing more is heard."""
        self.connection.reset(self._stream_id)
        self.is_cancelled = True
        self._chunks.clear()
        self._sound.clear()
        self._end(None)

    def take(self) -> AudioChunk | None:
        """The sound that came since the last call, a request at a time. None when there is none."""
        if not self._chunks:
            self._bundle()
        if self._owed_bytes >= _CREDIT_BYTES:
            self._acknowledge()
        return self._chunks.popleft() if self._chunks else None

    def _acknowledge(self) -> None:
        """Let the service send as much again."""
        if not self.is_over:
            self.connection.acknowledge(self._stream_id, self._owed_bytes)
        self._owed_bytes = 0

    def _send(self, event: bytes) -> None:
        if not self.is_over:
            self._spoke_s = self._loop.time()
            self.connection.send(self._stream_id, self._signer.sign(event, self._clock.now()))

    # ---- in ----

    def _on_event(self, event: Event) -> None:
        self._heard_s = self._loop.time()
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
                    self._decoder.finish()
                case ServiceException():
                    raise fault_of(found)
        if not self._sound and not self._chunks:
            self._acknowledge()  # nobody will take the start of an event, which may be larger than the window

    def _on_end(self) -> None:
        if self._refusal:
            response, body = self._refusal
            raise fault_of_response(response.status, dict(response.headers), bytes(body), self._clock.now())
        self._events.finish()

    def _on_sound(self, pcm: bytes) -> None:
        """Frames for whichever requests they belong to."""
        size = self._piece_bytes
        pieces = [pcm] if len(pcm) <= size else [pcm[start : start + size] for start in range(0, len(pcm), size)]
        for piece in pieces:
            self.alignment.hear(piece)
            if self.alignment.done > self._given:
                self._give(self.alignment.done, is_joined=True)
            self._sound.append(piece)
        self._on_news()

    def _on_sound_end(self, error: StreamCorruptError | None) -> None:
        if error:
            self._fail(error)
            return
        self._give(len(self.requests), is_joined=False)
        self._end(None)

    def _give(self, done: int, *, is_joined: bool) -> None:
        """Say of the requests up to `done` that they were spoken."""
        self._bundle()
        while self._given < done:
            request = self.requests[self._given]
            self._given += 1
            is_seam = is_joined or self._given < done
            chunk = AudioChunk(
                request.utterance_id, request.segment, self.parameters.rate_hz, b"", 1.0, True, is_joined=is_seam
            )
            self._chunks.append(chunk)

    def _bundle(self) -> None:
        """Make one chunk of the sound that came for the request in hand."""
        if self._sound:
            request = self.requests[min(self._given, len(self.requests) - 1)]
            pcm = b"".join(self._sound)
            self._sound.clear()
            self._chunks.append(
                AudioChunk(request.utterance_id, request.segment, self.parameters.rate_hz, pcm, 1.0, is_joined=True)
            )

    # ---- limits ----

    @property
    def _tick_s(self) -> float:
        return min(self._limits.silence_s / 5, self._limits.stall_s / 3)

    def _tick(self) -> None:
        now_s = self._loop.time()
        self._timer = self._loop.call_later(self._tick_s, self._tick)
        if self.age_s > self._limits.age_s * _LAST_OF_AGE:
            self.close()  # in peace: what comes next goes to another one
        elif not self.is_closing and now_s - self._spoke_s >= self._limits.silence_s * 0.6:
            self._send(text_event(" "))
        if self._awake.has_slept(self._tick_s):
            self._fail(ConnectionBrokenError(translate("reader", _BROKEN), code=SLEPT, detail="the computer slept"))
        elif self._is_stalled(now_s):
            self._fail(
                ConnectionBrokenError(
                    translate("reader", _SILENT) if self.is_answered else translate("reader", _UNANSWERED),
                    code=STALLED,
                    detail="no sound came",
                )
            )

    def _is_stalled(self, now_s: float) -> bool:
        """Whether an answer or sound is due and does not come."""
        if not self.is_answered:
            return (bool(self.sent_chars) or self.is_closing) and now_s - self._opened_s > self._limits.answer_s
        limit_s = self._limits.stall_s if self.has_sound else self._limits.first_sound_s
        since_s = max(self._texted_s, self._heard_s if self.has_sound else self._opened_s)
        # Sentences differ in their pace: of what little seems to be missing, nothing may be.
        is_due = self.is_closing or self.alignment.is_much_missing
        return is_due and now_s - since_s > limit_s

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
        self._decoder.cancel()
        # The end of the answer may be late or missing; the connection is free again then.
        self._loop.call_later(_END_LIMIT_S, self.connection.reset, self._stream_id)
        self._on_news()


def _spoken_chars(text: str, is_ssml: bool) -> int:
    """What is spoken and billed: not the markup."""
    return len((_TAG.sub("", text) if is_ssml else text).strip())


_TAG = re.compile("<[^>]*>")
_BROKEN = QT_TRANSLATE_NOOP("reader", "The connection to Amazon Polly broke.")
_SILENT = QT_TRANSLATE_NOOP("reader", "Amazon Polly has stopped answering.")
_UNANSWERED = QT_TRANSLATE_NOOP("reader", "The voice service did not answer in time.")
