"""The description of a voice's net: the JSON that Piper keeps beside it. Pure.

It is untrusted, so every number is checked against limits.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reader.errors import VoiceFileError
from reader.support import foreign, languages
from reader.support.i18n import translate

_RATES_HZ = (8000, 48000)
_MOST_SYMBOLS = 10_000
_MOST_SPEAKERS = 5_000
_MOST_IDS = 8  # for one sound
_HIGHEST_ID = 100_000
_NAME = re.compile(r"[^A-Za-z0-9._-]+")
BEGIN, END, BLANK = "^", "$", "_"
# The form in which a voice wants its text: eSpeak NG's phonemes, or letters.
ESPEAK, TEXT = "espeak", "text"


@dataclass(frozen=True, slots=True)
class Description:
    """A voice. `espeak` is the eSpeak NG voice that makes its phonemes; `symbols` are the numbers of each.

    `scales` are the randomness of its tone, its pace (1 is normal), and the randomness of the pace.
    """

    title: str
    language: str  # ISO 639-1, if it has such a code
    locale: str  # BCP 47
    language_name: str  # in English
    rate_hz: int
    phonemes: str
    espeak: str
    symbols: Mapping[str, Sequence[int]]
    scales: tuple[float, float, float]
    speakers: Mapping[str, int]  # by name; empty for a single speaker


def read(value: Any, name: str) -> Description:
    """Parse a voice's JSON. `name` is the name of its file. Raises VoiceFileError."""
    try:
        return _read(value, name)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        sentence = translate("reader", "“{name}” does not describe a voice in Piper's format.")
        raise VoiceFileError(sentence.format(name=foreign.shown(name))) from error


def _read(value: Any, name: str) -> Description:
    phonemes = str(value.get("phoneme_type") or ESPEAK)
    if phonemes not in (ESPEAK, TEXT):
        sentence = translate(
            "reader",
            "The voice “{name}” needs its text as “{phonemes}”, which Harken can't produce. Only voices that use "
            "eSpeak's sounds can be added.",
        )
        raise VoiceFileError(sentence.format(name=foreign.shown(name), phonemes=foreign.shown(phonemes)))
    symbols = {str(sound): _ids(ids) for sound, ids in value["phoneme_id_map"].items()}
    if not {BEGIN, END, BLANK} <= set(symbols) or len(symbols) > _MOST_SYMBOLS:
        raise ValueError("the table of sounds is none")
    inference = value.get("inference") or {}
    scales = tuple(_number(inference.get(key, usual)) for key, usual in _SCALES)
    espeak = str((value.get("espeak") or {}).get("voice") or "")
    if phonemes == ESPEAK and not espeak:
        raise ValueError("no voice of eSpeak NG")
    told = value.get("language") or {}
    code = str(told.get("code") or espeak).replace("_", "-")
    base = str(told.get("family") or code.partition("-")[0]).lower()
    if not re.fullmatch(r"[a-z]{2,8}", base):
        raise ValueError("no language")
    parts = [str(told.get(key) or "") for key in ("name_english", "country_english")]
    rate_hz = int(value["audio"]["sample_rate"])
    if not _RATES_HZ[0] <= rate_hz <= _RATES_HZ[1]:
        raise ValueError("no sample rate")
    return Description(
        title=foreign.shown(_title(str(value.get("dataset") or name))),
        language=languages.code_of(base),
        locale=code if re.fullmatch(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*", code) else "",
        language_name=foreign.shown(", ".join(filter(None, parts)) or base),
        rate_hz=rate_hz,
        phonemes=phonemes,
        espeak=espeak,
        symbols=symbols,
        scales=(scales[0], scales[1] or 1.0, scales[2]),
        speakers=_speakers(value),
    )


_SCALES = (("noise_scale", 0.667), ("length_scale", 1.0), ("noise_w", 0.8))


def _number(value: Any) -> float:
    number = float(value)
    if not 0 <= number <= 10:
        raise ValueError("a number without sense")
    return number


def _ids(value: Any) -> tuple[int, ...]:
    ids = tuple(int(one) for one in (value if isinstance(value, list) else [value]))
    if not 0 < len(ids) <= _MOST_IDS or not all(0 <= one <= _HIGHEST_ID for one in ids):
        raise ValueError("no numbers of a sound")
    return ids


def _speakers(value: Any) -> dict[str, int]:
    count = int(value.get("num_speakers") or 1)
    if count <= 1:
        return {}
    if count > _MOST_SPEAKERS:
        raise ValueError("too many speakers")
    named = {usable_name(str(key)): int(number) for key, number in (value.get("speaker_id_map") or {}).items()}
    speakers = {key: number for key, number in named.items() if key and 0 <= number < count}
    return speakers or {str(number): number for number in range(count)}


def _title(text: str) -> str:
    """A display name, made from a file name such as "en_US-joe-medium"."""
    parts = text.removesuffix(".onnx").split("-")
    name = parts[1] if len(parts) > 2 else text
    return unicodedata.normalize("NFC", name).replace("_", " ").strip().capitalize() or "Voice"


def usable_name(text: str) -> str:
    """A name in a form fit for a voice's id and a file name: "" if none of it is."""
    return _NAME.sub("-", unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()).strip(".-")[:80]
