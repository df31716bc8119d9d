"""The language of the windows and of Harken's messages: chosen once, before any of them exist.

Qt translates, with the .qm files that packaging/translations.sh compiles; `i18n.py` is given Qt's translator, so that
the core's sentences are in the same language. A new language applies from the next start.
"""

from __future__ import annotations

import importlib.resources
import logging
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

import reader.support.i18n
from reader.settings.file import read as settings_in_file
from reader.settings.paths import settings_file
from reader.support.files import DamagedFileError

log = logging.getLogger(__name__)

_ENGLISH = "en"


def install(app: QApplication) -> None:
    """Translate into the language set in system.language, or the system's. Before any widget is created."""
    use(app, wanted_language(settings_file()))


def wanted_language(path: Path) -> str:
    """The setting system.language in the settings file `path`; "" for the system's, or if it can't be read.

    It is read separately, before the settings, because messages about that file are in that language.
    """
    try:
        system = settings_in_file(path).get("system")
    except (OSError, DamagedFileError):
        return ""
    wanted = system.get("language") if isinstance(system, dict) else ""
    return wanted if isinstance(wanted, str) else ""


def use(app: QApplication, wanted: str, folder: Path | None = None) -> None:
    """Translate into the language `wanted` (ISO 639-1, "" for the system's), from the .qm files of `folder`.

    English if there is no such translation. Numbers and the direction of writing follow the language; if it is the
    system's, the system's formats are used.
    """
    folder = folder or Path(str(importlib.resources.files("resources").joinpath("translations")))
    locale = QLocale(wanted) if wanted else QLocale.system()
    harken = QTranslator(app)
    # Qt takes the first of the user's languages, in their order, that has a file.
    if not harken.load(locale, "harken", "_", str(folder)):
        log.info("there is no translation for %s in %s", locale.uiLanguages(), folder)
        harken.load(QLocale(_ENGLISH), "harken", "_", str(folder))  # its plural forms
    language = (harken.language() or _ENGLISH).partition("_")[0]
    if language != locale.name().partition("_")[0]:
        locale = QLocale(language)
    QLocale.setDefault(locale := _with_western_digits(locale))
    qts_own = QTranslator(app)  # standard buttons, context menus
    if qts_own.load(locale, "qtbase", "_", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(qts_own)
    app.installTranslator(harken)
    app.setLayoutDirection(locale.textDirection())
    reader.support.i18n.install(QCoreApplication.translate, language)
    log.info("language: %s", language)


def _with_western_digits(locale: QLocale) -> QLocale:
    """The same language, written with the digits 0 to 9.

    Sentences with numbers, key names and the guide use these in every language. Some countries' formats have others,
    and a window with both is hard to read.
    """
    world = QLocale(locale.language(), QLocale.Country.World)
    return world if locale.zeroDigit() != "0" == world.zeroDigit() else locale
