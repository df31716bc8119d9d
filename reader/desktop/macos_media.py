"""Shows a reading as “now playing” on a Mac, so that it gets the media keys, headsets and Control Center.

It is shown only during a reading, and for a while after one was stopped that can be resumed; at other times the keys
control the music. None of the text is shown. MediaPlayer is called on the main loop. Never run on a Mac.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any, Protocol

from reader.desktop.base import Playing
from reader.flow import Command
from reader.macos import loop

log = logging.getLogger(__name__)

_FRAMEWORK = "/System/Library/Frameworks/MediaPlayer.framework"
# MPNowPlayingInfoCenter.h: MPNowPlayingPlaybackState…
_PLAYING, _PAUSED, _STOPPED = 1, 2, 3
_SUCCESS = 0  # MPRemoteCommandHandlerStatusSuccess
# The commands of MPRemoteCommandCenter.
COMMANDS = {
    "playCommand": Command.RESUME,
    "pauseCommand": Command.PAUSE,
    "togglePlayPauseCommand": Command.PAUSE_RESUME,
    "stopCommand": Command.STOP,
    "nextTrackCommand": Command.NEXT,
    "previousTrackCommand": Command.PREVIOUS,
}
_CONSTANTS = ("MPMediaItemPropertyTitle", "MPMediaItemPropertyArtist", "MPNowPlayingInfoPropertyPlaybackRate")
# What pyobjc needs to know about methods. Its package for this framework would also bring in AVFoundation.
SELECTORS = {
    b"addTargetWithHandler:": {
        "arguments": {2: {"callable": {"retval": {"type": b"q"}, "arguments": {0: {"type": b"^v"}, 1: {"type": b"@"}}}}}
    },
    b"setEnabled:": {"arguments": {2: {"type": "Z"}}},
}


class Player(Protocol):
    """What is needed of the system. On the main loop."""

    def show(self, playing: Playing) -> None:
        """Show this as what is playing."""

    def hide(self) -> None:
        """Leave the keys to other programs."""


class NowPlaying:
    """Implements MediaControls."""

    def __init__(
        self,
        on_command: Callable[[Command], None],
        _on_speed: Callable[[float], None],
        _on_volume: Callable[[float], None],
        make_player: Callable[[Callable[[Command], None]], Player] | None = None,
        on_main: Callable[[Callable[[], None]], object] = loop.on_main,
    ) -> None:
        """What keys ask for goes to `on_command`, on the core thread. Nothing is created until something is read."""
        self._on_command = on_command
        self._make_player = make_player or MacPlayer
        self._on_main = on_main
        self._loop: asyncio.AbstractEventLoop | None = None
        self._shown: Playing | None = None
        self._is_closed = False
        self._player: Player | None = None  # on the main loop

    def show(self, playing: Playing | None) -> None:
        if playing == self._shown:
            return
        self._shown = playing
        self._loop = asyncio.get_running_loop()
        try:
            self._on_main(lambda: self._follow(playing))
        except ImportError as error:
            log.info("no media keys: %s", error)

    async def close(self) -> None:
        """Does not wait: when Harken quits, the main loop waits for this."""
        self.show(None)
        self._is_closed = True

    def _follow(self, playing: Playing | None) -> None:
        """On the main loop."""
        try:
            if playing is None:
                if self._player:
                    self._player.hide()
                return
            self._player = self._player or self._make_player(self._asked)
            self._player.show(playing)
        except Exception:
            log.warning("no media keys", exc_info=True)

    def _asked(self, command: Command) -> None:
        """On the main loop."""
        if self._loop and not self._is_closed:
            self._loop.call_soon_threadsafe(self._on_command, command)


class MacPlayer:
    """Implements Player."""

    def __init__(self, on_command: Callable[[Command], None]) -> None:
        """Raises what pyobjc raises."""
        import objc

        names: dict[str, Any] = {}
        bundle = objc.loadBundle("MediaPlayer", names, bundle_path=_FRAMEWORK)
        objc.loadBundleVariables(bundle, names, [(name, b"@") for name in _CONSTANTS])
        for selector, described in SELECTORS.items():
            objc.registerMetaDataForSelector(b"MPRemoteCommand", selector, described)
        self._names = names
        self._center = names["MPNowPlayingInfoCenter"].defaultCenter()
        commands = names["MPRemoteCommandCenter"].sharedCommandCenter()
        self._commands = [getattr(commands, name)() for name in COMMANDS]
        for asked, command in zip(self._commands, COMMANDS.values(), strict=True):
            asked.addTargetWithHandler_(_handler(on_command, command))

    def show(self, playing: Playing) -> None:
        title, artist, rate = (self._names[name] for name in _CONSTANTS)
        runs = not (playing.is_paused or playing.is_stopped)
        self._center.setNowPlayingInfo_({title: "Harken", artist: playing.voice, rate: playing.speed if runs else 0.0})
        self._center.setPlaybackState_(_PLAYING if runs else _PAUSED)
        for command in self._commands:
            command.setEnabled_(True)

    def hide(self) -> None:
        for command in self._commands:
            command.setEnabled_(False)
        self._center.setPlaybackState_(_STOPPED)
        self._center.setNowPlayingInfo_(None)


def _handler(on_command: Callable[[Command], None], command: Command) -> Callable[[Any], int]:
    def handle(_event: Any) -> int:
        on_command(command)
        return _SUCCESS

    return handle
