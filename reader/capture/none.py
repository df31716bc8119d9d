"""Stands in if this desktop has no such place: always available, always empty."""

from __future__ import annotations

from collections.abc import Callable

from reader.capture.base import CaptureOptions, Extent, OnlyText, Selection
from reader.errors import NoPlaceError
from reader.flow import CapturedText, Source
from reader.support.i18n import translate


class NoText(OnlyText):
    """Implements Place."""

    def __init__(self, sentence: str = "") -> None:
        """`sentence` tells the user why there is nothing, and what to do instead."""
        self._sentence = sentence

    def absence(self) -> str:
        return ""

    async def look(self) -> Selection | None:
        return None

    async def read(self, source: Source, extent: Extent = Extent.FOCUS, /) -> CapturedText:
        raise NoPlaceError(self.why(source))

    def why(self, source: Source) -> str:
        """What the user is told about this source."""
        if self._sentence:
            return self._sentence
        if source is Source.FOCUS:
            return translate("reader", "Harken can't see the focused text on this desktop. Select text instead.")
        return translate("reader", "Harken can't see selections on this desktop yet. Use “harken speak” instead.")

    async def close(self) -> None:
        pass


class Followed:
    """Implements Following."""

    def __init__(self, _on_text: Callable[[str], None], _on_new_selection: Callable[[], None]) -> None:
        """The callbacks are never called."""

    async def apply(self, options: CaptureOptions) -> list[str]:
        if options.follows_focus or options.follows_pointer:
            return [translate("reader", "Harken can't follow the focus or the pointer on this system yet.")]
        return []

    async def close(self) -> None:
        pass
