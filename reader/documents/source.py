"""A text arriving as bytes, from a file, a pipe or a terminal: finds out what it is, then decodes it as it arrives.

Documents are read by a separate process, page by page or chapter by chapter.
"""

from __future__ import annotations

import errno
import os
import select
import stat
import sys
from collections.abc import Iterator
from itertools import chain

from reader.documents import kinds, refusals
from reader.documents.decoding import Decoder, is_readable, marked_encoding, wide_encoding
from reader.documents.document import PARAGRAPH, TITLE, Block, Heading
from reader.documents.formats import FORMATS
from reader.documents.kinds import HEAD_BYTES, FileKind
from reader.documents.parsing import Parsing
from reader.documents.refusals import Refusal, UnreadableError
from reader.errors import NotTextError
from reader.support import descriptors, foreign
from reader.support.files import reason
from reader.support.i18n import translate

STANDARD_INPUT = "Standard input"
# After this much silence, stop waiting and judge by what has arrived.
_PAUSE_S = 0.5
_PAGES = (".html", ".htm", ".xhtml")
# Larger documents are not read, because they have to fit into memory with what is made of them.
MOST_BYTES = 1 << 28


class TextSource:
    """One thread at a time."""

    def __init__(self, fd: int, name: str = STANDARD_INPUT) -> None:
        """`fd` will be closed; `name` is for users.

        `problem` says why the text was not read to its end. `title` is a document's own title, available after `begin`;
        "" if it has none. `headings` are the ones read so far.
        """
        self.fd = fd
        self.name = name
        self.problem = ""
        self.title = ""
        self.headings: list[Heading] = []
        self._document: Iterator[Block] | None = None
        self._head = b""
        self._is_ended = False
        self._decoder = Decoder()
        if sys.platform == "win32" and not os.isatty(fd):
            import msvcrt

            msvcrt.setmode(fd, os.O_BINARY)  # otherwise line ends would lose a byte, and byte 26 would be the end

    @classmethod
    def at(cls, path: str) -> TextSource:
        """Open the file at `path`. Raises NotTextError if it is a disk, and OSError."""
        own = descriptors.own(path)
        if own is not None:
            fd = os.dup(own)
        else:
            mode = os.stat(path).st_mode  # before opening, which on some devices has side effects
            if stat.S_ISDIR(mode):
                raise IsADirectoryError(errno.EISDIR, "it is a folder")
            if stat.S_ISBLK(mode):
                raise _refusal(path, FileKind("a disk"))
            fd = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOCTTY", 0))
        return cls(fd, path)

    @property
    def path(self) -> str:
        """The path to find it again; "" if it is not a file, or its name can't be written down."""
        own = descriptors.own(self.name) is not None or self.name == STANDARD_INPUT
        path = "" if own or not self.is_file else os.path.abspath(self.name)
        return path if path.encode("utf-8", "replace").decode() == path else ""

    @property
    def is_file(self) -> bool:
        """Whether it is a file, so that all of it is there."""
        return stat.S_ISREG(os.fstat(self.fd).st_mode)

    @property
    def is_terminal(self) -> bool:
        """Whether it is typed by the user."""
        return os.isatty(self.fd)

    def begin(self, *, is_plain: bool = False) -> None:
        """Wait until its kind is clear. Raises NotTextError, also if it can't be read.

        `is_plain`: read it as it is, whatever it looks like.
        """
        kind: FileKind | None = None
        try:
            self._read_head()
            kind = self._kind(is_plain=is_plain)
            if kind and kind.format and not is_plain:
                self._begin_document(kind.format)
                return
        except OSError as error:
            os.close(self.fd)
            sentence = translate("reader", "{file} can't be read: {why}.")
            raise NotTextError(sentence.format(file=self._shown, why=reason(error))) from error
        except UnreadableError as error:
            assert kind
            os.close(self.fd)
            raise NotTextError(refusals.sentence(self.name, FORMATS[kind.format], error.refusal)) from error
        if kind:
            os.close(self.fd)
            raise _refusal(self.name, kind)

    def _begin_document(self, name: str) -> None:
        """Wait for the first text of a document. Raises OSError, UnreadableError."""
        document = iter(Parsing(name, self._bytes()))
        first: list[Block] = []
        while not first or first[-1].level == TITLE:
            block = next(document, None)
            if block is None:
                raise UnreadableError(Refusal.EMPTY)
            if block.level == TITLE:
                self.title = block.text
            first.append(block)
        self._document = chain(first, document)

    def _bytes(self) -> Iterator[bytes]:
        """All bytes, including those read already."""
        size = 0
        data = self._head
        while data:
            yield data
            size += len(data)
            if size > MOST_BYTES:
                raise UnreadableError(Refusal.TOO_LARGE)
            data = self._read()

    def _kind(self, *, is_plain: bool) -> FileKind | None:
        kind = self._kind_of_bytes()
        if kind is None and not is_plain:
            text = Decoder().decode(self._head, is_paused=True)
            kind = kinds.of_text(text, is_page=self.name.lower().endswith(_PAGES))
        return kind

    def _kind_of_bytes(self) -> FileKind | None:
        if encoding := marked_encoding(self._head):
            return None if is_readable(self._head, encoding) else kinds.BINARY
        return kinds.of_bytes(self._head, self._tail(), is_wide=bool(wide_encoding(self._head)))

    def __iter__(self) -> Iterator[str]:
        """The text as it arrives, after `begin`. Ends where it can't be read any further or is no longer text."""
        if self._document:
            yield from self._texts(self._document)
            return
        try:
            if text := self._decoder.decode(self._head):
                yield text
            while not self._is_ended:
                is_paused = self._decoder.is_waiting and not self._is_ready(_PAUSE_S)
                data = b"" if is_paused else self._read()
                if self._decoder.is_utf8 and kinds.is_binary(data):
                    self.problem = f"{self._shown} continues with something that is not text. Reading stops there."
                    break
                if text := self._decoder.decode(data, is_paused=is_paused):
                    yield text
            if text := self._decoder.decode(b"", is_last=True):
                yield text
        except OSError as error:
            self.problem = f"{self._shown} can't be read any further: {error.strerror}."
        finally:
            os.close(self.fd)

    def _texts(self, document: Iterator[Block]) -> Iterator[str]:
        """The paragraphs and headings of a document, as text."""
        chars = 0
        try:
            for block in document:
                if block.level == TITLE:
                    continue
                if block.level != PARAGRAPH:
                    self.headings.append(Heading(block.text, block.level, chars))
                text = f"{block.text}\n\n"
                chars += len(text)
                yield text
        except UnreadableError as error:
            self.problem = refusals.broken_off(self.name, error.refusal)
        finally:
            os.close(self.fd)

    @property
    def _shown(self) -> str:
        return foreign.shown(self.name)

    def _read_head(self) -> None:
        """Read enough of the beginning to recognise its kind, and whatever is available without waiting."""
        while not self._is_ended and len(self._head) < HEAD_BYTES:
            is_begun = not self._head or kinds.is_begun(self._head)
            limit_s = _PAUSE_S if kinds.is_short(self._head) or kinds.is_binary(self._head) else 0.0
            if not is_begun and not self._is_ready(limit_s):
                return
            self._head += self._read()

    def _read(self) -> bytes:
        """The next bytes; empty at the end."""
        while True:
            try:
                data = os.read(self.fd, HEAD_BYTES)
            except BlockingIOError:  # made non-blocking by a process that shares it
                select.select([self.fd], [], [])
                continue
            self._is_ended = not data
            return data

    def _is_ready(self, limit_s: float) -> bool:
        """Whether more bytes, or the end, arrive within the limit."""
        if sys.platform == "win32":  # where only sockets can report that
            return stat.S_ISREG(os.fstat(self.fd).st_mode)
        return bool(select.select([self.fd], [], [], limit_s)[0])

    def _tail(self) -> bytes:
        """The end of a file; empty for a stream."""
        if sys.platform == "win32":
            return b""
        try:
            size = os.fstat(self.fd).st_size
            return os.pread(self.fd, HEAD_BYTES, max(size - HEAD_BYTES, 0)) if size > HEAD_BYTES else b""
        except OSError:
            return b""


def _refusal(name: str, kind: FileKind) -> NotTextError:
    what = f"is {kind.name}, which Harken can't read"
    return NotTextError(f"{foreign.shown(name)} {what}. {kind.advice}")
