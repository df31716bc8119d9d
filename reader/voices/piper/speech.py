"""Runs a voice's nets: numbers of sounds in, audio out, piece by piece.

What is heard first is made first: the text encoder runs over the whole phrase, flow and decoder over some frames at a
time, plus the context they look at on either side. The pieces add up to exactly the whole.

The first piece is long enough for the next one to be made while it is heard; how long that takes is measured. Making
each later one takes half as long as what is still to be heard.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime

from reader.voices.local.trim import Samples
from reader.voices.piper.cut import NOISE, SPEAKER
from reader.voices.piper.facts import Facts

Tensors = dict[str, npt.NDArray[Any]]

_NOISE_COUNT = 1 << 18
# Frames of the first piece: at least 280 ms, of which the output takes 100 at once, and at most a second: a machine
# that needs more can't avoid gaps anyway.
_FIRST = (24, 96)
_LEAST, _MOST = 24, 400
# Margin for a piece that takes longer than it should.
_MARGIN = 2.0
# Seconds that a machine needs for a frame, before this is measured.
_FRAME_COST_S = 0.002
# The weight of the latest measurement.
_NEWEST = 0.3
# A phrase of a well-meant voice has some 4 s of sound per 100 sounds.
_LONGEST_S = 120.0


class UnusableVoiceError(Exception):
    """The nets do not behave like those of a voice."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """What to say. `ids` are as in phonemes.Numbers, `speaker` is a number, `speed` a factor of the pace."""

    ids: Sequence[int]
    speed: float = 1.0
    speaker: int = 0
    is_plain: bool = False  # without randomness, for comparisons


class Speech:
    """A loaded voice. One thread, except for `interrupt`."""

    def __init__(self, folder: Path, facts: Facts) -> None:
        """`folder` has the nets. Raises whatever ONNX Runtime raises, which is a lot."""
        self.facts = facts
        self.folder = folder
        self.nets = {part: _load(folder / f"{part}.onnx") for part in facts.parts}
        self._run = onnxruntime.RunOptions()
        self._noise = np.random.default_rng(0).standard_normal(_NOISE_COUNT).astype(np.float32)
        self.frame_cost_s = _FRAME_COST_S
        self.piece_frames = 0  # of each piece; 0 to go by the machine's speed
        self._check: Callable[[], None] = lambda: None

    def interrupt(self) -> None:
        """Abort a net's current run, if any. Any thread."""
        self._run.terminate = True

    def say(
        self, phrase: Phrase, check: Callable[[], None], on_frames: Callable[[npt.NDArray[Any]], None] = lambda _: None
    ) -> Iterator[Samples]:
        """Yield the sound. `check` is called between steps and may raise; `on_frames` gets the samples of each id.

        Raises UnusableVoiceError, and what ONNX Runtime raises.
        """
        self._check = check
        facts = self.facts
        values = self.inputs(phrase)
        if not facts.is_cut:
            self.infer(facts.parts[0], values)
            yield self.sound(values)
            return
        self.infer("text", values)
        durations = values[facts.durations]
        if durations.size != len(phrase.ids) or not np.isfinite(durations).all():
            raise UnusableVoiceError("it gives no durations")
        frames = durations.reshape(-1)
        if phrase.speed != 1.0:
            frames = paced(frames, phrase)
        if not 0 < frames.sum() * facts.hop / facts.description.rate_hz <= _LONGEST_S:
            raise UnusableVoiceError("it is too long")
        values[facts.durations] = frames.reshape(durations.shape).astype(np.float32)
        on_frames(frames * facts.hop)
        self.infer("spread", values)
        yield from self._pieces(values, int(frames.sum()))

    def inputs(self, phrase: Phrase) -> Tensors:
        """The input of the first part."""
        noise, pace, pace_noise = self.facts.description.scales
        if phrase.is_plain:
            noise = pace_noise = 0.0
        if not self.facts.is_cut:
            pace /= phrase.speed
        return {
            "input": np.asarray([phrase.ids], np.int64),
            "input_lengths": np.asarray([len(phrase.ids)], np.int64),
            "scales": np.asarray([noise, pace, pace_noise], np.float32),
            SPEAKER: np.asarray([phrase.speaker], np.int64),
            NOISE: self._noise,
        }

    def infer(self, part: str, values: Tensors, only: Tensors | None = None) -> None:
        """Run a part on those of `values` that it takes, or on `only`, and add its outputs to `values`."""
        self._run = onnxruntime.RunOptions()
        self._check()  # a cancellation before this line hit the old options
        net = self.nets[part]
        names = [output.name for output in net.get_outputs()]
        source = values if only is None else only
        try:
            made = net.run(names, {wanted.name: source[wanted.name] for wanted in net.get_inputs()}, self._run)
        except Exception:
            self._check()  # raises if we interrupted it ourselves
            raise
        values.update(zip(names, made, strict=True))

    def sound(self, values: Mapping[str, npt.NDArray[Any]]) -> Samples:
        """The output of the last part. Raises UnusableVoiceError."""
        sound: Samples = np.asarray(values[self.facts.sound], np.float32).reshape(-1)
        if not np.isfinite(sound).all():
            raise UnusableVoiceError("its sound has numbers that are none")
        return sound * np.float32(self.facts.gain)

    # ---- pieces ----

    def _pieces(self, values: Tensors, frames: int) -> Iterator[Samples]:
        """Run flow and decoder, piece by piece."""
        flowing = _Flowing(self, values, frames)
        rate_hz, hop = self.facts.description.rate_hz, self.facts.hop
        start, began_s = 0, 0.0
        while start < frames:
            now_s = time.perf_counter()
            buffered_s = start * hop / rate_hz - (now_s - began_s) if start else 0.0
            count = self.piece_frames or (self._count(buffered_s) if start else self._first_count(hop / rate_hz))
            stop = frames if frames - start - count < _LEAST // 2 else start + count
            sound = flowing.piece(start, stop)
            cost_s = (time.perf_counter() - now_s) / (stop - start + self._overhead)
            self.frame_cost_s += _NEWEST * (cost_s - self.frame_cost_s)
            began_s = began_s or time.perf_counter()
            start = stop
            yield sound

    @property
    def _overhead(self) -> int:
        """How many frames a piece costs in addition to its own."""
        facts = self.facts
        if facts.coarse:
            return 2 * facts.fine_reach + facts.reach // 2 + facts.flow_reach // 2
        return 2 * facts.reach + facts.flow_reach // 2

    def _first_count(self, frame_s: float) -> int:
        asked = round(_MARGIN * self.frame_cost_s * (_LEAST + self._overhead) / frame_s)
        return min(max(asked, _FIRST[0]), _FIRST[1])

    def _count(self, buffered_s: float) -> int:
        made = round(buffered_s / _MARGIN / self.frame_cost_s) - self._overhead
        return min(max(made, _LEAST), _MOST)


