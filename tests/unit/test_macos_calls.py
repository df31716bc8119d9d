"""Harken's calls of macOS, held against what pyobjc's wheels say of them (packaging/pyobjc_calls.py)."""

from __future__ import annotations

import ast
import inspect
import json
import re
from pathlib import Path
from typing import Any

import pytest

from reader.desktop import macos_login, macos_media
from tests.fakes.mac import FakeHIServices, FakeMac, FakeQuartz

ROOT = Path(__file__).parents[2]
TABLE = json.loads((ROOT / "tests/data/macos/pyobjc.json").read_text("utf-8"))
FILES = [path for path in (ROOT / "reader").rglob("*.py") if re.search("macos|carbon|/ax", path.as_posix())]
FUNCTION = re.compile(r"(AX[A-Z]|CG[A-Z]|NSRegister|NSUpdate)")
CONSTANT = re.compile(r"k(AX|CG)[A-Z]")
# What pyobjc takes from the running system, so that its wheels don't list it.
CLASSES = {
    *("NSApp", "NSWorkspace", "NSPasteboard", "NSPasteboardItem", "NSPasteboardTypeString", "NSURL", "NSObject"),
    *("NSDistributedNotificationCenter", "NSOperationQueue"),
}


def calls(path: Path) -> list[ast.Call]:
    return [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]


def name_of(call: ast.Call) -> str:
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def test_the_files_are_found() -> None:
    assert {"carbon.py", "ax_elements.py", "macos_pasteboard.py", "macos_services.py"} <= {path.name for path in FILES}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_function_is_there_and_gets_what_it_takes(path: Path) -> None:
    for call in calls(path):
        name = name_of(call)
        if FUNCTION.match(name):
            assert name in TABLE["functions"], f"{name}: run packaging/pyobjc_calls.py"
            said = TABLE["functions"][name]
            assert len(call.args) == len(said["types"]) - 1, ast.unparse(call)
            for place in said["out"]:  # pyobjc returns what C writes there, and wants None for it
                assert ast.unparse(call.args[place]) == "None", ast.unparse(call)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_constant_is_there(path: Path) -> None:
    found = {node.attr for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Attribute)}
    assert {name for name in found if CONSTANT.match(name)} <= TABLE["values"].keys() | set(TABLE["constants"])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_is_imported_of_cocoa_is_there(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module in ("AppKit", "Foundation"):
            names = {alias.name for alias in node.names}
            assert names <= CLASSES | TABLE["functions"].keys() | set(TABLE["constants"])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_method_gets_as_much_as_its_name_has_colons(path: Path) -> None:
    for call in calls(path):
        if (name := name_of(call)).endswith("_") and "_" in name:
            assert len(call.args) == name.count("_"), ast.unparse(call)


def test_the_methods_of_frameworks_without_a_package_are_described_as_their_packages_have_it() -> None:
    described = {
        **{f"MPRemoteCommand {name.decode()}": said for name, said in macos_media.SELECTORS.items()},
        **{f"SMAppService {name.decode()}": said for name, said in macos_login.SELECTORS.items()},
    }
    for name, said in described.items():
        assert plain(said) == TABLE["methods"][name], name
    assert set(macos_media._CONSTANTS) <= set(TABLE["constants"])
    assert TABLE["values"]["MPRemoteCommandHandlerStatusSuccess"] == macos_media._SUCCESS


def test_the_block_that_is_told_of_another_layout_is_known() -> None:
    said = TABLE["methods"]["NSNotificationCenter addObserverForName:object:queue:usingBlock:"]
    assert said["arguments"]["5"]["callable"]["arguments"]["1"] == {"type": "@"}


@pytest.mark.parametrize("fake", [FakeHIServices(), FakeMac().quartz])
def test_the_fakes_are_called_and_numbered_as_the_real_ones_are(fake: FakeHIServices | FakeQuartz) -> None:
    members: dict[str, Any] = {name: getattr(fake, name) for name in dir(fake)}
    assert members
    for name, member in members.items():
        if FUNCTION.match(name):
            assert len(inspect.signature(member).parameters) == len(TABLE["functions"][name]["types"]) - 1, name
        elif CONSTANT.match(name) and name in TABLE["values"]:
            assert member == TABLE["values"][name], name


def test_the_table_is_of_the_versions_that_harken_has() -> None:
    pins = (ROOT / "packaging/requirements/run.txt").read_text("utf-8").lower()
    for name, version in TABLE["versions"].items():
        if pin := re.search(rf"^{name.lower()}==([\w.]+)", pins, re.MULTILINE):
            assert pin.group(1) == version, f"{name}: run packaging/pyobjc_calls.py"


def plain(said: Any) -> Any:
    """As JSON has it."""
    if isinstance(said, bytes):
        return said.decode("ascii")
    if isinstance(said, dict):
        return {str(key): plain(value) for key, value in said.items()}
    return said
