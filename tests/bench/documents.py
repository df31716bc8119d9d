"""How documents of other people are read, beside what another program finds in them: `python -m tests.bench.documents`.

The documents are from packages (foreign_documents.py), at least ten of each kind. Of each, the words are compared that
Harken reads and the other program finds: poppler's for PDF, pandoc for e-books and Markdown, w3m for web pages,
LibreOffice for what word processors write, mblaze for mails, FFmpeg for subtitles, iconv for plain text in the encoding
that its name says. Then each is damaged, in two ways: it must be refused in one sentence, or read as far as it can be.
"""

from __future__ import annotations

import argparse
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from reader.documents.source import TextSource
from reader.errors import NotTextError
from reader.text.segment import Segmenter
from tests.bench.foreign_documents import KINDS, Shelf
from tests.read_whole import Comparison, compare

_PROGRAMS = {
    "pdf": "pdftotext", "epub": "pandoc", "html": "w3m", "docx": "soffice", "odt": "soffice", "rtf": "soffice",
    "mail": "mshow", "broken mail": "mshow", "markdown": "pandoc", "subtitles": "ffmpeg", "text": "iconv",
}  # fmt: skip
_TAG = re.compile(r"<[^>]*>|\{\\[^}]*\}")
_TIMES = re.compile(r"(?m)^(?:\d+|[\d:,.]+ --> .*)$")
# What mblaze says of a part of a mail, and of a date.
_PART = re.compile(r"(?m)^(?:--- )+\d+: (.*) ---$")
_AGO = re.compile(r"(?m)(?<=^Date: )(.*) \(.*\)$")


@dataclass
class _Row:
    """What came of the documents of one kind."""

    documents: int = 0
    theirs: int = 0
    ours: int = 0
    in_order: int = 0
    missing: int = 0
    refused: list[str] = field(default_factory=list)
    worst: tuple[float, str] = (1.0, "")

    def add(self, name: str, found: Comparison) -> None:
        self.documents += 1
        self.theirs += found.theirs
        self.ours += found.ours
        self.in_order += found.in_order
        self.missing += found.missing
        share = found.in_order / found.theirs if found.theirs else 1.0
        self.worst = min(self.worst, (share, name))


def main() -> int:
    """Compare, print, and return the exit code: 1 if a damaged one got no sentence."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.documents", description=__doc__)
    parser.add_argument("kinds", nargs="*", help="only these: " + ", ".join(KINDS))
    parser.add_argument("--folder", type=Path, default=Path("build/documents"), help="where packages are kept")
    parser.add_argument("--differences", action="store_true", help="print where they differ")
    options = parser.parse_args()
    kinds = options.kinds or list(KINDS)
    if lacking := {name for name in ("diff", *map(_PROGRAMS.__getitem__, kinds)) if not shutil.which(name)}:
        print("Install these first: " + ", ".join(sorted(lacking)), file=sys.stderr)
        return 1
    shelf = Shelf(options.folder)
    documents = {kind: list(shelf.find(kind)) for kind in kinds}
    print("| kind | documents | words of the other program | read | read in order | only read by Harken | refused |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for kind, paths in documents.items():
        row = _compared(kind, paths, shows_differences=options.differences)
        share = [100 * n / max(row.theirs, 1) for n in (row.theirs - row.missing, row.in_order)]
        only = 100 * (row.ours - row.in_order) / max(row.ours, 1)
        shown = f"{row.theirs} | {share[0]:.1f} % | {share[1]:.1f} % | {only:.1f} % | {len(row.refused)}"
        print(f"| {kind} | {row.documents} | {shown} |", flush=True)
        print(f"worst: {row.worst}", *row.refused, sep="\n", file=sys.stderr)
    return _damaged(documents)


def _compared(kind: str, paths: list[Path], *, shows_differences: bool) -> _Row:
    row = _Row()
    for path, theirs in _OTHERS[kind](paths):
        try:
            ours = _ours(path, is_marked=kind == "markdown")
        except NotTextError as error:
            row.refused.append(error.sentence)
            continue
        if not theirs.strip():  # the other program can't
            continue
        found = compare(ours, theirs)
        row.add(path.name, found)
        if shows_differences and found.differences:
            print(f"\n{path}: {found.in_order} of {found.theirs}, {found.ours}", file=sys.stderr)
            for pair in found.differences:
                print(
                    *(f"  {who} {text[:300]}" for who, text in zip("-+", pair, strict=True)), sep="\n", file=sys.stderr
                )
    return row


def _ours(path: Path, *, is_marked: bool) -> str:
    """As it is read; of a text with marks in it, as it is spoken."""
    source = TextSource.at(str(path))
    source.begin()
    text = "".join(source)
    if not is_marked:
        return text
    segmenter = Segmenter(1)
    segmenter.feed(text)
    segmenter.close()
    return "\n".join(segment.text for segment in segmenter.take_all())


def _each(command: Callable[[Path], list[str]]) -> Callable[[list[Path]], Iterator[tuple[Path, str]]]:
    def run(paths: list[Path]) -> Iterator[tuple[Path, str]]:
        for path in paths:
            done = subprocess.run(command(path), check=False, capture_output=True)
            yield path, done.stdout.decode("utf-8", "replace")

    return run


def _by_libreoffice(paths: list[Path]) -> Iterator[tuple[Path, str]]:
    """All at once, since it takes seconds to start. What it can't open is passed over."""
    with tempfile.TemporaryDirectory() as folder:
        named = {path: Path(folder, f"{n}{path.suffix}") for n, path in enumerate(paths)}
        for path, copy in named.items():
            shutil.copy(path, copy)
        profile = f"-env:UserInstallation=file://{folder}/profile"
        to_text = ["--headless", "--convert-to", "txt:Text (encoded):UTF8", "--outdir", f"{folder}/out"]
        subprocess.run(
            ["soffice", profile, *to_text, *map(str, named.values())], check=True, capture_output=True, timeout=900
        )
        for path, copy in named.items():
            made = Path(folder, "out", f"{copy.stem}.txt")
            if made.exists():
                yield path, made.read_text("utf-8-sig")


