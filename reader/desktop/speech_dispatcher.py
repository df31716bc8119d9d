"""Harken's module for the user's speech-dispatcher (Linux): installing it, removing it, and whether it is in use.

speech-dispatcher 0.11 and 0.12 load each program called sd_… in ~/.local/libexec/speech-dispatcher-modules, unless
their configuration lists the modules. Then ours must be listed too, in the user's configuration, which replaces the
system's: if there was none, one is created that includes the system's. Only our own lines are added and removed.

Blocking; any thread.
"""

from __future__ import annotations

import contextlib
import glob
import os
import re
import shlex
import signal
from collections.abc import Sequence
from enum import Enum
from pathlib import Path

import platformdirs

from reader.errors import DesktopError, NoAnswerError, SettingsError
from reader.support import files, foreign, unix
from reader.support.files import DamagedFileError, reason
from reader.support.i18n import translate

NAME = "harken"
_SYSTEM_FOLDER = Path("/etc/speech-dispatcher")
_FILE = "speechd.conf"
_BEGIN, _END = "# These lines are Harken's: “harken speechd remove” removes them.", "# End of Harken's lines."
_BLOCK = re.compile(rf"\n?^{_BEGIN}$.*?^{_END}$\n?", re.MULTILINE | re.DOTALL)
_OPTION = re.compile(r'^\s*(AddModule|Include)\s+(?:"([^"]*)"|(\S+))', re.MULTILINE | re.IGNORECASE)
_INCLUDED_DEPTH = 4
_ANSWER_LIMIT_S = 5.0
_ANSWER_BYTES = 1 << 16


class State(Enum):
    """The state of the module."""

    ABSENT = "not installed"
    WAITING = "installed; speech-dispatcher is not running, and will load it when it starts"
    UNUSED = "installed, but speech-dispatcher has not loaded it"
    LOADED = "installed and loaded"
    SILENT = "installed, but speech-dispatcher does not answer"


def module_file() -> Path:
    """The program for speech-dispatcher to start."""
    data = Path(platformdirs.user_data_dir())  # speech-dispatcher goes up from here, following links
    return Path(os.path.realpath(data)).parent / "libexec" / "speech-dispatcher-modules" / f"sd_{NAME}"


def config_file() -> Path:
    """The user's configuration; may not exist."""
    return Path(platformdirs.user_config_dir()) / "speech-dispatcher" / _FILE


def install(command: Sequence[str], *, is_default: bool = False) -> None:
    """Have speech-dispatcher load `command`; with `is_default`, as the default module. Raises SettingsError."""
    script = f"#!/bin/sh\n# Made by “harken speechd install”.\nexec {shlex.join(command)} speechd module\n"
    path = module_file()
    try:
        Path(platformdirs.user_data_dir()).mkdir(parents=True, exist_ok=True)
        path.parent.mkdir(parents=True, exist_ok=True)
        files.write_text(path, script)
        path.chmod(0o755)
    except OSError as error:
        raise _cant_change(path, error) from error
    _configure(path, is_default=is_default)


def remove() -> bool:
    """Remove it again. Returns False if it was not installed. Raises SettingsError."""
    path, config = module_file(), config_file()
    was_there = path.exists()
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise _cant_change(path, error) from error
    before = _read(config)
    if before is not None and before != (after := _BLOCK.sub("", before)):
        was_there = True
        _write(config, after)
    return was_there


def _configure(module: Path, *, is_default: bool) -> None:
    """Add it to the user's configuration, if need be."""
    config = config_file()
    before = _read(config)
    own = _BLOCK.sub("", before or "")
    lines = []
    if not own.strip() and (_SYSTEM_FOLDER / _FILE).is_file():
        lines.append(f'Include "{_SYSTEM_FOLDER / _FILE}"')
    text = own if own.strip() else _read(_SYSTEM_FOLDER / _FILE) or ""
    if _names_modules(text):
        lines.append(f'AddModule "{NAME}" "{module}" "{NAME}.conf"')
    elif not is_default:
        lines = []
    if is_default:
        lines.append(f"DefaultModule {NAME}")
    after = own
    if lines:
        after = own + ("" if not own or own.endswith("\n") else "\n") + "\n".join([_BEGIN, *lines, _END, ""])
    if after != (before or ""):
        _write(config, after)


