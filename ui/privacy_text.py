"""What Harken reads and where it goes, in sentences that are true for the current settings. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from reader.http.address import ServerAddress
from reader.settings.paths import log_file, settings_file, shown, state_folder
from reader.settings.store import Settings
from reader.support.i18n import translate
from reader.support.voice_folder import voices_folder
from reader.voices import registry
from reader.voices.registry import ServiceEntry


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and its sentences."""

    title: str
    sentences: list[str]


def sections(settings: Settings) -> list[Section]:
    """Everything there is to say."""
    return [
        Section(translate("ui", "Where your texts go"), _destinations(settings)),
        Section(translate("ui", "What Harken looks at"), _looks(settings)),
        Section(translate("ui", "Network"), _asks(settings)),
        Section(translate("ui", "What is kept"), _keeps(settings)),
    ]


def service_in_use(settings: Settings) -> ServiceEntry | None:
    """The service that gets the texts; None if they stay on this computer."""
    return registry.service_of(settings.text("voice.id"))


def _named(sentence: str, service: ServiceEntry) -> str:
    title, company = translate("reader", service.title), translate("reader", service.company)
    return sentence.replace("{service}", title).replace("{company}", company)


def _destinations(settings: Settings) -> list[str]:
    service = service_in_use(settings)
    if service is None:
        to = translate("ui", "Text is sent to {company} only if you choose a voice of {service}.")
        return [
            translate("ui", "Nowhere. The voice is on this computer, and what you read stays on it."),
            *(_named(to, entry) for entry in registry.services() if not entry.address_setting),
            *(_to_server(settings, entry) for entry in registry.services() if entry.address_setting),
        ]
    if service.address_setting:
        return _destination_server(settings, service)
    sentences = [
        translate("ui", "To {company}. You have chosen a voice of {service}, and the speech is generated there."),
        translate("ui", "Text is sent slightly ahead of the speech. If you stop, the rest is not sent."),
    ]
    if service.region_setting:
        region = settings.text(service.region_setting)
        place = translate("ui", "It is sent to the region {region}.").format(region=region)
        found = translate("ui", "It is sent to the region set in your AWS configuration.")
        sentences.insert(1, place if region else found)
    if service.needs_account:
        sentences.append(translate("ui", "{company} bills your AWS account for it."))
    if settings.switch("system.services_for_programs"):
        sentences.append(
            translate("ui", "What other programs say with {service} is sent there too, as you have allowed.")
        )
    if settings.switch("voice.fall_back"):
        sentences.append(translate("ui", "If {service} can't be reached, a voice on this computer continues."))
    return [_named(sentence, service) for sentence in sentences]


def _to_server(settings: Settings, service: ServiceEntry) -> str:
    to = translate("ui", "Text is sent to the speech server at {address} only if you choose its voice.")
    return to.replace("{address}", settings.text(service.address_setting))


def _destination_server(settings: Settings, service: ServiceEntry) -> list[str]:
    address = settings.text(service.address_setting)
    to = translate("ui", "To the speech server at {address}. You have chosen its voice, and the speech is made there.")
    here = translate("ui", "It is a program on this computer. Whether it passes your texts on depends on that program.")
    away = translate("ui", "It is another computer. Its operator can read the text, and may charge for it.")
    sentences = [
        to.replace("{address}", address),
        here if ServerAddress.of(address).is_here else away,
        translate("ui", "Text is sent slightly ahead of the speech. If you stop, the rest is not sent."),
    ]
    if settings.switch("system.services_for_programs"):
        sentences.append(translate("ui", "What other programs say with it is sent there too, as you have allowed."))
    if settings.switch("voice.fall_back"):
        sentences.append(translate("ui", "If it can't be reached, a voice on this computer continues."))
    return sentences


def _looks_at_selections(settings: Settings) -> list[str]:
    if settings.switch("reading.every_selection"):
        told = translate("ui", "Each new selection, as soon as you make it: “Read new selections automatically” is on.")
        return [told]
    if not settings.switch("reading.prepare") or service_in_use(settings):
        return [translate("ui", "The selection, only when you press the key.")]
    return [
        translate("ui", "The selection, when you press the key."),
        translate("ui", "The beginning of each new selection, when you make it: “Prepare each new selection” is on."),
        translate("ui", "The speech made from it stays in memory for a minute at most."),
    ]


def _looks(settings: Settings) -> list[str]:
    return [
        *_looks_at_selections(settings),
        translate("ui", "If nothing is selected, the focused text.")
        if settings.switch("reading.focused_text")
        else translate("ui", "If nothing is selected, it does not look at the focused text."),
        translate("ui", "If there is nothing else to read, the clipboard.")
        if settings.switch("reading.clipboard")
        else translate("ui", "The clipboard only when you choose “Read clipboard”."),
        translate("ui", "Never a password field."),
    ]


def _asks(settings: Settings) -> list[str]:
    told = []
    service = service_in_use(settings)
    if service and service.address_setting:
        asks = translate("ui", "The speech server at {address}, for speech.")
        told.append(asks.replace("{address}", settings.text(service.address_setting)))
    elif service:
        asks = translate("ui", "{company}, for speech and for the list of voices.")
        told.append(_named(asks, service))
    if settings.switch("system.check_updates"):
        told.append(translate("ui", "Once a week, Harken checks for a new version. It sends nothing about you."))
    return told or [translate("ui", "None with these settings.")]


def _places(settings: Settings, keeps_texts: bool) -> list[str]:
    """What is stored about reading positions."""
    if not settings.switch("reading.places"):
        return [translate("ui", "How far you got in a text is forgotten when Harken quits.")]
    told = [
        translate(
            "ui", "How far you got in each of the last 50 long texts, for 90 days: a position and a fingerprint."
        ),
        translate("ui", "The name of a file that you open is kept with its place."),
    ]
    if keeps_texts:
        told.append(translate("ui", "The long texts themselves, for the same time, in files that only you can read."))
    return told


def _notes(keeps_texts: bool) -> str:
    if keeps_texts:
        return translate(
            "ui", "Places, kept texts, bookmarks, recently used voices, billed characters and the like are in {path}."
        )
    return translate(
        "ui", "Recently used voices, billed characters and the like are in {path}. None of your text is there."
    )


def _keeps(settings: Settings) -> list[str]:
    keeps_texts = settings.switch("reading.places") and settings.switch("reading.keep_texts")
    paths: list[tuple[str, Callable[[], Path]]] = [
        (translate("ui", "Your settings are in {path}."), settings_file),
        (_notes(keeps_texts), state_folder),
        (translate("ui", "Voices that you have added are in {path}."), voices_folder),
        (
            translate("ui", "The log is {path}. It says what happened. It never contains what was read, or any keys."),
            log_file,
        ),
    ]
    return [
        translate("ui", "The last twenty texts, until Harken quits. They are never written to a file.")
        if settings.switch("reading.history")
        else translate("ui", "No text is kept once it has been read, except the last one, for “Repeat sentence”."),
        *_places(settings, keeps_texts),
        translate("ui", "Bookmarks that you set: positions and fingerprints, until you remove them."),
        *(text.format(path=shown(path())) for text, path in paths),
        translate("ui", "AWS keys that you entered are in the system's keyring and nowhere else."),
        translate("ui", "The key of your speech server, if you entered one, is there too."),
    ]
