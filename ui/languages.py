"""Languages as people call them, and which of them are the user's."""

from __future__ import annotations

from PySide6.QtCore import QLocale

from reader import words
from reader.words import translate

# Where Qt names the country's variety.
_OWN_NAMES = {"en": "English", "es": "Español", "zh": "中文"}


def language_name(code: str) -> str:
    """What a language is called; its code (ISO 639) where Qt has no name."""
    language = QLocale.codeToLanguage(code)
    if language in (QLocale.Language.AnyLanguage, QLocale.Language.C):
        return code
    return QLocale.languageToString(language)


def both_names(code: str) -> str:
    """What a language is called by those who speak it, and in English; its code where Qt has no name."""
    english = language_name(code)
    own = _OWN_NAMES.get(code) or QLocale(code).nativeLanguageName()
    own = own[:1].upper() + own[1:]
    if english == code or own in ("", english):
        return english
    return translate("ui", "{own} ({english})").format(own=own, english=english)


def user_languages(*more: str) -> list[str]:
    """The codes of the languages the user reads, the likeliest first: those of the desktop, and `more`."""
    codes = [*more, words.language(), *(tag.partition("-")[0].lower() for tag in QLocale.system().uiLanguages())]
    return [code for code in dict.fromkeys(codes) if len(code) in (2, 3)]
