"""What is public says what it does, once: a method at the port or class it comes from, a module's one class there."""

from __future__ import annotations

import ast
import asyncio
import re
from pathlib import Path

import pytest
from PySide6 import QtCore, QtGui, QtWidgets

from tests.architecture.test_imports import modules, name_of, tree

FILES = [*modules("reader"), *modules("ui")]
Method = ast.FunctionDef | ast.AsyncFunctionDef


def classes(path: Path) -> list[ast.ClassDef]:
    return [node for node in tree(path).body if isinstance(node, ast.ClassDef)]


def methods(node: ast.ClassDef) -> list[Method]:
    return [child for child in node.body if isinstance(child, Method)]


def bases(node: ast.ClassDef) -> set[str]:
    return {ast.unparse(base).split("[")[0].rpartition(".")[2] for base in node.bases}


EVERY = [node for path in FILES for node in classes(path)]
INHERITED = {"Protocol"} | {base for node in EVERY for base in bases(node)}
PORTS = [node for node in EVERY if node.name in INHERITED or "Protocol" in bases(node)]
SAID_BY_PORTS = {method.name for port in PORTS for method in methods(port) if ast.get_docstring(method)}


def is_a_library_s(node: ast.ClassDef, name: str) -> bool:
    """Whether the method is one of Qt's or asyncio's, which document it."""
    return any(hasattr(getattr(room, base, None), name) for room in LIBRARIES for base in bases(node))


LIBRARIES = (asyncio, QtCore, QtGui, QtWidgets)


def is_private(name: str) -> bool:
    return name.startswith("_")


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_public_methods_say_what_they_do_unless_their_port_does(path: Path) -> None:
    silent = [
        f"{node.name}.{method.name}"
        for node in classes(path)
        for method in methods(node)
        if not is_private(node.name) and not is_private(method.name) and not ast.get_docstring(method)
        if not any(ast.unparse(decorator).endswith(".setter") for decorator in method.decorator_list)
        if method.name not in SAID_BY_PORTS and not is_a_library_s(node, method.name)
    ]
    assert not silent


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_classes_say_what_they_are_unless_their_module_does(path: Path) -> None:
    silent = [node.name for node in classes(path) if not is_private(node.name) and not ast.get_docstring(node)]
    assert len(silent) <= 1


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_no_docstring_only_sends_elsewhere(path: Path) -> None:
    nodes = [n for n in ast.walk(tree(path)) if isinstance(n, Method | ast.ClassDef)]
    found = {node.name: ast.get_docstring(node) or "" for node in nodes}
    assert not [name for name, text in found.items() if re.fullmatch(r"See (above|the module|[A-Z]\w+)\.", text)]
