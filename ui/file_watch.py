"""Notices when a file is written, also if a program replaces it.

The system reports changes (inotify on Linux), so nothing polls. GUI thread.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal, Slot

# Programs write a file in several steps, between which it may be empty or missing.
_SETTLED_MS = 150


class FileWatch(QObject):
    """Watches one file, which need not be there."""

    # The file has changed.
    changed = Signal()

    def __init__(self, path: Path, parent: QObject | None = None) -> None:
        """The folder of `path` is created if need be."""
        super().__init__(parent)
        self._path = path
        self._seen = self._look()
        self._watcher = QFileSystemWatcher(self)
        self._settling = QTimer(self)
        self._settling.setSingleShot(True)
        self._settling.setInterval(_SETTLED_MS)
        self._settling.timeout.connect(self._on_settled)
        self._watcher.fileChanged.connect(self._on_news)
        self._watcher.directoryChanged.connect(self._on_news)
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
        self._watch()

    def _watch(self) -> None:
        """Watch the file, which is lost when it is replaced; its folder; and, if it is a link, its target's folder."""
        file = Path(os.path.realpath(self._path))  # which may be a circular link
        wanted = {str(place) for place in (self._path.parent, file.parent, file) if os.path.exists(place)}
        watched = {*self._watcher.files(), *self._watcher.directories()}
        if new := wanted - watched:
            self._watcher.addPaths(sorted(new))
        if old := watched - wanted:
            self._watcher.removePaths(sorted(old))

    def _look(self) -> tuple[int, int, int] | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_ino, found.st_size, found.st_mtime_ns

    @Slot()
    def _on_news(self) -> None:
        self._settling.start()

    @Slot()
    def _on_settled(self) -> None:
        self._watch()
        seen = self._look()
        if seen != self._seen:
            self._seen = seen
            self.changed.emit()
