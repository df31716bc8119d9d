"""What is heard of a text: its segments, who says them, and the sounds that the voices' own front ends make of them.

The neural voice is asked for the phonemes that its net gets, eSpeak NG for those it speaks. Sounds are compared, not
letters: "5" and "five" are the same, whoever spelt it out.
"""

from __future__ import annotations

import ctypes
import json
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from reader.flow import Segment, SpeechRequest, Voice
from reader.session.voice_choice import VoiceChoice
from reader.text.segment import Segmenter
from reader.voices.local import espeak
from reader.voices.local.espeak_worker import Library
from reader.voices.local.neural_text import prepare

CASES = Path(__file__).parent / "data/text"
_NEURAL = Voice("neural/heart", "Heart", "en")
_SOUNDLESS = re.compile(r"\([a-z]{2,3}(?:-[a-z]+)?\)|[^\w]|_|[ːˑˈˌ]")


@cache
def cases() -> list[dict[str, Any]]:
    """The inputs with what is wanted of each."""
    files = [CASES / f"{name}.jsonl" for name in ("cases", "more", "tried")]  # reported, and looked for beyond it
    return [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()[1:]]


@dataclass(frozen=True)
class Heard:
    """All that comes of a text."""

    segments: Sequence[Segment]
    requests: Sequence[SpeechRequest]

    @property
    def sentences(self) -> list[str]:
        return _joined(self.segments)

    @property
    def languages(self) -> list[str]:
        by_sentence = {segment.sentence: segment.language for segment in self.segments}
        return list(by_sentence.values())


def heard(text: str, language: str, piece_chars: int | None = None) -> Heard:
    """What a user who reads `language` is to hear of `text`. `piece_chars`: it arrives so; 0: word by word."""
    segments = _segments(text, language, piece_chars)
    choice = VoiceChoice(voices(), "", language)
    return Heard(segments, [request for segment in segments for request in choice.requests_for(segment, 1.0)])


def sentences(text: str, language: str, piece_chars: int | None = None) -> list[str]:
    """The sentences of a text alone, which no voice is needed for. For `piece_chars` see `heard`."""
    return _joined(_segments(text, language, piece_chars))


def _segments(text: str, language: str, piece_chars: int | None) -> list[Segment]:
    segmenter = Segmenter(1, "", language)
    segments: list[Segment] = []
    for part in _parts(text, piece_chars):
        segmenter.feed(part)
        segments += segmenter.take_all()
    segmenter.close()
    segments += segmenter.take_all()
    return segments


def _joined(segments: Sequence[Segment]) -> list[str]:
    joined: dict[int, str] = {}
    for segment in segments:
        joined[segment.sentence] = f"{joined.get(segment.sentence, '')} {segment.text}".strip()
    return list(joined.values())


def _parts(text: str, piece_chars: int | None) -> list[str]:
    if piece_chars is None:
        return [text]
    if not piece_chars:
        return re.findall(r"\s*\S+\s?", text)
    return [text[i : i + piece_chars] for i in range(0, len(text), piece_chars)]


@cache
def _library() -> Library:
    library = Library(lambda _pcm: True)
    library.voices()
    return library


@cache
def voices() -> list[Voice]:
    """The voices of this computer, in the order in which Harken has them."""
    return [_NEURAL, *espeak.voices()]


@cache
def _hibari() -> Any:
    from hibari import Hibari

    return Hibari()


@cache
def sounds(text: str, voice: Voice) -> str:
    """The phonemes that a voice makes of a text, without stress, length and pauses."""
    if voice.engine == "neural":
        raw = " ".join(_hibari().phonemize(prepare(text)))
        return _plain(raw)
    library = _library()
    lib = library._lib
    name = voice.id.partition("/")[2]
    lib.espeak_SetVoiceByName(library._files.get(name, name).encode())
    lib.espeak_TextToPhonemes.restype = ctypes.c_char_p
    lib.espeak_TextToPhonemes.argtypes = [ctypes.POINTER(ctypes.c_char_p), ctypes.c_int, ctypes.c_int]
    pointer = ctypes.c_char_p(text.encode() + b"\0")
    found = []
    while pointer.value:
        found.append(lib.espeak_TextToPhonemes(ctypes.byref(pointer), 1, 2).decode())
    return _plain(" ".join(found))


def _plain(phonemes: str) -> str:
    return _SOUNDLESS.sub("", unicodedata.normalize("NFC", phonemes)).replace("ɾ", "t").replace("T", "t")


def _letters(text: str) -> str:
    return "".join(c for c in text if c.isalnum())


@dataclass(frozen=True)
class _Case:
    text: str
    language: str
    result: Heard

    @property
    def told(self) -> str:
        return repr([(r.voice.language, r.text) for r in self.result.requests])

    @property
    def voices(self) -> set[Voice]:
        return {request.voice for request in self.result.requests}

    def said(self) -> str:
        return "".join(sounds(request.text, request.voice) for request in self.result.requests)

    def has(self, words: str) -> bool:
        """Whether the words are among what is said, by whichever voice."""
        said = self.said()
        return any(sounds(words, voice) in said for voice in self.voices)


def _sentences(case: _Case, wanted: list[str]) -> bool:
    return [_letters(s) for s in case.result.sentences] == [_letters(s) for s in wanted]


def _voices(case: _Case, wanted: dict[str, str]) -> bool:
    said = [(r.voice.language, _letters(r.text)) for r in case.result.requests]
    return all(any(lang == wanted[p] and _letters(p) in text for lang, text in said) for p in wanted)


def _says(case: _Case, wanted: list[str]) -> bool:
    main = case.result.requests[0].voice
    return case.said() in [sounds(way, main) for way in wanted]


def _streams(case: _Case, wanted: int | list[int]) -> bool:
    sizes = wanted if isinstance(wanted, list) else [wanted]
    return all(_sentences(case, sentences(case.text, case.language, size)) for size in sizes)


_CHECKS: dict[str, Callable[[_Case, Any], bool]] = {
    "sentences": _sentences,
    "language": lambda case, wanted: {s.language for s in case.result.segments} == {wanted},
    "languages": lambda case, wanted: case.result.languages == wanted,
    "voices": _voices,
    "says": _says,
    "hears": lambda case, wanted: all(map(case.has, wanted)),
    "never": lambda case, wanted: not any(map(case.has, wanted)),
    "silent": lambda case, wanted: bool(case.result.requests) != wanted,
    "same_voice": lambda case, wanted: len(case.voices) == 1,
    "pieces": lambda case, wanted: not _pieces_failures(case.result, wanted),
    "streams": _streams,
}


def failures(case: dict[str, Any]) -> list[str]:
    """What does not hold of a case; empty when all does."""
    tried = _Case(case["input"], case["lang"], heard(case["input"], case["lang"]))
    return [
        f"{key}: {tried.told}; sentences {tried.result.sentences}; languages {tried.result.languages}"
        for key, wanted in case["wanted"].items()
        if not _CHECKS[key](tried, wanted)
    ]


def _pieces_failures(result: Heard, wanted: dict[str, int]) -> list[str]:
    lengths = [len(s.text) for s in result.segments]
    found = []
    if "max" in wanted and max(lengths) > wanted["max"]:
        found.append(f"pieces max {max(lengths)}")
    if "least" in wanted and min(len(_letters(s.text)) for s in result.segments) < wanted["least"]:
        found.append("pieces least")
    if "count" in wanted and len(lengths) != wanted["count"]:
        found.append(f"pieces count {[s.text for s in result.segments]}")
    return found
