"""More targets: what other programs answer, keep and write down, and texts on their way to a terminal or a voice."""

from __future__ import annotations

import asyncio
import contextlib
import json
import math
import os
import tempfile
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, cast
from unittest import mock

from jeepney import HeaderFields, MessageType
from jeepney import Message as BusMessage

from reader.capture import focused
from reader.capture.accessible import Accessibles, Object
from reader.capture.base import Extent
from reader.capture.controls import describe
from reader.credentials import keyring_store
from reader.credentials.answers import RefusalError, wording
from reader.desktop import pulse_worker, screen_reader, xdg_autostart
from reader.desktop.base import Playing
from reader.desktop.mpris import Mpris
from reader.documents.printed import Printed
from reader.documents.source import TextSource
from reader.errors import CaptureError, NotTextError, SettingsError, UnreachableError
from reader.flow import CapturedText, Source
from reader.hotkeys import conflicts
from reader.hotkeys.chord import Chord
from reader.http import desktop_proxy, tunnel
from reader.http.address import Origin
from reader.http.proxy import Proxy
from reader.session.history import History
from reader.session.pace import count_words
from reader.settings.store import Settings
from reader.support import crashes, foreign
from reader.support.app_id import ENTRY
from reader.voices.local import neural_text
from reader.voices.remote import ogg

_ORIGIN = Origin.of("https://polly.us-east-1.amazonaws.com")
_PROXY = Proxy.of("http://proxy.example:3128", "test")
_CHORD = Chord.parse("super+alt+r")
_OBJECT = Object(":1.7", "/a")


def pieces(data: bytes) -> Iterator[bytes]:
    """What a socket may make of it: the first byte says in pieces of how many."""
    size = data[0] + 1 if data else 1
    for start in range(1, len(data), size):
        yield data[start : start + size]


# ---- files and streams ----


def printed(data: bytes) -> None:
    """A text for a terminal, in any pieces: nothing is left over, and what is for no terminal is as it was."""
    text = data[1:].decode("utf-8", "replace")
    size = data[0] + 1 if data else 1
    terminal = Printed()
    shown = "".join(terminal.show(text[start : start + size]) for start in range(0, len(text), size)) + terminal.rest()
    assert "\x08" not in shown
    assert "\x1b" in text or "\x08" in text or shown == text


def streams(data: bytes) -> None:
    """What comes through a pipe, until it ends: a text as it is, or a refusal."""
    reader, writer = os.pipe()
    writing = threading.Thread(target=_write, args=(writer, data[1:]))
    writing.start()
    source = TextSource(reader, "a.html" if data[:1] == b"h" else "a")
    try:
        source.begin(is_plain=data[:1] == b"m")
        found = "".join(source)
    except NotTextError as error:
        found = error.sentence
        assert found.endswith(".")
    else:
        assert source.problem or not data[1:].isascii() or not data[1:].isalnum() or found == data[1:].decode()
    finally:
        with contextlib.suppress(OSError):  # it has closed it
            os.close(reader)
        writing.join()


def _write(fd: int, data: bytes) -> None:
    with contextlib.suppress(BrokenPipeError), open(fd, "wb") as file:
        file.write(data)


def changed_settings(data: bytes) -> None:
    """A settings file in which one is changed: it is there then, whatever else there is."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "settings.toml"
        path.write_bytes(data)
        settings = Settings(path)
        settings.set("voice.speed", 2.5)
        assert Settings(path).number("voice.speed") == 2.5
        with contextlib.suppress(SettingsError):  # two keys may have been set to one chord
            settings.reset(["voice.speed", "keys.read"])


# ---- what a service, and a proxy on the way to it, send ----


def ogg_pages(data: bytes) -> None:
    """Pages of Ogg; the first byte may have their checksums made right first. No byte is made up."""
    sent = _with_checksums(data[1:]) if data[:1] < b"\x80" else data[1:]
    found, taken = ogg.Pages(), b""
    for piece in pieces(data[:1] + sent):
        found.feed(piece)
        while page := found.take():
            taken += page
    found.finish()
    assert sent.startswith(taken)
    assert found.damage or taken == sent


def _with_checksums(data: bytes) -> bytes:
    made, at = bytearray(data), 0
    while (at := made.find(b"OggS", at)) >= 0 and len(made) >= at + 27:
        body = at + 27 + made[at + 26]
        end = body + sum(made[at + 27 : body])
        made[at + 22 : at + 26] = ogg._checksum(bytes(made[at:end])).to_bytes(4, "little")
        at = end
    return bytes(made)


class _Sent(asyncio.Transport):
    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Goes nowhere."""


def tunnels(data: bytes) -> None:
    """What a proxy answers to CONNECT: a way, or a sentence."""

    async def ask() -> None:
        connect = tunnel._Connect(_ORIGIN, _PROXY)
        connect.connection_made(_Sent())
        for piece in pieces(data):
            connect.data_received(piece)
        connect.eof_received()
        with contextlib.suppress(UnreachableError):
            connect.answered.result()

    asyncio.run(ask())


# ---- what the desktop's programs answer ----


