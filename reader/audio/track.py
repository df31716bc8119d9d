"""One utterance's sound on its way from the voices to the device.

Chunks of any rate and speed go in; blocks at the device's rate and the current speed come out, with marks where
segments begin. The work is done as blocks are taken, some 0.3 s ahead of the ear, so a new speed is heard at once even
if the voice is 20 s ahead; what the voice has already spoken is stretched.

Resampling is libsoxr's (`soxr`: LGPL-2.1, wheels for the three systems). Pure; core thread only.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from dataclasses import dataclass, replace
from operator import itemgetter

import numpy as np
import numpy.typing as npt
import soxr

from reader.audio.stretch import Stretch
from reader.flow import FRAME_BYTES, AudioChunk, Ending, Segment, WordMark

Samples = npt.NDArray[np.float32]

# How much is converted at a time, and how much if it is stretched: that takes 2 ms if it is high-pitched, or silent.
BLOCK_S = 0.1
STRETCHED_S = 0.05
# For how many blocks back the places of words are known.
_PLACES = 64
# The pause after a segment, in ms at speed 1.0. As voices and human readers do: about a third of a second between
# sentences, twice that between paragraphs.
PAUSES_MS = {
    Ending.OPEN: 0,
    Ending.CUT: 0,
    Ending.CLAUSE: 120,
    Ending.SENTENCE: 320,
    Ending.LINE: 360,
    Ending.PARAGRAPH: 600,
}


@dataclass(frozen=True, slots=True)
class Mark:
    """A segment begins here. `voice_id` says who speaks it."""

    segment: Segment
    voice_id: str


@dataclass(frozen=True, slots=True)
class Block:
    """Frames at the device's rate. `mark` belongs to their beginning.

    `words` count from there. They may begin before it, or after its end: in what a converter holds back.
    """

    pcm: bytes
    mark: Mark | None = None
    words: tuple[WordMark, ...] = ()

    @property
    def frames(self) -> int:
        """The number of frames."""
        return len(self.pcm) // FRAME_BYTES


@dataclass(frozen=True, slots=True)
class _Pause:
    duration_s: float


class Track:
    """`speed` may be set at any time."""

    def __init__(self, rate_hz: int, speed: float) -> None:
        self.speed = speed
        self._rate_hz = rate_hz
        self._waiting: deque[AudioChunk | Mark | _Pause] = deque()
        self._waiting_s = 0.0
        self._converter: _Converter | None = None

    @property
    def waiting_s(self) -> float:
        """Seconds of sound that were added and not taken yet, at the speed they were spoken."""
        return self._waiting_s

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to take."""
        return not self._waiting

    def set_rate(self, rate_hz: int) -> Block:
        """The device's rate changes now. Returns what was taken and held back, at the old rate."""
        rest = Block(self._rest())
        self._rate_hz = rate_hz
        return rest

    def mark(self, mark: Mark) -> None:
        """A segment begins."""
        self._waiting.append(mark)

    def add(self, chunk: AudioChunk) -> None:
        """Add sound of the segment marked last."""
        self._waiting.append(self._without_late(chunk) if chunk.words else chunk)
        self._waiting_s += len(chunk.pcm) / FRAME_BYTES / chunk.rate_hz

    def _without_late(self, chunk: AudioChunk) -> AudioChunk:
        """Attach words that arrive after their sound to whatever of it still waits, or else to the next block."""
        words = chunk.words
        i, end = len(self._waiting), 0
        while words and words[0].frame < end and i and isinstance(sound := self._waiting[i - 1], AudioChunk):
            i, start = i - 1, end - len(sound.pcm) // FRAME_BYTES
            found = tuple(replace(word, frame=word.frame - start) for word in words if start <= word.frame < end)
            words = tuple(word for word in words if not start <= word.frame < end)
            self._waiting[i] = replace(sound, words=sound.words + found)
            end = start
        if words and end < 0 and not i:
            taken = tuple(replace(word, frame=word.frame - end) for word in words)
            self._waiting.appendleft(replace(chunk, pcm=b"", is_last=False, words=taken))
            words = ()
        return replace(chunk, words=words)

    def pause(self, ending: Ending) -> None:
        """The segment is complete: add the pause after it."""
        pause = _Pause(PAUSES_MS[ending] / 1000)
        if pause.duration_s:
            self._waiting.append(pause)
            self._waiting_s += pause.duration_s

    def drop(self, segment: Segment) -> bool:
        """Forget everything from a segment's mark on. False if its beginning was already taken.

        Sound that may belong to an earlier segment stays.
        """
        at = next((i for i, item in enumerate(self._waiting) if isinstance(item, Mark) and item.segment == segment), -1)
        shared: deque[AudioChunk] = deque()
        while 0 <= at < len(self._waiting):
            match self._waiting.pop():
                case AudioChunk(is_shared=True) as chunk:
                    shared.appendleft(chunk)
                case AudioChunk() as chunk:
                    self._waiting_s -= len(chunk.pcm) / FRAME_BYTES / chunk.rate_hz
                case _Pause(duration_s=duration_s):
                    self._waiting_s -= duration_s
        self._waiting += shared
        return at >= 0

    def take(self) -> Block | None:
        """The next block, or None. Blocks may be empty."""
        if not self._waiting:
            return None
        match item := self._waiting.popleft():
            case Mark():
                return Block(b"", item)
            case _Pause():
                self._waiting_s -= item.duration_s
                silence = bytes(round(item.duration_s / self.speed * self._rate_hz) * FRAME_BYTES)
                return Block(self._rest() + silence)
            case AudioChunk():
                return self._convert(item)

    def _convert(self, chunk: AudioChunk) -> Block:
        """Convert the first part of a chunk and put the rest back."""
        size = round((BLOCK_S if self.speed == chunk.speed else STRETCHED_S) * chunk.rate_hz) * FRAME_BYTES
        pcm, rest = chunk.pcm[:size], chunk.pcm[size:]
        self._waiting_s -= len(pcm) / FRAME_BYTES / chunk.rate_hz
        is_last = chunk.is_last and not rest and not chunk.is_joined
        words = chunk.words
        if rest:
            frames = size // FRAME_BYTES
            words = tuple(word for word in words if word.frame < frames)
            later = tuple(replace(word, frame=word.frame - frames) for word in chunk.words[len(words) :])
            self._waiting.appendleft(replace(chunk, pcm=rest, words=later))
        before = b""
        if self._converter is None or self._converter.rate_hz != chunk.rate_hz:
            before = self._rest()
            self._converter = _Converter(chunk.rate_hz, self._rate_hz)
        behind = len(before) // FRAME_BYTES - self._converter.made
        at = self._converter.fed
        made = self._converter.convert(_to_sound(pcm), self.speed / chunk.speed, is_last=is_last)
        places = tuple(replace(word, frame=behind + self._converter.place(at + word.frame)) for word in words)
        if is_last:
            self._converter = None
        return Block(before + to_pcm(made), words=places)

    def _rest(self) -> bytes:
        """What is left of a voice that broke off."""
        converter, self._converter = self._converter, None
        return to_pcm(converter.convert(np.zeros(0, np.float32), 1.0, is_last=True)) if converter else b""


