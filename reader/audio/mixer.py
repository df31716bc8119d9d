"""The last step before frames reach the device: applies the volume, and mixes in a tone.

Sound that waits to be heard is kept as it was made, so a new volume is heard within the device's lead.
Pure; core thread only.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float32]

# How long the volume takes to go from silence to full; anything shorter is heard as a click.
_RAMP_S = 0.03
# How long the fade-in takes for a run that begins in the middle of a sound, for the same reason. A sound server may
# swallow the first 4 ms of a run, so it is a little longer than needed to avoid a click.
_FADE_IN_S = 0.015
_FULL_SCALE = 32767


class Mixer:
    """`volume` (0 to 1) may be set at any time, and so may `fade`, by which it is multiplied."""

    def __init__(self) -> None:
        self.volume = self.fade = 1.0
        self._gain = 1.0  # the current position of the ramp to the volume
        self._ramp_s = _RAMP_S
        self._over: Samples = np.zeros(0, np.float32)

    @property
    def _target(self) -> float:
        return self.volume * self.fade

    def begin(self, over: Samples | None = None, *, is_inside: bool = False) -> None:
        """Begin a run, at the right volume from its first frame. `is_inside`: it begins in the middle of a sound.

        `over` is mixed into its beginning.
        """
        self._gain = 0.0 if is_inside else self._target
        self._ramp_s = _FADE_IN_S if is_inside else _RAMP_S
        self._over = self._over[:0] if over is None else over

    def mix(self, pcm: bytes, rate_hz: int) -> bytes:
        """Apply volume and tone to 16-bit frames."""
        if self._gain == self._target == 1.0 and not self._over.size:
            return pcm
        sound = np.frombuffer(pcm, np.int16).astype(np.float32)
        over, self._over = self._over[: sound.size], self._over[sound.size :]
        sound[: over.size] += over * _FULL_SCALE
        mixed = np.clip(sound * self._gains(sound.size, rate_hz), -_FULL_SCALE, _FULL_SCALE)
        rounded: npt.NDArray[np.int16] = np.rint(mixed).astype(np.int16)
        return rounded.tobytes()

    def _gains(self, frames: int, rate_hz: int) -> Samples | float:
        """The gain for each of the next frames."""
        if self._gain == self._target or not frames:
            return self._gain
        step = np.arange(1, frames + 1, dtype=np.float32) / (self._ramp_s * rate_hz)
        low, high = sorted((self._gain, self._target))
        gains: Samples = np.clip(self._gain + (step if self._target > self._gain else -step), low, high).astype(
            np.float32
        )
        if step[-1] >= high - low:
            self._gain, self._ramp_s = self._target, _RAMP_S  # exactly: what was reached must compare equal
        else:
            self._gain = float(gains[-1])
        return gains
