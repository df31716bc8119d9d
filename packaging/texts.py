"""Gathers the texts to translate: `texts.py FILE` writes those of reader/ and ui/ so that Qt's lupdate reads them.

lupdate's own idea of Python misses plural forms whose number is a variable, and takes an f-string for a text. So every
text is found here and handed over as the one call that lupdate knows for certain. A text that can't be found, because
it is put together while the program runs, ends this with the place where it stands.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, TypeGuard

ROOT = Path(__file__).resolve().parents[1]
# What marks a text: see reader/support/i18n.py.
MARKS = ("translate", "QT_TRANSLATE_NOOP")


class Text(NamedTuple):
    """One marked text. `has_plural`: its number chooses between plural forms."""

    context: str
    text: str
    disambiguation: str
    has_plural: bool


class NoTextError(ValueError):
    """What is marked is no text that stands in the program; says where."""


def gather(*folders: str) -> dict[Text, str]:
    """Every marked text of these folders, with the first place where it stands."""
    found: dict[Text, str] = {}
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            for text, line in texts(path):
                found.setdefault(text, f"{path.relative_to(ROOT)}:{line}")
    return found


def texts(path: Path) -> Iterator[tuple[Text, int]]:
    """The marked texts of a file with their lines, in order. Raises NoTextError."""
    calls = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if _marks(node)]
    for call in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
        context, text, disambiguation = [*call.args[:3], ast.Constant(None)][:3]
        is_known = isinstance(text, ast.Name | ast.Attribute | ast.Subscript)  # marked where it stands
        if call.keywords or (not is_known and not _literal(text)):
            raise NoTextError(f"{path}:{call.lineno}: {ast.unparse(call)}")
        if not is_known:
            yield Text(_literal(context), _literal(text), _literal(disambiguation), len(call.args) > 3), call.lineno


def _marks(node: ast.AST) -> TypeGuard[ast.Call]:
    """Whether it marks a text. str has its own `translate`, with one argument."""
    if not isinstance(node, ast.Call) or len(node.args) < 2:
        return False
    return (node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")) in MARKS


def _literal(node: ast.expr) -> str:
    """A literal text, "" for none."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _as_call(text: Text) -> str:
    escaped = (part.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") for part in text[:3])
    arguments = ", ".join(f'"{part}"' for part in escaped)
    return f"translate({arguments}{', 1' if text.has_plural else ''})\n"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text("".join(map(_as_call, gather("reader", "ui"))), encoding="utf-8")
