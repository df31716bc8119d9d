"""A Mac's pasteboard, as strict as NSPasteboard.h describes it: nobody ever has it for oneself."""

from __future__ import annotations

import threading
from collections.abc import Mapping

# How often a program's copy is looked at before it is whole: it empties the pasteboard first.
_LOOKS = 2


class FakeItem:
    """NSPasteboardItem."""

    def __init__(self) -> None:
        self.content: dict[str, bytes] = {}
        self.board: FakeBoard | None = None
        self.number = 0
        self.waits: threading.Event | None = None  # for its program to hand it over

    @classmethod
    def alloc(cls) -> type[FakeItem]:
        return cls

    @classmethod
    def init(cls) -> FakeItem:
        return cls()

    def types(self) -> list[str]:
        return list(self.content)

    def setData_forType_(self, data: bytes, kind: str) -> bool:
        assert self.board is None, "it is on a pasteboard already"
        assert isinstance(data, bytes)
        self.content[kind] = data
        return True

    def dataForType_(self, kind: str) -> bytes | None:
        if self.board is None or self.board.number != self.number:
            return None  # another program has put something there since
        if self.waits:
            self.waits.wait(20)
        return self.content.get(kind)


class FakeBoard:
    """NSPasteboard.generalPasteboard()."""

    def __init__(self) -> None:
        self.number = 41
        self.items: list[FakeItem] = []
        self.writes = 0
        self._begun: tuple[int, Mapping[str, bytes], int] | None = None

    # ---- what programs do ----

    def copy(self, *contents: Mapping[str, bytes], waits: threading.Event | None = None) -> None:
        """Some program puts this there, an item each."""
        self.clearContents()
        made = []
        for content in contents:
            item = FakeItem()
            item.content, item.waits = dict(content), waits
            made.append(item)
        self.writeObjects_(made)

    def begin_copy(self, content: Mapping[str, bytes]) -> None:
        """A program empties it, and has not put there yet what it copies."""
        self._begun = self.clearContents(), content, _LOOKS

    def content(self) -> list[dict[str, bytes]]:
        """What is there."""
        return [dict(item.content) for item in self.items]

    # ---- NSPasteboard ----

    def changeCount(self) -> int:
        return self.number

    def pasteboardItems(self) -> list[FakeItem] | None:
        if self._begun:
            number, content, looks = self._begun
            self._begun = (number, content, looks - 1) if looks else None
            if not looks and number == self.number:
                item = FakeItem()
                item.content = dict(content)
                self.writeObjects_([item])
        return list(self.items) or None

    def clearContents(self) -> int:
        self.number += 1
        self.items = []
        return self.number

    def writeObjects_(self, items: list[FakeItem]) -> bool:
        assert items
        for item in items:
            assert item.board is None, "it is on a pasteboard already"
            item.board, item.number = self, self.number
        self.items += items
        self.writes += 1
        return True
