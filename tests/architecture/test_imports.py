"""Who may import whom. ARCHITECTURE.md draws it; this keeps it true."""

from __future__ import annotations

import ast
import subprocess
import sys
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STAGES = ("hotkeys", "capture", "text", "voices", "audio")
# What every room may import.
COMMON = {"reader.flow", "reader.errors", "reader.support", "reader.tasks", "reader.threads"}
# ui -> cli -> core -> session -> stages and libraries. What is not named here imports nothing of ours.
ALLOWED: dict[str, set[str]] = {
    "reader.commands": set(),
    "reader.triggers": {"reader.commands", "reader.support"},
    "reader.flow": {"reader.commands", "reader.triggers", "reader.support"},
    "reader.support": set(),
    "reader.errors": {"reader.support"},
    "reader.tasks": {"reader.errors"},
    "reader.threads": set(),
    "reader.dbus": COMMON,
    "reader.gsettings": COMMON,
    "reader.x11": COMMON,
    "reader.wayland": COMMON,
    "reader.win32": COMMON,
    "reader.macos": COMMON,
    "reader.gnome_shell": COMMON | {"reader.dbus", "reader.gsettings"},
    "reader.workers": COMMON,
    "reader.documents": COMMON | {"reader.workers"},
    "reader.ipc": COMMON | {"reader.dbus"},
    "reader.http": COMMON | {"reader.gsettings"},
    "reader.aws": {"reader.errors", "reader.support"},
    "reader.capture": COMMON
    | {"reader.dbus", "reader.x11", "reader.wayland", "reader.gnome_shell", "reader.win32", "reader.macos"},
    "reader.hotkeys": COMMON
    | {"reader.dbus", "reader.gsettings", "reader.x11", "reader.gnome_shell", "reader.win32", "reader.macos"},
    "reader.text": COMMON,
    "reader.voices": COMMON | {"reader.workers", "reader.aws.account"},
    "reader.voices.remote": COMMON | {"reader.workers", "reader.voices"},
    "reader.voices.offered": COMMON | {"reader.voices", "reader.http"},
    "reader.voices.server": COMMON | {"reader.workers", "reader.voices", "reader.http"},
    "reader.voices.polly": COMMON | {"reader.workers", "reader.voices", "reader.http", "reader.aws"},
    "reader.audio": COMMON | {"reader.workers"},
    "reader.desktop": COMMON | {"reader.dbus", "reader.workers", "reader.win32", "reader.macos"},
    "reader.credentials": COMMON | {"reader.workers", "reader.http.address", "reader.aws.signing"},
    "reader.settings": COMMON
    | {"reader.hotkeys.chord", "reader.hotkeys.labels", "reader.voices.registry", "reader.http.address"},
    "reader.session": COMMON | {f"reader.{stage}" for stage in STAGES},
}
_BELOW_CORE = set(ALLOWED)
ALLOWED["reader.core"] = _BELOW_CORE
ALLOWED["reader.speechd"] = _BELOW_CORE | {"reader.core"}
ALLOWED["reader.cli"] = ALLOWED["reader"] = ALLOWED["reader.__main__"] = _BELOW_CORE | {
    "reader.core",
    "reader.speechd",
    "reader.cli",
}
MAX_LINES = 400


