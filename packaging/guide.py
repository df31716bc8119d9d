"""Builds the guide: Markdown of docs/guide (English), docs/guide/de and docs/guide/ar into resources/help/<language>/.

    .venv/bin/python packaging/guide.py [FOLDER]

What the program knows itself is filled in, so that the guide says what the windows say. In a source stands

    {{label:voice.speed}}    a setting's name           {{settings:voice}}  the table of a page's settings
    {{key:stop}}             a command's first key      {{keys}}            the table of keys
    {{ui:Say again}}         any text of the program's  {{commands}}        the command line

Texts are in the page's language where resources/translations has them. The pages' order is that of the links on the
first page. The HTML is plain enough for Qt's text browser, and asks for nothing from a network.
"""

from __future__ import annotations

import argparse
import ast
import html
import re
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from reader.cli import make_parser  # noqa: E402 - the path comes first
from reader.flow import Command  # noqa: E402
from reader.hotkeys.keys import CTRL_SUPER, LINUX  # noqa: E402
from reader.settings.schema import SETTINGS, key_setting  # noqa: E402
from reader.settings.setting import Kind, Setting  # noqa: E402

SOURCES = ROOT / "docs" / "guide"
# What the generated tables say, beside the program's own texts.
WORDS = {
    "en": {
        "setting": "Setting", "values": "Values", "default": "At first", "name": "Name on the command line",
        "on": "on", "off": "off", "none": "none", "automatic": "automatic", "to": "{low} to {high} {unit}",
        "what": "What it does", "linux": "Linux", "others": "Windows, macOS", "all": "All pages",
        "previous": "Back: {title}", "next": "Next: {title}", "switch": "on, off", "voice": "a voice",
        "chord": "keys, or none", "language": "a language's code", "device": "an output", "profile": "a profile",
        "region": "a region", "text": "text",
    },
    "de": {
        "setting": "Einstellung", "values": "Werte", "default": "Anfangs", "name": "Name in der Befehlszeile",
        "on": "an", "off": "aus", "none": "keine", "automatic": "automatisch", "to": "{low} bis {high} {unit}",
        "what": "Was sie tut", "linux": "Linux", "others": "Windows, macOS", "all": "Alle Seiten",
        "previous": "Zurück: {title}", "next": "Weiter: {title}", "switch": "an (on), aus (off)",
        "voice": "eine Stimme", "chord": "Tasten oder keine", "language": "Kürzel einer Sprache",
        "device": "eine Ausgabe", "profile": "ein Profil", "region": "eine Region", "text": "Text",
    },
    "ar": {
        "setting": "الإعداد", "values": "القيم", "default": "في البداية", "name": "الاسم في سطر الأوامر",
        "on": "مفعّل", "off": "متوقف", "none": "لا شيء", "automatic": "تلقائي", "to": "من {low} إلى {high} {unit}",
        "what": "ماذا يفعل", "linux": "لينكس", "others": "ويندوز وماك", "all": "كل الصفحات",
        "previous": "السابق: {title}", "next": "التالي: {title}", "switch": "مفعّل (on) أو متوقف (off)",
        "voice": "صوت", "chord": "مفاتيح أو لا شيء", "language": "رمز لغة", "device": "مخرج صوت",
        "profile": "ملف تعريف", "region": "منطقة", "text": "نص",
    },
}  # fmt: skip
RIGHT_TO_LEFT = {"ar"}
# How no value is written in a terminal.
EMPTY = '""'
STYLE = """\
:root { color-scheme: light dark; }
body { font-family: sans-serif; line-height: 1.5; max-width: 44em; margin: 1em auto; padding: 0 1em; }
table { border-collapse: collapse; margin: 1em 0; }
th, td { border: 1px solid; padding: 4px 8px; text-align: SIDE; vertical-align: top; }
tbody th { font-weight: normal; }
pre { overflow-x: auto; }
"""
PAGE = """\
<!DOCTYPE html>
<html lang="{language}" dir="{direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title} – Harken</title>
<style>
{style}</style>
</head>
<body dir="{direction}">
{body}</body>
</html>
"""
_HOLE = re.compile(r"\{\{(\w+)(?::([^}]+))?\}\}")


class GuideError(Exception):
    """A source says something that the program does not know."""


# ---- the program's texts ----


def _plain(text: str) -> str:
    """A text without its mnemonic, which is `&` before a letter or, where the letter is not in it, `(&X)` behind it."""
    return re.sub(r"\s*\(&\w\)|&(?=\w)", "", text)


