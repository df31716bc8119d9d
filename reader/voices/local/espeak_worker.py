"""eSpeak NG in its own process: requests in, sound out as it is made.

The library comes with `espeakng-loader` (GPL-3.0; Linux, Windows, macOS; data included) and is called through ctypes
as its header speak_lib.h (1.52) describes. It speaks synchronously on this process's main thread and calls back with
each piece of sound, the first within a fraction of a millisecond.

Neither espeakPHONEMES nor espeakSSML is ever set, so `[[...]]` and tags in a text are read, not obeyed; control
characters, its third kind of markup, never get past `text.clean`.
"""

from __future__ import annotations

import array
import ctypes
import itertools
from collections.abc import Callable
from typing import Any, ClassVar

import espeakng_loader

from reader.support import timeline
from reader.support.timeline import Stage
from reader.voices.local.inbox import Inbox, VoiceRequest
from reader.workers import frames

# enum espeak_AUDIO_OUTPUT, espeak_PARAMETER and the flags of espeak_Synth.
_SYNCHRONOUS = 2
_DONT_EXIT = 0x8000
_RATE, _VOLUME, _PITCH, _PUNCTUATION = 1, 2, 3, 5
_SOME = 2
_UTF8 = 1
_IPA = 2  # espeakPHONEMES_IPA
_BUFFER_MS = 60
# Words a minute at speed 1.0, and what the voice can reach by itself (above that it would do its own time stretching,
# which its Windows library lacks; ours is the same everywhere).
NORMAL_WPM = 175
MIN_WPM, MAX_WPM = 80, 450
# Percent of its default loudness, for -23 LUFS, like the neural voice with its gain. Without either, it is 5 dB louder.
VOLUME = 76
# Characters it would skip. It is made to say their names, in the language it speaks.
_NAMED_SIGNS = "<>^|"
# Its own scale for pitch.
_NORMAL_PITCH, _HIGHEST_PITCH = 50, 99
# Anything quieter is dead time before a word (2^-10 of full scale, the threshold at which NVDA trims).
_QUIET = 32
# The first piece goes out at once; later ones are gathered, because each message has a cost.
_GATHER_S = (0.0, 0.1, 0.5)

# enum espeak_EVENT_TYPE.
_LAST_EVENT, _WORD_EVENT = 0, 1


class _Event(ctypes.Structure):
    """espeak_EVENT. Positions in the text are in characters, counted from 1."""

    _fields_: ClassVar[list[tuple[str, Any]]] = [
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", ctypes.c_char * 8),
    ]


_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event))


class _VoiceRecord(ctypes.Structure):
    """espeak_VOICE."""

    _fields_: ClassVar[list[tuple[str, Any]]] = [
        ("name", ctypes.c_char_p),
        ("languages", ctypes.POINTER(ctypes.c_char)),
        ("identifier", ctypes.c_char_p),
        ("gender", ctypes.c_ubyte),
        ("age", ctypes.c_ubyte),
        ("variant", ctypes.c_ubyte),
        ("xx1", ctypes.c_ubyte),
        ("score", ctypes.c_int),
        ("spare", ctypes.c_void_p),
    ]


