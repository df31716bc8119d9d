"""For every test: noise is failure, and nothing of the user's own is touched."""

from __future__ import annotations

import asyncio
import gc
import inspect
import logging
import os
import shutil
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from reader.support import holds
from reader.text import loading
from reader.voices.piper import installation
from tests import shown
from tests.desktop.desk import missing
from tests.fakes import piper_voice
from tests.fakes.session_bus import session_bus
from tests.holds import FAILURES, TABLE, Holds, failures, table
from tests.own_time import LIMIT_S, OwnTimeLoop, settle
from tests.times import TIMES, slowest

# As in the neural voice's own process (reader/workers): some tests import it into theirs.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

_HOLDS = pytest.StashKey[Holds]()

# At home every run tries other examples; in CI a commit is judged by the same ones each time.
settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")


@pytest.fixture(autouse=True, scope="session")
def warm_languages() -> None:
    """As in a Harken that has started: else the first reading of a run waits for the model, and the test does not."""
    loading.load()


@pytest.fixture(scope="session")
def added_voices(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a voice that was added: see piper_voice.py. Tests copy it."""
    place = tmp_path_factory.mktemp("added") / "voices"
    file = piper_voice.write(place.parent)
    asyncio.run(installation.add(file, place))
    return place


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings, logs and sockets of a test are its own."""
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    if sys.platform == "win32":  # which does not look for a user's folders in the environment, but platformdirs does
        for name in ("USERPROFILE", "WIN_PD_OVERRIDE_APPDATA", "WIN_PD_OVERRIDE_LOCAL_APPDATA"):
            monkeypatch.setenv(name, str(tmp_path))
    runtime = tmp_path / "runtime"
    runtime.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    for name in [name for name in os.environ if name.startswith("AWS_") or name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    for name in (
        "DISPLAY",
        "WAYLAND_DISPLAY",
        "DBUS_SESSION_BUS_ADDRESS",
        "HARKEN_RECORD",
        "HARKEN_AUDIO",
        "REQUESTS_CA_BUNDLE",
    ):
        monkeypatch.delenv(name, raising=False)


class _Noise(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.name.partition(".")[0] in ("reader", "ui", "qt", "asyncio"):
            self.messages.append(f"{record.name}: {record.getMessage()}")


@pytest.fixture(autouse=True)
def noise(request: pytest.FixtureRequest) -> Iterator[list[str]]:
    """A warning in the log fails the test, unless it is marked `noisy` and looks at these messages."""
    handler = _Noise()
    logging.getLogger().addHandler(handler)
    yield handler.messages
    logging.getLogger().removeHandler(handler)
    if not request.node.get_closest_marker("noisy"):
        assert not handler.messages


@pytest.fixture(autouse=True)
def no_threads_left() -> Iterator[None]:
    """A test ends the threads it began, but for those that wait for a process to end."""
    before = set(threading.enumerate())
    yield
    left = [t for t in threading.enumerate() if t not in before and not t.daemon]
    for thread in left:
        thread.join(2.0)
    assert not [t for t in left if t.is_alive()]


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run a test that is a coroutine, on a loop of its own; no task may be left behind."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    arguments = {name: pyfuncitem.funcargs[name] for name in inspect.signature(pyfuncitem.obj).parameters}
    has_own_time = pyfuncitem.get_closest_marker("own_time") is not None

    async def whole() -> None:
        async with asyncio.timeout(None if has_own_time else LIMIT_S):
            await pyfuncitem.obj(**arguments)
            await settle()  # what was cancelled ends now
        left = [task.get_name() for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        assert not left, left

    with asyncio.Runner(loop_factory=OwnTimeLoop if has_own_time else None) as runner:
        runner.run(whole())
    return True


def pytest_configure(config: pytest.Config) -> None:
    """Measure what holds a loop in this process, and in each that a test starts with this environment."""
    folder = Path(os.environ.setdefault(holds.VARIABLE, tempfile.mkdtemp(prefix="harken-holds-")))
    holds.watch()
    config.stash[_HOLDS] = Holds(folder)


def pytest_collection_finish() -> None:
    """Spare the interpreter from looking again and again through thousands of tests for what could be tidied up."""
    gc.collect()
    gc.freeze()


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Remember what a test shows of a desktop."""
    shown.show_marked(item)


def pytest_runtest_teardown(item: pytest.Item) -> None:
    """Say of each hold in which test it was."""
    item.config.stash[_HOLDS].look(item.nodeid)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say what held the loop longest, and where the time went."""
    found = config.stash[_HOLDS]
    lines = table(found.all)
    for name, told in ((TABLE, lines), (FAILURES, failures(found.all))):
        found.folder.joinpath(name).write_text("".join(f"{line}\n" for line in told), encoding="utf-8")
    all_kinds = (report for kind in terminalreporter.stats.values() for report in kind)
    reports = [report for report in all_kinds if isinstance(report, pytest.TestReport)]
    shown.keep(reports)
    times = slowest((report.nodeid, report.duration) for report in reports)
    found.folder.joinpath(TIMES).write_text("".join(f"{line}\n" for line in times), encoding="utf-8")
    for first, *rest in (lines, times):
        terminalreporter.section(first)
        for line in rest:
            terminalreporter.write_line(line)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Desktop tests need programs: without them they are skipped at home and fail in CI."""
    lacking = missing()
    if not lacking or os.environ.get("CI"):
        return
    for item in items:
        if item.get_closest_marker("desktop"):
            item.add_marker(pytest.mark.skip(reason="run “make test”: not installed: " + ", ".join(lacking)))


@pytest.fixture(scope="module")
def bus() -> Iterator[str]:
    """The address of a session bus for a file of tests; a file may have another of its own."""
    if not shutil.which("dbus-daemon"):
        pytest.skip("dbus-daemon is not installed")
    with session_bus() as address:
        yield address
