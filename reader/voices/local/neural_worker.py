"""The neural voice in its own process: requests in, sound out.

The voice is `hibari-tts` (Apache-2.0; its model is in the wheel; 24 kHz), or one in the same format that the user has
added, in its own folder in Worker.reads. One call makes a whole phrase: about two thirds of the time goes into running
the neural net, the rest into turning its output into sound. That second part is done in pieces: the first syllable at
once, the rest cut where the voice is unvoiced. So the first word is out before the last one is made, and yet the
phrase is spoken in one breath.

The voice surrounds each phrase with some 300 ms of silence in front and 450 ms after it. This is trimmed here; the
player adds the pause that the punctuation calls for.
"""

from __future__ import annotations

import itertools
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime
from hibari import Hibari, dsp
from hibari.g2p.normalize import normalize
from hibari.tts import voice_path

from reader.support import memory, timeline
from reader.support.timeline import Stage
from reader.voices.local import neural_added, neural_lexicon, neural_words
from reader.voices.local.inbox import Inbox, VoiceRequest
from reader.voices.local.neural_text import prepare
from reader.voices.local.trim import Samples, Trimmed, to_pcm
from reader.voices.piper.folder import FACTS
from reader.workers import frames
from reader.workers.worker import READS

VOICE = "heart"  # the one in the wheel
MIN_SPEED, MAX_SPEED = 0.5, 2.0
RATE_HZ: int = dsp.SR

_HOP = dsp.HOP  # frames of sound per frame of the net's output (12.5 ms)
_UNVOICED_HZ = 40.0  # dsp.pulses: no harmonics below this
# An inverse STFT frame reaches this many hops to either side; only an unvoiced gap this wide can be cut.
_CONTEXT = dsp.N_FFT // dsp.HOP
_GAP = _CONTEXT + 1
# The minimum number of hops in the first piece and in the following ones.
_PIECE_HOPS = (24, 80, 240)
# Hops after the first voiced one that are made before everything else: 300 ms, because the output takes the first
# 100 ms at once (audio/process.py) and the next piece must not be late on a busy machine.
_FIRST_HOPS = 24
# For -23 LUFS, the loudness of eSpeak at its volume (espeak_worker.py). Leaves 2 dB of headroom above its peaks.
GAIN = 1.35
# Running the net takes time and memory in proportion to the phrase: 1 s and 200 MB for this many phonemes. A sentence
# made of words has fewer; a row of symbols, whose names are read, can have thousands.
_PHRASE_PHONEMES = 1000
# Longer phrases go to the net clause by clause, because it was trained on sentences no longer than this.
_CLAUSE_PHONEMES = 400
_CLAUSE = re.compile(r"[,;:—] ")
# Pause between two phrases when the voice itself splits a request.
_PHRASE_PAUSE_S = 0.15
# Letters and digits, which other programs echo as they are typed, are cached once made: some 5 MB in all.
_LETTER_CHARS = 2  # including a full stop
_LETTERS = 64


# The frame at which a word begins, and where it begins and ends in the text.
Word = tuple[int, int, int]


class Cancelled(Exception):  # noqa: N818 - not an error: the rest is not wanted
    """Raised through a synthesis that was cancelled."""


