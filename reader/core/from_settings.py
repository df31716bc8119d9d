"""What the settings ask of each part, and which settings those are. Only reads them; the parts' owners apply them."""

from __future__ import annotations

import asyncio
from typing import Any

import reader.audio.choose
from reader.audio.base import OutputDevice
from reader.capture.base import CaptureOptions
from reader.desktop.reading_follower import DesktopOptions
from reader.flow import Command, ScreenReader
from reader.hotkeys.chord import Chord
from reader.session.preferences import Preferences, preferred
from reader.settings.schema import SETTINGS, key_setting
from reader.settings.store import Settings
from reader.settings.text_settings import TEXT
from reader.support.languages import code_of
from reader.text.choices import Addresses, Choices, Code, Emoji, Footnotes, Pages, Repeats

# The settings that each of the functions below reads, as tests/unit/test_from_settings.py checks.
PREFERENCES = (
    "voice.id",
    "voice.stand_in",
    "voice.preferred",
    "voice.language",
    "voice.expected_language",
    "voice.fall_back",
    "reading.spoken_notices",
    "reading.go_on",
    "cues.speed",
    "cues.pause",
    "cues.end",
    *(setting.key for setting in TEXT),
)
KEPT = ("reading.history", "reading.places", "reading.keep_texts")
FOLLOWED = ("reading.every_selection", "reading.follow_focus", "reading.follow_pointer")
PLACES = ("reading.focused_text", "reading.clipboard", "reading.prepare", *FOLLOWED)
KEYS = tuple(key_setting(command) for command in Command if key_setting(command) in SETTINGS)
DESKTOP_OPTIONS = ("keys.media_keys", "system.keep_unlocked", "sound.others_volume")
ACCOUNT = ("polly.profile", "polly.region", "polly.source")


def preferences(settings: Settings, screen_reader: ScreenReader) -> Preferences:
    """How to read, for the session. A screen reader says Harken's notices; if it can't, Harken's voice does."""
    says_them, runs = screen_reader.says_announcements, screen_reader.is_running
    return Preferences(
        voice_id=settings.text("voice.id"),
        stand_in_id=settings.text("voice.stand_in"),
        preferred=preferred(settings.text("voice.preferred")),
        language=code_of(settings.text("voice.language")),
        expected_language=code_of(settings.text("voice.language") or settings.text("voice.expected_language")),
        may_fall_back=settings.switch("voice.fall_back"),
        speaks_notices=(settings.switch("reading.spoken_notices") or runs) and not says_them,
        has_screen_reader=says_them,
        says_speed=settings.switch("cues.speed"),
        sounds_pauses=settings.switch("cues.pause"),
        sounds_ends=settings.switch("cues.end"),
        goes_on=settings.switch("reading.go_on"),
        choices=choices(settings),
    )


def kept(settings: Settings) -> dict[str, bool]:
    """What the library remembers of texts beyond this session."""
    return {"is_kept": settings.switch("reading.places"), "keeps_texts": settings.switch("reading.keep_texts")}


def choices(settings: Settings) -> Choices:
    """What is read of a text."""
    return Choices(
        addresses=Addresses(settings.text("text.addresses")),
        code=Code(settings.text("text.code")),
        footnotes=Footnotes(settings.text("text.footnotes")),
        emoji=Emoji(settings.text("text.emoji")),
        repeats=Repeats(settings.text("text.repeats")),
        pages=Pages(settings.text("text.pages")),
        brackets=settings.switch("text.brackets"),
        marks=settings.switch("text.marks"),
        thoughts=settings.switch("text.thoughts"),
    )


def places(settings: Settings, screen_reader: ScreenReader) -> CaptureOptions:
    """Where to look for text when a key is pressed, and what is read without one, except beside a screen reader."""
    every_selection, focus, pointer = (settings.switch(key) and not screen_reader.is_running for key in FOLLOWED)
    return CaptureOptions(
        focused_text=settings.switch("reading.focused_text"),
        clipboard=settings.switch("reading.clipboard"),
        every_selection=every_selection,
        prepares=settings.switch("reading.prepare"),
        follows_focus=focus,
        follows_pointer=pointer,
    )


def bindings(settings: Settings) -> dict[Command, Chord]:
    """The keys of the commands that are to have one."""
    commands = {key_setting(command): command for command in Command}
    return {commands[key]: Chord.parse(text) for key in KEYS if (text := settings.text(key))}


def desktop_options(settings: Settings) -> DesktopOptions:
    """What the rest of the desktop is to do while something is read."""
    return DesktopOptions(
        settings.switch("keys.media_keys"),
        settings.switch("system.keep_unlocked"),
        settings.number("sound.others_volume"),
    )


def output_device(settings: Settings) -> OutputDevice:
    """The sound output, not opened yet."""
    return reader.audio.choose.output_device(settings.text("sound.device"), settings.number("sound.awake_s"))


def account(settings: Settings) -> tuple[str, str, str]:
    """The arguments for credentials.Credentials."""
    return settings.text("polly.profile"), settings.text("polly.region"), settings.text("polly.source")


async def proxy_variables() -> dict[str, str]:
    """The variables that send programs through the desktop's proxy if they know of no other way."""
    proxy = await asyncio.to_thread(_import_proxy)
    found: dict[str, str] = await proxy.Proxies().variables()
    return found


def _import_proxy() -> Any:
    """Imported only if it is needed, and on a worker thread, as it takes too long for the core's."""
    import reader.http.proxy as proxy

    return proxy
