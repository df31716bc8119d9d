"""A desktop of its own: X server, window manager, session bus, sound server, and someone who listens.

Nothing of the machine's own desktop is touched: its own HOME, its own runtime folder, its own display. Tests,
benches and the demonstration use it. Every process it starts it also ends, by its number. If it is killed before, the
system ends the X server, the bus and the sound server (`TIED`), without which the others end.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from reader.errors import InstanceError
from reader.flow import Command
from reader.ipc.client import InstanceClient, connected
from reader.support import holds
from tests.desktop import sound_server
from tests.desktop.keyboard import Keyboard
from tests.desktop.recorder import Recorder
from tests.desktop.records import Records

_LIMIT_S = 20.0
_DOUBLE_CLICK_S = 0.5
# What is started so is killed when the thread that started it ends, however it does.
TIED = ("setpriv", "--pdeathsig", "KILL")
NEEDED = {
    "Xvfb": "xvfb", "openbox": "openbox", "dbus-daemon": "dbus", "pulseaudio": "pulseaudio", "xclip": "xclip",
    "parec": "pulseaudio-utils", "pactl": "pulseaudio-utils", "import": "imagemagick", "xdotool": "xdotool",
    "xprop": "x11-utils", "xwininfo": "x11-utils", "tint2": "tint2", "mousepad": "mousepad",
    "setpriv": "util-linux",
}  # fmt: skip


def missing() -> list[str]:
    """The packages (Debian's names) that have to be installed first."""
    return sorted({package for program, package in NEEDED.items() if not shutil.which(program)})


def wait_for(condition: Callable[[], Any], what: str, limit_s: float = _LIMIT_S) -> Any:
    """Wait until something is so, and return it. Raises AssertionError when it is not so in time."""
    until = time.monotonic() + limit_s
    while time.monotonic() < until:
        if found := condition():
            return found
        time.sleep(0.01)
    raise AssertionError(f"{what}: not within {limit_s:g} s")


class Desk(Records):
    """The desktop. Use it as a context manager."""

    def __init__(self, *, sound: bool = True, tray: bool = False, bus: bool = True, screen: str = "1280x800") -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="harken-desk-"))
        self.home = self.folder / "home"
        self.runtime = self.folder / "runtime"
        for folder in (self.home, self.runtime):
            folder.mkdir(mode=0o700)
        self._with_sound, self._with_tray, self._with_bus = sound, tray, bus
        self._screen = screen
        self._processes: list[subprocess.Popen[bytes]] = []
        self._files: list[IO[Any]] = []
        self.program = [sys.executable, "-m", "ui.launch"]  # how Harken is called
        self.env = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "XDG_RUNTIME_DIR": str(self.runtime),
            "LANG": "C.UTF-8",
            "XDG_SESSION_TYPE": "x11",
            "NO_AT_BRIDGE": "" if bus else "1",
            "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONPATH": str(Path(__file__).parents[2]),
            "HARKEN_RECORD": str(self.folder / "record.jsonl"),
            holds.VARIABLE: os.environ.get(holds.VARIABLE, ""),
        }
        self.display = ""
        self.recorder: Recorder
        self.keyboard: Keyboard
        self.pulse: subprocess.Popen[bytes]
        self.harken: subprocess.Popen[bytes] | None = None
        self._windows: list[subprocess.Popen[bytes]] = []

    # ---- coming and going ----

    def __enter__(self) -> Self:
        try:
            self._start_screen()
            self.keyboard = Keyboard(self.display)
            # The first key has the server announce another keyboard. Openbox then takes its keys again, one by one, and
            # would miss those that are pressed meanwhile, so press one before it is there.
            self.keyboard.press("Shift_L")
            if self._with_bus:
                self._start_bus()
            ready = self.folder / "openbox-runs"  # it says on the screen that it is there before it sees every window
            self.start_program(["openbox", "--startup", f"touch {ready}"], "openbox")
            wait_for(ready.exists, "window manager")
            if self._with_sound:
                self.start_sound()
                self.listen()
            if self._with_tray:
                self.start_program(["tint2"], "tint2")
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if hasattr(self, "keyboard"):
            with contextlib.suppress(Exception):
                self.keyboard.close()
        for process in reversed(self._processes):
            self.end(process)
        if hasattr(self, "recorder"):
            self.recorder.stop()
        for file in self._files:
            file.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _start_screen(self) -> None:
        read, write = os.pipe()
        command = [
            *TIED,
            "Xvfb",
            "-displayfd",
            str(write),
            "-screen",
            "0",
            f"{self._screen}x24",
            "-nolisten",
            "tcp",
            "-noreset",
        ]
        self.start_program(command, "xvfb", pass_fds=(write,))
        os.close(write)
        with os.fdopen(read) as file:
            self.display = f":{file.readline().strip()}"
        self.env["DISPLAY"] = self.display

    def _start_bus(self) -> None:
        read, write = os.pipe()
        command = [*TIED, "dbus-daemon", "--session", "--nofork", f"--print-address={write}"]
        self.start_program(command, "dbus", pass_fds=(write,))
        os.close(write)
        with os.fdopen(read) as file:
            self.env["DBUS_SESSION_BUS_ADDRESS"] = file.readline().strip()

    def start_sound(self) -> None:
        """Start the sound server (again)."""
        self.pulse = self.start_program([*TIED, *sound_server.COMMAND], "pulseaudio")
        sound_server.come_first(self.pulse.pid)
        wait_for(lambda: self.call(["pactl", "info"]) == 0, "sound server")

    def listen(self) -> None:
        """Begin to record, and wait until the sink runs: an idle one has seconds of silence ahead."""
        self.recorder = Recorder(self.env)
        wait_for(lambda: self.recorder.seconds > 0.1, "recorder")
        awake_s = time.monotonic() + 2.5
        wait_for(lambda: time.monotonic() > awake_s and self.recorder.seconds > 2.5, "recorder")

    # ---- processes ----

    def start_program(
        self, command: Sequence[str], name: str, *, pass_fds: Sequence[int] = (), env: dict[str, str] | None = None
    ) -> subprocess.Popen[bytes]:
        """Start a process that is ended with the desk. Its output goes to a file of that name."""
        log = (self.folder / f"{name}.log").open("ab")
        self._files.append(log)
        process = subprocess.Popen(
            command, env=self.env | (env or {}), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            cwd=self.home, pass_fds=pass_fds, start_new_session=True,
        )  # fmt: skip
        self._processes.append(process)
        return process

    def end(self, process: subprocess.Popen[bytes], number: signal.Signals = signal.SIGTERM) -> None:
        """End a process this desk started, with its children."""
        if process.poll() is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                process.send_signal(number)
            try:
                process.wait(8)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)

    def call(self, command: Sequence[str], **more: Any) -> int:
        """Run a command to its end and return its exit code."""
        return subprocess.run(
            command, env=self.env, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL, timeout=60, **more,
        ).returncode  # fmt: skip

    def output(self, command: Sequence[str]) -> str:
        """What a command prints."""
        done = subprocess.run(command, env=self.env, check=False, capture_output=True, timeout=60)
        return done.stdout.decode(errors="replace")

    def complain(self, command: Sequence[str]) -> tuple[int, str]:
        """A command's exit code, and what it prints to standard error."""
        done = subprocess.run(command, env=self.env, check=False, capture_output=True, timeout=60)
        return done.returncode, done.stderr.decode(errors="replace")

    # ---- other people's windows ----

    def open_window(self, command: Sequence[str], name: str) -> int:
        """Start a program and wait until a window whose class or title has `name` is in front. Returns its id."""
        before = self.find_windows(name)
        self._windows.append(self.start_program(command, name))

        def find() -> int:
            found = self.find_windows(name) - before
            return max(found) if found else 0

        window: int = wait_for(find, f"a window of {name}")
        self.focus(window)
        return window

    def find_windows(self, name: str) -> set[int]:
        """The X windows of a class that are shown."""
        return set(map(int, self.output(["xdotool", "search", "--onlyvisible", "--class", name]).split()))

    def close_windows(self) -> None:
        """End the programs whose windows were opened."""
        for process in self._windows:
            self.end(process)
        self._windows = []

    def focus(self, window: int) -> None:
        """Bring a window to the front."""

        def is_active() -> bool:
            self.call(["xdotool", "windowactivate", str(window)])
            active = self.output(["xprop", "-root", "_NET_ACTIVE_WINDOW"])
            found = re.search(r"0x[0-9a-f]+", active)
            return found is not None and int(found.group(), 16) == window

        wait_for(is_active, "focus")

    def open_text(self, text: str, name: str = "mousepad", *, through: Sequence[str] = ()) -> int:
        """Show a text in somebody else's editor, which `through`, a command, is to start."""
        path = self.home / f"{name}-{len(self._files)}.txt"
        path.write_text(text, encoding="utf-8")
        alone = ["--disable-server"] if name == "mousepad" else ["--standalone"]  # a process of its own
        return self.open_window([*through, name, *alone, str(path)], name)

    def select_all(self, expected: str = "") -> None:
        """Select everything in the window in front, and wait until the selection is there."""

        def is_selected() -> bool:
            self.keyboard.press("ctrl+a")
            return self.selection().strip() == expected.strip() if expected else bool(self.selection())

        wait_for(is_selected, "a selection")

    def selection(self) -> str:
        """What is selected now; "" when nothing is, or whoever has it does not answer."""
        return self.output(["timeout", "2", "xclip", "-o", "-selection", "primary"])

    def screenshot(self, path: Path) -> None:
        """Take a picture of the screen."""
        subprocess.run(["import", "-window", "root", str(path)], env=self.env, check=True, timeout=60)

    # ---- Harken ----

    def start_harken(self, *, is_new: bool = False, **env: str) -> subprocess.Popen[bytes]:
        """Start the tray app and wait until it is warm. `is_new`: its user has never seen it."""
        if not is_new:
            self.skip_first_steps()
        self.harken = self.start_program(self.program, "harken", env=env)
        wait_for(self.is_running, "Harken")
        assert self.ask("doctor", waits=True)["report"]  # answers when everything is warm
        return self.harken

    def is_running(self) -> bool:
        """Whether a Harken of this desktop can be asked."""
        try:
            InstanceClient(self._socket_address).close()
        except InstanceError:
            return False
        return True

    def ask(self, what: str, **fields: Any) -> dict[str, Any]:
        """What the running Harken answers, as to its command line, which would take a process. Raises InstanceError."""
        with connected(self._socket_address) as client:
            return client.ask(what, **fields)

    def stop_reading(self) -> None:
        """As `harken stop`, whether there is something to stop or not, and wait until Harken is idle."""
        with contextlib.suppress(InstanceError):
            self.ask("command", command=Command.STOP)
        self.quiet()

    def setting(self, key: str) -> Any:
        """A setting's value."""
        return self.ask("settings")["values"][key]

    @property
    def _socket_address(self) -> str:
        return str(Path(self.env["XDG_RUNTIME_DIR"]) / "harken.sock")

    def restart_texts(self) -> None:
        """Have each text begin at its beginning, also one that another test has stopped."""
        assert self.harken_call("settings", "set", "reading.go_on", "false") == 0

    def skip_first_steps(self) -> None:
        """Have this user have seen Harken's first window, and been offered the voices of these tests' languages."""
        state = self.home / ".local" / "state" / "harken"
        state.mkdir(parents=True, exist_ok=True)
        (state / "first-steps-shown").touch()
        (state / "voices-offered.json").write_text('["de", "fr", "es", "ar"]')

    def harken_call(self, *arguments: str) -> int:
        """Run a command line of Harken's and return its exit code."""
        return self.call([*self.program, *arguments])

    def harken_output(self, *arguments: str) -> str:
        """What a command line of Harken's prints."""
        return self.output([*self.program, *arguments])

    def tray_window(self) -> int:
        """The window of Harken's icon in the panel."""

        def find() -> int:
            tree = self.output(["xwininfo", "-root", "-tree"])
            found = re.search(r'(0x[0-9a-f]+) "[Hh]arken": \("harken" "harken"\)', tree)
            return int(found.group(1), 16) if found else 0

        window: int = wait_for(find, "the icon in the tray")
        return window

    def click_tray(self, button: int) -> None:
        """Click on the icon. Two clicks in quick succession would be one double click."""
        self.call(["sleep", str(_DOUBLE_CLICK_S)])
        place = self.output(["xwininfo", "-id", str(self.tray_window())])
        x, y = re.findall(r"Absolute upper-left .: +(\d+)", place)
        self.call(["xdotool", "mousemove", str(int(x) + 11), str(int(y) + 11), "click", str(button)])

    def open_tray_menu(self) -> None:
        """Open the icon's menu, and wait until it is there."""
        before = self.find_windows("harken")
        self.click_tray(3)
        wait_for(lambda: self.find_windows("harken") - before, "the menu")

    def close_tray_menu(self) -> None:
        """Click somewhere else."""
        self.call(["xdotool", "mousemove", "5", "5", "click", "1"])

    @property
    def record_file(self) -> Path:
        return Path(self.env["HARKEN_RECORD"])

    def holes(self, home: Path | None = None) -> list[str]:
        """What the log of the Harken of `home`, of this desktop's without one, says of sound that came too late."""
        logs = [path.read_text(errors="replace") for path in (home or self.home).rglob("harken.log")]
        return [line for log in logs for line in log.splitlines() if "the sound process" in line]

    def report(self) -> str:
        """What went on, for a test that failed."""
        logs = [self.folder / "harken.log", *self.home.rglob("harken.log")]
        tails = [f"--- {path.name}\n{path.read_text(errors='replace')[-2000:]}" for path in logs]
        records = "\n".join(map(str, self.records()))
        windows = self.output(["xprop", "-root", "_NET_ACTIVE_WINDOW"])
        return f"--- records\n{records}\n{windows}selection: {self.selection()[:200]!r}\n" + "\n".join(tails)

    def quiet(self) -> None:
        """Wait until Harken is idle."""
        wait_for(lambda: self.ask("status")["state"] == "idle", "Harken idle")

    def wait_for_record(self, event: str, count: int = 1, limit_s: float = 60.0, **fields: Any) -> dict[str, Any]:
        """Wait for the `count`th event of a kind, and return it."""

        def find() -> dict[str, Any] | None:
            found = [r for r in self.records() if r["event"] == event and fields.items() <= r.items()]
            return found[count - 1] if len(found) >= count else None

        record: dict[str, Any] = wait_for(find, f"{event} {fields}", limit_s)
        return record


@contextlib.contextmanager
def desk(**options: Any) -> Iterator[Desk]:
    """A desktop for a test."""
    with Desk(**options) as made:
        yield made
