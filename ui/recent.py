"""The most recently used voices, stored in a small file of Harken's own. No Qt."""

from __future__ import annotations

import json
import logging
from pathlib import Path

from reader.support import files, foreign

log = logging.getLogger(__name__)

_AT_MOST = 5


class RecentVoices:
    """Newest first. Their names are stored too: an account's voices are only known once it was queried."""

    def __init__(self, folder: Path) -> None:
        """`folder` may not exist."""
        self._path = folder / "recent-voices.json"
        self._names: dict[str, str] = {}  # by id, the newest first
        try:
            found = files.read_json(self._path)
            self._names = {str(voice["id"]): foreign.shown(voice["name"]) for voice in found[:_AT_MOST]}
        except FileNotFoundError:
            pass
        except (OSError, ValueError, TypeError, KeyError) as error:
            log.warning("recent voices: %s", error)  # no more is needed: the file will be rewritten

    def names(self) -> dict[str, str]:
        """Names by id, the newest first."""
        return dict(self._names)

    def used(self, voice_id: str, name: str) -> None:
        """A voice was chosen."""
        before = self._names
        rest = {other: kept for other, kept in before.items() if other != voice_id}
        self._names = dict([(voice_id, name), *rest.items()][:_AT_MOST])
        if list(self._names.items()) != list(before.items()):
            self._save()

    def _save(self) -> None:
        voices = [{"id": voice_id, "name": name} for voice_id, name in self._names.items()]
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            files.write_text(self._path, json.dumps(voices, ensure_ascii=False, indent=1))
        except OSError as error:
            log.warning("recent voices: %s", error)
