"""Prints how loud the voices and the tones are, in LUFS: `python -m tests.bench.loudness`. Takes ten seconds.

Four sentences in each language at speed 1, as the voice's process delivers them; at volume 100 they are played so.
Loudness and its two gates are those of ITU-R BS.1770-5 for one channel, with the filters of its tables 1 and 2.
"""

from __future__ import annotations

import sys

import numpy as np

from reader.audio.cues import Cue, tone
from tests.bench.highlight import TEXT
from tests.desktop.hearing import voiced
from tests.desktop.recorder import RATE_HZ, Samples

SENTENCES = {
    "en": TEXT.split("\n\n")[:4],
    "de": (
        "Der alte Leuchtturm stand auf der Klippe über der Bucht.",
        "Jeden Abend stieg sein Wärter die gewundene Treppe hinauf.",
        "Nachts fuhren Schiffe aus vielen Ländern vorbei.",
        "Ihre Kapitäne kannten die Lampe wie das Gesicht eines Freundes.",
    ),
    "fr": (
        "Le vieux phare se dressait sur la falaise au-dessus de la baie.",
        "Chaque soir, son gardien montait l'escalier en colimaçon.",
        "La nuit, des bateaux de nombreux pays passaient au large.",
        "Leurs capitaines connaissaient la lampe comme le visage d'un ami.",
    ),
    "ja": (
        "古い灯台が湾を見下ろす崖の上に立っていました。",
        "毎晩、灯台守はらせん階段を上りました。",
        "夜には多くの国の船が通り過ぎました。",
        "船長たちはその灯りを友の顔のように知っていました。",
    ),
}
VOICES = {
    "neural/heart": "en", "espeak/en-us": "en", "espeak/en-gb": "en", "espeak/de": "de", "espeak/fr-fr": "fr",
    "espeak/ja": "ja",
}  # fmt: skip
# At 48 kHz: numerator and denominator of the shelf (the head) and of the high pass.
_FILTERS = (
    ((1.53512485958697, -2.69169618940638, 1.19839281085285), (1.0, -1.69065929318241, 0.73248077421585)),
    ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621)),
)
_RINGS_S = 1.0  # the filters have faded by then
_BLOCK_S, _STEP_S = 0.4, 0.1
_SILENT_LUFS, _QUIET_LU = -70.0, 10.0


def loudness_lufs(sound: Samples) -> float:
    """The loudness of some sound at 48 kHz, of at least 0.4 s; -inf for silence."""
    weighted = _weighted(sound)
    block, step = round(_BLOCK_S * RATE_HZ), round(_STEP_S * RATE_HZ)
    starts = range(0, sound.size - block + 1, step)
    power = np.array([np.square(weighted[start : start + block]).mean() for start in starts])
    power = power[power > _power(_SILENT_LUFS)]
    if not power.size:
        return float("-inf")
    power = power[power > power.mean() / 10 ** (_QUIET_LU / 10)]
    return float(-0.691 + 10 * np.log10(power.mean()))


def _power(lufs: float) -> float:
    return float(10 ** ((lufs + 0.691) / 10))


def _weighted(sound: Samples) -> Samples:
    """The sound as loud as it is heard: each filter is applied as a product of spectra, which needs room to ring."""
    size = 1 << (sound.size + round(_RINGS_S * RATE_HZ)).bit_length()
    delay = np.exp(-2j * np.pi * np.arange(size // 2 + 1) / size)
    spectrum = np.fft.rfft(sound.astype(np.float64), size)
    for over, under in _FILTERS:
        spectrum *= np.polyval(over[::-1], delay) / np.polyval(under[::-1], delay)
    return np.asarray(np.fft.irfft(spectrum, size)[: sound.size], np.float32)


def main() -> int:
    """Measure, print, and return the exit code."""
    print("| what | LUFS |\n| --- | --- |")
    for voice_id, language in VOICES.items():
        sound = np.concatenate(voiced(SENTENCES[language], language, voice_id))
        print(f"| {voice_id} | {loudness_lufs(sound):.1f} |", flush=True)
    tones = np.concatenate([np.concatenate([tone(cue, RATE_HZ)] * 4) for cue in Cue])
    print(f"| the tones | {loudness_lufs(tones):.1f} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
