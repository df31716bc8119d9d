"""Text that is sent to the service at once, and the sound that may belong to it.

A passage is one sentence, or several whose sound is held until all of it is known to have arrived. So at most one
sentence is heard before it is proven. Core thread only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from reader.flow import FRAME_BYTES, AudioChunk, SpeechRequest
from reader.voices.polly.alignment import Pause, places
from reader.voices.polly.delivery import spoken_chars

# Sound is passed on in pieces no longer than this.
_PIECE_S = 0.5


class Passage:
    """One passage. Positions are bytes of the stream's sound."""

    def __init__(self, start: int, anchor: int, before_chars: float, *, is_kept: bool) -> None:
        """`start` is how much sound had arrived when its text was sent: nothing before that belongs to it.

        Later sound may belong to an earlier passage, but after `anchor` only to `before_chars` characters of it.
        """
        self.start = start
        self.anchor = anchor
        self.before_chars = before_chars
        self.is_kept = is_kept
        self.shared_to = 0  # sound before this may belong to an earlier, finished passage
        self.requests: list[SpeechRequest] = []
        self.chars = 0.0
        self._forced = 0  # the number of requests forced out before the last ones
        self.is_forced = False  # the service speaks at once what was sent so far
        self.has_all = False  # no more of its sound is expected, as far as one can tell
        self.is_end_like = False  # and everything points to that
        self.first_s: float | None = None  # when its first sound arrived
        self.heard_s = 0.0  # when its last sound arrived
        self.heard_bytes = 0
        self._sound: list[bytes] = []  # not passed on yet
        self._handed_bytes = 0
        self._over = 0  # the number of requests passed on completely

    @property
    def is_ended(self) -> bool:
        """Whether its text ends with a sentence, so that the next text begins another."""
        return bool(self.requests) and not self.requests[-1].ending.is_inside

    @property
    def all_chars(self) -> float:
        """The characters of all sound from `anchor` to the passage's end."""
        return self.before_chars + self.chars

    @property
    def last_chars(self) -> float:
        """The characters of its last sentence, or of the part sent after a forced clause."""
        count = 1
        while len(self.requests) - count > self._forced and self.requests[-count - 1].ending.is_inside:
            count += 1
        return sum(spoken_chars(request.text, request.is_ssml) for request in self.requests[-count:])

    def expect(self, requests: Sequence[SpeechRequest], *, is_forced: bool) -> None:
        """Note that more of its text was sent."""
        self._forced = len(self.requests) if self.is_forced else self._forced
        self.requests += requests
        self.chars += sum(spoken_chars(request.text, request.is_ssml) for request in requests)
        self.is_forced = is_forced
        self.has_all = self.is_end_like = False

    def hear(self, pcm: bytes, now_s: float) -> None:
        """Add sound that may belong to it."""
        self.first_s = now_s if self.first_s is None else self.first_s
        self.heard_s = now_s
        self.has_all = self.is_end_like = False
        self.heard_bytes += len(pcm)
        self._sound.append(pcm)

    # ---- chunks ----

    def flow(self, rate_hz: int, seconds_per_char: float) -> Iterator[AudioChunk]:
        """The sound so far, before it is known whose it is. Never guesses where a sentence ends."""
        if self.is_kept or not self._sound:
            return
        yield from self._chunks(self._taken(), rate_hz)
        spoken = self._handed_bytes / FRAME_BYTES / rate_hz / seconds_per_char
        due = sum(spoken_chars(request.text) for request in self.requests[: self._over + 1])
        # Within a sentence, the estimate by characters is good enough.
        while self._over < len(self.requests) - 1 and spoken > due:
            yield self._last(rate_hz, is_joined=True)
            due += spoken_chars(self.requests[self._over].text)

    def whole(self, pauses: Sequence[Pause], rate_hz: int, *, is_joined: bool) -> Iterator[AudioChunk]:
        """The rest, now that all has arrived. `is_joined` if other sound follows."""
        from_bytes = self.start + self._handed_bytes
        pcm = self._taken()
        starts = self._starts(pauses, rate_hz) if pcm and self._over < len(self.requests) - 1 else []
        at = 0
        while self._over < len(self.requests):
            is_last = self._over == len(self.requests) - 1
            end = len(pcm) if is_last or not starts else max(starts[self._over] - from_bytes, at)
            yield from self._chunks(pcm[at:end], rate_hz)
            at = end
            yield self._last(rate_hz, is_joined=is_joined or not is_last)

    def _taken(self) -> bytes:
        """Take the sound that was not passed on yet."""
        pcm = b"".join(self._sound)
        self._sound.clear()
        return pcm

    def _starts(self, pauses: Sequence[Pause], rate_hz: int) -> list[int]:
        """The position where each request but the first begins."""
        numbers: list[int] = []
        for _ in self.requests:
            is_new = not numbers or not self.requests[len(numbers) - 1].ending.is_inside
            numbers.append((numbers[-1] if numbers else -1) + is_new)
        chars = [spoken_chars(request.text, request.is_ssml) for request in self.requests]
        sentences = [[i for i, _ in group] for _, group in groupby(enumerate(numbers), lambda pair: pair[1])]
        end = self.start + self.heard_bytes
        begins = places([sum(chars[i] for i in s) for s in sentences], pauses, self.start, end, rate_hz)
        starts: list[int] = []
        for sentence, begin, stop in zip(sentences, [self.start, *begins], [*begins, end], strict=True):
            total, before = sum(chars[i] for i in sentence), 0.0
            for i in sentence:
                starts.append(begin + round((stop - begin) * before / total) // FRAME_BYTES * FRAME_BYTES)
                before += chars[i]
        return starts[1:]

    def _chunks(self, pcm: bytes, rate_hz: int) -> Iterator[AudioChunk]:
        """Pass this sound on in pieces, as part of the current request."""
        request = self.requests[min(self._over, len(self.requests) - 1)]
        size = round(_PIECE_S * rate_hz) * FRAME_BYTES
        at = 0
        while at < len(pcm):
            shared_bytes = max(self.shared_to - self.start - self._handed_bytes, 0)
            piece = pcm[at : at + min(size, shared_bytes or size)]
            at += len(piece)
            self._handed_bytes += len(piece)
            yield AudioChunk(
                request.utterance_id, request.segment, rate_hz, piece, 1.0, is_joined=True, is_shared=shared_bytes > 0
            )

    def _last(self, rate_hz: int, *, is_joined: bool) -> AudioChunk:
        request = self.requests[self._over]
        self._over += 1
        return AudioChunk(request.utterance_id, request.segment, rate_hz, b"", 1.0, True, is_joined=is_joined)
