"""Voices in Piper's format in their own process: requests in, sound out.

At most two voices are loaded. Their folder is Worker.reads; voices in it were examined when they were added, and may be
replaced or removed at any time.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime

from reader.support import files
from reader.voices.local.espeak_worker import Library
from reader.voices.local.inbox import Inbox, VoiceRequest
from reader.voices.local.trim import Samples, Trimmed, to_pcm
from reader.voices.piper import facts, phonemes
from reader.voices.piper.description import TEXT, Description
from reader.voices.piper.folder import FACTS, MOST_FACTS_BYTES, SPEAKER_MARK, known_of
from reader.voices.piper.phonemes import Sound
from reader.voices.piper.speech import Phrase, Speech
from reader.workers import frames
from reader.workers.worker import READS

# The rate that "ready" reports; each request reports its own voice's.
_RATE_HZ = 22050
# Each uses 100 to 150 MB.
_MOST_LOADED = 2
# A phrase is cut at the next clause after this many sounds, or between two words after twice as many.
_PHRASE_SOUNDS = 300
_PHRASE_PAUSE_S = 0.15


class CancelledError(Exception):
    """Raised through a synthesis that was cancelled."""


class _LackingError(Exception):
    """The voice has no number for a sound of the text, so a word would be mispronounced."""


def sounds_of(library: Library, text: str, voice: Description) -> list[Sound]:
    """The sounds of a text, for a voice. Raises LookupError if eSpeak NG has no such voice."""
    if voice.phonemes == TEXT:
        return list(phonemes.letters(text))
    spoken = library.sounds(text, voice.espeak)
    if spoken is None:
        raise LookupError(f"no voice {voice.espeak}")
    return list(phonemes.clauses(text, spoken))


class _Voices:
    """The loaded voices, most recently used last."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._loaded: dict[str, tuple[int, Speech]] = {}

    def warm(self, inbox: Inbox) -> None:
        """Load the voices added last, until there is something to do."""
        try:
            files_of = [self._folder / name / FACTS for name, _ in known_of(self._folder)]
            found = sorted(files_of, key=lambda file: file.stat().st_mtime_ns, reverse=True)
        except OSError:
            return
        for file in found[:_MOST_LOADED]:
            if not inbox.is_idle:
                return
            try:
                speech = self.get(file.parent.name)
                for _ in speech.say(Phrase([1, 0, 2]), lambda: None):  # the first run sets up what later ones use
                    pass
            except Exception as error:  # reported when the voice is asked for
                print(f"a voice can't be loaded: {type(error).__name__}", file=sys.stderr)

    def get(self, name: str) -> Speech:
        """Return a voice, loading it if necessary. Raises what reading files and ONNX Runtime raise."""
        folder = self._folder / name
        changed = (folder / FACTS).stat().st_mtime_ns
        at, speech = self._loaded.pop(name, (0, None))
        if speech is None or at != changed:
            speech = None
            while len(self._loaded) >= _MOST_LOADED:
                del self._loaded[next(iter(self._loaded))]
            speech = Speech(folder, facts.of_json(files.read_json(folder / FACTS, MOST_FACTS_BYTES)))
        self._loaded[name] = changed, speech
        return speech


class _Speaker:
    """Speaks requests one by one."""

    def __init__(self, fd_in: int, fd_out: int, folder: Path) -> None:
        self._fd = fd_out
        self._speech: Speech | None = None
        self.inbox = Inbox(fd_in, on_cancel=self._interrupt)
        self._library = Library(lambda _: False)
        self._library.voices()  # makes it learn their names
        self.voices = _Voices(folder)

    def _interrupt(self) -> None:
        if speech := self._speech:
            speech.interrupt()

    def speak(self, request: VoiceRequest) -> None:
        def check() -> None:
            if self.inbox.is_cancelled(request.tag):
                raise CancelledError

        is_first = True
        try:
            for sound in self._say(request, check):
                check()
                frames.write(self._fd, request.tag, to_pcm(sound))
                if is_first:
                    is_first = False
                    self.inbox.hold(request)
            frames.write(self._fd, request.tag, {"is": "done"})
        except CancelledError:
            return
        except BrokenPipeError:
            raise
        except Exception as error:  # the files are untrusted: whatever they cause, another voice takes over
            frames.write(self._fd, request.tag, {"is": "failed", "why": type(error).__name__})

    def _say(self, request: VoiceRequest, check: Callable[[], None]) -> Iterator[Samples]:
        name, _, speaker = request.voice.partition(SPEAKER_MARK)
        self._speech = speech = self.voices.get(name)
        voice = speech.facts.description
        height = 2 ** (request.pitch / 2)  # raise the pitch by speaking slower and playing faster
        rate_hz = round(voice.rate_hz * height)
        frames.write(self._fd, request.tag, {"is": "rate", "rate_hz": rate_hz})
        number, speed = voice.speakers.get(speaker, 0), request.speed / height
        made = [
            phonemes.numbers(run, voice)
            for run in phonemes.portions(
                sounds_of(self._library, request.text, voice), _PHRASE_SOUNDS, 2 * _PHRASE_SOUNDS
            )
        ]
        if any(phonemes.is_word(sound) for phrase in made for sound in phrase.missing):
            raise _LackingError
        pause: Samples = np.zeros(round(_PHRASE_PAUSE_S / request.speed * rate_hz), np.float32)
        sent = 0
        for phrase in made:
            check()
            if not phrase.starts and voice.phonemes != TEXT and len(phrase.ids) <= 3:
                continue  # nothing but the marks at both ends
            lengths: list[npt.NDArray[Any]] = []
            trimmed = Trimmed(speech.say(Phrase(phrase.ids, speed, number), check, lengths.append), voice.rate_hz)
            is_first = True
            for piece in trimmed:
                if is_first and sent:
                    yield pause
                    sent += pause.size
                if is_first and lengths:
                    self._tell_words(request, phrase, lengths[0], sent - trimmed.lead)
                is_first = False
                sent += piece.size
                yield piece

    def _tell_words(
        self, request: VoiceRequest, phrase: phonemes.Numbers, lengths: npt.NDArray[Any], offset: int
    ) -> None:
        """Report when the words of a phrase begin; its first sample is the one at `offset` in the request."""
        begins = np.cumsum(lengths) - lengths
        words = [
            [max(int(begins[index]) + offset, 0), at, at + len(request.text[at:].split(maxsplit=1)[0])]
            for index, at in phrase.starts
            if at < len(request.text) and not request.text[at].isspace()
        ]
        frames.write(self._fd, request.tag, {"is": "words", "words": words})


def run(fd_in: int, fd_out: int) -> None:
    """Serve until the input ends."""
    onnxruntime.disable_telemetry_events()
    try:
        speaker = _Speaker(fd_in, fd_out, Path(os.environ.get(READS, "")))
    except (OSError, RuntimeError) as error:
        frames.write(fd_out, 0, {"is": "broken", "why": str(error)})
        return
    frames.write(fd_out, 0, {"is": "ready", "rate_hz": _RATE_HZ})
    speaker.voices.warm(speaker.inbox)
    while (request := speaker.inbox.take()) is not None:
        speaker.speak(request)
