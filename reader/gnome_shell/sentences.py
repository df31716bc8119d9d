"""The sentences that describe the extension's state."""

from __future__ import annotations

from reader.gnome_shell import install
from reader.gnome_shell.state import ShellState, Status
from reader.support.i18n import QT_TRANSLATE_NOOP, translate

_SENTENCES = {
    Status.RUNS: QT_TRANSLATE_NOOP("reader", "Harken's extension for GNOME is running."),
    Status.NOT_INSTALLED: QT_TRANSLATE_NOOP("reader", "Harken's extension for GNOME is not installed."),
    Status.NEEDS_LOGIN: QT_TRANSLATE_NOOP(
        "reader", "Harken's extension for GNOME is installed. Log out and in again: GNOME loads it only then."
    ),
    Status.OFF: QT_TRANSLATE_NOOP("reader", "Harken's extension for GNOME is installed, but turned off."),
    Status.ALL_OFF: QT_TRANSLATE_NOOP(
        "reader", "All extensions are turned off in GNOME. Turn them on in its Extensions app."
    ),
    Status.PAUSED: QT_TRANSLATE_NOOP("reader", "Harken's extension for GNOME is installed, and GNOME will start it."),
    Status.FAILED: QT_TRANSLATE_NOOP("reader", "GNOME could not run Harken's extension. “harken doctor” shows why."),
    Status.WRONG_VERSION: QT_TRANSLATE_NOOP(
        "reader", "Harken's extension does not support this version of GNOME ({version})."
    ),
}
_UPDATED = QT_TRANSLATE_NOOP(
    "reader", "Harken's extension for GNOME was updated. Log out and in again to run the new version."
)


def sentence(state: ShellState) -> str:
    """The extension's state, and what to do. Reads a small file."""
    if is_updated(state):
        return translate("reader", _UPDATED)
    return translate("reader", _SENTENCES[state.status]).format(version=state.shell_version)


def is_updated(state: ShellState) -> bool:
    """Whether the shell still runs a different version from the installed one: it loads each once."""
    return state.status is Status.RUNS and state.version != str(install.installed_version() or state.version)
