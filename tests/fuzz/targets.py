"""What is fuzzed: each parser of bytes that Harken did not make, with all it may raise.

A target takes any bytes and returns; whatever else it does (raise, hang, crash, grow) is a finding. Where there is more
to hold true than that (sound that comes back, places that lie in the text), it is asserted here.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import math
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import h11
from jeepney import DBusAddress, MatchRule, new_signal
from jeepney import Message as BusMessage
from jeepney.low_level import calc_msg_size

from reader.aws.eventstream import Decoder, Message
from reader.capture import transfer
from reader.credentials.account import read_account, read_kept, read_places
from reader.dbus import Bus
from reader.errors import (
    HarkenError,
    RemoteVoiceError,
    SettingsError,
    StreamCorruptError,
    UnreachableError,
)
from reader.hotkeys.chord import Chord
from reader.http.address import Origin, without_secrets
from reader.http.desktop_proxy import of_gnome
from reader.http.h2_protocol import ConnectionFailed, Http2Connection, StreamEnded, StreamFailed
from reader.http.proxy import Proxy, bypasses
from reader.ipc import messages as client_messages
from reader.ipc import protocol
from reader.settings.schema import SETTINGS
from reader.settings.store import Settings
from reader.support import foreign, updates
from reader.voices.polly import spending
from reader.voices.polly import voice_list as voices_listed
from reader.voices.polly.events import SpeechEvents
from reader.voices.polly.faults import fault_of_response
from reader.voices.remote import mp3
from reader.workers import frames
from tests.fakes.http2_peer import ASK, Peer
from tests.fuzz import added_voices, compositor, desktops, documents, others, programs, servers, texts
from tests.fuzz.others import pieces

_NOW = datetime(2026, 11, 1, tzinfo=UTC)
_SIGNAL = new_signal(DBusAddress("/", interface="a.b"), "Said", "s", ("still",))

Target = Callable[[bytes], None]


# ---- what a service sends ----


def eventstream(data: bytes) -> None:
    """Messages of an event stream, in any pieces: the same come out as of the whole."""

    def messages(parts: Iterator[bytes]) -> tuple[list[Message], bool]:
        decoder, found = Decoder(), []
        try:
            for part in parts:
                decoder.feed(part)
                while message := decoder.take():
                    found.append(message)
            decoder.finish()
        except StreamCorruptError:
            return found, False
        return found, True

    assert messages(pieces(data)) == messages(iter([data[1:]]))


def speech_events(data: bytes) -> None:
    """The same, up to what an event means."""
    events = SpeechEvents()
    try:
        for piece in pieces(data):
            events.feed(piece)
            while events.take():
                pass
        events.finish()
    except RemoteVoiceError:
        pass


def http2(data: bytes) -> None:
    """Frames of HTTP/2 behind a good beginning. Whatever comes, the open stream ends once."""
    client = Http2Connection(0.0)
    peer = Peer(client)
    peer.settle()
    stream_id = client.open(ASK)
    events = [event for piece in pieces(data) for event in client.receive(piece, 0.0)]
    client.send(stream_id, b"text")
    client.acknowledge(stream_id, 1)
    events += client.receive_end()
    ended = [e for e in events if isinstance(e, StreamEnded | StreamFailed) and e.stream_id == stream_id]
    assert len(ended) == 1
    assert len([e for e in events if isinstance(e, ConnectionFailed)]) == 1


def http1(data: bytes) -> None:
    """An answer over HTTP/1, as `http/1.1` gives it to h11."""
    connection = h11.Connection(h11.CLIENT)
    connection.send(h11.Request(method="GET", target="/", headers=[("host", "polly.example")]))
    connection.send(h11.EndOfMessage())
    try:
        for piece in itertools.chain(pieces(data), [b""]):
            connection.receive_data(piece)
            while connection.next_event() not in (h11.NEED_DATA, h11.PAUSED):
                if connection.their_state in (h11.DONE, h11.CLOSED, h11.ERROR, h11.MUST_CLOSE):
                    return
    except h11.ProtocolError:
        pass


def refusals(data: bytes) -> None:
    """The body and the headers of an answer that is not 200."""
    head, _, body = data.partition(b"\n\n")
    lines = (line.partition(":") for line in head.decode("latin-1").splitlines())
    headers = {name.strip().lower(): value.strip() for name, _, value in lines}
    for status in (400, 403, 429, 500):
        error = fault_of_response(status, headers, body, _NOW)
        assert error.sentence
        assert math.isfinite(error.retry_after_s)


def voice_list(data: bytes) -> None:
    """A page of the service's voices."""

    async def call(values: dict[str, object]) -> bytes:
        return data

    coroutine = voices_listed.ask(call)
    try:
        while True:
            coroutine.send(None)
    except StopIteration as end:
        entries = end.value
    except RemoteVoiceError:
        return
    for voice in [*voices_listed.stream_voices(entries), *voices_listed.sentence_voices(entries)]:
        voices_listed.split_name(voice)


def mp3_frames(data: bytes) -> None:
    """What is passed on of an mp3, whole frames: no byte that did not come."""
    found = mp3.Frames()
    taken = b""
    for piece in pieces(data):
        found.feed(piece)
        taken += found.take()
    assert len(taken) <= len(data)


