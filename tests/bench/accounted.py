"""Whether each letter and digit of real documents is spoken or told to be left out: `python -m tests.bench.accounted`.

The documents are this machine's: what packages put below /usr/share/doc, manual pages of all languages as they are
written, HTML and Markdown. 2 million characters of them go through the segmenter. A letter is spoken if
it is in the text of a segment, in its place and in order, or what it is drawn for is (“ﬁ”, small capitals);
else it must be in the list of what was left out, with its reason. What is in neither is lost.
"""

from __future__ import annotations

import argparse
import gzip
import random
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from reader.text.clean import clean
from reader.text.left_out import LeftOut
from reader.text.segment import Segmenter

_FOLDERS = ("/usr/share/doc", "/usr/share/man", "/usr/share/common-licenses", "/usr/share/perl", "/usr/lib/python3")
_ENDINGS = (".gz", ".txt", ".md", ".html", ".htm", ".rst", ".README", "README", "copyright", "NEWS", "GPL-3", "FAQ")
_CHARS = 2_000_000
_MOST_CHARS_OF_ONE = 20_000


@dataclass
class Account:
    """What became of the letters and digits of some texts."""

    chars: int = 0
    letters: int = 0
    spoken: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)  # with what stands around it


def account(text: str, into: Account) -> None:
    """Add a text. Compared are letters and digits, without case and marks, in the order in which they stand."""
    segmenter = Segmenter(1)
    pieces: list[LeftOut] = []
    segmenter.on_left_out = pieces.append
    segmenter.feed(text)
    segmenter.close()
    is_covered = bytearray(len(text))
    into.chars += len(text)
    segments = list(segmenter.take_all())
    for piece in pieces:
        for i in range(piece.start_chars, piece.end_chars):
            if text[i].isalnum() and not is_covered[i]:
                is_covered[i] = 2
                into.left_out[piece.why] += 1
    # What was put in the place of several characters stands where they began, so a segment reaches to the next one.
    ends = [segment.start_chars for segment in segments[1:]] + [len(text)] * bool(segments)
    for segment, end in zip(segments, ends, strict=True):
        _cover(text, segment.start_chars, max(end, segment.end_chars), segment.text, is_covered)
    into.letters += (count := sum(map(str.isalnum, text)))
    missing = [i for i, char in enumerate(text) if char.isalnum() and not is_covered[i] and _folded(char)]
    into.spoken += count - sum(is_covered[i] == 2 for i in range(len(text))) - len(missing)
    last = -100
    for i in missing:
        if i > last + 40:
            into.lost.append(repr(text[max(i - 40, 0) : i + 40]))
        else:
            into.lost.append("")
        last = i


def _cover(text: str, start: int, end: int, said: str, is_covered: bytearray) -> None:
    """Mark the letters of a part of the text that are among what is said for it, in order."""
    wanted = "".join(map(_folded, said))
    at = 0
    for i in range(start, end):
        if is_covered[i]:
            continue
        folded = _folded(text[i])
        found = wanted.find(folded, at)
        if folded and 0 <= found < at + 60:
            is_covered[i] = 1
            at = found + len(folded)


def _folded(char: str) -> str:
    plain = unicodedata.normalize("NFKD", char if char.isascii() else clean(char).text).casefold()
    return "".join(c for c in plain if c.isalnum())


def documents(chars: int) -> Iterator[str]:
    """Documents of this machine until they have so many characters, the same ones each time."""
    files = sorted(
        file
        for folder in map(Path, _FOLDERS)
        for file in folder.rglob("*")
        if file.name.endswith(_ENDINGS) and file.is_file()
    )
    random.Random(1).shuffle(files)
    for file in files:
        data = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
        try:
            text = data.decode("utf-8")[:_MOST_CHARS_OF_ONE]
        except UnicodeDecodeError:
            continue
        if "\0" in text or not text.strip():
            continue
        yield text
        chars -= len(text)
        if chars <= 0:
            return


def main() -> int:
    """Print the account, and return the exit code: 1 if anything is lost."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.accounted", description=__doc__)
    parser.add_argument("--chars", type=int, default=_CHARS, help=f"how many characters ({_CHARS})")
    total, texts = Account(), 0
    for text in documents(parser.parse_args().chars):
        account(text, total)
        texts += 1
    print("| documents | characters | letters and digits | spoken | left out, with the reason | lost |")
    print("| --- | --- | --- | --- | --- | --- |")
    reasons = ", ".join(f"{why} {n}" for why, n in total.left_out.most_common())
    left_out = f"{total.left_out.total()} ({reasons})"
    print(f"| {texts} | {total.chars} | {total.letters} | {total.spoken} | {left_out} | {len(total.lost)} |")
    print(*filter(None, total.lost), sep="\n", file=sys.stderr)
    return 1 if total.lost else 0


if __name__ == "__main__":
    sys.exit(main())