class _Bus:
    def __init__(self, answer: tuple[Any, ...]) -> None:
        self.answer = answer

    async def ask(self, _message: BusMessage, _limit_s: float = 0.0) -> tuple[Any, ...]:
        return self.answer


async def _read_all(asked: Accessibles, extent: Extent, item: Object) -> None:
    captured = await focused.read(asked, item, extent)
    assert captured.text.strip()
    while captured.more and await captured.more() is not None:
        pass


def accessible_answers(data: bytes) -> None:
    """What a program says of its own text: of the right kind, or nothing. As JSON, a list in a list is a tuple."""
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return
    answer = tuple(tuple(one) if isinstance(one, list) else one for one in (found if isinstance(found, list) else [0]))
    asked = Accessibles()
    with mock.patch.object(asked, "connect", mock.AsyncMock(return_value=_Bus(answer))):

        async def ask() -> None:
            for question in (
                asked.role, asked.role_name, asked.name, asked.states, asked.children, asked.value, asked.caret,
                asked.selection, asked.text, asked.is_own, lambda item: asked.embedded(item, 0), asked.attributes,
                asked.relations, asked.parent, asked.selected_child, asked.cell_place, asked.value_range,
                asked.value_text, asked.start_in_parent, asked.index_in_parent, lambda item: asked.line(item, 0),
                lambda item: asked.cell_headers(item, "Row"), lambda item: describe(asked, item),
                *(partial(_read_all, asked, extent) for extent in Extent),
            ):  # fmt: skip
                with contextlib.suppress(CaptureError):
                    await cast(Any, question)(_OBJECT)

        asyncio.run(ask())
    for events in screen_reader._listeners((list(answer),)).values():
        assert all(isinstance(event, str) for event in events)


def media_players(data: bytes) -> None:
    """What others ask of the media player: each call has an answer that can be sent."""
    try:
        call = BusMessage.from_buffer(data)
    except Exception:  # as reader/dbus.py has it
        return
    texts = HeaderFields.path, HeaderFields.interface, HeaderFields.member, HeaderFields.sender, HeaderFields.signature
    is_lawful = all(isinstance(call.header.fields.get(field, ""), str) for field in texts)
    if call.header.message_type is not MessageType.method_call or not is_lawful:
        return  # the bus passes on nothing else
    player = Mpris(
        lambda command: None, lambda speed: _check(speed > 0.0), lambda volume: _check(math.isfinite(volume))
    )
    player._playing = Playing(1, is_paused=False, voice="Heart", speed=1.0)
    answer = player._answer(call)
    answer.header.fields.pop(HeaderFields.destination, None)  # the bus has written who asks
    answer.serialise(1)


def _check(is_true: bool) -> None:
    assert is_true


# ---- what other programs, and earlier Harkens, have written down ----


def kept_files(data: bytes) -> None:
    """Files of the desktop and of others, each read as if it were every one of them."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "autostart" / ENTRY
        path.parent.mkdir()
        path.write_bytes(data)
        desktop_proxy._of_kde(path)
        conflicts._names(folder, f"autostart/{ENTRY}", _CHORD)
        for one in pulse_worker._read(path):
            assert all(math.isfinite(volume) for volume in (*one.before, *one.now))
        with mock.patch.dict(os.environ, XDG_CONFIG_HOME=name, XDG_CONFIG_DIRS=name):
            assert isinstance(xdg_autostart.XdgAutostart(lambda: ["/bin/harken"]).is_on(), bool)


def keyring_entries(data: bytes) -> None:
    """What the keyring keeps for Harken: keys, or a sentence."""
    kept = mock.Mock(get_password=mock.Mock(return_value=data.decode("utf-8", "replace")))
    is_open = mock.Mock(return_value=(keyring_store.State.OPEN, wording("")))
    with mock.patch.multiple(keyring_store, state=is_open, _backend=mock.Mock(return_value=kept)):
        with contextlib.suppress(RefusalError):
            keyring_store.read(lambda stage: None)
        keyring_store.kept()


def crash_folders(data: bytes) -> None:
    """Names in the folder of crash reports: only Harken's own are looked at, or go."""
    names = {name[:200] for name in data.replace(b"/", b"-").replace(b"\0", b"-").split(b"\n")[:20]} - {
        b"",
        b".",
        b"..",
    }
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            with open(os.path.join(os.fsencode(folder), name), "wb") as file:
                file.write(name[-1:])
        found = crashes.reports(Path(folder))
        assert {os.fsencode(path.name) for path in found} <= names
        crashes.untold(Path(folder))
        crashes._forget_old(Path(folder))
        left = {os.fsencode(name) for name in os.listdir(folder)}
        assert all(name in left or crashes._NAME.fullmatch(os.fsdecode(name)) for name in names)


# ---- text ----


def spoken_words(data: bytes) -> None:
    """A text on its way to the voice, and into what is shown of it."""
    text = data.decode("utf-8", "replace")
    assert isinstance(neural_text.prepare(text), str)
    assert 0 <= count_words(text) <= len(text)
    history = History()
    history.add(CapturedText(text, Source.GIVEN))
    assert not any(foreign.fault_in(entry.first_words, foreign.NAME_CHARS) for entry in history.entries())
