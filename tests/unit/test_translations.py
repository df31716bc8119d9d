"""Every text for people is marked, and every marked text is translated, whole, into every language."""

from __future__ import annotations

import ast
import importlib.util
import re
import string
from collections import Counter
from functools import cache
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

import pytest

import reader.errors
from reader.settings.schema import SETTINGS

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "resources" / "translations"
LANGUAGES = sorted(path.stem.partition("_")[2] for path in FOLDER.glob("harken_*.ts"))
# How many plural forms Qt knows in a language; English has the other texts where they stand.
PLURALS = {"ar": 6, "de": 2, "en": 2}
PLURALS_ONLY = {"en"}

# The context, the text, what tells equal texts apart, and whether there are plural forms: packaging/texts.py: Text.
Key = tuple[str, str, str, bool]


def load_texts() -> ModuleType:
    """packaging/texts.py, which is a program."""
    spec = importlib.util.spec_from_file_location("texts", ROOT / "packaging" / "texts.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


texts = load_texts()


@cache
def messages(language: str) -> dict[Key, list[str]]:
    """The translations of a language: one text, or its plural forms. What is not finished is not there."""
    found = {}
    root = ElementTree.parse(FOLDER / f"harken_{language}.ts").getroot()
    for context in root.findall("context"):
        for message in context.findall("message"):
            translation = message.find("translation")
            assert translation is not None
            forms = [form.text or "" for form in translation.findall("numerusform")] or [translation.text or ""]
            key = (
                context.findtext("name") or "",
                message.findtext("source") or "",
                message.findtext("comment") or "",
                message.get("numerus") == "yes",
            )
            if not translation.get("type"):
                found[key] = forms
    return found


@cache
def marked() -> dict[Key, str]:
    found: dict[Key, str] = texts.gather("reader", "ui")
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated_and_nothing_else(language: str) -> None:
    wanted = {key: place for key, place in marked().items() if key[3] or language not in PLURALS_ONLY}
    have = messages(language)
    assert not {key: place for key, place in wanted.items() if key not in have}, "run make translations"
    assert not have.keys() - wanted.keys(), "run make translations"
    assert not [key for key, forms in have.items() if not all(form.strip() for form in forms)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_plural_forms_are_as_many_as_the_language_has(language: str) -> None:
    for (_, text, _, has_plural), forms in messages(language).items():
        assert len(forms) == (PLURALS[language] if has_plural else 1), text


def places(text: str) -> Counter[str]:
    """What goes between the braces, with its format."""
    return Counter(
        f"{name}{conversion or ''}{spec}"
        for _, name, spec, conversion in string.Formatter().parse(text)
        if name is not None
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_varies_is_in_every_form(language: str) -> None:
    for (_, text, _, _), forms in messages(language).items():
        for form in forms:
            assert places(form) == places(text), form
        # %Ln is %n with the language's own digits. One and two may be words.
        assert NUMBER.findall(forms[-1].replace("%Ln", "%n")) == NUMBER.findall(text.replace("%Ln", "%n"))
        assert all(len(NUMBER.findall(form)) <= len(NUMBER.findall(text)) for form in forms), text


NUMBER = re.compile("%L?n")
MNEMONIC = re.compile("&(?=[^& ])")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_has_a_letter_to_press_has_one_in_every_language(language: str) -> None:
    for (_, text, _, _), forms in messages(language).items():
        for form in forms:
            assert len(MNEMONIC.findall(form)) == len(MNEMONIC.findall(text)), form


def test_the_settings_offer_the_languages_there_are() -> None:
    assert {value for value, _ in SETTINGS["system.language"].choices if value} == set(LANGUAGES)


# ---- what is not marked ----

# The first texts for people in the arguments of these are the user's; an error's is the first of all.
ERRORS = {
    name
    for name, value in vars(reader.errors).items()
    if isinstance(value, type) and issubclass(value, reader.errors.HarkenError)
} - {"DesktopError", "StreamCorruptError"}  # what they say is for the log
SHOWN = {
    *(
        "Check",
        "Notice",
        "QAction",
        "QCheckBox",
        "QGroupBox",
        "QLabel",
        "QMenu",
        "QPushButton",
        "QRadioButton",
        "QToolButton",
    ),
    *("addAction", "addButton", "addItem", "addMenu", "addRow", "addSection", "addTab", "information", "question"),
    *("setAccessibleDescription", "setAccessibleName", "setHeaderLabels", "setHorizontalHeaderLabels"),
    *("setInformativeText", "setLabelText", "setPlaceholderText", "setPrefix", "setSpecialValueText", "setStatusTip"),
    *("setSuffix", "setTabText", "setText", "setTitle", "setToolTip", "setWhatsThis", "setWindowTitle", "showMessage"),
    *("critical", "warning"),
}
# Not for the user: reasons that the doctor prints, in English as its whole report is.
ENGLISH = ("no accessibility bus: ",)


def is_words(node: ast.expr) -> bool:
    """Whether it puts words of English where somebody sees them."""
    match node:
        case ast.Constant(value=str(value)):
            return any(char.isalpha() for char in value) and not value.startswith(ENGLISH)
        case ast.JoinedStr(values=values):
            return is_words(values[0]) if isinstance(values[0], ast.Constant) else any(map(is_words, values))
        case ast.BinOp(left=left, right=right):
            return is_words(left) or is_words(right)
        case ast.IfExp(body=body, orelse=other):
            return is_words(body) or is_words(other)
        case ast.Call(func=ast.Attribute(value=value, attr="format" | "join" | "rstrip" | "strip")):
            return is_words(value)
    return False


def unmarked(path: Path) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=args) if name in ERRORS:
                shown = args[:1]
            case ast.Call(func=ast.Attribute(value=ast.Name(id="log"))):
                continue
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=args) if name in SHOWN:
                shown = args
            case ast.Assign(targets=[ast.Name(id="sentence" | "told" | "label" | "title")], value=value):
                shown = [value]
            case _:
                continue
        found += [f"{path.relative_to(ROOT)}:{node.lineno}: {ast.unparse(arg)}" for arg in shown if is_words(arg)]
    return found


MODULES = [path for folder in ("reader", "ui") for path in sorted((ROOT / folder).rglob("*.py"))]
# The command line is English.
COMMAND_LINE = {"purge.py", "account.py", "doctor.py", "speak.py", "__main__.py"}
# Rooms that only the command line has to do with, which stays English.
ITS_ROOMS = {"cli", "documents"}


def test_no_text_for_people_is_forgotten() -> None:
    found = [
        line
        for path in MODULES
        if path.parent.name not in ITS_ROOMS and (path.parent.name != "reader" or path.name not in COMMAND_LINE)
        for line in unmarked(path)
    ]
    assert not found, "\n".join(found)


def at_import(node: ast.AST) -> list[ast.Call]:
    """Calls of `translate` that happen when a module is imported, before there is a language."""
    found = []
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Call) and isinstance(child.func, ast.Name) and child.func.id == "translate":
            found.append(child)
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            found += at_import(child.args)  # defaults
        else:
            found += at_import(child)
    return found


