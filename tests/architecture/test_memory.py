"""What is not loaded, because it would be there for as long as Harken runs, in each of its processes."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.architecture.test_imports import ROOT, modules, name_of

WORKERS = [
    name_of(path) for path in modules("reader") if path.stem.endswith("worker") and "def run(" in path.read_text()
]


def test_there_are_workers() -> None:
    assert "reader.audio.sound_worker" in WORKERS


@pytest.mark.parametrize("worker", WORKERS)
def test_child_processes_have_no_asyncio(worker: str) -> None:
    code = f"import sys, reader.workers.__main__, {worker}\nassert 'asyncio' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


@pytest.mark.skipif(sys.platform != "linux", reason="asks /proc")
def test_numpy_begins_no_threads() -> None:
    code = (
        "import os\n"
        "from reader.support.numerics import VARIABLE, one_thread\n"
        "os.environ.pop(VARIABLE, None)\n"
        "with one_thread():\n"
        "    import numpy\n"
        "assert len(os.listdir('/proc/self/task')) == 1\n"
        "assert VARIABLE not in os.environ\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


def test_the_tray_app_keeps_no_source_text() -> None:
    code = (
        "import linecache\n"
        "from ui.launch import _load_qt\n"
        "_load_qt()\n"
        "import ui.main, ui.shell\n"
        "kept = [name for name, entry in linecache.cache.items() if len(entry) > 1 and name.endswith('.py')]\n"
        "assert not [name for name in kept if '/ui/' in name or '/reader/' in name], len(kept)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


def test_the_tray_app_starts_without_what_it_may_never_need() -> None:
    code = (
        "import sys\n"
        "from ui.launch import _load_qt\n"
        "_load_qt()\n"
        "import ui.main, ui.shell\n"
        "libraries = {'soundfile', 'http.client', 'email', 'onnxruntime', 'pypdfium2', 'botocore', 'miniaudio'}\n"
        "windows = {'ui.settings.window', 'ui.first_run', 'ui.help', 'ui.privacy'}\n"
        "loaded = (libraries | windows) & set(sys.modules)\n"
        "assert not loaded, loaded\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)
