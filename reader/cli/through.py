"""`harken speak` through the running Harken. It imports only what that takes: the first word waits for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reader.audio.formats import WAV, SoundFormat
from reader.cli import output
from reader.core.pieces import Text, pieces
from reader.errors import InstanceError
from reader.ipc.client import InstanceClient
from reader.ipc.protocol import TEXTS_AHEAD, VERSION

if TYPE_CHECKING:
    from pathlib import Path
    from threading import Semaphore

    from reader.documents.source import TextSource

# By how a reading ended: see ipc/protocol.py.
_EXIT_CODES = {"whole": 0, "failed": 1, "stopped": 130}


@dataclass(frozen=True, slots=True)
class SpeakRequest:
    """How to speak. "" and None leave it to the settings."""

    voice_id: str = ""
    language: str = ""
    speed: float | None = None
    out: Path | None = None
    format: SoundFormat = WAV  # of the recording
    title: str = ""
    path: str = ""  # the file that is read, whose place is kept
    is_ssml: bool = False  # the text is a whole document of speech markup
    is_plain: bool = False  # the text is read as it is, whatever it looks like
    falls_back: bool | None = None  # whether another voice may go on when this one can't
    shows_progress: bool = False  # on standard output, for a program


def through_instance(client: InstanceClient, request: SpeakRequest, source: Text) -> int:
    """Have the running Harken read, and wait until it has. Returns the exit code. Raises InstanceError.

    Stopping the reading with a key, or having something else read, interrupts this as Ctrl+C does here.
    """
    send_more: Callable[[], None] = _nothing
    try:
        client.send(
            {
                "v": VERSION,
                "do": "speak",
                "voice": request.voice_id,
                "language": request.language,
                "speed": request.speed,
                "falls_back": request.falls_back,
                **({"path": request.path} if request.path else {}),
                **({"ssml": source} if request.is_ssml else {}),
            }
        )
        if not request.is_ssml:
            send_more = _send_given(client, source) if isinstance(source, str) else _send_arriving(client, source)
        while "ended" not in (answer := client.receive(waits=True)):
            if "more" in answer:
                send_more()
            if "notice" in answer:
                output.complain(answer["notice"])
        return max(_EXIT_CODES[answer["ended"]], told(source))
    finally:
        client.close()
        if not isinstance(source, str):
            send_more()  # the thread notices that nothing reads its text


def told(source: Text, problems: Iterable[str] = ()) -> int:
    """The exit code for what became of the text itself, and a sentence if it was not read to its end.

    `problems` came up while it was passed on.
    """
    own = "" if isinstance(source, str) else source.problem
    known = list(filter(None, [*problems, own]))
    for problem in known:
        output.complain(problem)
    return 1 if known else 0


def _send_given(client: InstanceClient, text: str) -> Callable[[], None]:
    """Send the beginning of a text that is here. Returns what sends the next piece, when there is room for it."""
    left = list(pieces(text))

    def send_next() -> None:
        try:
            if left:
                client.send({"text": left.pop(0)})
                if not left:
                    client.send({"end": True})
        except InstanceError:
            left.clear()  # raised where the answer is awaited

    if not left:
        client.send({"end": True})
    for _ in range(TEXTS_AHEAD):
        send_next()
    return send_next


def _send_arriving(client: InstanceClient, source: TextSource) -> Callable[[], None]:
    """Send text on a thread, which may have to wait for it. Returns what tells the thread of room for more."""
    import threading

    from reader import threads

    room = threading.Semaphore(TEXTS_AHEAD)
    threads.start(_send, "send text", client, source, room)
    return room.release


def _send(client: InstanceClient, source: TextSource, room: Semaphore) -> None:
    """Send text as the reading has room for it: what it can't take yet stays at its source."""
    try:
        for text in pieces(source):
            room.acquire()
            client.send({"text": text})
        client.send({"end": True})
    except InstanceError:
        pass  # raised where the answer is awaited


def _nothing() -> None:
    """There is no more."""
