"""What Amazon Polly's voices, their languages and techniques are called in the windows."""

from __future__ import annotations

from PySide6.QtCore import QLocale

from reader import words
from reader.flow import Voice
from reader.words import translate


def language_name(tag: str) -> str:
    """A language with its country in English and, where the windows are not English, in the language itself before.

    Qt knows no other names.
    """
    locale = QLocale(tag)
    if locale.language() == QLocale.Language.C:
        return tag
    language = english = QLocale.languageToString(locale.language())
    if "-" in tag:
        country = QLocale.territoryToString(locale.territory())
        english = translate("ui", "{language} ({country})").format(language=english, country=country)
    own = locale.nativeLanguageName()
    if words.language() == "en" or not own or language in own:  # “British English”
        return english
    return translate("ui", "{own} – {english}").format(own=own, english=english)


def gender_name(gender: str) -> str:
    """What a service says of a voice."""
    return {"female": translate("ui", "female"), "male": translate("ui", "male")}.get(gender, "")


def technique_name(technique: str) -> str:
    """A technique, and what that means for the reading."""
    if technique == "generative":
        return translate("ui", "generative, streams")
    names = {
        "neural": translate("ui", "neural"),
        "standard": translate("ui", "standard"),
        "long-form": translate("ui", "long-form"),
    }
    return names.get(technique, technique)


def described(voice: Voice) -> str:
    """A voice in some words."""
    told = (language_name(voice.locale), gender_name(voice.gender), technique_name(voice.technique))
    details = translate("ui", ", ", "between words of a list").join(filter(None, told))
    return translate("ui", "{voice} ({details})").format(voice=voice.given_name or voice.id, details=details)