@cache
def texts() -> frozenset[str]:
    """Every text that stands in the program."""
    return frozenset(
        _plain(node.value)
        for room in ("reader", "ui")
        for path in (ROOT / room).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


@cache
def translations(language: str) -> dict[str, str]:
    """The finished translations of a language, from the files of Qt's tools."""
    found = {}
    for path in sorted((ROOT / "resources" / "translations").glob(f"*_{language}.ts")):
        for message in ElementTree.parse(path).iter("message"):  # noqa: S314 - a file of ours
            translation = message.find("translation")
            if translation is not None and translation.get("type") is None and translation.text:
                found[_plain(message.findtext("source", ""))] = _plain(translation.text)
    return found


def say(text: str, language: str) -> str:
    """A text of the program's, in the language where it has been translated."""
    return translations(language).get(text, text)


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
        return self._say(text)

    def _key(self, command: str) -> str:
        if command not in LINUX:
            raise KeyError(command)
        return _kbd(LINUX[Command(command)])

    def _keys(self, _: str | None) -> str:
        words = self._words
        lines = [f"| {words['what']} | {words['linux']} | {words['others']} |", "| --- | --- | --- |"]
        for command in Command:
            setting = SETTINGS.get(key_setting(command))
            if setting:
                chords = [_kbd(keys[command]) if command in keys else words["none"] for keys in (LINUX, CTRL_SUPER)]
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
        if row.kind is Kind.NUMBER:
            unit = self._say(row.unit)
            return self._words["to"].format(low=f"{row.low:g}", high=f"{row.high:.10g}", unit=unit).strip()
        if row.kind is Kind.CHOICE:
            return "<br>".join(f"{self._say(label)} (`{value or EMPTY}`)" for value, label in row.choices)
        return self._words[row.kind]

    def _default(self, row: Setting) -> str:
        if isinstance(row.default, bool):
            return self._words["on" if row.default else "off"]
        if isinstance(row.default, float):
            return f"{row.default:g} {self._say(row.unit)}".strip()
        if row.kind is Kind.CHOICE:
            return self._say(dict(row.choices)[row.default])
        if row.kind is Kind.CHORD:
            return _kbd(row.default) if row.default else self._words["none"]
        # The expected language is that of whoever built the guide.
        return self._words["automatic"]

    def _commands(self, _: str | None) -> str:
        """Every command with what it takes, in English as the program says it."""
        return "\n\n".join(_command(name, help_, parser) for name, help_, parser in _walk(make_parser(), "harken"))


def _kbd(keys: str) -> str:
    return f'<kbd dir="ltr">{keys}</kbd>'


def _walk(parser: argparse.ArgumentParser, name: str) -> Iterator[tuple[str, str, argparse.ArgumentParser]]:
    """A parser's commands, and theirs."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            summaries = {choice.dest: choice.help or "" for choice in action._choices_actions}
            for verb, child in action.choices.items():
                yield f"{name} {verb}", summaries[verb], child
                yield from _walk(child, f"{name} {verb}")


def _command(name: str, summary: str, parser: argparse.ArgumentParser) -> str:
    lines = [f"### `{name}`", "", f'<div lang="en" dir="ltr">\n\n{summary}', ""]
    for action in parser._actions:
        if isinstance(action, argparse._HelpAction | argparse._SubParsersAction):
            continue
        value = action.metavar or ("|".join(action.choices) if action.choices else action.dest)
        takes_value = action.nargs != 0
        if action.option_strings:
            form = action.option_strings[-1] + (
                f" {str(value).upper() if not action.choices else value}" if takes_value else ""
            )
        else:
            form = str(value)
        lines.append(f"- `{form}`" + (f": {action.help}" if action.help else ""))
    return "\n".join([*lines, "", "</div>"])


# ---- pages ----


class Page:
    """One page in one language."""

    def __init__(self, name: str, language: str) -> None:
        """`name` is that of its source, without the ending."""
        path = source_of(name, language)
        self.name = name
        self.language = language
        self.tokens = _markdown().parse(Filling(language).fill(path.read_text(encoding="utf-8"), path.name))
        self.headings = [
            (token, self.tokens[i + 1]) for i, token in enumerate(self.tokens) if token.type == "heading_open"
        ]
        self.title = _text_of(self.headings[0][1])

    def finish(self, ids: Sequence[str], before: Page | None, after: Page | None) -> str:
        """The page as HTML. `ids` are for the headings, the pages beside it for the links at its end."""
        for (heading, _), given in zip(self.headings, ids, strict=True):
            heading.attrSet("id", given)
        _mark_rows(self.tokens)
        for token in _all(self.tokens):
            if token.type == "link_open":
                token.attrSet("href", re.sub(r"^([\w-]+)\.md\b", r"\1.html", str(token.attrGet("href"))))
            elif token.type in ("code_inline", "code_block", "fence"):
                token.attrSet("dir", "ltr")
        direction = "rtl" if self.language in RIGHT_TO_LEFT else "ltr"
        body = _markdown().renderer.render(self.tokens, _markdown().options, {})
        if direction == "rtl":
            body = _turn(body)
        return PAGE.format(
            language=self.language,
            direction=direction,
            title=html.escape(self.title),
            style=STYLE.replace("SIDE", "right" if direction == "rtl" else "left"),
            body=body + self._around(before, after),
        )

    def ids(self) -> list[str]:
        """An id for each heading, of its own words."""
        return [_id(inline) for _, inline in self.headings]

    def _around(self, before: Page | None, after: Page | None) -> str:
        if self.name == "index":
            return ""
        words = WORDS[self.language]
        links = [("index", words["all"])]
        if before and before.name != "index":
            links.append((before.name, words["previous"].format(title=before.title)))
        if after:
            links.append((after.name, words["next"].format(title=after.title)))
        items = "".join(f'<li><a href="{name}.html">{html.escape(text)}</a></li>\n' for name, text in links)
        direction = ' dir="rtl"' if self.language in RIGHT_TO_LEFT else ""
        return f"<hr>\n<nav>\n<ul{direction}>\n{items.replace('<li>', f'<li{direction}>')}</ul>\n</nav>\n"


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark").enable("table")


def _all(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _all(token.children or ())


def _text_of(inline: Token) -> str:
    return "".join(token.content for token in inline.children or () if token.type != "html_inline")


def _id(inline: Token) -> str:
    return re.sub(r"\W+", "-", _text_of(inline).lower()).strip("-")


def _mark_rows(tokens: Sequence[Token]) -> None:
    """Say of a table's heads what they are heads of: its columns, and in the first column its rows."""
    is_first = False
    for i, token in enumerate(tokens):
        if token.type == "tr_open":
            is_first = True
        elif token.type == "th_open":
            token.attrSet("scope", "col")
            is_first = False
        elif token.type == "td_open" and is_first:
            close = next(t for t in tokens[i:] if t.type == "td_close")
            token.tag = close.tag = "th"
            token.attrSet("scope", "row")
            is_first = False


def _turn(body: str) -> str:
    """Say the direction of every block that is not English: Qt's text browser does not take it from the page.

    A mark keeps the dashes of an option on its left.
    """
    parts = re.split(r'(<div lang="en".*?</div>)', body, flags=re.DOTALL)
    for i, part in enumerate(parts[::2]):
        turned = re.sub(r"<(p|h[1-6]|ul|ol|li|table|tr|th|td)(?=[ >])(?![^>]* dir=)", r'<\1 dir="rtl"', part)
        parts[2 * i] = re.sub(r"(<code[^>]*>)(?=-)", "\u200e\\1", turned)
    return "".join(parts)


def source_of(name: str, language: str) -> Path:
    """Where a page is written."""
    return (SOURCES if language == "en" else SOURCES / language) / f"{name}.md"


def order() -> list[str]:
    """The pages, as the first one lists them."""
    listed = re.findall(r"\]\(([\w-]+)\.md\)", source_of("index", "en").read_text(encoding="utf-8"))
    return list(dict.fromkeys(["index", *listed]))


def build(folder: Path) -> None:
    """Write all pages of all languages. Raises GuideError, and then nothing is written."""
    names = order()
    ids = {name: Page(name, "en").ids() for name in names}
    written = {}
    for language in WORDS:
        pages = [Page(name, language) for name in names if source_of(name, language).exists()]
        for before, page, after in zip([None, *pages], pages, [*pages[1:], None], strict=False):
            written[folder / language / f"{page.name}.html"] = page.finish(ids[page.name], before, after)
    for old in folder.rglob("*.html"):
        old.unlink()
    for path, text in written.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    try:
        build(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "resources" / "help")
    except GuideError as error:
        sys.exit(f"guide: {error}")
