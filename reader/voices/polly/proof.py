"""Decides which texts sent on a stream were spoken completely, and whose sound is passed on.

Silence means that nothing arrives although the service answers pings (synthesis_stream.py). It suggests that all sound
of a passage has arrived, so the next one is sent; but a service may also think or stall in mid-sentence, and then the
rest of the first passage arrives where the next one is expected. So silence is no proof. These are:

- The end of the stream: everything was spoken.
- Sound that arrives after the next passage was sent, once there is more of it than the first passage can account for.
  No sound that precedes a text belongs to it, and the service speaks in order.
- The same sound, after a silence that looks like an end: as much sound had arrived as the passage takes on average, and
  it ended in a pause, from a voice that pauses there. As this is only likely, it is accepted only if the listener would
  otherwise have to wait.

Silence with nothing after it is never proof: a dead stream sounds the same.

Until a passage is proven, the sound of the next one is held back, so at most one sentence is heard without proof. Even
if it was spoken completely, the rest of its sound may be at the start of what arrived for the next passage. If that
sound is held back, the sentence is not over until that passage is proven too; if the stream breaks off before then, it
is said again.

Pure; core thread only.
"""

from __future__ import annotations

from collections import deque
from itertools import pairwise

from reader.flow import FRAME_BYTES, AudioChunk, SpeechRequest
from reader.voices.polly.alignment import Pauses
from reader.voices.polly.delivery import Delivery
from reader.voices.polly.passage import Passage