def new_version(data: bytes) -> None:
    """What the page with the newest version says."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "updates.json").write_bytes(data)
        assert 0 <= updates.due_in_s(Path(folder), 1e9) <= updates.WEEK_S


# ---- what other programs hand over ----


def selections(data: bytes) -> None:
    """The bytes of a selection, in each of the encodings an owner may name."""
    for encoding in ("UTF8_STRING", "STRING", "COMPOUND_TEXT", "TEXT"):
        transfer.decode(data, encoding).encode("utf-8", "surrogatepass")


def messages(data: bytes) -> None:
    """A line on the socket."""
    with contextlib.suppress(protocol.BadMessageError):
        protocol.encode(protocol.decode(data))


def worker_frames(data: bytes) -> None:
    """What a child process writes into its pipe."""
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.seek(0)
        try:
            while frame := frames.read(file.fileno()):
                if frame.kind is frames.FrameKind.JSON:
                    frame.json()
        except frames.BrokenFrameError:
            pass


def accounts(data: bytes) -> None:
    """What the child that looks for AWS keys answers."""
    try:
        message = json.loads(data)
    except (ValueError, RecursionError):
        return
    for read in (read_account, read_kept, read_places):
        with contextlib.suppress(KeyError, TypeError, ValueError, AttributeError, HarkenError):
            read(message)


def requests(data: bytes) -> None:
    """A request on the socket, as the running Harken takes it."""
    with contextlib.suppress(protocol.BadMessageError):
        message = protocol.decode(data)
        with contextlib.suppress(protocol.BadMessageError):
            client_messages.request(message)
        client_messages.more_text(message)


def dbus(data: bytes) -> None:
    """What the programs on a bus send. The next message behind a broken one is still heard."""

    async def listen() -> list[BusMessage]:
        reader = asyncio.StreamReader()
        reader.feed_data(data + _SIGNAL.serialise(7))
        reader.feed_eof()
        bus = Bus(reader, cast(asyncio.StreamWriter, None))
        found: list[BusMessage] = []
        bus.listen(MatchRule(), found.append)
        await bus.wait_until_gone()
        return found

    is_framed = len(data) >= 16 and data[:1] in b"lB" and calc_msg_size(data[:16]) == len(data)
    found = asyncio.run(listen())
    assert not is_framed or found[-1].body == ("still",)


def proxies(data: bytes) -> None:
    """Addresses of proxies and what goes past them. A password is never shown."""
    address, _, without = data.decode("utf-8", "replace").partition("\n")
    bypasses(without, "polly.us-east-1.amazonaws.com", 443)
    bypasses(without, "::1", 443)
    of_gnome(without)
    with contextlib.suppress(UnreachableError):
        found = Proxy.of(address, "test")
        assert "@" not in found.shown
        assert found.authorization.isascii()


def addresses(data: bytes) -> None:
    """The address of a service: shown without what stands before the last @."""
    url = data.decode("utf-8", "replace")
    assert "@" not in without_secrets(url)
    with contextlib.suppress(UnreachableError):
        assert Origin.of(url).host_and_port


def names_of_others(data: bytes) -> None:
    """What others call their programs, devices and pages: nothing of it is obeyed by a terminal or a window."""
    name = data.decode("utf-8", "surrogateescape")
    shown = foreign.shown(name)
    assert len(shown) <= foreign.NAME_CHARS
    assert not foreign.fault_in(shown, foreign.NAME_CHARS)
    foreign.lines(name).encode("utf-8")
    foreign.nearest(name, ["sound.volume", "voice.id"])


# ---- what the user has ----


def settings(data: bytes) -> None:
    """A settings file: every setting has a value of its own kind, whatever is in it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "settings.toml"
        path.write_bytes(data)
        loaded = Settings(path)
        for key, row in SETTINGS.items():
            row.check(loaded.get(key))
        assert all(problem and "\x1b" not in problem for problem in loaded.problems)


def chords(data: bytes) -> None:
    """A chord, as somebody writes it."""
    try:
        chord = Chord.parse(data.decode("utf-8", "replace"))
    except SettingsError:
        return
    assert Chord.parse(str(chord)) == chord


def spent(data: bytes) -> None:
    """The counts of what was spent."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "spent.json"
        path.write_bytes(data)
        kept = spending.Spending(path, lambda: _NOW)
        assert isinstance(kept.this_month.summary, str)
        kept.add(billed=1)
        kept.save()


TARGETS: dict[str, Target] = {
    target.__name__: target
    for target in (
        eventstream,
        speech_events,
        http2,
        http1,
        refusals,
        voice_list,
        mp3_frames,
        new_version,
        selections,
        messages,
        requests,
        dbus,
        proxies,
        addresses,
        names_of_others,
        worker_frames,
        accounts,
        settings,
        chords,
        spent,
        texts.text,
        texts.cleaning,
        texts.around_the_cursor,
        texts.languages,
        texts.speakable,
        texts.pronunciation_tables,
        texts.markup,
        texts.kinds_of_files,
        texts.characters,
        others.printed,
        others.streams,
        others.changed_settings,
        others.ogg_pages,
        others.tunnels,
        others.accessible_answers,
        others.media_players,
        others.kept_files,
        others.keyring_entries,
        others.crash_folders,
        others.spoken_words,
        desktops.sway_messages,
        desktops.sway_configurations,
        desktops.gnome_settings,
        desktops.portal_answers,
        desktops.gnome_extension,
        compositor.compositors,
        added_voices.voice_nets,
        servers.wav_sounds,
        servers.server_refusals,
        added_voices.voice_descriptions,
        documents.web_pages,
        documents.mails,
        documents.video_subtitles,
        documents.word_documents,
        documents.open_documents,
        documents.e_books,
        documents.rich_texts,
        documents.pdf_pages,
        programs.speechd_conversations,
        programs.speechd_messages,
        programs.speechd_symbols,
    )
}
