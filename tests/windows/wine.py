"""A Windows for one run of tests: a copy of the empty one that make.sh has made, with this checkout as C:\\harken.

Several may run beside each other. Nothing of one is left when it has ended: neither a process nor a file.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import IO

HERE = Path(__file__).parent
CHECKOUT = HERE.parents[1]
PYTHON = "C:\\py\\python.exe"
HARKEN = (PYTHON, "-c", "import sys; from ui.launch import main; sys.exit(main())")
# Of Linux's session nothing comes along: not its folders, nor its bus, nor another Python's packages.
_NOT_INHERITED = ("XDG_", "DBUS_", "WAYLAND_", "PYTHON", "VIRTUAL_ENV", "HARKEN_HOLDS", "LC_", "LANG", "TMP", "TEMP")
# Longer than anything takes beside twenty busy programs on two processors: it hangs.
HANG_S = 240.0
_NO_SCREEN = '\n[Software\\\\Wine\\\\Drivers]\n"Graphics"="null"\n'


def needs() -> str:
    """Why there can't be one on this machine, or ""."""
    done = subprocess.run([HERE / "make.sh", "library"], stdout=subprocess.DEVNULL, check=False)
    return (
        "it takes the standard library of a Python 3.11 of this machine, and there is none" if done.returncode else ""
    )


def made() -> Path:
    """Where the empty one is; it is made if it is not there. Raises RuntimeError with the reason."""
    done = subprocess.run([HERE / "make.sh"], stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise RuntimeError("There is no Windows to test in: see above.")
    return Path(done.stdout.strip())


class Windows:
    """Commands for one Windows. Paths of Linux are below Z: there."""

    def __init__(self, folder: Path, env: dict[str, str]) -> None:
        self.folder = folder
        self.c = folder / "prefix" / "drive_c"
        # C:\Users\NAME, where Harken's folders are.
        self.home = self.c / "users" / env["USER"]
        self.env = env

    def start(self, *command: str, env: dict[str, str] | None = None, **more: object) -> subprocess.Popen[str]:
        """A program of Windows, by its path there. Its outputs are pipes: not every file is one that Python takes."""
        pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT} | more
        return subprocess.Popen(  # type: ignore[call-overload,no-any-return]
            ["wine", *command], env=self.env | (env or {}), text=True, encoding="utf-8", errors="replace",
            cwd=pipes.pop("cwd", CHECKOUT), **pipes,
        )  # fmt: skip

    def run(self, *command: str, limit_s: float = HANG_S, **more: object) -> tuple[int, str]:
        """The exit code of a program, and all it printed. Raises subprocess.TimeoutExpired."""
        with self.start(*command, **more) as process:  # type: ignore[arg-type]
            try:
                printed, _ = process.communicate(timeout=limit_s)
            except subprocess.TimeoutExpired:
                process.kill()
                raise
        return process.returncode, printed.replace("\r\n", "\n")

    def python(self, *arguments: str, limit_s: float = HANG_S) -> tuple[int, str]:
        """See run."""
        return self.run(PYTHON, *arguments, limit_s=limit_s)

    def harken(self, *arguments: str, limit_s: float = HANG_S) -> tuple[int, str]:
        """See run. It takes some seconds to start."""
        return self.run(*HARKEN, *arguments, limit_s=limit_s)

    def copied(self, *command: str, to: IO[str] = sys.stdout, limit_s: float = 3600.0, **more: object) -> int:
        """The exit code of a program, whose outputs are copied as they come. Behind the limit everything is ended."""
        end = threading.Timer(limit_s, self._end, (f"{command[0]} takes longer than {limit_s:g} s", to))
        end.daemon = True
        end.start()
        with self.start(*command, **more) as process:  # type: ignore[arg-type]
            assert process.stdout
            for line in process.stdout:
                to.write(line.replace("\0", ""))  # some of Windows' libraries write UTF-16
                to.flush()
        end.cancel()
        return process.returncode

    def _end(self, why: str, to: IO[str]) -> None:
        print(f"FAILED: {why}", file=to, flush=True)
        subprocess.run(["wineserver", "-k"], env=self.env, check=False)


@contextlib.contextmanager
def windows(display: str = "", sound: str = "") -> Iterator[Windows]:
    """A new one, on an X display and at a sound server (its address for PULSE_SERVER). Raises RuntimeError.

    Without a display its windows are seen by nobody, and which one is in front depends on its programs alone: a window
    manager may bring another one there, some time after a window has been shown.
    """
    base = made()
    folder = Path(tempfile.mkdtemp(prefix="harken-windows-"))
    env = {k: v for k, v in os.environ.items() if not k.startswith(_NOT_INHERITED) and k != "DISPLAY"}
    env |= {
        "WINEPREFIX": str(folder / "prefix"), "WINEDEBUG": "-all", "WINEDLLOVERRIDES": "mscoree,mshtml=",
        "HOME": str(folder / "home"), "XDG_RUNTIME_DIR": str(folder / "runtime"), "LANG": "C.UTF-8",
        "USER": env.get("USER", "root"), "PYTHONPYCACHEPREFIX": "C:\\pycache",
    }  # fmt: skip
    env |= {"DISPLAY": display} if display else {}
    env |= {"PULSE_SERVER": sound} if sound else {}
    keeper = None
    # Ends everything and removes the folder when this process says so, or ends in whatever way.
    guard = subprocess.Popen(
        ["sh", "-c", 'read -r _; wineserver -k; wineserver -w; rm -rf "$0"', folder],
        stdin=subprocess.PIPE, env=env, start_new_session=True,
    )  # fmt: skip
    try:
        subprocess.run(
            ["cp", "-a", "--reflink=auto", base / "prefix", base / "home", base / "runtime", folder], check=True
        )
        (folder / "prefix/drive_c/harken").symlink_to(CHECKOUT)
        (folder / "prefix/drive_c/py").unlink()
        (folder / "prefix/drive_c/py").symlink_to(base / "python")
        if not display:
            with (folder / "prefix/user.reg").open("a", encoding="utf-8") as registry:
                registry.write(_NO_SCREEN)
        made_here = Windows(folder, env)
        keeper = _keep_up(made_here)
        yield made_here
    finally:
        guard.communicate(b"")
        if keeper:
            keeper.wait()


def _keep_up(there: Windows) -> subprocess.Popen[str]:
    """Start one process that keeps this Windows up.

    Else the first command would start its services, which then hold that command's pipe open, some seconds or for good.
    """
    code = "import time; open('C:/up', 'w').close(); time.sleep(7200)"
    keeper = there.start(PYTHON, "-c", code, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    is_up = threading.Event()
    for _ in range(round(HANG_S / 0.05)):
        if (there.c / "up").exists():
            return keeper
        if keeper.poll() is not None:
            break
        is_up.wait(0.05)
    keeper.kill()
    raise RuntimeError("Wine does not start a Python for Windows.")
