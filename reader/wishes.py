"""What the settings ask of each part. Only reads them; `app.py` passes it on."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import reader.audio.choose
from reader.audio.base import OutputDevice
from reader.capture.capture import Wishes
from reader.desktop.surroundings import Manners
from reader.flow import Command, ScreenReader
from reader.hotkeys.keys import Chord
from reader.session.preferences import Preferences
from reader.settings.paths import state_folder
from reader.settings.schema import SETTINGS, key_setting
from reader.settings.store import Settings
from reader.voices.choose import PollyChoices


def preferences(settings: Settings, screen_reader: ScreenReader) -> Preferences:
    """How to read, for the session. A screen reader says Harken's notices; one that can't has them spoken."""
    says_them, runs = screen_reader.says_announcements, screen_reader.is_running
    return Preferences(
        voice_id=settings.text("voice.id"),
        stand_in_id=settings.text("voice.stand_in"),
        language=settings.text("voice.language"),
        expected_language=settings.text("voice.language") or settings.text("voice.expected_language"),
        may_fall_back=settings.switch("voice.fall_back"),
        speaks_notices=(settings.switch("reading.spoken_notices") or runs) and not says_them,
        has_screen_reader=says_them,
        says_speed=settings.switch("cues.speed"),
        sounds_pauses=settings.switch("cues.pause"),
        sounds_ends=settings.switch("cues.end"),
    )


def places(settings: Settings) -> Wishes:
    """Where to look for text."""
    return Wishes(settings.switch("reading.focused_text"), settings.switch("reading.clipboard"))


def bindings(settings: Settings) -> dict[Chord, Command]:
    """What the keys mean."""
    chords = {command: key_setting(command) for command in Command if key_setting(command) in SETTINGS}
    return {Chord.parse(text): command for command, key in chords.items() if (text := settings.text(key))}


def manners(settings: Settings) -> Manners:
    """What the rest of the desktop is to do while something is read."""
    return Manners(
        settings.switch("keys.media_keys"),
        settings.switch("system.keep_unlocked"),
        settings.number("sound.others_volume"),
    )


def output_device(settings: Settings) -> OutputDevice:
    """Where it is to be heard; not open yet."""
    return reader.audio.choose.output_device(settings.text("sound.device"), settings.number("sound.awake_s"))


def account(settings: Settings) -> tuple[str, str, str]:
    """For credentials.Credentials."""
    return settings.text("polly.profile"), settings.text("polly.region"), settings.text("polly.source")


def polly(settings: Settings) -> PollyChoices:
    """What is asked of Amazon Polly."""
    folder, lexicons = state_folder(), settings.text("polly.lexicons")
    return PollyChoices(
        folder / "polly-voices.json",
        folder / "polly-spent.json",
        settings.text("polly.format"),
        tuple(name for name in re.split(r"[,\s]+", lexicons) if name),
        round(settings.number("polly.monthly_limit")),
    )


async def proxy_variables() -> dict[str, str]:
    """What programs that know variables only need to go through the proxy of the desktop's settings."""
    proxy = await asyncio.to_thread(_import_proxy)
    found: dict[str, str] = await proxy.Proxies().variables()
    return found


def _import_proxy() -> Any:
    """Not for those who have no use for it, and too long for the core thread."""
    import reader.net.proxy as proxy

    return proxy