def _names_modules(text: str, depth: int = 0) -> bool:
    """Whether a configuration lists the modules, itself or in files that it includes."""
    for option, quoted, plain in _OPTION.findall(text):
        if option.lower() == "addmodule":
            return True
        included = glob.glob(os.path.join(_SYSTEM_FOLDER, quoted or plain)) if depth < _INCLUDED_DEPTH else []
        if any(_names_modules(_read(Path(path)) or "", depth + 1) for path in included):
            return True
    return False


def _read(path: Path) -> str | None:
    """A file as it is, byte for byte; None if there is none. Raises SettingsError."""
    try:
        return files.read_bytes(path).decode("utf-8", "surrogateescape")
    except FileNotFoundError:
        return None
    except (OSError, DamagedFileError) as error:
        sentence = translate("reader", "{file} can't be read: {why}.")
        raise SettingsError(
            sentence.format(file=foreign.shown(path, foreign.SENTENCE_CHARS), why=reason(error))
        ) from error


def _write(path: Path, text: str) -> None:
    """Empty text removes the file."""
    try:
        if text.strip():
            path.parent.mkdir(parents=True, exist_ok=True)
            files.write_bytes(path, text.encode("utf-8", "surrogateescape"))
        else:
            path.unlink(missing_ok=True)
    except OSError as error:
        raise _cant_change(path, error) from error


def _cant_change(path: Path, error: OSError) -> SettingsError:
    sentence = translate("reader", "{file} can't be changed: {why}.")
    return SettingsError(sentence.format(file=foreign.shown(path, foreign.SENTENCE_CHARS), why=reason(error)))


# ---- the running speech-dispatcher ----


def state() -> State:
    """Asks the running speech-dispatcher; takes up to five seconds."""
    if not os.access(module_file(), os.X_OK):
        return State.ABSENT
    try:
        return State.LOADED if NAME in _loaded() else State.UNUSED
    except NoAnswerError:
        return State.SILENT
    except DesktopError:
        return State.WAITING


def _runtime_folder() -> Path:
    return Path(platformdirs.user_runtime_dir()) / "speech-dispatcher"


def _loaded() -> list[str]:
    """Its loaded modules. Raises DesktopError if it is not running, NoAnswerError if it does not answer."""
    answer = b""
    try:
        with unix.dial(str(_runtime_folder() / "speechd.sock"), _ANSWER_LIMIT_S) as link:
            link.sendall(b"SET SELF CLIENT_NAME user:harken:state\r\nLIST OUTPUT_MODULES\r\n")
            while b"\n250 " not in answer and len(answer) < _ANSWER_BYTES and (more := link.recv(_ANSWER_BYTES)):
                answer += more
    except TimeoutError as error:
        raise NoAnswerError(reason(error)) from error
    except OSError as error:
        raise DesktopError(reason(error)) from error
    return [line[4:] for line in answer.decode("utf-8", "replace").splitlines() if line.startswith("250-")]


def reload() -> bool:
    """Make the running speech-dispatcher reload its configuration and all modules. False if none is running."""
    with contextlib.suppress(OSError, ValueError, DamagedFileError):
        pid = int(files.read_text(_runtime_folder() / "pid" / "speech-dispatcher.pid"))
        status = files.read_text(Path(f"/proc/{pid}/comm")).strip()
        if pid > 1 and "speech-dispatcher".startswith(status) and status:
            os.kill(pid, signal.Signals["SIGHUP"])
            return True
    return False
