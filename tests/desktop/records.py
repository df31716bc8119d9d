"""What the Harken of a desktop writes down of its events: see reader/core/record.py."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any


class Records(ABC):
    """A desktop with a Harken that writes them into `record_file`."""

    _begun = 0  # records before the test

    @property
    @abstractmethod
    def record_file(self) -> Path:
        """Where this Harken writes them; it may not be there yet."""

    def begin(self) -> None:
        """Count records from here on."""
        self._begun += len(self.records())

    def records(self) -> list[dict[str, Any]]:
        """Those since `begin`, but for one that is being written."""
        written = self.record_file.read_text(encoding="utf-8") if self.record_file.exists() else ""
        lines = written[: written.rfind("\n") + 1].splitlines()
        return [json.loads(line) for line in lines[self._begun :]]

    def spoken(self) -> list[str]:
        """The segments that were begun since `begin`."""
        return [record["text"] for record in self.records() if record["event"] == "segment"]

    def notices(self) -> list[str]:
        """What Harken told the user since `begin`."""
        return [record["sentence"] for record in self.records() if record["event"] == "notice"]