class Library:
    """The loaded library. One per process, because its state is global."""

    def __init__(
        self, on_sound: Callable[[bytes], bool], on_word: Callable[[int, int, int], None] = lambda *_: None
    ) -> None:
        """`on_sound` gets 16-bit mono frames and says whether to go on.

        `on_word` is then called for each word that begins in them: its frame within the whole sound, and where it
        begins and ends in the text. Raises RuntimeError, OSError.
        """
        self._lib = ctypes.CDLL(espeakng_loader.get_library_path())
        data = espeakng_loader.get_data_path().encode()
        self.rate_hz = self._lib.espeak_Initialize(_SYNCHRONOUS, _BUFFER_MS, data, _DONT_EXIT)
        if self.rate_hz <= 0:
            raise RuntimeError("eSpeak NG could not read its data")
        self._lib.espeak_Synth.argtypes = [
            ctypes.c_char_p, ctypes.c_size_t, ctypes.c_uint, ctypes.c_int,
            ctypes.c_uint, ctypes.c_uint, ctypes.c_void_p, ctypes.c_void_p,
        ]  # fmt: skip
        self._on_sound = on_sound
        self._on_word = on_word
        self._lib.espeak_SetPunctuationList.argtypes = [ctypes.c_wchar_p]
        self._lib.espeak_SetPunctuationList(_NAMED_SIGNS)
        self._lib.espeak_SetParameter(_PUNCTUATION, _SOME, 0)
        self._lib.espeak_TextToPhonemes.argtypes = [ctypes.POINTER(ctypes.c_void_p), ctypes.c_int, ctypes.c_int]
        self._lib.espeak_TextToPhonemes.restype = ctypes.c_char_p
        self._callback = _Callback(self._heard)  # kept: the library holds no reference
        self._lib.espeak_SetSynthCallback(self._callback)
        self._voice = ""
        # The code of a voice and its file. Not every code selects its own voice (en-gb and fr-fr do not).
        self._files: dict[str, str] = {}

    def voices(self) -> list[dict[str, str]]:
        """The voices it lists: display name and language code. `say` accepts these codes from now on."""
        self._lib.espeak_ListVoices.restype = ctypes.POINTER(ctypes.POINTER(_VoiceRecord))
        listed = self._lib.espeak_ListVoices(None)
        found = []
        i = 0
        while listed[i]:
            record = listed[i].contents
            # A list of (priority byte, zero-terminated code); the first is the voice's own.
            code = ctypes.cast(record.languages, ctypes.c_void_p).value or 0
            voice = {"name": record.name.decode(), "code": ctypes.string_at(code + 1).decode()}
            self._files[voice["code"]] = record.identifier.decode()
            found.append(voice)
            i += 1
        return found

    def say(self, text: str, voice: str, speed: float, pitch: float = 0.0) -> bool:
        """Speak, calling `on_sound` before returning. False if there is no such voice."""
        if not self._choose(voice):
            return False
        wpm = min(max(round(NORMAL_WPM * speed), MIN_WPM), MAX_WPM)
        self._lib.espeak_SetParameter(_RATE, wpm, 0)
        self._lib.espeak_SetParameter(_PITCH, min(round(_NORMAL_PITCH * (1 + pitch)), _HIGHEST_PITCH), 0)
        self._lib.espeak_SetParameter(_VOLUME, VOLUME, 0)  # a voice's file may have changed it
        data = text.encode("utf-8", "replace") + b"\0"
        self._lib.espeak_Synth(data, len(data), 0, 1, 0, _UTF8, None, None)
        return True

    def sounds(self, text: str, voice: str) -> list[tuple[str, int]] | None:
        """What a text sounds like, clause by clause: in IPA, and up to which character it has been read.

        That position is after the clause, or after the first character of the next. None if there is no such voice.
        """
        if voice != self._voice and not self.say(" ", voice, 1.0):  # otherwise characters have no names yet
            return None
        data = text.encode("utf-8", "replace") + b"\0"
        buffer = ctypes.create_string_buffer(data)
        begin = ctypes.addressof(buffer)
        at = ctypes.c_void_p(begin)
        found: list[tuple[str, int]] = []
        while at.value:
            before = at.value
            sounds = self._lib.espeak_TextToPhonemes(ctypes.byref(at), _UTF8, _IPA)
            end = at.value - begin if at.value else len(data) - 1
            found.append(((sounds or b"").decode("utf-8", "ignore"), len(data[:end].decode("utf-8", "ignore"))))
            if at.value == before:
                break
        return found

    def _choose(self, voice: str) -> bool:
        if voice != self._voice:
            if self._lib.espeak_SetVoiceByName(self._files.get(voice, voice).encode()):
                return False
            self._voice = voice
        return True

    def _heard(self, samples: Any, count: int, events: Any) -> int:
        if not samples or count <= 0:
            return 0
        if not self._on_sound(ctypes.string_at(samples, count * 2)):
            return 1
        for event in itertools.takewhile(lambda event: event.type != _LAST_EVENT, events):
            if event.type == _WORD_EVENT:
                start = event.text_position - 1
                self._on_word(event.audio_position * self.rate_hz // 1000, start, start + event.length)
        return 0


class _Speaker:
    """Speaks requests one by one."""

    def __init__(self, inbox: Inbox, fd: int) -> None:
        self._inbox = inbox
        self._fd = fd
        self.library = Library(self._on_sound, self._on_word)
        self._forget(0)

    def _forget(self, tag: int) -> None:
        """Reset everything for a new request."""
        self._tag = tag
        self._sent = 0
        self._lead_bytes = 0  # of dead time in front, not sent
        self._gathered: list[bytes] = []
        self._words: list[tuple[int, int, int]] = []

    def speak(self, request: VoiceRequest) -> None:
        self._forget(request.tag)
        if not self.library.say(request.text, request.voice, request.speed, request.pitch):
            frames.write(self._fd, request.tag, {"is": "failed", "why": f"no voice {request.voice}"})
            return
        if not self._inbox.is_cancelled(request.tag):
            self._flush()
            frames.write(self._fd, request.tag, {"is": "done"})

    def _on_sound(self, pcm: bytes) -> bool:
        if self._inbox.is_cancelled(self._tag):
            return False
        if not self._sent and not self._gathered:
            whole_bytes = len(pcm)
            pcm = without_lead(pcm)
            self._lead_bytes += whole_bytes - len(pcm)
        if pcm:
            self._gathered.append(pcm)
            enough_s = _GATHER_S[min(self._sent, len(_GATHER_S) - 1)]
            if sum(map(len, self._gathered)) >= enough_s * 2 * self.library.rate_hz:
                self._flush()
        return True

    def _on_word(self, frame: int, start: int, end: int) -> None:
        self._words.append((max(frame - self._lead_bytes // 2, 0), start, end))

    def _flush(self) -> None:
        if self._gathered:
            timeline.mark(Stage.PIECE, self._tag)
            frames.write(self._fd, self._tag, b"".join(self._gathered))
            self._sent += 1
            self._gathered = []
        if self._words:  # after the sound, which is what the listener waits for
            frames.write(self._fd, self._tag, {"is": "words", "words": self._words})
            self._words = []


def without_lead(pcm: bytes) -> bytes:
    """Drop the dead time in front of 16-bit frames, all but one frame; b"" if there is nothing else."""
    samples = array.array("h", pcm)
    first = next((i for i, sample in enumerate(samples) if abs(sample) > _QUIET), len(samples))
    return pcm[2 * max(first - 1, 0) :] if first < len(samples) else b""


def run(fd_in: int, fd_out: int) -> None:
    """Serve until the input ends."""
    inbox = Inbox(fd_in)
    try:
        speaker = _Speaker(inbox, fd_out)
    except (OSError, RuntimeError) as error:
        frames.write(fd_out, 0, {"is": "broken", "why": str(error)})
        return
    library = speaker.library
    library.voices()
    frames.write(fd_out, 0, {"is": "ready", "rate_hz": library.rate_hz})
    while (request := inbox.take()) is not None:
        speaker.speak(request)
