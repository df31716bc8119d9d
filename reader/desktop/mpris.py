"""Shows a reading as a media player on a Linux desktop (MPRIS 2.2 over D-Bus), so that it gets media keys and headsets.

The player exists only during a reading, and for a while after one was stopped that can be resumed: desktops send the
keys to the player that appeared last, and at other times they control the music. None of the text is shown.

Core thread only.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import math
import os
from collections.abc import Callable
from typing import Any

from jeepney import DBusAddress, HeaderFields, Message, MessageFlag, new_error, new_method_return, new_signal

from reader import tasks
from reader.dbus import Bus, connect
from reader.desktop.base import Playing
from reader.errors import DesktopError
from reader.flow import MAX_SPEED, MIN_SPEED, Command
from reader.support.app_id import APP_ID

log = logging.getLogger(__name__)

_NAME = "org.mpris.MediaPlayer2.harken"
_PATH = "/org/mpris/MediaPlayer2"
_ROOT = "org.mpris.MediaPlayer2"
_PLAYER = "org.mpris.MediaPlayer2.Player"
_PROPERTIES = "org.freedesktop.DBus.Properties"
_BUS = "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus"
_DO_NOT_QUEUE, _OWNER = 4, 1  # for RequestName
_CLOSE_LIMIT_S = 1.0

_COMMANDS = {
    "Play": Command.RESUME,
    "Pause": Command.PAUSE,
    "PlayPause": Command.PAUSE_RESUME,
    "Stop": Command.STOP,
    "Next": Command.NEXT,
    "Previous": Command.PREVIOUS,
}
# Methods that every player must have but this one ignores.
_IDLE_METHODS = {"Raise", "Quit", "Seek", "SetPosition", "OpenUri"}

_PROPERTY_SIGNATURES = {"GetAll": "s", "Get": "ss", "Set": "ssv"}

Properties = dict[str, tuple[str, Any]]  # name -> (D-Bus type, value)

_ROOT_PROPERTIES: Properties = {
    "CanQuit": ("b", False),
    "CanRaise": ("b", False),
    "HasTrackList": ("b", False),
    "Identity": ("s", "Harken"),
    "DesktopEntry": ("s", APP_ID),
    "SupportedUriSchemes": ("as", []),
    "SupportedMimeTypes": ("as", []),
}


class Mpris:
    """Implements MediaControls."""

    def __init__(
        self,
        on_command: Callable[[Command], None],
        on_speed: Callable[[float], None],
        on_volume: Callable[[float], None] = lambda _: None,
    ) -> None:
        """Callbacks for what keys and players ask for, called on the core thread. Speeds and volumes are finite."""
        self._on_command = on_command
        self._on_speed = on_speed
        self._on_volume = on_volume
        self._playing: Playing | None = None
        self._shown: Playing | None = None  # what was last sent to the desktop
        self._changed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def show(self, playing: Playing | None) -> None:
        if playing == self._playing:
            return
        self._playing = playing
        self._changed.set()
        if playing and (self._task is None or self._task.done()):
            self._task = tasks.start(self._appear(), "media player")

    async def close(self) -> None:
        self.show(None)
        if self._task:
            await asyncio.wait([self._task], timeout=_CLOSE_LIMIT_S)
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    # ---- being there ----

    async def _appear(self) -> None:
        """Be a player on the bus until there is nothing to play. Without a bus there are no media keys."""
        while self._playing:
            try:
                async with connect() as bus:
                    with bus.calls() as calls:
                        await _take_name(bus)
                        await self._stay(bus, calls)
            except DesktopError as error:
                log.info("no media keys: %s", error)
                return

    async def _stay(self, bus: Bus, calls: asyncio.Queue[Message]) -> None:
        self._shown = self._playing
        answering = tasks.start(self._answer_all(bus, calls), "media keys")
        try:
            while self._playing:
                self._changed.clear()
                await self._tell(bus)
                news = tasks.start(self._changed.wait(), "news of the player")
                await asyncio.wait({news, answering}, return_when=asyncio.FIRST_COMPLETED)
                news.cancel()
                if answering.done():
                    answering.result()
                    return
        finally:
            answering.cancel()
            await asyncio.gather(answering, return_exceptions=True)

    async def _tell(self, bus: Bus) -> None:
        """Tell the desktop which properties have changed."""
        if self._playing is None or self._shown is None:
            return
        before, now = _player_properties(self._shown), _player_properties(self._playing)
        self._shown = self._playing
        if changed := {name: value for name, value in now.items() if before[name] != value}:
            emitter = DBusAddress(_PATH, interface=_PROPERTIES)
            await bus.send(new_signal(emitter, "PropertiesChanged", "sa{sv}as", (_PLAYER, changed, [])))

    # ---- being asked ----

    async def _answer_all(self, bus: Bus, calls: asyncio.Queue[Message]) -> None:
        while True:
            call = await calls.get()
            answer = self._answer(call)
            if not call.header.flags & MessageFlag.no_reply_expected:
                await bus.send(answer)

    def _answer(self, call: Message) -> Message:
        fields = call.header.fields
        interface, member = fields.get(HeaderFields.interface, ""), fields.get(HeaderFields.member, "")
        if fields.get(HeaderFields.path) == _PATH:
            if member in _COMMANDS and interface in (_PLAYER, ""):
                self._on_command(_COMMANDS[member])
                return new_method_return(call)
            if member in _IDLE_METHODS and interface in (_PLAYER, _ROOT, ""):
                return new_method_return(call)
            if interface == _PROPERTIES:
                return self._answer_properties(call, member)
        if interface == "org.freedesktop.DBus.Peer" and member == "Ping":
            return new_method_return(call)
        return new_error(call, "org.freedesktop.DBus.Error.UnknownMethod", "s", (f"There is no {member} here.",))

    def _answer_properties(self, call: Message, member: str) -> Message:
        if call.header.fields.get(HeaderFields.signature, "") != _PROPERTY_SIGNATURES.get(member):
            return new_error(
                call, "org.freedesktop.DBus.Error.InvalidArgs", "s", (f"{member} does not take these arguments.",)
            )
        interface = call.body[0]
        properties = {_ROOT: _ROOT_PROPERTIES, _PLAYER: self._player_properties()}.get(interface)
        if properties is None:
            return new_error(call, "org.freedesktop.DBus.Error.UnknownInterface", "s", (f"No {interface} here.",))
        if member == "GetAll":
            return new_method_return(call, "a{sv}", (properties,))
        name = call.body[1]
        if name not in properties:
            return new_error(call, "org.freedesktop.DBus.Error.UnknownProperty", "s", (f"There is no {name} here.",))
        if member == "Get":
            return new_method_return(call, "v", (properties[name],))
        if member == "Set" and name in ("Rate", "Volume"):
            kind, value = call.body[2]
            if kind == "d" and math.isfinite(value):
                (self._set_rate if name == "Rate" else self._on_volume)(value)
        return new_method_return(call)  # the standard lets us ignore changes to the other writable properties

    def _set_rate(self, rate: float) -> None:
        if rate == 0.0:  # the standard says to treat this as a pause
            self._on_command(Command.PAUSE)
        elif rate > 0.0:
            self._on_speed(rate)

    def _player_properties(self) -> Properties:
        playing = self._playing or self._shown
        return _player_properties(playing) if playing else {}


async def _take_name(bus: Bus) -> None:
    """Register as Harken, or as an instance with its own name, as the standard has it, if that name is taken."""
    for name in (_NAME, f"{_NAME}.instance{os.getpid()}"):
        with contextlib.suppress(DesktopError):
            if (await bus.call(*_BUS, "RequestName", "su", name, _DO_NOT_QUEUE))[0] == _OWNER:
                return
    raise DesktopError(f"{_NAME} is taken")


def _status(playing: Playing) -> str:
    if playing.is_stopped:
        return "Stopped"
    return "Paused" if playing.is_paused else "Playing"


def _player_properties(playing: Playing) -> Properties:
    return {
        "PlaybackStatus": ("s", _status(playing)),
        "Rate": ("d", playing.speed),
        "MinimumRate": ("d", MIN_SPEED),
        "MaximumRate": ("d", MAX_SPEED),
        "Metadata": (
            "a{sv}",
            {
                "mpris:trackid": ("o", f"/reader/harken/Reading/{playing.utterance_id}"),
                "xesam:title": ("s", "Harken"),
                "xesam:artist": ("as", [playing.voice]),
            },
        ),
        "Volume": ("d", playing.volume),
        "Position": ("x", 0),
        "CanGoNext": ("b", True),
        "CanGoPrevious": ("b", True),
        "CanPlay": ("b", True),
        "CanPause": ("b", True),
        "CanSeek": ("b", False),
        "CanControl": ("b", True),
    }
