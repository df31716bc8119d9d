"""The names of languages, and which languages are the user's."""

from __future__ import annotations

from PySide6.QtCore import QLocale

from reader.flow import Voice
from reader.support import i18n
from reader.support.i18n import QT_TRANSLATE_NOOP, translate

# For languages where Qt names a country's variety.
_OWN_NAMES = {"en": "English", "es": "Español", "zh": "中文"}
# Qt only knows a language's name in English and in the language itself. These are spoken by most potential users.
_NAMES = {
    "ar": QT_TRANSLATE_NOOP("languages", "Arabic"),
    "bg": QT_TRANSLATE_NOOP("languages", "Bulgarian"),
    "bn": QT_TRANSLATE_NOOP("languages", "Bengali"),
    "ca": QT_TRANSLATE_NOOP("languages", "Catalan"),
    "cs": QT_TRANSLATE_NOOP("languages", "Czech"),
    "da": QT_TRANSLATE_NOOP("languages", "Danish"),
    "de": QT_TRANSLATE_NOOP("languages", "German"),
    "el": QT_TRANSLATE_NOOP("languages", "Greek"),
    "en": QT_TRANSLATE_NOOP("languages", "English"),
    "es": QT_TRANSLATE_NOOP("languages", "Spanish"),
    "fa": QT_TRANSLATE_NOOP("languages", "Persian"),
    "fi": QT_TRANSLATE_NOOP("languages", "Finnish"),
    "fr": QT_TRANSLATE_NOOP("languages", "French"),
    "gu": QT_TRANSLATE_NOOP("languages", "Gujarati"),
    "he": QT_TRANSLATE_NOOP("languages", "Hebrew"),
    "hi": QT_TRANSLATE_NOOP("languages", "Hindi"),
    "hr": QT_TRANSLATE_NOOP("languages", "Croatian"),
    "hu": QT_TRANSLATE_NOOP("languages", "Hungarian"),
    "id": QT_TRANSLATE_NOOP("languages", "Indonesian"),
    "it": QT_TRANSLATE_NOOP("languages", "Italian"),
    "ja": QT_TRANSLATE_NOOP("languages", "Japanese"),
    "kn": QT_TRANSLATE_NOOP("languages", "Kannada"),
    "ko": QT_TRANSLATE_NOOP("languages", "Korean"),
    "ml": QT_TRANSLATE_NOOP("languages", "Malayalam"),
    "mr": QT_TRANSLATE_NOOP("languages", "Marathi"),
    "nb": QT_TRANSLATE_NOOP("languages", "Norwegian"),
    "nl": QT_TRANSLATE_NOOP("languages", "Dutch"),
    "pa": QT_TRANSLATE_NOOP("languages", "Punjabi"),
    "pl": QT_TRANSLATE_NOOP("languages", "Polish"),
    "pt": QT_TRANSLATE_NOOP("languages", "Portuguese"),
    "ro": QT_TRANSLATE_NOOP("languages", "Romanian"),
    "ru": QT_TRANSLATE_NOOP("languages", "Russian"),
    "sk": QT_TRANSLATE_NOOP("languages", "Slovak"),
    "sr": QT_TRANSLATE_NOOP("languages", "Serbian"),
    "sv": QT_TRANSLATE_NOOP("languages", "Swedish"),
    "sw": QT_TRANSLATE_NOOP("languages", "Swahili"),
    "ta": QT_TRANSLATE_NOOP("languages", "Tamil"),
    "te": QT_TRANSLATE_NOOP("languages", "Telugu"),
    "th": QT_TRANSLATE_NOOP("languages", "Thai"),
    "tr": QT_TRANSLATE_NOOP("languages", "Turkish"),
    "uk": QT_TRANSLATE_NOOP("languages", "Ukrainian"),
    "ur": QT_TRANSLATE_NOOP("languages", "Urdu"),
    "vi": QT_TRANSLATE_NOOP("languages", "Vietnamese"),
    "zh": QT_TRANSLATE_NOOP("languages", "Chinese"),
}
# eSpeak NG's names for the varieties of widely spoken languages.
_VARIETIES = {
    "America": QT_TRANSLATE_NOOP("languages", "America"),
    "Belgium": QT_TRANSLATE_NOOP("languages", "Belgium"),
    "Brazil": QT_TRANSLATE_NOOP("languages", "Brazil"),
    "France": QT_TRANSLATE_NOOP("languages", "France"),
    "Great Britain": QT_TRANSLATE_NOOP("languages", "Great Britain"),
    "Latin America": QT_TRANSLATE_NOOP("languages", "Latin America"),
    "Portugal": QT_TRANSLATE_NOOP("languages", "Portugal"),
    "Scotland": QT_TRANSLATE_NOOP("languages", "Scotland"),
    "Spain": QT_TRANSLATE_NOOP("languages", "Spain"),
    "Switzerland": QT_TRANSLATE_NOOP("languages", "Switzerland"),
}


def language_name(code: str) -> str:
    """A language's name: in the windows' language for widely spoken ones, else in English, else its code."""
    if known := _NAMES.get(code):
        return translate("languages", known)
    language = QLocale.codeToLanguage(code)
    if language in (QLocale.Language.AnyLanguage, QLocale.Language.C):
        return code
    return QLocale.languageToString(language)


def both_names(code: str) -> str:
    """A language's name in the language itself, and then its `language_name`."""
    name = language_name(code)
    own = own_name(code)
    if name == code or own in ("", name):
        return name
    return translate("ui", "{own} ({english})").format(own=own, english=name)


def own_name(code: str) -> str:
    """A language's name in the language itself; "" if Qt has none."""
    own = _OWN_NAMES.get(code) or QLocale(code).nativeLanguageName()
    return own[:1].upper() + own[1:]


def voice_name(voice: Voice) -> str:
    """A voice's name. eSpeak NG's are named after their languages, in English."""
    language, variety = voice.language_name, voice.variety
    if not language:
        return voice.name
    if _NAMES.get(voice.language) == language:
        language = language_name(voice.language)
    if not variety:
        return translate("ui", "{language} (eSpeak)").format(language=language)
    return translate("ui", "{language}, {variety} (eSpeak)").format(language=language, variety=_variety_name(variety))


def voice_name_in_its_language(voice: Voice) -> str:
    """A voice's name to follow that of its language, so that the language isn't heard twice."""
    if not voice.language_name:
        return voice.name
    if not voice.variety:
        return "eSpeak"
    return translate("ui", "{variety} (eSpeak)").format(variety=_variety_name(voice.variety))


def _variety_name(variety: str) -> str:
    return translate("languages", _VARIETIES[variety]) if variety in _VARIETIES else variety


def user_languages(*more: str) -> list[str]:
    """The codes of the languages that the user reads, likeliest first: `more`, the windows', the desktop's."""
    codes = [*more, i18n.language(), *(tag.partition("-")[0].lower() for tag in QLocale.system().uiLanguages())]
    return [code for code in dict.fromkeys(codes) if len(code) in (2, 3)]