def _by_mblaze(paths: list[Path]) -> Iterator[tuple[Path, str]]:
    """Without its own remarks, and without attachments, which Harken only names."""
    for path, shown in _each(lambda path: ["mshow", "-h", "Subject:From:To:Cc:Date:", str(path)])(paths):
        head, *parts = _PART.split(shown)
        texts = [text for about, text in zip(parts[::2], parts[1::2], strict=True) if "name=" not in about]
        yield path, "\n".join([_AGO.sub(r"\1", head).removeprefix("Subject:"), *texts])


def _by_ffmpeg(paths: list[Path]) -> Iterator[tuple[Path, str]]:
    for path in paths:
        plain = path.read_bytes()
        name = "utf-8" if "windows" not in path.name and "gb2312" not in path.name else path.stem
        for encoding in ("UTF-32LE", "UTF-32BE", "UTF-16LE", "UTF-16BE"):
            if encoding.lower() in path.name.replace("utf-16-", "utf-16").replace("utf-32-", "utf-32"):
                name = encoding
        text = plain.decode(name, "replace").lstrip("\ufeff")
        kind = "webvtt" if path.suffix == ".vtt" else "srt"
        command = ["ffmpeg", "-v", "error", "-f", kind, "-i", "-", "-f", "srt", "-"]
        done = subprocess.run(command, input=text.encode(), check=False, capture_output=True)
        yield path, _TAG.sub("", _TIMES.sub("", done.stdout.decode("utf-8", "replace")))


def _by_iconv(paths: list[Path]) -> Iterator[tuple[Path, str]]:
    for path in paths:
        name = {"uhc": "UHC", "utf-16": f"utf-16{path.suffix[1:]}", "utf-32": f"utf-32{path.suffix[1:]}"}.get(
            path.stem, path.stem.replace("mac-centraleurope", "maccentraleurope").replace("mac-cyrillic", "maccyrillic")
        )
        done = subprocess.run(["iconv", "-f", name, "-t", "utf-8", str(path)], check=False, capture_output=True)
        if done.returncode == 0:
            yield path, done.stdout.decode("utf-8").lstrip("\ufeff")
        else:
            print(path, done.stderr.decode(), file=sys.stderr)


_OTHERS: dict[str, Callable[[list[Path]], Iterator[tuple[Path, str]]]] = {
    "pdf": _each(lambda path: ["pdftotext", "-enc", "UTF-8", str(path), "-"]),
    "epub": _each(lambda path: ["pandoc", "-f", "epub", "-t", "plain", "--wrap=none", str(path)]),
    "html": _each(lambda path: ["w3m", "-dump", "-cols", "2000", "-T", "text/html", "-O", "UTF-8", str(path)]),
    "docx": _by_libreoffice,
    "odt": _by_libreoffice,
    "rtf": _by_libreoffice,
    "mail": _by_mblaze,
    "broken mail": _by_mblaze,
    "markdown": _each(lambda path: ["pandoc", "-f", "markdown", "-t", "plain", "--wrap=none", str(path)]),
    "subtitles": _by_ffmpeg,
    "text": _by_iconv,
}


def _damaged(documents: dict[str, list[Path]]) -> int:
    """Cut each in its middle, and change some bits of it. What is no text to any program is no document any more."""
    ends: Counter[str] = Counter()
    for kind, paths in documents.items():
        if kind not in ("pdf", "epub", "docx", "odt", "rtf"):
            continue  # half of a text is a text
        for path in paths:
            data = path.read_bytes()
            for how, damaged in (("cut", data[: len(data) // 2]), ("changed", _changed(data, path.name))):
                ends[f"{kind}, {how}: {_end(damaged)}"] += 1
    print("\n| damaged documents | |\n| --- | --- |")
    for end, count in sorted(ends.items()):
        print(f"| {end} | {count} |")
    return any("no sentence" in end for end in ends)


def _end(data: bytes) -> str:
    """How a reading of it ends."""
    with tempfile.NamedTemporaryFile(suffix=".txt") as file:
        file.write(data)
        file.flush()
        source = TextSource.at(file.name)
        try:
            source.begin()
        except NotTextError as error:
            return "refused in a sentence" if _is_one(error.sentence) else "no sentence"
        text = "".join(source)
        if source.problem:
            return "read in part, and a sentence" if _is_one(source.problem) else "no sentence"
        return "read, nothing wrong seen" if text.strip() else "no sentence"


def _is_one(sentence: str) -> bool:
    return sentence.endswith(".") and "\n" not in sentence and "Traceback" not in sentence


def _changed(data: bytes, seed: str) -> bytes:
    changed = bytearray(data)
    chance = random.Random(seed)
    for _ in range(20):
        changed[chance.randrange(len(data) // 8, len(data))] ^= 1 << chance.randrange(8)
    return bytes(changed)


if __name__ == "__main__":
    sys.exit(main())
