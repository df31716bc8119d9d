"""One of today's desktops, with real compositor, portals, PipeWire and editors: Debian 13's, in a root of their own.

`root.sh` makes the root, `session.sh` starts a desktop in it without a screen. Everything a session has mounted or
started is in namespaces of its own and ends with their first process.

To have one to look at: `python3 -m tests.wayland.desk sway` says how to join it, and ends it with Ctrl+C.
"""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from tests.desktop.desk import TIED, wait_for
from tests.desktop.recorder import Recorder
from tests.desktop.records import Records

_HERE = Path(__file__).parent
_SOURCE = Path(__file__).parents[2]
# Tests have a home of their own, the root is the user's.
_CACHE = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
_USER = 1000
_START_S = 60.0
_SAVE_S = 3.0
_LOOKS = (
    20  # at the selection after keys were pressed, before they are pressed again: a program answers in its own time
)
_NEEDED = ("debootstrap", "setpriv", "unshare", "nsenter", "chroot")
_JOIN = '. /desk/env; cd "$HOME"; exec "$@"'
DESKTOPS = ("sway", "labwc", "kwin", "gnome")
# What their processes are called.
COMPOSITORS = {"sway": "sway", "labwc": "labwc", "kwin": "kwin_wayland", "gnome": "gnome-shell"}
# What each one's editor of Wayland's own is called, and how it is started alone.
EDITORS = {
    "mousepad": ["env", "GDK_BACKEND=wayland", "mousepad", "--disable-server"],
    "gnome-text-editor": ["gnome-text-editor", "--standalone"],
    "kwrite": ["env", "QT_QPA_PLATFORM=wayland", "kwrite"],
}


def needs() -> str:
    """Why there can be no such desktops here, or ""."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return "only root can make a Debian of its own"
    return next((f"{program} is missing" for program in _NEEDED if not shutil.which(program)), "")


def made() -> bool:
    """Whether the root is there. root.sh knows whether it is still the right one."""
    folder = os.environ.get("HARKEN_TEST_ROOT") or os.path.join(_CACHE, "harken", "trixie")
    return all(Path(folder, "made", part).exists() for part in ("sway", "kde", "gnome", "programs", "speech"))


def root(*, nice: int = 0) -> Path:
    """The root, made if it is not there yet, which takes minutes. Raises RuntimeError with why it can't be made."""
    command = ["nice", "-n", str(nice), str(_HERE / "root.sh")]
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, env=os.environ | {"XDG_CACHE_HOME": _CACHE}
    )
    if done.returncode:
        raise RuntimeError(done.stderr.strip().rpartition("\n")[2])
    return Path(done.stdout.splitlines()[-1])


