"""Opens a document for the core, which gets its parts as they are needed. They are read on an asyncio worker thread."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from reader.documents.printed import Printed
from reader.documents.source import TextSource
from reader.errors import CaptureError, NotTextError
from reader.flow import CapturedText, Source
from reader.support import foreign
from reader.support.files import reason
from reader.support.i18n import translate


async def text_of_file(path: str, beginning_chars: int) -> CapturedText:
    """The text in a file: at once `beginning_chars` or more, or all there is. Raises NotTextError."""
    source = await asyncio.to_thread(_source, path)
    parts = _parts(source)

    def begin() -> str:
        text = ""
        while len(text) < max(beginning_chars, 1) and (part := next(parts, None)) is not None:
            text += part
        return text

    coming: asyncio.Future[str | None] | None = None

    async def more() -> str | None:
        nonlocal coming
        coming = coming or asyncio.get_running_loop().run_in_executor(None, next, parts, None)
        part = await asyncio.shield(coming)  # a cancelled caller gets this part on its next call
        coming = None
        if part is None and source.problem:
            raise CaptureError(source.problem)
        return part

    return CapturedText(await asyncio.to_thread(begin), Source.GIVEN, more=more, path=path)


def _source(path: str) -> TextSource:
    try:
        source = TextSource.at(path)
    except OSError as error:
        sentence = translate("reader", "{file} can't be read: {why}.")
        raise NotTextError(sentence.format(file=foreign.shown(path), why=reason(error))) from error
    source.begin()
    return source


def _parts(source: TextSource) -> Iterator[str]:
    printed = Printed()
    for arrived in source:
        yield printed.show(arrived)
    yield printed.rest()
