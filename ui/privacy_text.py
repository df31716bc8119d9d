"""What Harken reads and where it goes, in sentences that are true for the settings in force. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from reader.core.polly import is_polly
from reader.settings.paths import log_file, settings_file, shown, state_folder
from reader.settings.store import Settings
from reader.support.i18n import translate


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and its sentences."""

    title: str
    sentences: list[str]


def sections(settings: Settings) -> list[Section]:
    """Everything there is to tell."""
    return [
        Section(translate("ui", "Where your texts go"), _destinations(settings)),
        Section(translate("ui", "What Harken looks at"), _looks(settings)),
        Section(translate("ui", "Whom Harken asks"), _asks(settings)),
        Section(translate("ui", "What is kept"), _keeps(settings)),
    ]


def uses_polly(settings: Settings) -> bool:
    """Whether texts are sent to Amazon."""
    return is_polly(settings.text("voice.id"))


def _destinations(settings: Settings) -> list[str]:
    if not uses_polly(settings):
        return [
            translate("ui", "Nowhere. The voice is on this computer, and what you read stays on it."),
            translate("ui", "Only if you choose a voice of Amazon Polly would texts be sent to Amazon."),
        ]
    region = settings.text("polly.region")
    place = translate("ui", "It is sent to the region {region}.").format(region=region)
    found = translate("ui", "It is sent to the region that your AWS account's settings name.")
    told = [
        translate("ui", "To Amazon. You have chosen a voice of Amazon Polly, which computes it there."),
        place if region else found,
        translate("ui", "Text is sent a little ahead of your ear: what you stop, is not sent to its end."),
        translate("ui", "Amazon bills it to your AWS account."),
    ]
    if settings.switch("voice.fall_back"):
        told.append(translate("ui", "When Amazon Polly can't be reached, a voice on this computer reads on."))
    return told


def _looks(settings: Settings) -> list[str]:
    return [
        translate("ui", "Each new selection, as soon as you make it: “Read new selections automatically” is on.")
        if settings.switch("reading.every_selection")
        else translate("ui", "What is selected, when you press the key, and at no other time."),
        translate("ui", "With nothing selected, the focused text.")
        if settings.switch("reading.focused_text")
        else translate("ui", "With nothing selected, it does not look at the focused text."),
        translate("ui", "With nothing else to read, the clipboard.")
        if settings.switch("reading.clipboard")
        else translate("ui", "The clipboard only when you choose “Read clipboard”."),
        translate("ui", "Never a password field."),
    ]


def _asks(settings: Settings) -> list[str]:
    told = []
    if uses_polly(settings):
        told.append(translate("ui", "Amazon, for speech and for the list of voices, in the name of your AWS account."))
    if settings.switch("system.check_updates"):
        told.append(translate("ui", "Once a week, whether there is a new version. Nothing of yours is sent."))
    return told or [translate("ui", "Nobody. Harken uses no network with these settings.")]


def _keeps(settings: Settings) -> list[str]:
    paths: list[tuple[str, Callable[[], Path]]] = [
        (translate("ui", "Your settings are in {path}."), settings_file),
        (
            translate("ui", "Voices used recently, characters billed and the like are in {path}. No text is there."),
            state_folder,
        ),
        (translate("ui", "The log is {path}. It says what happened, never what was read, and no keys."), log_file),
    ]
    return [
        translate("ui", "The last twenty readings, until Harken ends; they are never written to a file.")
        if settings.switch("reading.history")
        else translate("ui", "No text is kept once it is read, but the last one, for “Say again”."),
        *(text.format(path=shown(path())) for text, path in paths),
        translate("ui", "AWS keys that you typed in are in the system's keyring, and nowhere else."),
    ]
