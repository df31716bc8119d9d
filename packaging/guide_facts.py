"""What the guide takes from the program itself: its texts, settings, keys and commands, in the page's language.

In a page's source stands

    {{label:voice.speed}}    a setting's name           {{settings:voice}}  the table of a page's settings
    {{key:stop}}             a command's first key      {{keys}}            the table of keys
    {{ui:Repeat sentence}}   any text of the program's  {{commands}}        the command line

Texts are in the page's language where resources/translations has them.
"""

from __future__ import annotations

import ast
import re
import sys
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import commandline

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from reader.cli.parser import make_parser  # noqa: E402 - the path comes first
from reader.flow import Command  # noqa: E402
from reader.hotkeys.chord import LINUX, MACOS, WINDOWS  # noqa: E402
from reader.settings.schema import SETTINGS, key_setting  # noqa: E402
from reader.settings.setting import Setting, SettingKind  # noqa: E402

_HOLE = re.compile(r"\{\{(\w+)(?::([^}]+))?\}\}")
# How no value is written in a terminal.
EMPTY = '""'
# What the generated tables say, beside the program's own texts.
WORDS = {
    "en": {
        "setting": "Setting", "values": "Values", "default": "Default", "name": "Name on the command line",
        "on": "on", "off": "off", "none": "none", "automatic": "automatic", "to": "{low} to {high} {unit}",
        "what": "What it does", "linux": "Linux", "windows": "Windows", "macos": "macOS", "all": "All pages",
        "previous": "Back: {title}", "next": "Next: {title}", "switch": "on, off", "voice": "a voice",
        "chord": "keys, or none", "language": "a language's code", "device": "an output", "profile": "a profile",
        "region": "a region", "colour": "a colour", "text": "text",
    },
    "de": {
        "setting": "Einstellung", "values": "Werte", "default": "Standard", "name": "Name in der Befehlszeile",
        "on": "an", "off": "aus", "none": "keine", "automatic": "automatisch", "to": "{low} bis {high} {unit}",
        "what": "Was sie bewirkt", "linux": "Linux", "windows": "Windows", "macos": "macOS", "all": "Alle Seiten",
        "previous": "Zurück: {title}", "next": "Weiter: {title}", "switch": "an (on), aus (off)",
        "voice": "eine Stimme", "chord": "Tasten oder keine", "language": "Kürzel einer Sprache",
        "device": "eine Ausgabe", "profile": "ein Profil", "region": "eine Region", "text": "Text",
        "colour": "eine Farbe",
    },
    "ar": {
        "setting": "الإعداد", "values": "القيم", "default": "القيمة الافتراضية", "name": "الاسم في سطر الأوامر",
        "on": "مفعّل", "off": "متوقف", "none": "لا شيء", "automatic": "تلقائي", "to": "من {low} إلى {high} {unit}",
        "what": "ماذا يفعل", "linux": "لينكس", "windows": "ويندوز", "macos": "ماك", "all": "كل الصفحات",
        "previous": "السابق: {title}", "next": "التالي: {title}", "switch": "مفعّل (on) أو متوقف (off)",
        "voice": "صوت", "chord": "مفاتيح أو لا شيء", "language": "رمز لغة", "device": "مخرج صوت",
        "profile": "ملف تعريف", "region": "منطقة", "colour": "لون", "text": "نص",
    },
}  # fmt: skip


class GuideError(Exception):
    """A source says something that the program does not know."""


# ---- the program's texts ----


def _plain(text: str) -> str:
    """A text without its mnemonic, which is `&` before a letter or, where the letter is not in it, `(&X)` behind it."""
    return re.sub(r"\s*\(&\w\)|&(?=\w)", "", text)