class WaylandDesk(Records):
    """A session. Use it as a context manager. `folder` is what it calls /desk."""

    def __init__(self, desktop: str, root: Path, *, is_timed: bool = False) -> None:
        """`is_timed`: it is to be known to a few milliseconds when something was heard, even if it has holes."""
        self._latency_ms = 5 if is_timed else 50
        self.desktop = desktop
        self.root = root
        self.folder = Path(tempfile.mkdtemp(prefix=f"harken-{desktop}-"))
        self.program = ["python3", "-m", "ui.launch"]  # how Harken is called
        self.recorder: Recorder
        self.harken: subprocess.Popen[bytes] | None = None
        self._files: list[IO[Any]] = []
        self._programs: list[subprocess.Popen[bytes]] = []
        self._windows: list[subprocess.Popen[bytes]] = []
        self._pressed = 0

    # ---- coming and going ----

    def __enter__(self) -> Self:
        self.folder.chmod(0o755)
        for name in ("", "home", "run"):
            (self.folder / name).mkdir(mode=0o700, exist_ok=True)
            os.chown(self.folder / name, _USER, _USER)
        command = [*TIED, "unshare", "--mount", "--pid", "--fork", "--kill-child"]
        command += ["sh", str(_HERE / "enter.sh")]
        command += [str(self.root), str(_SOURCE), str(self.folder), self.desktop]
        self._session = self._popen(command, "session")
        try:
            wait_for(lambda: self._session.poll() is not None or (self.folder / "env").exists(), "session", _START_S)
            assert self._session.poll() is None, self.report()
            self.listen()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if hasattr(self, "recorder"):
            self.recorder.stop()
        # All that runs in its namespace is killed with the first process there.
        self._session.kill()
        for process in (self._session, *self._programs):
            process.wait()
        for file in self._files:
            file.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def listen(self) -> None:
        """Record what is heard."""
        self.recorder = Recorder(
            {"PATH": os.environ["PATH"], "PULSE_SERVER": f"unix:{self.folder}/run/pulse/native"},
            "ear.monitor",
            self._latency_ms,
        )
        wait_for(lambda: self.recorder.seconds > 0.1, "recorder")

    # ---- programs of the session's user ----

    @property
    def join(self) -> list[str]:
        """What makes a command run in the session, as its user."""
        children = Path(f"/proc/{self._session.pid}/task/{self._session.pid}/children").read_text(encoding="ascii")
        inside = ["nsenter", "--target", children.split()[0], "--mount", "--pid"]
        inside += ["chroot", f"--userspec={_USER}:{_USER}", str(self.root)]
        return [*inside, "env", "-i", "USER=tester", "bash", "-c", _JOIN, "bash"]

    def start(self, command: Sequence[str], name: str) -> subprocess.Popen[bytes]:
        """Start a program, whose output goes to a file of that name. `stop` ends it, or the session's end."""
        process = self._popen([*self.join, *command], name)
        self._programs.append(process)
        return process

    def stop(self, process: subprocess.Popen[bytes]) -> None:
        """End a program that was started."""
        self.send_signal(process, signal.SIGTERM)
        try:
            process.wait(8)
        except subprocess.TimeoutExpired:
            self.send_signal(process, signal.SIGKILL)
            process.wait()

    def send_signal(self, process: subprocess.Popen[bytes], number: signal.Signals) -> None:
        """Send a signal to a program that was started."""
        # nsenter has forked, and does not pass on signals: its child is the program, under its number out here.
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        with contextlib.suppress(OSError, ProcessLookupError):
            for pid in children.read_text(encoding="ascii").split():
                os.kill(int(pid), number)

    def hang(self) -> Callable[[], None]:
        """Have the program of the window that was opened last hang. Returns what wakes it."""
        process = self._windows[-1]
        self.send_signal(process, signal.SIGSTOP)

        def wake() -> None:
            self.send_signal(process, signal.SIGCONT)
            process.send_signal(signal.SIGCONT)  # nsenter stops with its child

        return wake

    def run(self, *command: str, feed: str = "") -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(
            [*self.join, *command], check=False, capture_output=True, text=True, timeout=60, input=feed,
            errors="replace",
        )  # fmt: skip

    def output(self, *command: str) -> str:
        """What a command prints."""
        return self.run(*command).stdout

    def _popen(self, command: Sequence[str], name: str) -> subprocess.Popen[bytes]:
        log = (self.folder / f"{name}.out").open("ab")
        self._files.append(log)
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)

    def kill_compositor(self) -> None:
        """Have it crash."""
        assert self.run("pkill", "-KILL", "-x", COMPOSITORS[self.desktop]).returncode == 0

    def restart_compositor(self) -> None:
        """Have it crash and come back, as a desktop does that watches over it. The keyboard is there again, too."""
        (self.folder / "restarts").touch()
        self.kill_compositor()
        self.run("pkill", "-f", "tests.wayland.keys")  # it would take what is for the new one
        wait_for(self._has_keyboard, "the compositor", _START_S)
        self._pressed = 0

    def _has_keyboard(self) -> bool:
        """A new one ends where there is no compositor yet."""
        log = self.folder / "keys.log"
        log.write_text("")
        command = f"exec python3 -m tests.wayland.keys {self.desktop} <>/desk/keys >>/desk/keys.log 2>&1"
        keyboard = self.start(["sh", "-c", command], "keyboard")
        wait_for(lambda: keyboard.poll() is not None or "ready" in log.read_text(), "a keyboard", _START_S)
        return keyboard.poll() is None

    # ---- what a person does ----

    def press(self, chord: str) -> float:
        """Press keys together, such as `super+alt+r`, and wait until they were. Returns when (time.monotonic)."""
        self._pressed += 1
        with (self.folder / "keys").open("w") as keys:
            keys.write(f"{chord}\n")
        wait_for(lambda: len(self._presses()) >= self._pressed, f"{chord} to be pressed")
        return float(self._presses()[self._pressed - 1].split()[0])

    def _presses(self) -> list[str]:
        lines = (self.folder / "keys.log").read_text(encoding="utf-8").splitlines()
        return lines[lines.index("ready") + 1 :] if "ready" in lines else []

    def write(self, name: str, text: str) -> Path:
        """A file in the user's home. Returns where it is in the session."""
        path = self.folder / "home" / name
        path.write_text(text, encoding="utf-8")
        os.chown(path, _USER, _USER)
        return Path("/desk/home") / name

    # ---- other people's windows ----

    def open_text(self, text: str, editor: str) -> None:
        """Show a text in somebody else's editor, in front, with everything in it selected."""
        path = self.write(f"{len(self._programs)}.txt", text)
        self.open([*EDITORS[editor], str(path)], editor)
        self.select(text, editor)

    def open(self, command: Sequence[str], name: str) -> None:
        """Start a program with a window; it is ended with the test."""
        self._windows.append(self.start(command, name))

    def select(self, text: str, program: str, *chords: str, source: str = "primary") -> None:
        """Select all in the window that comes to the front, which is this text; unless all, with other keys."""

        def is_selected() -> bool:
            """Until the window has come to the front its keys go to another one, or none."""
            # A program that believes that it has told the desktop of a selection does so again for another one only.
            for chord in chords or ("right", "ctrl+a"):
                self.press(chord)
            if any(self.selection(source).strip() == text.strip() for _ in range(_LOOKS)):
                return True
            if text.strip() in self.selection(source):  # the window came between Ctrl and A, and has a letter more
                self.press("ctrl+z")
            return False

        assert self.selection(source).strip() != text.strip()
        wait_for(is_selected, f"a selection in {program}", _START_S)

    def save(self, path: Path, is_saved: Callable[[str], bool]) -> bool:
        """Have an editor save, and give it time: one that is to save again while it does may ask whether to overwrite.

        Returns whether what is in the file is what it should be.
        """
        self.press("ctrl+s")
        with contextlib.suppress(AssertionError):
            wait_for(lambda: is_saved(path.read_text(encoding="utf-8")), "the file", _SAVE_S)
        return is_saved(path.read_text(encoding="utf-8"))

    def open_empty(self) -> None:
        """Bring a window to the front in which nothing can be selected."""
        printed = self.folder / "window.out"
        before = printed.read_text().count("active\n") if printed.exists() else 0
        self.open(["python3", "-m", "tests.wayland.window"], "window")
        wait_for(lambda: printed.read_text().count("active\n") > before, "the window", _START_S)

    def close_windows(self) -> None:
        """End the programs whose windows were opened."""
        for process in self._windows:
            self.stop(process)
        self._windows = []

    def selection(self, source: str = "primary") -> str:
        """What is selected, or in the "clipboard", as another program knows it."""
        # wl-paste takes the focus for a moment on GNOME, which hands both to X as well.
        if self.desktop == "gnome":
            return self.output("timeout", "3", "xsel", "--output", f"--{source}")
        which = ["--primary"] if source == "primary" else []
        return self.output("timeout", "3", "wl-paste", "--no-newline", *which)

    # ---- Harken ----

    def start_harken(self, **env: str) -> subprocess.Popen[bytes]:
        """Start the tray app and wait until it is warm."""
        state = self.folder / "home/.local/state/harken"
        state.mkdir(parents=True, exist_ok=True)
        (state / "first-steps-shown").touch()
        for path in (state, *state.parents[:2], state / "first-steps-shown"):
            os.chown(path, _USER, _USER)
        variables = {"HARKEN_RECORD": "/desk/record.jsonl", **env}
        self.harken = self.start(["env", *(f"{k}={v}" for k, v in variables.items()), *self.program], "harken")
        wait_for(lambda: self.harken_run("status").returncode == 0, "Harken", 60.0)
        assert self.harken_run("doctor").returncode == 0  # answers when everything is warm
        return self.harken

    def harken_is_there(self) -> None:
        """Start Harken if it has ended, as some tests have it."""
        if self.harken and self.harken.poll() is not None:
            self.start_harken()

    def harken_run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command line of Harken's to its end."""
        return self.run(*self.program, *arguments)

    @property
    def record_file(self) -> Path:
        return self.folder / "record.jsonl"

    def report(self) -> str:
        """What every program printed, for a test that failed."""
        logs = sorted([*self.folder.glob("*.out"), *self.folder.glob("*.log"), *self.folder.rglob("harken.log")])
        return "\n".join(f"--- {path.name}\n{path.read_text(errors='replace')[-2000:]}" for path in logs)


@contextlib.contextmanager
def desk(desktop: str) -> Iterator[WaylandDesk]:
    """A desktop for a test."""
    with WaylandDesk(desktop, root()) as made:
        yield made


def main() -> None:
    """Start a desktop and say how to join it."""
    with desk(sys.argv[1] if len(sys.argv) > 1 else "sway") as made:
        print(f"folder: {made.folder}", f"join: {shlex.join(made.join)} COMMAND…", sep="\n")
        print(f"keys: echo super+alt+r >{made.folder}/keys", flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            signal.pause()


if __name__ == "__main__":
    main()