def test_harkens_name_is_a_word_of_its_own_in_arabic() -> None:
    """But for the prepositions and the "and" that are written with the word behind them."""
    glued = re.compile(r"[\u0621-\u0652]{2,}هاركن|[^\W\d_وبلكف]هاركن")
    assert not [form for forms in messages("ar").values() for form in forms if glued.search(form)]


def test_nothing_is_translated_at_import() -> None:
    modules = {path: ast.parse(path.read_text(encoding="utf-8")) for path in MODULES}
    assert not [f"{path}: {ast.unparse(call)}" for path, module in modules.items() for call in at_import(module)]


@pytest.mark.parametrize(
    ("code", "is_found"),
    [
        ('raise HarkenError("No.")', True),
        ('raise HarkenError(f"{name} is gone.")', True),
        ('raise HarkenError("{x} is gone.".format(x=x))', True),
        ('raise HarkenError(translate("reader", "{x} is gone.").format(x=x))', False),
        ('button.setText("Go" if x else label)', True),
        ('button.setText(f"{a}\\t{b}")', False),
        ('Notice(0, "Done.")', True),
        ('log.warning("%s ended", name)', False),
    ],
)
def test_what_is_forgotten_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str, is_found: bool) -> None:
    monkeypatch.setattr(f"{__name__}.ROOT", tmp_path)
    file = tmp_path / "module.py"
    file.write_text(code + "\n", encoding="utf-8")
    assert bool(unmarked(file)) == is_found


@pytest.mark.parametrize(
    "code",
    ['translate("reader", f"{name} is gone")', 'translate("reader", "a" + b)', 'translate("ui", "%n voices", n=3)'],
)
def test_what_cannot_be_gathered_is_refused(tmp_path: Path, code: str) -> None:
    file = tmp_path / "module.py"
    file.write_text(code + "\n", encoding="utf-8")
    with pytest.raises(texts.NoTextError, match=r"module\.py:1"):
        list(texts.texts(file))
