"""Languages as people call them, and which of them are the user's."""

from __future__ import annotations

from PySide6.QtCore import QLocale

from reader import words


def language_name(code: str) -> str:
    """What a language is called; its code (ISO 639) where Qt has no name."""
    language = QLocale.codeToLanguage(code)
    if language in (QLocale.Language.AnyLanguage, QLocale.Language.C):
        return code
    return QLocale.languageToString(language)


def user_languages(*more: str) -> list[str]:
    """The codes of the languages the user reads, the likeliest first: those of the desktop, and `more`."""
    codes = [*more, words.language(), *(tag.partition("-")[0].lower() for tag in QLocale.system().uiLanguages())]
    return [code for code in dict.fromkeys(codes) if len(code) in (2, 3)]
