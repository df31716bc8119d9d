"""Trims silence from both ends of a phrase that arrives in pieces, and converts sound to frames. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float32]

# Sound below this (-52 dBFS) is dead time. This much is kept in front, where the listener waits for it, and at the end.
_QUIET = 0.0025
_KEPT_BEFORE_S, _KEPT_BEHIND_S = 0.0005, 0.002


class Trimmed:
    """The sound of a phrase without dead time at its ends. `lead` is how many samples were dropped in front."""

    def __init__(self, pieces: Iterable[Samples], rate_hz: int) -> None:
        self._pieces = pieces
        self._kept_before = round(_KEPT_BEFORE_S * rate_hz)
        self._kept_behind = round(_KEPT_BEHIND_S * rate_hz)
        self.lead = 0

    def __iter__(self) -> Iterator[Samples]:
        held: list[Samples] = []  # quiet sound that may turn out to be the end
        has_begun = False
        for piece in self._pieces:
            loud = np.flatnonzero(np.abs(piece) > _QUIET)
            if not loud.size:
                if has_begun:
                    held.append(piece)
                else:
                    self.lead += piece.size
                continue
            first, last = int(loud[0]), int(loud[-1]) + 1
            if not has_begun:
                cut = max(first - self._kept_before, 0)
                self.lead += cut
                piece, last = piece[cut:], last - cut
                has_begun = True
            yield from held
            yield piece[:last]
            held = [piece[last:]]
        tail = np.concatenate(held)[: self._kept_behind] if held else np.zeros(0, np.float32)
        if tail.size:
            yield tail * np.linspace(1, 0, tail.size, dtype=np.float32)


def to_pcm(sound: Samples) -> bytes:
    """Float sound as 16-bit frames."""
    return (np.clip(sound, -1.0, 1.0) * 32767).astype(np.int16).tobytes()