@cache
def texts() -> frozenset[str]:
    """Every text in the program."""
    return frozenset(
        _plain(node.value)
        for room in ("reader", "ui")
        for path in (ROOT / room).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


@cache
def translations(language: str) -> dict[tuple[str, str], str]:
    """The finished translations of a language by context and text, from the files of Qt's tools."""
    found = {}
    for path in sorted((ROOT / "resources" / "translations").glob(f"*_{language}.ts")):
        for context in ElementTree.parse(path).iter("context"):  # noqa: S314 - a file of ours
            name = context.findtext("name", "")
            for message in context.iter("message"):
                translation = message.find("translation")
                # One with plural forms has no text itself.
                if translation is not None and translation.get("type") is None and (translation.text or "").strip():
                    found[name, _plain(message.findtext("source", ""))] = _plain(translation.text or "")
    return found


def say(text: str, language: str, context: str = "settings") -> str:
    """A text of the program's, in the language where it has been translated: in this context, or else in any."""
    there = translations(language)
    anywhere = (translation for (_, source), translation in there.items() if source == text)
    return there.get((context, text)) or next(anywhere, text)


# ---- what is filled in ----


class Filling:
    """Puts the program's texts into a source."""

    def __init__(self, language: str) -> None:
        """`language` is the page's."""
        self._language = language
        self._words = WORDS[language]

    def fill(self, source: str, name: str) -> str:
        """The source with nothing left to fill in. Raises GuideError."""

        def fill_one(hole: re.Match[str]) -> str:
            kind, what = hole.groups()
            fillers = {
                "label": self._label, "settings": self._settings, "key": self._key,
                "ui": self._ui, "keys": self._keys, "commands": self._commands,
            }  # fmt: skip
            try:
                return fillers[kind](what)
            except KeyError:
                raise GuideError(f"{name}: the program has nothing for {hole.group()}") from None

        return _HOLE.sub(fill_one, source)

    def _say(self, text: str) -> str:
        return say(text, self._language)

    def _label(self, key: str) -> str:
        return self._say(SETTINGS[key].label)

    def _ui(self, text: str) -> str:
        if text not in texts():
            raise KeyError(text)
        return say(text, self._language, "ui").rstrip(":")

    def _key(self, command: str) -> str:
        if command not in LINUX:
            raise KeyError(command)
        return _kbd(LINUX[Command(command)])

    def _keys(self, _: str | None) -> str:
        words = self._words
        systems = {"linux": LINUX, "windows": WINDOWS, "macos": MACOS}
        titles = [words["what"], *(words[system] for system in systems)]
        lines = [f"| {' | '.join(titles)} |", "| --- | --- | --- | --- |"]
        for command in Command:
            setting = SETTINGS.get(key_setting(command))
            if setting:
                chords = [_kbd(keys[command]) if command in keys else words["none"] for keys in systems.values()]
                lines.append(f"| {self._say(setting.label)} | {' | '.join(chords)} |")
        return "\n".join(lines)

    def _settings(self, page: str) -> str:
        rows = [setting for setting in SETTINGS.values() if setting.page == page]
        if not rows:
            raise KeyError(page)
        words = self._words
        titles = [words["setting"], words["values"], words["default"], words["name"]]
        lines = [f"| {' | '.join(titles)} |", "| --- | --- | --- | --- |"]
        for row in rows:
            summary = f"<br>{self._say(row.summary)}" if row.summary != row.label else ""
            name = f'<a id="{row.key}"></a>`{row.key}`'
            what = f"**{self._say(row.label)}**{summary}"
            lines.append(f"| {what} | {self._values(row)} | {self._default(row)} | {name} |")
        return "\n".join(lines)

    def _values(self, row: Setting) -> str:
        if row.kind is SettingKind.NUMBER:
            unit = self._say(row.unit)
            return self._words["to"].format(low=f"{row.low:g}", high=f"{row.high:.10g}", unit=unit).strip()
        if row.kind is SettingKind.CHOICE:
            return "<br>".join(f"{self._say(label)} (`{value or EMPTY}`)" for value, label in row.choices)
        return self._words[row.kind]

    def _default(self, row: Setting) -> str:
        if isinstance(row.default, bool):
            return self._words["on" if row.default else "off"]
        if isinstance(row.default, float):
            return f"{row.default:g} {self._say(row.unit)}".strip()
        if row.kind is SettingKind.CHOICE:
            return self._say(dict(row.choices)[row.default])
        if row.kind is SettingKind.COLOUR:
            return f"`{row.default}`"
        if row.kind is SettingKind.CHORD:
            return _kbd(row.default) if row.default else self._words["none"]
        if row.kind is SettingKind.TEXT and row.default:
            return f"`{row.default}`"
        # The expected language is that of the computer that built the guide.
        return self._words["automatic"]

    def _commands(self, _: str | None) -> str:
        """Every command with what it takes, in English as the program says it."""
        return "\n\n".join(_command(command) for command in commandline.commands(make_parser()) if command.words)


def _kbd(keys: str) -> str:
    return f'<kbd dir="ltr">{keys}</kbd>'


def _command(command: commandline.Command) -> str:
    lines = [f"### `harken {commandline.usage(command)}`", '<div lang="en" dir="ltr">', "", command.summary, ""]
    parts = {str(action.metavar or action.dest).upper(): action.help for action in command.operands if action.help}
    parts |= {commandline.option_form(action): action.help or "" for action in command.options if action.dest != "help"}
    return "\n".join([*lines, *(f"- `{part}`: {summary}" for part, summary in parts.items()), "", "</div>"])
