"""The user's language: everything people see or hear goes through `translate`.

The texts and their translations are Qt's (resources/translations), but `reader/` doesn't import Qt, so the windows
install their translator here at start. Without one, as on the command line, texts are in English.

Mark each text where it is written, so that the tools find it: `translate("reader", "…")` translates at once,
`QT_TRANSLATE_NOOP("settings", "…")` marks a text that is translated where it is shown. Variable parts are filled in
afterwards: `translate("reader", "There is no voice “{voice}” here.").format(voice=voice)`. A text with plural forms
takes its number as the fourth positional argument, or Qt's tools miss it: `translate("reader", "%n voices", None,
count)`; %Ln groups digits. The log's own words and tables for programs stay English.
"""

from __future__ import annotations

from collections.abc import Callable

# Context, text, disambiguation, and the number for plural forms (-1: none).
Translator = Callable[[str, str, str | None, int], str]


def _english(context: str, text: str, disambiguation: str | None, n: int) -> str:
    return text if n < 0 else text.replace("%Ln", f"{n:,}").replace("%n", str(n)).replace("%Ln", f"{n:,}")


_translator: Translator = _english
_language = "en"


def install(translator: Translator, language: str) -> None:
    """Translate with `translator` from now on, into `language` (ISO 639-1). Before the core starts."""
    global _translator, _language
    _translator, _language = translator, language


def language() -> str:
    """The language of what `translate` returns, as an ISO 639-1 code."""
    return _language


def translate(context: str, text: str, disambiguation: str | None = None, n: int = -1) -> str:
    """A text in the user's language. Any thread."""
    return _translator(context, text, disambiguation, n)


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:  # noqa: N802 - the name that Qt's tools look for
    """Mark a text that is translated where it is shown."""
    return text