class _Flowing:
    """Flow and decoder over a phrase, from its beginning onwards."""

    def __init__(self, speech: Speech, values: Tensors, frames: int) -> None:
        self._speech = speech
        self._values = values
        self._frames = frames
        self._features: list[npt.NDArray[Any]] = []
        self._flowed = 0  # the frame that the flow has reached

    def piece(self, start: int, stop: int) -> Samples:
        """The sound of these frames, which must follow those of the previous call."""
        facts, speech = self._speech.facts, self._speech
        fine_low, fine_high = max(start - facts.fine_reach, 0), min(stop + facts.fine_reach, self._frames)
        low, high = max(fine_low - facts.reach, 0), min(fine_high + facts.reach, self._frames)
        self._flow(high)
        features = np.concatenate(self._features, -1)[..., low:high]
        around = {name: by_frame(value, self._frames, low, high) for name, value in self._values.items()}
        speech.infer("decoder", self._values, {**around, facts.features: features})
        if facts.coarse:
            coarse = of_frames(self._values[facts.coarse], high - low, fine_low - low, fine_high - low)
            speech.infer("fine", self._values, {facts.coarse: coarse})
            low, high = fine_low, fine_high
        sound = speech.sound(self._values)
        if sound.size != (high - low) * facts.hop:
            raise UnusableVoiceError("its frames are not all of one length")
        return sound[(start - low) * facts.hop : (stop - low) * facts.hop]

    def _flow(self, stop: int) -> None:
        start, reach = self._flowed, self._speech.facts.flow_reach
        if stop <= start:
            return
        low, high = max(start - reach, 0), min(stop + reach, self._frames)
        around = {name: by_frame(value, self._frames, low, high) for name, value in self._values.items()}
        self._speech.infer("flow", self._values, around)
        made = self._values[self._speech.facts.features]
        self._features.append(made[..., start - low : stop - low])
        self._flowed = stop


def by_frame(value: npt.NDArray[Any], frames: int, low: int, high: int) -> npt.NDArray[Any]:
    """Frames `low` to `high` of a value that has one item for each of `frames` frames; any other value unchanged."""
    return np.ascontiguousarray(value[..., low:high]) if value.ndim == 3 and value.shape[-1] == frames else value


def of_frames(value: npt.NDArray[Any], frames: int, low: int, high: int) -> npt.NDArray[Any]:
    """Those frames of a value that has several items for each of `frames` frames. Raises UnusableVoiceError."""
    per_frame, rest = divmod(value.shape[-1], frames)
    if rest:
        raise UnusableVoiceError("its frames are not all of one length")
    return np.ascontiguousarray(value[..., low * per_frame : high * per_frame])


def paced(frames: npt.NDArray[Any], phrase: Phrase) -> npt.NDArray[Any]:
    """The frames of each id at another speed: their sum is exact, and each sound keeps at least one."""
    ends = np.round(np.cumsum(frames) / phrase.speed)
    at_speed = np.diff(ends, prepend=0.0)
    blank = phrase.ids[1] if len(phrase.ids) > 1 else -1
    return np.maximum(at_speed, [0 if one == blank else 1 for one in phrase.ids])


def _load(path: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    # One thread is as steady as the other core is free; more would wait for each other.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(path.read_bytes(), options, providers=["CPUExecutionProvider"])
