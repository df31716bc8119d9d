"""Finds out what must be known about a voice before it can speak, by having it speak: see Facts.

How far flow and decoder look is measured by giving pieces more and more context until they equal the whole; then the
pieces of an entire phrase must do so, too. If the text encoder was rewritten (attention.py), its results must not have
changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from reader.voices.local.trim import Samples, Trimmed
from reader.voices.piper.facts import BEFORE, Facts
from reader.voices.piper.speech import Phrase, Speech, Tensors, UnusableVoiceError, by_frame, of_frames

# How much sound made in pieces may differ from the whole: one 16-bit step. And how much intermediate values may, in
# proportion to the largest.
SAME = 3e-5
_DIFFERENT = 1e-5
# In frames: the reaches that are tried, with pieces of this length, at this many places. A part that looks further
# would take longer in pieces than as a whole.
_REACHES: tuple[int, ...] = (*range(1, 16), *range(16, 129, 4))
_PIECE, _PLACES = 12, 5
# In frames: pieces that are compared with the whole, and what to add to the reach of flow and decoder if they differ.
_TRIED_PIECES = (24, 31, 47)
_MORE = ((0, 0), (4, 0), (4, 1), (8, 2), (16, 4))
# -23 LUFS, where the other voices are: as mean square of what is not silent.
_LOUDNESS_DB = -23.0
_QUIET_DB = -50.0
_BLOCK_S = 0.1
# Leaves 2 dB of headroom above the peaks.
_PEAK = 0.8
_GAINS = (0.1, 10.0)


def examine(folder: Path, facts: Facts, ids: Sequence[int]) -> Facts | None:
    """Measure the facts. `ids` are some seconds of speech. None if the pieces do not add up to the whole.

    Raises UnusableVoiceError, and what ONNX Runtime raises.
    """
    speech = Speech(folder, facts)
    phrase = Phrase(ids)
    if facts.is_cut:
        whole = _measure_whole(speech, phrase)
        if whole is None:
            return None
        measured, sound = whole
        for flow, decoder in _MORE:
            facts = replace(measured, flow_reach=measured.flow_reach + flow, reach=measured.reach + decoder)
            if _is_whole(speech, facts, phrase, sound):
                break
        else:
            return None
    else:
        sound = np.concatenate(list(speech.say(phrase, _nothing)))
    return replace(facts, gain=gain_of(sound, facts.description.rate_hz))


def _is_whole(speech: Speech, facts: Facts, phrase: Phrase, sound: Samples) -> bool:
    """Whether the pieces add up to the whole sound."""
    speech.facts = facts
    for frames in _TRIED_PIECES:
        speech.piece_frames = frames
        pieces = np.concatenate(list(speech.say(phrase, _nothing)))
        if pieces.size != sound.size or not np.abs(pieces - sound).max() <= SAME:
            return False
    return True


def _measure_whole(speech: Speech, phrase: Phrase) -> tuple[Facts, Samples] | None:
    """(hop and reaches, the whole sound), or None if they can't be found."""
    facts = speech.facts
    values: Tensors = speech.inputs(phrase)
    for part in facts.parts:
        speech.infer(part, values)
        if part == "text" and not _is_as_before(speech, phrase, values):
            return None
    sound = speech.sound(values)
    frames = values[facts.latent].shape[-1]
    if not 0 < frames == int(values[facts.durations].sum()) or sound.size % frames:
        return None
    hop = sound.size // frames
    flow = _reach(speech, "flow", facts.latent, facts.features, values, frames)
    decoder = _reach(speech, "decoder", facts.features, facts.coarse or facts.sound, values, frames)
    fine = _reach(speech, "fine", facts.coarse, facts.sound, values, frames) if facts.coarse else 0
    if flow is None or decoder is None or fine is None:
        return None
    return replace(facts, hop=hop, flow_reach=flow, reach=decoder, fine_reach=fine), sound


def _is_as_before(speech: Speech, phrase: Phrase, values: Tensors) -> bool:
    """Whether the text encoder gives the same results as before it was rewritten."""
    if not (speech.folder / f"{BEFORE}.onnx").exists():
        return True
    before = Speech(speech.folder, replace(speech.facts, parts=(BEFORE,)))
    wanted: Tensors = before.inputs(phrase)
    inputs = set(wanted)
    before.infer(BEFORE, wanted)
    return all(
        values[name].shape == value.shape
        and bool(
            np.abs(values[name] - value).max(initial=0) <= _DIFFERENT * max(float(np.abs(value).max(initial=0)), 1.0)
        )
        for name, value in wanted.items()
        if name not in inputs
    )


def _reach(speech: Speech, part: str, into: str, out: str, values: Tensors, frames: int) -> int | None:
    """How many frames a part looks to either side: with fewer, a piece differs from the whole. None if too many."""
    whole = values[out]
    per_frame: int = whole.shape[-1] // frames
    most = _DIFFERENT * max(float(np.abs(whole).max()), 1.0)
    for reach in _REACHES:
        if 2 * reach + _PIECE > frames:
            return None
        for start in np.linspace(reach, frames - reach - _PIECE, _PLACES).astype(int):
            low, high = int(start) - reach, int(start) + _PIECE + reach
            made: Tensors = {}
            around = {name: by_frame(value, frames, low, high) for name, value in values.items()}
            speech.infer(part, made, {**around, into: of_frames(values[into], frames, low, high)})
            piece = made[out][..., reach * per_frame : (reach + _PIECE) * per_frame]
            wanted = whole[..., start * per_frame : (start + _PIECE) * per_frame]
            if piece.shape != wanted.shape or not np.abs(piece - wanted).max() <= most:
                break
        else:
            return reach
    return None


def gain_of(sound: Samples, rate_hz: int) -> float:
    """The gain that brings a voice to the loudness of the others. Raises UnusableVoiceError for silence."""
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
