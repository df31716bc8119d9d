"""What pyobjc's wheels say of the functions of macOS that Harken calls: written to tests/data/macos/pyobjc.json.

For who changes a call, or a pin: `pyobjc_calls.py`. Needs the package index. tests/unit/test_macos_calls.py holds every
call in reader/ against it, because nothing here can run one.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest.mock import MagicMock

ROOT = Path(__file__).resolve().parents[1]
TABLE = ROOT / "tests/data/macos/pyobjc.json"
# The distribution of each framework. The last two are not among Harken's packages: what they say
# is said in reader/desktop, without them.
FRAMEWORKS = {
    "HIServices": "pyobjc-framework-ApplicationServices",
    "AppKit": "pyobjc-framework-Cocoa",
    "Foundation": "pyobjc-framework-Cocoa",
    "CoreGraphics": "pyobjc-framework-Quartz",
    "MediaPlayer": "pyobjc-framework-MediaPlayer",
    "ServiceManagement": "pyobjc-framework-ServiceManagement",
}
NAMES = re.compile(r"\b(?:k?AX|kCG|CG|NS|MP|SM)[A-Za-z0-9]+\b")
# Methods as pyobjc writes them, and as Objective-C does.
CALLED = re.compile(r"\.([A-Za-z]+(?:_[A-Za-z]+)*_)\(")
SELECTOR = re.compile(r'b"([A-Za-z]+:(?:[A-Za-z]+:)*)"')
_OUT = b"o"


def used(pattern: re.Pattern[str] = NAMES) -> set[str]:
    """Every name of Apple's that stands in Harken's code."""
    files = [*(ROOT / "reader").rglob("*.py")]
    return {name for file in files for name in pattern.findall(file.read_text("utf-8"))}


def arguments(signature: bytes) -> list[str]:
    """The types in a signature of Objective-C's: what is returned, and each argument."""
    found, rest = [], signature.decode("ascii")
    while rest:
        end = re.match(r"[\^rnNoORV]*", rest).end()  # type: ignore[union-attr]
        if rest[end] in "{[(":
            depth = 0
            while True:
                depth += (rest[end] in "{[(") - (rest[end] in "}])")
                end += 1
                if not depth:
                    break
        else:
            end += 2 if rest[end : end + 2] == "@?" else 1
        found.append(rest[:end])
        rest = rest[end:]
    return found


def described(source: str) -> tuple[dict[str, Any], dict[str, Any], set[str], dict[str, Any]]:
    """Of a framework's metadata: functions, values, names that have a value at run time, methods."""
    objc, methods = ModuleType("objc"), {}
    for name in set(re.findall(r"objc\.(\w+)", source)):
        setattr(objc, name, MagicMock())
    objc.registerMetaDataForSelector = lambda kind, selector, said: methods.update(  # type: ignore[attr-defined]
        {f"{kind.decode()} {selector.decode()}": said}
    )
    objc.arch = "arm64"  # type: ignore[attr-defined]
    before = sys.modules.get("objc")
    sys.modules["objc"] = objc
    try:
        said: dict[str, Any] = {}
        exec(compile(source, "_metadata.py", "exec"), said)  # noqa: S102 - pyobjc's own, which is pinned
    finally:
        sys.modules.pop("objc")
        if before:
            sys.modules["objc"] = before
    pairs = [pair.partition("@") for pair in said["enums"].split("$") if pair]
    values = {name: int(value) for name, _, value in pairs if re.fullmatch(r"-?\d+", value)}
    values |= {name: value for name, value in said["misc"].items() if isinstance(value, str | int)}
    constants = {name.partition("@")[0] for name in said["constants"].split("$") if name}
    functions = said.get("functions", {})
    for alias, name in said.get("aliases", {}).items():
        if name in values:
            values[alias] = values[name]
    return functions, values, constants, methods


def plain(said: Any) -> Any:
    """Without what JSON has not."""
    if isinstance(said, bytes):
        return said.decode("ascii")
    if isinstance(said, dict):
        return {str(key): plain(value) for key, value in said.items()}
    return said


def table(wheels: dict[str, Path]) -> dict[str, Any]:
    """What the wheels say of the names that are used."""
    wanted = used()
    selectors = {name.replace("_", ":") for name in used(CALLED)} | used(SELECTOR)
    made: dict[str, Any] = {"versions": {}, "functions": {}, "values": {}, "constants": [], "methods": {}}
    for framework, distribution in FRAMEWORKS.items():
        made["versions"][distribution] = wheels[distribution].name.split("-")[1]
        with zipfile.ZipFile(wheels[distribution]) as wheel:
            path = next(n for n in wheel.namelist() if f"/{n}".endswith(f"/{framework}/_metadata.py"))
            source = wheel.read(path).decode("utf-8")
        functions, values, constants, methods = described(source)
        for name in wanted & functions.keys():
            signature, *more = functions[name]
            said = (more[1] if len(more) > 1 else {}).get("arguments", {})
            outs = [place for place, what in said.items() if what.get("type_modifier") in (_OUT, "o")]
            made["functions"][name] = {"types": arguments(signature), "out": sorted(outs)}
        made["values"] |= {name: values[name] for name in wanted & values.keys()}
        made["constants"] += sorted(wanted & constants)
        for name, said in methods.items():
            kind, _, selector = name.partition(" ")
            if kind in wanted | {"NSNotificationCenter"} and selector in selectors:
                made["methods"][name] = plain(said)
    made["constants"].sort()
    return made


def download(folder: str) -> dict[str, Path]:
    """The wheels, at the versions that Harken has of them."""
    pins = (ROOT / "packaging/requirements/run.txt").read_text("utf-8").lower()
    found = {}
    for distribution in dict.fromkeys(FRAMEWORKS.values()):
        pin = re.search(rf"^{re.escape(distribution.lower())}==[\w.]+", pins, re.MULTILINE)
        asked = pin.group() if pin else distribution
        where = Path(folder) / distribution
        platforms = [f"--platform=macosx_{number}_universal2" for number in ("10_9", "10_13", "11_0", "14_0")]
        command = [sys.executable, "-m", "pip", "download", "-qq", "--no-deps", "--only-binary=:all:", *platforms]
        subprocess.run([*command, "--python-version=3.11", "--dest", str(where), asked], check=True)
        found[distribution] = next(where.glob("*.whl"))
    return found


def main() -> None:
    """Write the table."""
    with tempfile.TemporaryDirectory() as folder:
        made = table(download(folder))
    TABLE.parent.mkdir(parents=True, exist_ok=True)
    TABLE.write_text(json.dumps(made, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