class NeuralVoice:
    """A loaded model. The `check` of its methods is called between steps and may raise Cancelled."""

    def __init__(self, net: str | Path = "", g2p: Any = None, gain: float = GAIN) -> None:
        """Load the net in the wheel, or another `net` of its kind; `g2p` makes its phonemes."""
        self.gain = gain
        with open(net or voice_path(VOICE), "rb") as file:
            model = neural_words.with_durations(file.read())
        self._tts = Hibari(voice=VOICE, model=model, g2p=g2p or neural_lexicon.g2p())
        self._tts.model_path = VOICE  # or it would keep the file in memory
        self._has_durations = self._tts.sess.get_outputs()[-1].name == neural_words.DURATIONS
        self._letters: dict[tuple[str, float, float], tuple[list[Samples], list[Word]]] = {}
        self._run = onnxruntime.RunOptions()
        for _ in self.say("Ready.", 1.0, lambda: None):  # the first run sets up what later ones use
            pass

    @property
    def g2p(self) -> Any:
        """Its phonemizer, for another voice with the same kind of English."""
        return self._tts.g2p

    def interrupt(self) -> None:
        """Abort the net's current run, if any, within some 2 ms. Any thread."""
        self._run.terminate = True

    def say(
        self,
        text: str,
        speed: float,
        check: Callable[[], None],
        pitch: float = 0.0,
        on_words: Callable[[list[Word]], None] = lambda _: None,
    ) -> Iterator[Samples]:
        """Yield the sound of `text`, trimmed at both ends: float32 mono in -1..1 at RATE_HZ.

        A `pitch` of 1 is half an octave above the voice's own, -1 half an octave below. `on_words` gets the words of a
        phrase once its first sound has been consumed.
        """
        if len(text) > _LETTER_CHARS:
            yield from self._make(text, speed, check, pitch, on_words)
            return
        key = text, speed, pitch
        if key not in self._letters:
            words: list[Word] = []
            made = list(self._make(text, speed, check, pitch, words.extend))
            if len(self._letters) == _LETTERS:
                self._letters.pop(next(iter(self._letters)))
            self._letters[key] = made, words
        made, words = self._letters[key]
        yield from made
        on_words(words)

    def _make(
        self,
        text: str,
        speed: float,
        check: Callable[[], None],
        pitch: float,
        on_words: Callable[[list[Word]], None],
    ) -> Iterator[Samples]:
        pause: Samples = np.zeros(round(_PHRASE_PAUSE_S / speed * RATE_HZ), np.float32)
        g2p = self._tts.g2p
        phonemes, words = neural_words.phonemes_of(g2p.phonemize_tokens(g2p.tokenize(normalize(prepare(text)))))
        timeline.mark(Stage.PHONEMES)
        made = end = 0
        for part in portions(phonemes):
            check()
            start = phonemes.index(part, end)
            end = start + len(part)
            *answer, durations = self._infer(part, speed, check)
            timeline.mark(Stage.NET)
            sound = Trimmed(_synthesize(answer, check, 2 ** (pitch / 2)), RATE_HZ)
            is_begun = False
            for piece in sound:
                if made and not is_begun:
                    yield pause
                    made += pause.size
                yield piece
                if not is_begun:  # only now, so that the first sound did not wait for it
                    is_begun = True
                    times = neural_words.begins(part, self._tts.vocab, durations, len(answer[-1]) * _HOP)
                    times = [made + max(time - sound.lead, 0) for time in times]
                    on_words(neural_words.marks(text, words, start, times))
                made += piece.size

    def _infer(self, phonemes: str, speed: float, check: Callable[[], None]) -> list[npt.NDArray[Any]]:
        """The net's output for the sound, and last how long each phoneme is held: see neural_words.py."""
        ids = self._tts.ids(phonemes)
        if len(ids) < 3:  # nothing but the marks at both ends
            return [np.zeros(len(ids))]
        self._run = onnxruntime.RunOptions()
        check()  # a cancellation before this line hit the old options
        feed = {"ids": np.asarray([ids], np.int64), "speed": np.asarray([speed], np.float32)}
        try:
            answer = self._tts.sess.run(None, feed, self._run)
            durations = answer.pop() if self._has_durations else np.zeros(0)
            return [*(output[0] for output in answer), durations]
        except Exception:
            check()  # raises if we interrupted it ourselves
            raise


def portions(phonemes: str) -> Iterator[str]:
    """Split a phrase into parts that are not too long, after clauses, or between words if there are none."""
    while len(phonemes) > _CLAUSE_PHONEMES:
        end = max((m.end() for m in _CLAUSE.finditer(phonemes, 0, _CLAUSE_PHONEMES)), default=0)
        if not end and len(phonemes) <= _PHRASE_PHONEMES:
            break
        space = phonemes.rfind(" ", 1, _PHRASE_PHONEMES)
        end = end or (space if space > 0 else _PHRASE_PHONEMES)
        yield phonemes[:end].rstrip(" ")
        phonemes = phonemes[end:].lstrip(" ")
    yield phonemes


def _synthesize(answer: list[npt.NDArray[Any]], check: Callable[[], None], height: float = 1.0) -> Iterator[Samples]:
    """Turn the net's output into sound, piece by piece. The pieces add up to exactly the whole.

    `height` is a factor for the pitch.
    """
    if not answer:
        return
    *parts, pitch = answer
    if height != 1.0:
        pitch = np.where(pitch < _UNVOICED_HZ, pitch, np.maximum(pitch * np.float32(height), _UNVOICED_HZ))
    noise = _Noise()
    for origin, start, stop in _pieces(pitch):
        check()
        low, high = max(origin - _CONTEXT, 0), min(stop + _CONTEXT, len(pitch))
        sound: Samples = dsp.synth(*(p[:, low:high] for p in parts), pitch[low:high], noise.behind(low))
        yield sound[(start - low) * _HOP : (stop - low) * _HOP]


class _Noise:
    """The part of numpy's Generator that dsp.synth uses; a hop gets the same noise in whichever piece it is made."""

    def __init__(self) -> None:
        self._random = np.random.default_rng(0)  # the same text gives the same sound
        self._made: Samples | None = None  # two numbers per hop for each frequency
        self._low = 0

    def behind(self, low: int) -> _Noise:
        """The same noise, starting at this hop."""
        self._low = low
        return self

    def standard_normal(self, shape: tuple[int, int], dtype: type[np.float32]) -> Samples:
        """Normally distributed numbers, of shape (frequencies, twice the hops)."""
        start, stop = 2 * self._low, 2 * self._low + shape[1]
        made = self._made if self._made is not None else np.zeros((shape[0], 0), dtype)
        if stop > made.shape[1]:
            more = self._random.standard_normal((stop - made.shape[1], shape[0]), dtype).T
            made = np.concatenate([made, more], axis=1)
        self._made = made
        return np.ascontiguousarray(made[:, start:stop])


