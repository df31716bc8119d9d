"""Orca, the screen reader, on a desk of its own: what it says, and when.

Orca and speech-dispatcher are the real ones; only the voice (logging_voice.py) writes down instead of sounding.
"""

from __future__ import annotations

import json
import shutil
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reader.speechd.speaker import VoiceParameters
from tests.desktop.desk import Desk, wait_for
from tests.desktop.hearing import voiced_text
from tests.desktop.recorder import Samples

NEEDED = {"orca": "orca", "speech-dispatcher": "speech-dispatcher"}
_VOICE = Path(__file__).with_name("logging_voice.py")
_PYTHON = shutil.which("python3", path="/usr/bin") or sys.executable
_ENV = {"NO_AT_BRIDGE": "", "GTK_MODULES": "", "PYTHONPATH": ""}
# Orca is still when it has said nothing for so long: longer than it takes to look at a window.
_STILL_S = 1.5
# What Orca sets by itself.
_OWN = VoiceParameters(rate=0.02, pitch=0.1)


def settings_file(general: dict[str, Any] | None = None) -> str:
    """Orca's own file of settings, for somebody who has never changed any but these."""
    profile = {"profile": ["Default", "default"], "pronunciations": {}, "keybindings": {}}
    return json.dumps({
        "general": {"startingProfile": ["Default", "default"], **(general or {})},
        "pronunciations": {}, "keybindings": {}, "profiles": {"default": profile},
    })  # fmt: skip


def as_said_with_harken(text: str) -> list[Samples]:
    """How Orca says a text with Harken's voice, piece by piece."""
    return voiced_text(text, _OWN.speed, _OWN.pitch)


@dataclass(frozen=True)
class Said:
    """Something Orca said. `end_s` (time.monotonic) is None while it says it."""

    text: str
    start_s: float
    end_s: float | None
    is_whole: bool


class Orca:
    """Started with `running`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._log = desk.folder / "orca-said.jsonl"
        self._begun = 0

    def start(self, *, settings: dict[str, Any] | None = None) -> None:
        """Start it as a user does by hand, and wait until it has spoken."""
        folder = self._desk.folder / "speechd"
        (folder / "modules").mkdir(parents=True, exist_ok=True)
        voice = folder / "voice"
        voice.write_text(f"#!/bin/sh\nexec {_PYTHON} -u {_VOICE} {self._log}\n")
        voice.chmod(0o700)
        (folder / "modules" / "voice.conf").touch()
        (folder / "speechd.conf").write_text(
            f'LogLevel 3\nLogDir "{folder}"\nAddModule "logging" "{voice}" "voice.conf"\nDefaultModule logging\n'
        )
        command = ["speech-dispatcher", "-s", "-C", str(folder), "-L", str(folder), "-t", "0"]
        self._speech = self._desk.start_program(command, "speech-dispatcher", env=_ENV)
        socket = self._desk.runtime / "speech-dispatcher" / "speechd.sock"
        wait_for(socket.exists, "speech-dispatcher")
        self.start_alone(settings)
        self.begin()
        wait_for(self.said, "Orca", 60)
        self.wait_until_still()
        self.begin()

    def start_alone(self, settings: dict[str, Any] | None = None) -> None:
        """Start it with the speech-dispatcher that runs."""
        prefs = self._desk.folder / "orca"
        prefs.mkdir(exist_ok=True)
        (prefs / "user-settings.conf").write_text(settings_file(settings))
        self._orca = self._desk.start_program(["orca", "-u", str(prefs)], "orca", env=_ENV)

    def stop(self) -> None:
        """End it."""
        self._desk.end(self._orca)
        self._desk.end(self._speech)

    def begin(self) -> None:
        """Count from here on."""
        self._begun = len(self._lines())

    def _lines(self) -> list[dict[str, Any]]:
        text = self._log.read_text("utf-8") if self._log.exists() else ""
        return [json.loads(line) for line in text.splitlines(keepends=True) if line.endswith("\n")]

    def said(self) -> list[Said]:
        """What it said since `begin`, in order."""
        found: list[Said] = []
        for line in self._lines()[self._begun :]:
            if line["event"] == "say":
                found.append(Said(line["text"], line["at_s"], None, False))
            elif found:
                found[-1] = Said(found[-1].text, found[-1].start_s, line["at_s"], line["event"] == "end")
        return found

    def texts(self) -> list[str]:
        """Likewise, the texts alone."""
        return [said.text for said in self.said()]

    def wait_until_still(self) -> None:
        """Wait until it has said all it has to say."""

        def is_still() -> bool:
            lines = self._lines()
            return bool(lines) and lines[-1]["event"] != "say" and time.monotonic() - lines[-1]["at_s"] > _STILL_S

        wait_for(is_still, "Orca still", 60)
