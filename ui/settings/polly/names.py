"""Display names for Amazon Polly's voices, languages and techniques."""

from __future__ import annotations

from PySide6.QtCore import QLocale

from reader.flow import Voice
from reader.support import i18n
from reader.support.i18n import translate
from ui import languages


def language_name(tag: str) -> str:
    """A language with its country. Qt knows the names of countries only in English and in their own languages.

    So in windows in other languages, language and country have their own names, followed by the language again.
    """
    locale = QLocale(tag)
    if locale.language() == QLocale.Language.C:
        return tag
    code = tag.partition("-")[0]
    is_english = i18n.language() == "en"
    language = languages.language_name(code)
    own = language if is_english else languages.own_name(code) or language
    if "-" in tag:
        territory = locale.territory()
        country = QLocale.territoryToString(territory) if is_english else locale.nativeTerritoryName()
        told = translate("ui", "{language} ({country})").format(language=own, country=country)
    else:
        told = own
    return told if own == language else translate("ui", "{own} – {english}").format(own=told, english=language)


def gender_name(gender: str) -> str:
    """The gender of a voice, as a word."""
    return {"female": translate("ui", "female"), "male": translate("ui", "male")}.get(gender, "")


def technique_name(technique: str) -> str:
    """A technique, and what it means for the reading."""
    if technique == "generative":
        return translate("ui", "generative, streams")
    names = {
        "neural": translate("ui", "neural"),
        "standard": translate("ui", "standard"),
        "long-form": translate("ui", "long-form"),
    }
    return names.get(technique, technique)


def described(voice: Voice) -> str:
    """A short description of a voice."""
    told = (language_name(voice.locale), gender_name(voice.gender), technique_name(voice.technique))
    details = translate("ui", ", ", "between words of a list").join(filter(None, told))
    return translate("ui", "{voice} ({details})").format(voice=voice.given_name or voice.id, details=details)
