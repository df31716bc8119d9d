"""Short tones that say what words would say too slowly: reading pauses, resumes, or has ended.

Computed rather than recorded, so they suit any sample rate: a sine with a little of its octave, faded in and out to
avoid clicks. They are as loud as quiet speech. Pure.
"""

from __future__ import annotations

from enum import Enum

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float32]

# -20 dBFS; the vowels of voices are around -15.
_LOUDNESS = 0.1
_OCTAVE = 0.25
_FADE_S = 0.015


class Cue(Enum):
    """What a tone means, as (pitch in Hz, duration in seconds). Low and high are at least a fifth apart."""

    PAUSED = (330.0, 0.12)
    RESUMED = (660.0, 0.12)
    ENDED = (495.0, 0.3)


def tone(cue: Cue, rate_hz: int) -> Samples:
    """The sound of a cue."""
    pitch_hz, duration_s = cue.value
    angle = 2 * np.pi * pitch_hz * np.arange(round(duration_s * rate_hz)) / rate_hz
    wave = np.sin(angle) + _OCTAVE * np.sin(2 * angle)
    fade = round(_FADE_S * rate_hz)
    ramp = 0.5 - 0.5 * np.cos(np.pi * np.arange(fade) / fade)
    wave[:fade] *= ramp
    wave[-fade:] *= ramp[::-1]
    return np.asarray(_LOUDNESS * wave, np.float32)
