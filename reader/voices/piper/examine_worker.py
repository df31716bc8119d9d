"""Tries a voice before it is added, in a separate process because its files are untrusted.

Worker.reads is the voice's folder. Each message is answered with what examine.py has found, None if the parts do not
add up to the whole, or why the voice can't be used.
"""

from __future__ import annotations

import itertools
import os
from pathlib import Path

import onnxruntime

from reader.support import files
from reader.voices.local.espeak_worker import Library
from reader.voices.piper import facts, phonemes
from reader.voices.piper.description import TEXT, Description
from reader.voices.piper.examine import examine
from reader.voices.piper.folder import FACTS, MOST_FACTS_BYTES
from reader.voices.piper.piper_worker import sounds_of
from reader.workers import frames
from reader.workers.worker import READS

# What it says: some ten seconds, in any language.
_NUMBERS = " ".join(map(str, range(1, 25)))
_MOST_LETTERS = 60


def run(fd_in: int, fd_out: int) -> None:
    """Serve until the input ends."""
    onnxruntime.disable_telemetry_events()
    library = Library(lambda _: False)
    library.voices()
    frames.write(fd_out, 0, {"is": "ready"})
    while (frame := frames.read(fd_in)) is not None:
        try:
            folder = Path(os.environ[READS])
            known = facts.of_json(files.read_json(folder / FACTS, MOST_FACTS_BYTES))
            found = examine(folder, known, _numbers(library, known.description))
            frames.write(fd_out, frame.tag, {"is": "examined", "facts": facts.as_json(found) if found else None})
        except Exception as error:  # whatever an untrusted net provokes in ONNX Runtime
            frames.write(fd_out, frame.tag, {"is": "refused", "why": f"{type(error).__name__}: {error}"[:500]})


def _numbers(library: Library, voice: Description) -> list[int]:
    """Something to say. Raises LookupError if eSpeak NG lacks the voice, or the voice its language's sounds."""
    text = _NUMBERS
    if voice.phonemes == TEXT:
        text = " ".join(itertools.islice((s for s in voice.symbols if len(s) == 1 and s.isalpha()), _MOST_LETTERS))
    made = phonemes.numbers(sounds_of(library, text, voice), voice)
    if len(made.ids) < 2 * len(text.split()) or len(made.missing) > len(made.ids) // 8:
        raise LookupError("the voice has not the sounds of its language")
    return made.ids
