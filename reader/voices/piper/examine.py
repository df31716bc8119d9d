"""What must be known of a voice before it can speak, found by having it speak: see Facts.

How far flow and decoder look is found by making pieces with more and more around them, until they are those of the
whole; then pieces of a whole phrase must be so too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from reader.voices.local.trim import Samples, Trimmed
from reader.voices.piper.facts import Facts
from reader.voices.piper.speech import Phrase, Speech, Tensors, UnusableVoiceError, by_frame

# How much sound in pieces may differ from the whole, and how much what is compared on the way; full scale is 1.
SAME = 1e-4
_DIFFERENT = 1e-5
# Frames: what is tried, of pieces of this length, at so many places. What looks farther would take longer than the
# whole.
_STEP, _MOST_REACH, _PIECE, _PLACES = 4, 128, 12, 5
# -23 LUFS, where the other voices are: as mean square of what is not silent.
_LOUDNESS_DB = -23.0
_QUIET_DB = -50.0
_BLOCK_S = 0.1
# Peaks keep 2 dB of room.
_PEAK = 0.8
_GAINS = (0.1, 10.0)


def examine(folder: Path, facts: Facts, ids: Sequence[int]) -> Facts | None:
    """The facts that are measured. `ids` are some seconds of speech. None where pieces do not make up the whole.

    Raises UnusableVoiceError, and what ONNX Runtime raises.
    """
    speech = Speech(folder, facts)
    phrase = Phrase(ids)
    if facts.is_cut:
        whole = _measure_whole(speech, phrase)
        if whole is None:
            return None
        facts, sound = whole
        speech.facts = facts
        speech.piece_frames = 2 * _PIECE
        pieces = np.concatenate(list(speech.say(phrase, _nothing)))
        if pieces.size != sound.size or np.abs(pieces - sound).max() > SAME:
            return None
    else:
        sound = np.concatenate(list(speech.say(phrase, _nothing)))
    return replace(facts, gain=_gain(sound, facts.description.rate_hz))


def _measure_whole(speech: Speech, phrase: Phrase) -> tuple[Facts, Samples] | None:
    """(hop and reaches, the whole sound); None where they can't be found."""
    facts = speech.facts
    values: Tensors = speech.inputs(phrase)
    for part in facts.parts:
        speech.infer(part, values)
    sound = speech.sound(values)
    frames = values[facts.latent].shape[-1]
    if not 0 < frames == int(values[facts.durations].sum()) or sound.size % frames:
        return None
    hop = sound.size // frames
    flow = _reach(speech, "flow", facts.latent, facts.features, values, frames)
    decoder = _reach(speech, "decoder", facts.features, facts.sound, values, frames)
    if flow is None or decoder is None:
        return None
    return replace(facts, hop=hop, flow_reach=flow, reach=decoder), sound


def _reach(speech: Speech, part: str, into: str, out: str, values: Tensors, frames: int) -> int | None:
    """How many frames to either side a part looks: with fewer, a piece is not that of the whole. None if too many."""
    whole = values[out]
    per_frame = whole.shape[-1] // frames
    most = _DIFFERENT * max(float(np.abs(whole).max()), 1.0)
    for reach in range(_STEP, _MOST_REACH + 1, _STEP):
        if 2 * reach + _PIECE > frames:
            return None
        for start in np.linspace(reach, frames - reach - _PIECE, _PLACES).astype(int):
            low, high = int(start) - reach, int(start) + _PIECE + reach
            made: Tensors = {}
            speech.infer(part, made, {name: by_frame(value, frames, low, high) for name, value in values.items()})
            piece = made[out][..., reach * per_frame : (reach + _PIECE) * per_frame]
            wanted = whole[..., start * per_frame : (start + _PIECE) * per_frame]
            if piece.shape != wanted.shape or not np.abs(piece - wanted).max() <= most:
                break
        else:
            return reach
    return None


def _gain(sound: Samples, rate_hz: int) -> float:
    """What brings a voice to the loudness of the others. Raises UnusableVoiceError for silence."""
    spoken = np.concatenate([np.zeros(0, np.float32), *Trimmed([sound], rate_hz)])
    size = round(_BLOCK_S * rate_hz)
    blocks = spoken[: spoken.size // size * size].reshape(-1, size)
    powers = (blocks.astype(np.float64) ** 2).mean(axis=1)
    loud = powers[powers > 10 ** (_QUIET_DB / 10)]
    if not loud.size:
        raise UnusableVoiceError("it is silent")
    gain = 10 ** (_LOUDNESS_DB / 20) / np.sqrt(loud.mean())
    return float(min(max(min(gain, _PEAK / np.abs(spoken).max()), _GAINS[0]), _GAINS[1]))


def _nothing() -> None:
    pass