class Proof:
    """The proof of one stream: call `expect` as texts are sent, and `hear` as sound arrives."""

    def __init__(self, rate_hz: int, delivery: Delivery) -> None:
        self.delivery = delivery
        self.has_proven = False  # some of the text was spoken completely
        self._rate_hz = rate_hz
        self._passages: deque[Passage] = deque()  # not proven yet
        self._anchor = 0  # the last position where everything pointed to an end
        self._anchored_chars = 0.0  # characters sent since
        self._chunks: deque[AudioChunk] = deque()
        self._unsaid_end: AudioChunk | None = None  # of a passage whose rest may be held back with the next
        self._shared_to = 0  # the latest position at which that rest can end
        self._pauses = Pauses(rate_hz)
        self._heard_bytes = 0
        self._asked_s = 0.0  # when sound was last forced out

    @property
    def last(self) -> Passage | None:
        """The passage sent last, unless it is proven."""
        return self._passages[-1] if self._passages else None

    @property
    def is_inside(self) -> bool:
        """Whether a sentence was begun whose end has not been sent."""
        return bool(self._passages) and not self._passages[-1].is_ended

    @property
    def is_free(self) -> bool:
        """Whether text may be sent: to continue a sentence, or as a new passage because all sound has come."""
        return not self._passages or self.is_inside or self._passages[-1].has_all

    @property
    def missing_s(self) -> float:
        """Seconds of sound still to come for what was sent, as far as one can tell."""
        return sum(self._missing_s(passage) for passage in self._passages)

    @property
    def is_keeping(self) -> bool:
        """Whether any sound is held back, or will be, until it is proven."""
        return any(passage.is_kept for passage in self._passages)

    @property
    def is_waiting(self) -> bool:
        """Whether a passage's sound is held back until an earlier passage is proven."""
        return len(self._passages) > 1

    @property
    def is_stuck(self) -> bool:
        """Whether it is waiting, and all sound of what was sent has come."""
        return self.is_waiting and self._passages[-1].has_all

    @property
    def doubt_s(self) -> float:
        """Seconds of the next passage's sound that it takes to prove what was sent."""
        last = self.last
        if last is None or last.is_end_like:
            return 0.0
        return max(self._latest_end(last) - self._heard_bytes, 0) / FRAME_BYTES / self._rate_hz

    @property
    def is_forced(self) -> bool:
        """Whether nothing that was sent is waiting at the service for more text."""
        return not self._passages or self._passages[-1].is_forced

    @property
    def kept_s(self) -> float:
        """Seconds of sound that have arrived and are held back until they are proven."""
        return sum(self._seconds(p.heard_bytes) for i, p in enumerate(self._passages) if i or p.is_kept)

    # ---- events ----

    def expect(self, requests: list[SpeechRequest], now_s: float, *, is_forced: bool, is_kept: bool) -> None:
        """Note that the text of `requests` was sent, or only an order to speak what was sent before."""
        if requests and not self.is_inside:
            if not self._passages or self._passages[-1].is_end_like:
                self._anchor, self._anchored_chars = self._heard_bytes, 0.0
            self._passages.append(Passage(self._heard_bytes, self._anchor, self._anchored_chars, is_kept=is_kept))
        if self._passages:
            self._passages[-1].expect(requests, is_forced=is_forced)
            self._anchored_chars = self._passages[-1].all_chars
        if is_forced:
            self._asked_s = now_s

    def note_data(self, now_s: float, before_s: float) -> None:
        """Note that something arrived, and that the previous arrival was at `before_s`."""
        last = self.last
        if last and last.first_s is not None and last.is_forced and self._asked_s <= before_s:
            self.delivery.note_gap(now_s - before_s)

    def hear(self, pcm: bytes, now_s: float) -> None:
        """Add sound of the passage sent last, or of an earlier one."""
        self._heard_bytes += len(pcm)
        self._pauses.hear(pcm)
        if not self._passages:
            return  # beyond the end of all that was sent
        last = self._passages[-1]
        is_second = len(self._passages) > 1
        if is_second and last.first_s is None and last.is_forced:
            self.delivery.note_answer(now_s - self._asked_s)
        last.hear(pcm, now_s)
        self._settle(is_needed=False)

    def finish(self) -> None:
        """The service says that everything was spoken."""
        while self._passages:
            self._prove(is_exact=True)

    def take(self, *, is_needed: bool) -> AudioChunk | None:
        """The next chunk to pass on, or None: what is proven, and of a single sentence also what is not.

        `is_needed`: the listener has nothing else to hear.
        """
        self._settle(is_needed=is_needed)
        if not self._chunks and self._passages:
            self._chunks += self._passages[0].flow(self._rate_hz, self.delivery.seconds_per_char)
        return self._chunks.popleft() if self._chunks else None

    def forget(self) -> None:
        """The sound is no longer wanted."""
        self._chunks.clear()
        self._passages.clear()
        self._unsaid_end = None

    def silence_s(self, passage: Passage) -> float:
        """The length of silence after which all sound of a passage has come."""
        sound_s = self._seconds(passage.heard_bytes)
        return self.delivery.silence_s(passage.chars, sound_s, ends_in_pause=self._pauses.is_in_pause)

    def note_silence(self) -> bool:
        """Note that it was silent for as long as `silence_s` says. False if that proves nothing."""
        last = self.last
        if last is None:
            return False
        sound_s = self._seconds(self._heard_bytes - last.anchor)
        last.has_all = True
        is_paused = self.delivery.pauses and self._pauses.is_in_pause
        last.is_end_like = is_paused and self.delivery.is_enough(last.all_chars, last.last_chars, sound_s)
        self.delivery.note_end(ends_in_pause=self._pauses.is_in_pause)
        return True

    # ---- internals ----

    def _settle(self, *, is_needed: bool) -> None:
        for _ in range(self._over(is_needed=is_needed)):
            following = self._passages[1]
            if self._unsaid_end and following.is_kept and following.start < self._shared_to:
                break  # the second passage may have been sent too early as well
            self._prove(is_exact=False)

    def _over(self, *, is_needed: bool) -> int:
        """How many of the passages were spoken completely."""
        count = 0
        for number, (passage, following) in enumerate(pairwise(self._passages), start=1):
            if self._heard_bytes == following.start:
                break
            if (is_needed and passage.is_end_like) or self._heard_bytes >= self._latest_end(passage):
                count = number
        return count

    def _latest_end(self, passage: Passage) -> int:
        """The latest position at which its sound can end."""
        longest_s = self.delivery.longest_s(passage.all_chars)
        return passage.anchor + round(longest_s * self._rate_hz) * FRAME_BYTES

    def _prove(self, *, is_exact: bool) -> None:
        """The first passage was spoken completely. Unless `is_exact`, the next ones may have some of its sound."""
        passage = self._passages.popleft()
        if self._unsaid_end:
            self._chunks.append(self._unsaid_end)
            self._unsaid_end = None
        self._chunks += passage.whole(self._pauses.found, self._rate_hz, is_joined=bool(self._passages))
        following = self._passages[0] if self._passages else None
        latest = self._latest_end(passage)
        if following and not is_exact and following.start < latest:
            following.shared_to = self._shared_to = latest
            if following.is_kept:
                self._unsaid_end = self._chunks.pop()
        self._pauses.forget(passage.start + passage.heard_bytes)
        self.has_proven = True
        if passage.first_s is not None:
            took_s = passage.heard_s - passage.first_s
            self.delivery.note_passage(passage.chars, self._seconds(passage.heard_bytes), took_s)

    def _seconds(self, size: int) -> float:
        return size / FRAME_BYTES / self._rate_hz

    def _missing_s(self, passage: Passage) -> float:
        if passage.has_all:
            return 0.0
        return max(passage.chars * self.delivery.seconds_per_char - self._seconds(passage.heard_bytes), 0.0)