def _pieces(pitch: npt.NDArray[Any]) -> Iterator[tuple[int, int, int]]:
    """(where synthesis has to begin, start, stop) of each piece, in hops.

    A voiced part must always be made from its beginning, because its pulses are counted from there.
    """
    first, *rest = itertools.pairwise([0, *cuts(pitch), len(pitch)])
    voiced = np.flatnonzero(pitch >= _UNVOICED_HZ)
    early = int(voiced[0]) + _FIRST_HOPS if voiced.size else 0
    if 0 < early < first[1] - _CONTEXT:
        yield 0, 0, early
        yield 0, early, first[1]
    else:
        yield (0, *first)
    for start, stop in rest:
        yield start, start, stop


def cuts(pitch: npt.NDArray[Any]) -> list[int]:
    """Where a phrase can be cut inaudibly: hops in the middle of unvoiced gaps."""
    unvoiced = np.concatenate([pitch < _UNVOICED_HZ, [False]])
    found: list[int] = []
    run = 0
    voiced_before = False
    for hop, is_unvoiced in enumerate(unvoiced):
        if is_unvoiced:
            run += 1
            continue
        least = _PIECE_HOPS[min(len(found), len(_PIECE_HOPS) - 1)]
        middle = hop - run // 2
        if run >= _GAP and voiced_before and hop < len(pitch) and middle - (found[-1] if found else 0) >= least:
            found.append(middle)
        run, voiced_before = 0, True
    return found


class AddedVoices:
    """The voices that the user has added. Only the last one used stays loaded, beside the one in the wheel."""

    def __init__(self, folder: Path, american: Any = None) -> None:
        """`american` is a phonemizer for American English, if one is loaded already."""
        self._folder = folder
        self._g2ps = {False: american}
        self._loaded: tuple[tuple[str, int], NeuralVoice] | None = None

    def get(self, name: str) -> NeuralVoice:
        """Return a voice, loading it if necessary. Raises what reading files and ONNX Runtime raise."""
        place = self._folder / name
        which = name, (place / FACTS).stat().st_mtime_ns
        if self._loaded and self._loaded[0] == which:
            return self._loaded[1]
        self._loaded = None  # free it first: never two at once
        known = neural_added.read(place)
        g2p = self._g2ps.get(known.is_british)
        if g2p is None:
            g2p = self._g2ps[known.is_british] = neural_lexicon.g2p(is_british=known.is_british)
        voice = NeuralVoice(place / neural_added.NET, g2p, known.gain)
        self._loaded = which, voice
        return voice


class _Speaker:
    """Speaks requests one by one."""

    def __init__(self, fd_in: int, fd_out: int) -> None:
        self._fd = fd_out
        self._voice: NeuralVoice | None = None
        self.inbox = Inbox(fd_in, on_cancel=self._interrupt)
        self._own = NeuralVoice()
        self._added = AddedVoices(Path(os.environ.get(READS, "")), self._own.g2p)

    def _interrupt(self) -> None:
        if voice := self._voice:
            voice.interrupt()

    def speak(self, request: VoiceRequest) -> None:
        self._voice = None  # or an added voice would stay loaded beside the next one
        try:
            self._voice = self._own if request.voice in ("", VOICE) else self._added.get(request.voice)
        except Exception as error:  # its files are untrusted, and may be gone: another voice takes over
            frames.write(self._fd, request.tag, {"is": "failed", "why": type(error).__name__})
            return
        _speak(self._voice, self.inbox, request, self._fd)


def run(fd_in: int, fd_out: int) -> None:
    """Serve until the input ends."""
    try:
        speaker = _Speaker(fd_in, fd_out)
    except Exception as error:  # a damaged installation may raise anything
        frames.write(fd_out, 0, {"is": "broken", "why": f"{type(error).__name__}: {error}"})
        return
    memory.give_back()
    frames.write(fd_out, 0, {"is": "ready", "rate_hz": RATE_HZ})
    while (request := speaker.inbox.take()) is not None:
        speaker.speak(request)


def _speak(voice: NeuralVoice, inbox: Inbox, request: VoiceRequest, fd: int) -> None:
    def check() -> None:
        if inbox.is_cancelled(request.tag):
            raise Cancelled

    def tell(words: list[Word]) -> None:
        if words:
            frames.write(fd, request.tag, {"is": "words", "words": words})

    is_first = True
    try:
        for sound in voice.say(request.text, request.speed, check, request.pitch, tell):
            check()
            timeline.mark(Stage.PIECE, request.tag)
            frames.write(fd, request.tag, to_pcm(sound * np.float32(voice.gain)))
            if is_first:
                is_first = False
                inbox.hold(request)
        frames.write(fd, request.tag, {"is": "done"})
    except Cancelled:
        return
    except Exception as error:  # a text may trigger anything in the library; the next one is different
        frames.write(fd, request.tag, {"is": "failed", "why": type(error).__name__})
