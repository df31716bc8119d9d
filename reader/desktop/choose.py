"""Which implementation each system uses for each concern: one row per system. A null object stands in for none."""

from __future__ import annotations

import asyncio
import importlib
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from reader.desktop.base import (
    AccessibilitySwitch,
    Autostart,
    Battery,
    MenuEntry,
    Permission,
    ScreenLock,
    ScreenReaderWatch,
    TextService,
)
from reader.desktop.launch import command
from reader.desktop.reading_follower import ReadingFollower
from reader.flow import Command, ScreenReader


@dataclass(frozen=True, slots=True)
class System:
    """For each concern, the module and class that implement it (`base.py` has their interfaces)."""

    accessibility: str = "reader.desktop.none:NoAccessibilitySwitch"
    autostart: str = "reader.desktop.none:NoAutostart"
    battery: str = "reader.desktop.none:NoBattery"
    menu_entry: str = "reader.desktop.none:NoMenuEntry"
    media_controls: str = "reader.desktop.none:NoMediaControls"
    others_volume: str = "reader.desktop.none:NoOthersVolume"
    permission: str = "reader.desktop.none:NoPermission"
    screen_lock: str = "reader.desktop.none:NoScreenLockInhibitor"
    screen_locked: str = "reader.desktop.none:NoScreenLock"
    screen_reader: str = "reader.desktop.none:NoScreenReaderWatch"
    text_service: str = "reader.desktop.none:NoTextService"


# By sys.platform. On Windows and macOS the windows detect screen readers, see ui/screen_reader.
SYSTEMS = {
    "linux": System(
        accessibility="reader.desktop.accessibility:BusSwitch",
        autostart="reader.desktop.xdg_autostart:XdgAutostart",
        battery="reader.desktop.power_supply:PowerSupply",
        menu_entry="reader.desktop.xdg_menu_entry:XdgMenuEntry",
        media_controls="reader.desktop.mpris:Mpris",
        others_volume="reader.desktop.pulse:PulseVolume",
        screen_lock="reader.desktop.screensaver:ScreenSaver",
        screen_locked="reader.desktop.screen_locked:BusScreenLock",
        screen_reader="reader.desktop.screen_reader:BusWatch",
    ),
    "win32": System(
        autostart="reader.desktop.windows:RunKey",
        media_controls="reader.desktop.windows_media:MediaKeys",
        screen_lock="reader.desktop.windows:ExecutionState",
    ),
    "darwin": System(
        autostart="reader.desktop.macos_login:LoginItem",
        media_controls="reader.desktop.macos_media:NowPlaying",
        permission="reader.desktop.macos_permission:AccessibilityPermission",
        screen_lock="reader.desktop.macos:Caffeinate",
        text_service="reader.desktop.macos_services:ServicesMenu",
    ),
}


def modules() -> list[str]:
    """The modules for this system, for packaging."""
    return sorted({place.partition(":")[0] for place in asdict(_system()).values()})


def prepare() -> None:
    """Import this system's modules, which is slow. Any thread."""
    for place in asdict(_system()).values():
        _import(place)


def follower(
    on_command: Callable[[Command], None],
    on_speed: Callable[[float], None],
    on_volume: Callable[[float], None],
    voice_name: Callable[[str], str],
    levels: tuple[float, float],
    folder: Path,
) -> ReadingFollower:
    """Make the follower. Players ask for commands, speeds and volumes; `voice_name` maps a voice's id to its name.

    `levels` are the current speed and volume; `folder` is where to record what must be undone.
    """
    system = _system()
    return ReadingFollower(
        _import(system.media_controls)(on_command, on_speed, on_volume),
        _import(system.screen_lock)(),
        _import(system.others_volume)(folder / "lowered.json"),
        voice_name,
        *levels,
    )


async def screen_readers(on_change: Callable[[ScreenReader], None]) -> ScreenReaderWatch:
    """Start watching for screen readers."""
    made = await asyncio.to_thread(_import, _system().screen_reader)
    watch: ScreenReaderWatch = made(on_change)
    await watch.start()
    return watch


def accessibility(folder: Path) -> AccessibilitySwitch:
    """The desktop's accessibility switch; `folder` is where to record whether Harken has switched it on."""
    made: AccessibilitySwitch = _import(_system().accessibility)(folder / "accessibility-switched-on")
    return made


def screen_lock() -> ScreenLock:
    """The check for a locked screen."""
    made: ScreenLock = _import(_system().screen_locked)()
    return made


def battery() -> Battery:
    """The check for a low battery."""
    made: Battery = _import(_system().battery)()
    return made


def permission() -> Permission:
    """Whether Harken may see other programs' text."""
    made: Permission = _import(_system().permission)()
    return made


def text_service(on_text: Callable[[str], None]) -> TextService:
    """The entry in other programs' menus. `on_text` is called on any thread."""
    made: TextService = _import(_system().text_service)(on_text)
    return made


def autostart() -> Autostart:
    """How Harken starts at login."""
    made: Autostart = _import(_system().autostart)(command)
    return made


def menu_entry() -> MenuEntry:
    """How the desktop knows Harken."""
    made: MenuEntry = _import(_system().menu_entry)(command)
    return made


def _system() -> System:
    return SYSTEMS.get(sys.platform, System())


def _import(place: str) -> Any:
    module, _, name = place.partition(":")
    return getattr(importlib.import_module(module), name)
