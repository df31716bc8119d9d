"""The rows of “Get more voices”: one for each voice that is available, installed or being downloaded."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QLocale

from reader.core.offers import Asks, OfferedVoice, Offers
from reader.support.i18n import QT_TRANSLATE_NOOP, translate
from ui.languages import language_name

_ASKS = {
    Asks.NOTHING: QT_TRANSLATE_NOOP("ui", "no conditions"),
    Asks.CREDIT: QT_TRANSLATE_NOOP("ui", "credit its makers if you publish what it says"),
    Asks.COPYLEFT: QT_TRANSLATE_NOOP("ui", "share what you make with it under the same licence"),
}


@dataclass(frozen=True, slots=True)
class VoiceRow:
    """One voice. `key` is its folder's name; `offered` is None if it is not on the list.

    `size_bytes` is its size on disk, or that of the download. `file` is where another program keeps it.
    """

    key: str
    language: str
    name: str
    size_bytes: int
    is_here: bool
    offered: OfferedVoice | None = None
    file: Path | None = None

    @property
    def licence(self) -> str:
        """A short description of its licence."""
        if not self.offered:
            return ""
        return self.offered.licence or translate("ui", "not stated")

    @property
    def state(self) -> str:
        """Whether it is installed."""
        if self.is_here:
            return translate("ui", "installed")
        if self.file:
            return translate("ui", "on this computer, not added")
        if self.offered and self.offered.is_recommended:
            return translate("ui", "recommended")
        return ""

    def details(self) -> list[str]:
        """Everything known about it, line by line."""
        if self.file:
            return [str(self.file)]
        voice = self.offered
        if not voice:
            return []
        lines = [translate("ui", "Licence: {licence}").format(licence=self.licence)]
        if asks := _ASKS.get(voice.asks):
            lines = [f"{lines[0]}, {translate('ui', asks)}."]
        else:
            lines.append(translate("ui", "Its licence is not stated. Read its page before you publish what it says."))
        if voice.credit:
            lines.append(translate("ui", "Credit: {credit}").format(credit=voice.credit))
        if voice.score:
            told = translate("ui", "Score for sounding natural and clear: {score} out of 100.")
            lines.append(told.format(score=round(voice.score)))
        if voice.page:
            lines.append(translate("ui", "Page: {page}").format(page=voice.page))
        return lines


def shown_size(size_bytes: int) -> str:
    """A size in megabytes, in the user's number format."""
    number = QLocale().toString(max(1, round(size_bytes / 1e6))) if size_bytes else "0"
    return translate("ui", "{number} MB").format(number=number)


def make_rows(offers: Offers) -> list[VoiceRow]:
    """The voices of all languages: installed ones first, then the best."""
    rows = []
    names = Counter((voice.locale, voice.name) for voice in offers.index.voices)
    for voice in offers.index.voices:
        size = offers.sizes.get(voice.key)
        name = voice.name if names[voice.locale, voice.name] == 1 else f"{voice.name} ({voice.quality})"
        rows.append(VoiceRow(voice.key, voice.language, name, size or voice.size_bytes, size is not None, voice))
    known = {row.key for row in rows}
    for key, size in offers.sizes.items():
        if key not in known:
            rows.append(VoiceRow(key, _language(key), key, size, is_here=True))
    for file in offers.found:
        key = file.name.removesuffix(".onnx")
        if key not in known:
            rows.append(VoiceRow(key, _language(key), key, _size(file), is_here=False, file=file))
    return sorted(rows, key=lambda row: not row.is_here)


def _language(key: str) -> str:
    """The language at the start of a voice's name, such as de_DE-kerstin-low."""
    return key.partition("_")[0].partition("-")[0].lower()


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0


def languages(rows: list[VoiceRow], first: list[str]) -> list[str]:
    """The languages' codes: those in `first` (the user's, and those that were read), then the rest by name."""
    codes = {row.language for row in rows}
    wanted = [code for code in dict.fromkeys(first) if code in codes]
    return [*wanted, *sorted(codes - set(wanted), key=lambda code: language_name(code).casefold())]
