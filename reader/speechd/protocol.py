"""The conversation between speech-dispatcher and an output module, without the pipes. Pure.

Lines from speech-dispatcher 0.11 and 0.12 go in ("Output modules" in its manual; src/modules/module_process.c shows
what it expects), and what it wants comes out; replies and events are made here as bytes. Anything may arrive: what is
no command, or too long, is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum

# Some ten hours of speech. Nothing is kept of a longer message.
MAX_MESSAGE_BYTES = 1 << 20
# The events that speech-dispatcher waits for while it has a module speak.
BEGIN, END, STOPPED, PAUSED = b"701 BEGIN\n", b"702 END\n", b"703 STOP\n", b"704 PAUSE\n"
CANT_SPEAK, MANY_LINES = b"301 ERROR CANT SPEAK\n", b"305 DATA MORE THAN ONE LINE\n"
SPEAKING, GOODBYE, UNKNOWN = b"200 OK SPEAKING\n", b"210 OK QUIT\n", b"300 ERR UNKNOWN COMMAND\n"
_BAD_SYNTAX, _BAD_VALUE = b"302 ERROR BAD SYNTAX\n", b"303 ERROR INVALID PARAMETER OR VALUE\n"
_NO_VOICES = b"304 CANT LIST VOICES\n"
_RECEIVING = {
    "SET": (b"203 OK RECEIVING SETTINGS\n", b"203 OK SETTINGS RECEIVED\n"),
    "AUDIO": (b"207 OK RECEIVING AUDIO SETTINGS\n", b"203 OK AUDIO INITIALIZED\n"),
    "LOGLEVEL": (b"207 OK RECEIVING LOGLEVEL SETTINGS\n", b"203 OK LOGLEVEL SET\n"),
}
_RECEIVING_MESSAGE = b"202 OK RECEIVING MESSAGE\n"


class Kind(Enum):
    """What a message is: a text (markup), a character, the name of a key, or that of a sound."""

    TEXT = "SPEAK"
    CHAR = "CHAR"
    KEY = "KEY"
    SOUND_ICON = "SOUND_ICON"


class Order(Enum):
    """Commands that are one word."""

    INIT = "INIT"
    STOP = "STOP"
    PAUSE = "PAUSE"
    QUIT = "QUIT"


@dataclass(frozen=True, slots=True)
class Reply:
    """Something to be sent back at once: speech-dispatcher waits for it."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Message:
    """Something to say."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Parameters:
    """Values for what is said from now on. They have already been answered."""

    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class VoicesWanted:
    """A list of voices is wanted: all of them, or those for a language and a variant of it."""

    language: str = ""
    variant: str = ""


Wanted = Reply | Message | Parameters | VoicesWanted | Order


_KINDS = frozenset(kind.value for kind in Kind)
_ORDERS = frozenset(order.value for order in Order)


class Conversation:
    """Parses what speech-dispatcher says, which comes in pieces of any size."""

    def __init__(self) -> None:
        self._rest = b""
        self._is_too_long = False  # the current line, whose beginning was dropped
        self._block = ""  # the command whose lines are arriving, until a dot
        self._lines: list[bytes] = []
        self._bytes = 0

    def receive(self, data: bytes) -> Iterator[Wanted]:
        """What it wants, in order."""
        *lines, rest = (self._rest + data).split(b"\n")
        self._rest = rest
        for line in lines:
            if not self._is_too_long:
                yield from self._line(line)
            elif self._block:
                self._bytes = MAX_MESSAGE_BYTES + 1
            else:
                yield Reply(UNKNOWN)
            self._is_too_long = False
        if len(self._rest) > MAX_MESSAGE_BYTES:
            self._rest, self._is_too_long = b"", True

    def _line(self, line: bytes) -> Iterator[Wanted]:
        if not self._block:
            yield from self._command(line.decode("utf-8", "replace").rstrip("\r"))
        elif line == b".":
            block, lines, is_too_long = self._block, self._lines, self._bytes > MAX_MESSAGE_BYTES
            self._block, self._lines, self._bytes = "", [], 0
            if block in _RECEIVING:
                yield from self._parameters(block, lines)
            elif is_too_long:
                yield Reply(CANT_SPEAK)
            else:
                yield self._message(Kind(block), lines)
        else:
            self._bytes += len(line) + 1
            if self._bytes <= MAX_MESSAGE_BYTES:
                self._lines.append(line.removeprefix(b"."))
            else:
                self._lines.clear()

    def _command(self, line: str) -> Iterator[Wanted]:
        words = line.split()
        if line in _KINDS:
            self._block = line
            yield Reply(_RECEIVING_MESSAGE)
        elif line in _RECEIVING:
            self._block = line
            yield Reply(_RECEIVING[line][0])
        elif line in _ORDERS:
            yield Order(line)
        elif words[:2] == ["LIST", "VOICES"]:
            language, variant, *_ = [*words[2:], "", ""]
            yield VoicesWanted(language, variant)
        elif words[:1] == ["DEBUG"]:
            yield Reply(_debug(words[1:]))
        else:
            yield Reply(UNKNOWN)

    @staticmethod
    def _message(kind: Kind, lines: list[bytes]) -> Reply | Message:
        text = b"\n".join(lines).decode("utf-8", "replace")
        if not text:
            return Reply(CANT_SPEAK)
        if kind is not Kind.TEXT and len(lines) > 1:
            return Reply(MANY_LINES)
        return Message(kind, " " if kind in (Kind.CHAR, Kind.KEY) and text == "space" else text)

    @staticmethod
    def _parameters(block: str, lines: list[bytes]) -> Iterator[Wanted]:
        values = {}
        is_readable = True
        for line in lines:
            name, sign, value = line.decode("utf-8", "replace").partition("=")
            is_readable &= bool(name and sign and value)
            values[name] = value
        if not is_readable:
            yield Reply(_BAD_SYNTAX)
        elif block == "AUDIO" and values.get("audio_output_method") == "server":
            yield Reply(_BAD_VALUE)  # it asks whether to play the sound itself: see speaker.py
        else:
            yield Reply(_RECEIVING[block][1])
            if block == "SET":
                yield Parameters(values)


def _debug(words: list[str]) -> bytes:
    """Harken has its own log, without texts; a file of the requested kind would contain them."""
    if words[:1] == ["OFF"] or (words[:1] == ["ON"] and len(words) > 1):
        return f"200 OK DEBUGGING {words[0]}\n".encode()
    return _BAD_SYNTAX


def initialised(version: str) -> bytes:
    """The answer to INIT."""
    return f"299-Harken {version}\n299 OK LOADED SUCCESSFULLY\n".encode()


def voices(listed: list[tuple[str, str]]) -> bytes:
    """The answer to LIST VOICES: names, and languages according to BCP 47."""
    if not listed:
        return _NO_VOICES
    rows = "".join(f"200-{_one_line(name)}\t{_one_line(language)}\tnone\n" for name, language in listed)
    return f"{rows}200 OK VOICE LIST SENT\n".encode()


def mark(name: str) -> bytes:
    """The event that a mark in the text has been reached."""
    return f"700-{_one_line(name)}\n700 INDEX MARK\n".encode()


def _one_line(text: str) -> str:
    return " ".join(text.split())
