"""Telling texts from everything else, by bytes."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import random
import tarfile
import wave
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

import pytest

from reader.documents import kinds


def packed(names: Mapping[str, str]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in names.items():
            archive.writestr(name, text)
    return file.getvalue()


def tar() -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("a.txt"))
    return file.getvalue()


def sound() -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(8000)
        out.writeframes(bytes(100))
    return file.getvalue()


NOISE = random.Random(1).randbytes(4000)
OOXML = {"[Content_Types].xml": "<Types/>"}
OTHERS = {
    "PDF": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj",
    "PostScript": b"%!PS-Adobe-3.0\n",
    "RTF": rb"{\rtf1\ansi Hello.}",
    "EPUB": packed({"mimetype": "application/epub+zip", "META-INF/container.xml": ""}),
    "ODT": packed({"mimetype": "application/vnd.oasis.opendocument.text"}),
    "ODS": packed({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}),
    "DOCX": packed({**OOXML, "word/document.xml": "<w/>"}),
    "XLSX": packed({**OOXML, "xl/workbook.xml": "<w/>"}),
    "PPTX": packed({**OOXML, "ppt/presentation.xml": "<w/>"}),
    "DOC": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + "WordDocument".encode("utf-16-le"),
    "encrypted Office": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + "EncryptedPackage".encode("utf-16-le"),
    "MOBI": b"A book".ljust(60, b"\0") + b"BOOKMOBI" + bytes(20),
    "ZIP": packed({"a.txt": "Hello."}),
    "gzip": gzip.compress(b"Hello."),
    "bzip2": bz2.compress(b"Hello."),
    "xz": lzma.compress(b"Hello."),
    "tar": tar(),
    "7-Zip": b"7z\xbc\xaf\x27\x1c\0\4",
    "RAR": b"Rar!\x1a\7\1\0",
    "PNG": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    "JPEG": b"\xff\xd8\xff\xe0\0\x10JFIF\0",
    "GIF": b"GIF89a\1\0\1\0\x80\0\0",
    "BMP": b"BM\x46\0\0\0\0\0\0\0",
    "TIFF": b"II*\0\x08\0\0\0",
    "WebP": b"RIFF\x24\0\0\0WEBPVP8 ",
    "HEIC": b"\0\0\0\x18ftypheic\0\0\0\0",
    "MP3": b"ID3\4\0\0\0\0\0\0",
    "WAV": sound(),
    "Ogg": b"OggS\0\2\0\0",
    "FLAC": b"fLaC\0\0\0\x22",
    "MP4": b"\0\0\0\x20ftypisom\0\0\2\0",
    "Matroska": b"\x1a\x45\xdf\xa3\x01\0\0\0",
    "AVI": b"RIFF\x24\0\0\0AVI LIST",
    "program": b"\x7fELF\2\1\1\0",
    "Windows": b"MZ\x90\0\3\0\0\0",
    "SQLite": b"SQLite format 3\0\x10\0",
    "PGP": b"-----BEGIN PGP MESSAGE-----\n\nhQEMA",
    "OpenSSL": b"Salted__\1\2\3\4\5\6\7\x08" + NOISE,
    "binary": NOISE,
    "binary file": zlib.compress(NOISE)[2:],
}


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_no_text_is_called_by_its_name(name: str) -> None:
    kind = kinds.of_bytes(OTHERS[name])
    assert kind
    assert name in kind.name
    assert kind.advice.endswith(".")


@pytest.mark.parametrize("name", OTHERS)
def test_the_beginning_of_it_is_no_text_yet(name: str) -> None:
    data = OTHERS[name]
    known = next(n for n in range(1, len(data) + 1) if kinds.of_bytes(data[:n]))
    for n in range(1, min(known, 60)):
        head = data[:n]
        assert (
            kinds.is_short(head) or kinds.is_begun(head) or kinds.is_binary(head) or name in ("MOBI", "tar", "binary")
        )


TEXTS = [
    "PDF files begin with %PDF-1.4.",
    "ID3 is a format. BM is not.",
    "BM, MZ and PK are initials.",
    "GIF89a was an image format.",
    "II. Kapitel",
    "MM is the year 2000.",
    "#!/bin/sh\necho hello\n",
    "OTTO came.",
    "RIFF and WAVE",
    "moov ftyp moov",
    "Rar! is a shout.",
    "\x1b[1mbold\x1b[0m and N\x08NA\x08AM\x08ME\x08E",
    "one page\x0canother page\x1a",
    "tab\tseparated\tvalues\r\n",
    "# Markdown\n\n<b>bold</b>\n",
    '{\n  "json": true\n}',
    "a < b and c > d",
    "<3 you",
    "<stdio.h> is a header",
    "<user@example.org> wrote:",
    "-----BEGIN CERTIFICATE-----\nMIIB",
    "%PDF-1.4 is the line with which many files begin.",
    "{\\rtf is how those files begin.",
    "%!PS begins PostScript.",
    "-----BEGIN PGP MESSAGE----- is a line that people know.",
    "$ANSIBLE_VAULT; is the header of those files.",
    "<p> begins a paragraph in HTML, as everybody knows.",
    "<html> begins a page.",
    "<title> is what the browser shows.",
    "<div>hello</div> is what it shows.",
    "<svg> is a tag.",
    "<speak> said the sign on the door.",
    "<?xml version='1.0'?> is how they begin, said the teacher.",
    '<p align="center">\n<img src="x.png">\n</p>\n\n# My project\n\nIt says what it does.\n',
    "<br>\n\nSome words follow here, and more of them, in the text.\n",
    "z" * 60 + "BOOKMOBI is what they begin with.",
    "x" * 257 + "ustar stands there.",
    "a " * 16384 + "zCD001 is a sign, too.",
    "A log\0 with a few of them\0 in a text that is long enough to show what else there is in it, and goes on.",
    "first\x1fsecond\x1e\nthird\x1ffourth\x1e\n",
    "",
    "\n\n",
    "é",
    "猫",
]


@pytest.mark.parametrize("text", TEXTS)
def test_texts_are_texts(text: str) -> None:
    assert kinds.of_bytes(text.encode()) is None
    assert kinds.of_text(text) is None
    assert not kinds.is_begun(text.encode()) or len(text) < 4


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("<!DOCTYPE html>\n<html>", "HTML"),
        ("\ufeff  <HTML lang='en'>", "HTML"),
        ("<!-- hi -->\n<html><body>", "HTML"),
        ("<?xml version='1.0'?><!DOCTYPE html PUBLIC '-//W3C'><html>", "HTML"),
        ("<p>Hello</p>", "HTML"),
        ("<nav><ul><li>One</li></ul></nav>", "HTML"),
        ("<a href='x'>Hello</a> there <b>you</b>\n", "HTML"),
        ("<head>\n<title>Hello</title>", "HTML"),
        ("<style>p {}</style>", "HTML"),
        ("<?xml version='1.0'?>\n<FictionBook xmlns=''>", "FictionBook"),
        ("<svg xmlns=''>", "SVG"),
        ("<speak>Hello</speak>", "SSML"),
        ("<?xml version='1.0'?><config/>", "XML"),
    ],
)
def test_texts_that_are_not_for_reading_as_they_stand(text: str, name: str) -> None:
    kind = kinds.of_text(text)
    assert kind
    assert name in kind.name


@pytest.mark.parametrize("name", ["ÿû said he.", "ÿóÿ", "Êþº¾ and more words"])
def test_letters_of_an_older_encoding_are_no_sign_of_sound_or_programs(name: str) -> None:
    assert kinds.of_bytes(name.encode("latin-1")) is None


@pytest.mark.parametrize(("data", "name"), [(b"]\0\0", "LZMA"), (b"\0\0\1\0\1\0", "icon")])
def test_a_sign_is_one_although_it_could_be_two_bytes_a_letter(data: bytes, name: str) -> None:
    kind = kinds.of_bytes(data, is_wide=True)
    assert kind
    assert name in kind.name


def test_a_name_says_that_a_text_with_tags_is_a_page() -> None:
    assert kinds.of_text("Hello <i>there</i>") is None
    assert kinds.of_text("Hello <i>there</i>", is_page=True)


@pytest.mark.parametrize("path", sorted(Path(__file__).parents[2].rglob("docs/guide/**/*.md")), ids=str)
def test_the_guide_is_text(path: Path) -> None:
    data = path.read_bytes()
    assert kinds.of_bytes(data) is None
    assert kinds.of_text(data.decode()) is None


def test_what_this_program_is_run_by_is_no_text() -> None:
    with open(os.path.realpath("/proc/self/exe"), "rb") as file:
        kind = kinds.of_bytes(file.read(kinds.HEAD_BYTES))
    assert kind
    assert kind.name == "a program"


def test_korean_with_its_shifts_is_a_text() -> None:
    data = "안녕하세요, 오늘 날씨가 좋습니다. ".encode("iso2022_kr") * 3
    assert kinds.of_bytes(data) is None
    assert kinds.is_binary(b"\x0e\x0f" * 100)