def modules(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imports(path: Path) -> frozenset[str]:
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            module = node.module or ""
            is_package = module.split(".")[0] in ("reader", "ui") and (ROOT / module.replace(".", "/")).is_dir()
            found |= {f"{module}.{alias.name}" for alias in node.names} if is_package else {module}
    return frozenset(found)


# Protocols are free of I/O and of the time: they may import these and nothing that could have either.
PROTOCOLS = (
    "reader.hotkeys.portal_shortcuts",
    "reader.hotkeys.sway_ipc",
    "reader.aws.eventstream",
    "reader.aws.signing",
    "reader.http.address",
    "reader.http.h2_frames",
    "reader.http.h2_protocol",
    "reader.speechd.markup",
    "reader.speechd.protocol",
    "reader.speechd.symbols",
    "reader.speechd.wording",
    "reader.voices.polly.events",
    "reader.voices.polly.faults",
    "reader.voices.offered.index",
    "reader.voices.piper.cut",
    "reader.voices.piper.description",
    "reader.voices.piper.facts",
    "reader.voices.piper.net",
    "reader.voices.piper.phonemes",
    "reader.voices.server.faults",
    "reader.voices.server.sounds",
    "reader.wayland.wire",
)
PROTOCOLS_MAY = {"h2", "hpack", "hyperframe", "botocore", "reader"}
PROTOCOLS_STDLIB = {
    *("__future__", "binascii", "collections.abc", "contextlib", "dataclasses", "datetime", "email.utils", "enum"),
    *(
        "functools",
        "hashlib",
        "ipaddress",
        "hmac",
        "html",
        "json",
        "math",
        "re",
        "shlex",
        "struct",
        "types",
        "typing",
        "unicodedata",
        "urllib.parse",
        "uuid",
    ),
}


def is_within(module: str, room: str) -> bool:
    return module == room or module.startswith(room + ".")


def ours(path: Path) -> set[str]:
    """What a module imports of Harken's, as far as types go too."""
    return {module for module in imports(path) if is_within(module, "reader") and module != "reader.__version__"}


@pytest.mark.parametrize("path", modules("reader"), ids=name_of)
def test_the_core_imports_downwards_only(path: Path) -> None:
    name = name_of(path)
    room = next(room for room in sorted(ALLOWED, key=len, reverse=True) if is_within(name, room))
    allowed = ALLOWED[room] | {room}
    assert not {module for module in ours(path) if not any(is_within(module, a) for a in allowed)}


def test_no_module_imports_itself_by_way_of_others() -> None:
    names = {name_of(path): path for path in modules("reader")}
    graph = {}
    for name, path in names.items():
        found = {module if module in names else module.rpartition(".")[0] for module in ours(path)}
        graph[name] = {module for module in found if names.get(module, path).name != "__init__.py"}
    list(TopologicalSorter(graph).static_order())  # raises CycleError


@pytest.mark.parametrize("path", modules("reader"), ids=name_of)
def test_the_core_knows_neither_qt_nor_windows(path: Path) -> None:
    assert not {m for m in imports(path) if m.split(".")[0] in ("PySide6", "ui", "shiboken6")}


@pytest.mark.parametrize("name", PROTOCOLS)
def test_protocols_have_no_sockets_and_no_clock(name: str) -> None:
    path = ROOT / (name.replace(".", "/") + ".py")
    assert not {m for m in imports(path) - PROTOCOLS_STDLIB if m.split(".")[0] not in PROTOCOLS_MAY}


@pytest.mark.parametrize("path", modules("ui"), ids=name_of)
def test_windows_know_no_stage_and_no_back_end(path: Path) -> None:
    stages = {m for m in imports(path) for stage in STAGES if is_within(m, f"reader.{stage}")}
    stages = {m for m in stages if not is_within(m, "reader.voices.registry")}  # what there is to choose from
    assert not stages


# What is above the session may name of the stages: their ports and values, what chooses, and the files of added voices.
_NOT_BACK_ENDS = {
    *("reader.audio.base", "reader.audio.choose", "reader.audio.player", "reader.audio.formats", "reader.audio.cues"),
    *(
        "reader.audio.file",
        "reader.audio.stream",
        "reader.audio.tags",
        "reader.audio.compressor",
    ),  # what `--out` writes, on every system
    *("reader.capture.base", "reader.capture.choose", "reader.capture.capture", "reader.capture.none"),
    *("reader.hotkeys.base", "reader.hotkeys.choose", "reader.hotkeys.hotkeys", "reader.hotkeys.chord"),
    *("reader.voices.base", "reader.voices.registry", "reader.voices.service", "reader.voices.offered"),
    *("reader.voices.piper.folder", "reader.voices.piper.installation", "reader.voices.local.neural_added"),
    "reader.voices.polly.regions",  # for the settings page of that service
    "reader.text",
}


@pytest.mark.parametrize(
    "path", [p for room in ("core", "cli", "speechd") for p in modules(f"reader/{room}")], ids=name_of
)
def test_nothing_above_the_stages_names_a_back_end(path: Path) -> None:
    of_stages = {m for m in imports(path) if any(is_within(m, f"reader.{stage}") for stage in STAGES)}
    assert not {m for m in of_stages if not any(is_within(m, known) for known in _NOT_BACK_ENDS)}


@pytest.mark.parametrize("name", ["presenter"])
def test_the_presenter_has_no_qt(name: str) -> None:
    assert not {m for m in imports(ROOT / "ui" / f"{name}.py") if m.startswith("PySide6")}


@pytest.mark.parametrize("path", [*modules("reader"), *modules("ui")], ids=name_of)
def test_a_file_has_one_job_and_says_it(path: Path) -> None:
    assert ast.get_docstring(tree(path))
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MAX_LINES


@pytest.mark.parametrize("path", [*modules("tests"), *modules("packaging")], ids=name_of)
def test_no_other_file_is_longer(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MAX_LINES


def test_the_core_runs_where_there_is_no_qt() -> None:
    code = (
        "import sys\n"
        "class NoQt:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.split('.')[0] in ('PySide6', 'ui'): raise ImportError(name)\n"
        "sys.meta_path.insert(0, NoQt())\n"
        "import reader.core.app, reader.cli, reader.cli.reading, reader.core.remote, reader.core.doctor\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


def test_commands_to_the_running_instance_import_next_to_nothing() -> None:
    code = (
        "import sys, reader.cli\n"
        "heavy = {'numpy', 'asyncio', 'PySide6', 'sentencex', 'onnxruntime', 'tomlkit'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


def test_commands_that_change_the_list_of_words_cut_no_text() -> None:
    code = (
        "import sys, reader.core.pronunciation\n"
        "heavy = {'numpy', 'PySide6', 'sentencex', 'onnxruntime', 'regex'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


# What may ask which system it is: what opens a row, and files that are one system's own.
ASKS_THE_SYSTEM = {
    *("reader.capture.choose", "reader.ipc.choose", "reader.ipc.unix", "reader.ipc.pipe"),
    *("reader.desktop.choose", "reader.desktop.launch", "reader.desktop.screen_reader", "reader.desktop.windows"),
    *("reader.hotkeys.choose", "reader.hotkeys.chord"),
}


@pytest.mark.parametrize("port", ["hotkeys", "capture", "desktop", "ipc"])
def test_only_who_chooses_asks_which_system_it_is(port: str) -> None:
    asking = {name_of(path) for path in modules(f"reader/{port}") if "sys.platform" in path.read_text(encoding="utf-8")}
    assert asking <= ASKS_THE_SYSTEM


@pytest.mark.parametrize("port", ["hotkeys", "capture", "audio", "desktop", "ipc"])
def test_every_port_has_a_null_that_always_works(port: str) -> None:
    assert (ROOT / "reader" / port / "none.py").is_file()


# What is written piece by piece while something happens, and replaces nothing: the record, the log, a fault's report;
# or is no file, but a wish to the system, a terminal or a pipe.
APPENDED = {
    *(
        "reader.core.record",
        "reader.support.log",
        "reader.support.crashes",
        "reader.support.core_dumps",
        "reader.cli.streams",
    ),
    "reader.support.holds",
    "reader.voices.offered.download",  # ….part, which gets its name when it is whole
}
_WRITERS = ("write_text", "write_bytes", "copyfile", "NamedTemporaryFile", "mkstemp")


@pytest.mark.parametrize("path", [*modules("reader"), *modules("ui")], ids=name_of)
def test_files_are_written_whole(path: Path) -> None:
    if name_of(path) in APPENDED | {"reader.support.draft", "reader.support.files"}:
        return
    for call in [node for node in ast.walk(tree(path)) if isinstance(node, ast.Call)]:
        name = getattr(call.func, "attr", getattr(call.func, "id", ""))
        is_ours = isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) == "files"
        assert is_ours or name not in _WRITERS, ast.unparse(call)
        modes = [*call.args, *(keyword.value for keyword in call.keywords)] if name == "open" else []
        texts = [mode.value for mode in modes if isinstance(mode, ast.Constant) and isinstance(mode.value, str)]
        assert not [text for text in texts if set(text) <= set("wxabt+") and set(text) & set("wxa")], ast.unparse(call)


def test_no_stub_is_left() -> None:
    words = ("TODO", "FIXME", "XXX", "NotImplementedError")
    found = [
        f"{path.name}: {word}"
        for path in [*modules("reader"), *modules("ui")]
        for word in words
        if word in path.read_text(encoding="utf-8")
    ]
    assert not found
