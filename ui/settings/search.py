"""Finds settings by words. No Qt, so that all of it can be tested."""

from __future__ import annotations

from reader.settings.schema import SETTINGS
from reader.settings.setting import Page, Setting
from reader.support.i18n import translate


def page_title(page: Page) -> str:
    """The title of a page."""
    return {
        Page.VOICE: translate("ui", "Voice"),
        Page.READING: translate("ui", "Reading"),
        Page.TEXT: translate("ui", "What is read"),
        Page.WORDS: translate("ui", "Pronunciation"),
        Page.PLAYER: translate("ui", "Player"),
        Page.KEYS: translate("ui", "Keys"),
        Page.SOUND: translate("ui", "Sound"),
        Page.POLLY: translate("ui", "Amazon Polly"),
        Page.SERVER: translate("ui", "Speech server"),
        Page.SYSTEM: translate("ui", "Privacy & System"),
    }[page]


def find(text: str) -> list[Setting]:
    """Settings whose texts contain all these words or parts of words; those whose names do come first."""
    wanted = text.casefold().split()
    if not wanted:
        return []
    found = [setting for setting in SETTINGS.values() if _has_all(_everything(setting), wanted)]
    return sorted(found, key=lambda setting: not _has_all(translate("settings", setting.label), wanted))


def _has_all(text: str, wanted: list[str]) -> bool:
    folded = text.casefold()
    return all(word in folded for word in wanted)


def _everything(setting: Setting) -> str:
    told = [setting.label, setting.summary, *(label for _, label in setting.choices)]
    return " ".join([setting.key, page_title(setting.page), *(translate("settings", text) for text in told)])