def resampled(pcm: bytes, rate_hz: int, out_rate_hz: int) -> bytes:
    """Frames at another rate."""
    return to_pcm(soxr.resample(_to_sound(pcm), rate_hz, out_rate_hz)) if pcm else b""


def _to_sound(pcm: bytes) -> Samples:
    return np.frombuffer(pcm, np.int16) * np.float32(1 / 32768)


def to_pcm(sound: Samples) -> bytes:
    """Sound as 16-bit frames."""
    return (np.clip(sound, -1.0, 1.0) * 32767).astype(np.int16).tobytes()


class _Converter:
    """Stretches and resamples the sound of one request. `fed` and `made` count input and output frames."""

    def __init__(self, rate_hz: int, out_rate_hz: int) -> None:
        self.rate_hz = rate_hz
        self.fed = self.made = 0
        self._stretch = Stretch(rate_hz)
        self._ratio = out_rate_hz / rate_hz
        self._stretched = 0
        # Frames of the request, and their number after stretching: only recent ones, for marks that come late.
        self._places: deque[tuple[int, int]] = deque([(0, 0)], maxlen=_PLACES)
        self._resampler = None
        if rate_hz != out_rate_hz:
            self._resampler = soxr.ResampleStream(rate_hz, out_rate_hz, 1, dtype="float32", quality="HQ")

    def convert(self, sound: Samples, factor: float, *, is_last: bool) -> Samples:
        self._stretch.factor = factor
        self.fed += sound.size
        sound = self._stretch.feed(sound)
        if is_last:
            sound = np.concatenate([sound, self._stretch.flush()])
        self._stretched += sound.size
        self._places.append((self.fed - self._stretch.held, self._stretched))
        if self._resampler:
            sound = self._resampler.resample_chunk(sound, last=is_last)
        self.made += sound.size
        return sound

    def place(self, frame: int) -> int:
        """Where a frame of the request is, or will be, among the frames made."""
        i = bisect_right(self._places, frame, key=itemgetter(0)) - 1
        at, stretched = self._places[max(i, 0)]
        if i + 1 < len(self._places) and i >= 0:
            next_at, next_stretched = self._places[i + 1]
            factor = (next_at - at) / max(next_stretched - stretched, 1)
        else:
            factor = self._stretch.factor
        return round((stretched + max(frame - at, 0) / factor) * self._ratio)
