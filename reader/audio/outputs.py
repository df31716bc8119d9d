"""The sound outputs of this computer, by the names stored in the setting sound.device. In the audio process only.

On Linux, PortAudio uses ALSA and sees a sound server as a single device. The server's sinks are looked up with libpulse
(`pulsectl`; PipeWire answers too) and chosen with a variable that ALSA's plugin for the server respects: PULSE_SINK, or
PipeWire's PIPEWIRE_NODE. Elsewhere, and without a sound server, the outputs are PortAudio's own devices. On Windows it
lists each device once for every sound API; WASAPI's are used, because they start soonest.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import Any

import sounddevice

from reader.audio import coreaudio, wasapi

# PortAudio's devices for the sound server, of which the first available is used, and the variables that choose a sink.
# PipeWire by itself has only the second.
_SERVERS = {"pulse": "PULSE_SINK", "pipewire": "PIPEWIRE_NODE"}
_WASAPI = "Windows WASAPI"
# Windows' oldest sound API truncates names to this length; settings may still contain one.
_CUT_CHARS = 31


def outputs() -> list[dict[str, Any]]:
    """All outputs: {"id": for the setting, "name": for users, "is_default"}."""
    if sinks := _sinks():
        return sinks
    default = _default()
    return [{"id": name, "name": name, "is_default": which == default} for name, which in _devices().items()]


def find(wanted: str) -> int | str | None:
    """The PortAudio device for an output, None for the system's default.

    Raises ValueError if there is no such output.
    """
    devices = _devices()
    server = next((name for name in _SERVERS if name in devices), None) if sys.platform == "linux" else None
    for variable in _SERVERS.values():
        os.environ.pop(variable, None)
    if not wanted:
        return server if sys.platform == "linux" else _default()
    if server and any(sink["id"] == wanted for sink in _sinks()):
        os.environ[_SERVERS[server]] = wanted
        return server
    meant = [which for name, which in devices.items() if name == wanted]
    if len(wanted) == _CUT_CHARS:
        meant += [which for name, which in devices.items() if name.startswith(wanted)]
    if not meant:
        raise ValueError(f"no sound output {wanted!r}")
    return meant[0]


def systems_default() -> str:
    """The system's current default output, "" if PortAudio's stream follows it by itself. Any thread.

    PortAudio lists devices once, when loaded, and on Windows and macOS a stream stays where it was opened.
    """
    if sys.platform == "darwin":
        return coreaudio.default_output()
    return wasapi.default_output()


def settings_for(info: Mapping[str, Any]) -> Any:
    """Extra settings for a stream on a device: Windows converts to the device's rate only on request."""
    is_wasapi = sounddevice.query_hostapis(info["hostapi"])["name"] == _WASAPI
    return sounddevice.WasapiSettings(auto_convert=True) if is_wasapi else None


def wait_for(wanted: str) -> bool:
    """Wait until a missing output of the sound server is there. False if nothing can report that.

    Blocks its thread, usually for the life of the process.
    """
    try:
        import pulsectl
    except (ImportError, OSError):
        return False
    try:
        with pulsectl.Pulse("harken", connect=False) as server:
            server.connect()
            server.event_mask_set("sink")
            changes: list[str] = []

            def note(event: Any) -> None:
                if event.t in ("new", "remove"):
                    changes.append(event.t)
                    raise pulsectl.PulseLoopStop

            server.event_callback_set(note)
            was_there = True
            while not ((is_there := any(sink.name == wanted for sink in server.sink_list())) and not was_there):
                was_there = is_there
                if not changes:
                    server.event_listen()
                changes.clear()
            return True
    except (pulsectl.PulseError, pulsectl.PulseDisconnected):
        return False


def begins_late(info: Mapping[str, Any]) -> str:
    """ALSA's name for a device that PortAudio would fill with silence first (see alsa.py), "" for others.

    Devices from ALSA's configuration go under their names there. Sound cards are named differently; without a server,
    they are played on through ALSA's "default".
    """
    is_configured = sys.platform == "linux" and "(hw:" not in info["name"] and info["name"] != "pulse"
    is_alsas = is_configured and sounddevice.query_hostapis(info["hostapi"])["name"] == "ALSA"
    return str(info["name"]) if is_alsas else ""


def _devices() -> dict[str, int]:
    """The numbers of PortAudio's outputs, by name. On Windows, further ones of the same name have a number appended."""
    host = _host()
    found: dict[str, int] = {}
    for which, device in enumerate(sounddevice.query_devices()):
        if device["max_output_channels"] <= 0 or host not in (None, device["hostapi"]):
            continue
        name = device["name"]
        same = 1
        while sys.platform == "win32" and name in found:
            same += 1
            name = f"{device['name']} ({same})"
        found.setdefault(name, which)
    return found


def _default() -> int | None:
    """The number of the system's default, None if there is no output or, on Windows, no default."""
    host = _host()
    if host is None:
        return int(sounddevice.query_devices(kind="output")["index"]) if _devices() else None
    which = int(sounddevice.query_hostapis(host)["default_output_device"])
    return which if which >= 0 else None


def _host() -> int | None:
    """The index of the Windows sound API to use, None on other systems or if it is missing."""
    if sys.platform != "win32":
        return None
    return next((i for i, api in enumerate(sounddevice.query_hostapis()) if api["name"] == _WASAPI), None)


def _sinks() -> list[dict[str, Any]]:
    """The sound server's sinks, empty if there is no server."""
    if sys.platform != "linux":
        return []
    try:
        import pulsectl
    except (ImportError, OSError):  # libpulse is not installed
        return []
    try:
        with pulsectl.Pulse("harken", connect=False) as server:
            server.connect()  # a timeout here would always be waited out; our caller has one
            default = server.server_info().default_sink_name
            sinks = [(sink.name, sink.description) for sink in server.sink_list()]
    except pulsectl.PulseError:
        return []
    return [{"id": name, "name": told, "is_default": name == default} for name, told in sinks]
