"""Documents that are damaged, locked, made to do harm, or something else than their names say: each has its sentence.

None is read, in part or at all, that says anything which is not in it, and none takes Harken down.
"""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pytest

from reader.documents import parsing
from reader.documents.source import TextSource
from reader.errors import NotTextError

_DATA = Path(__file__).parents[1] / "data" / "documents"
WHOLE = {kind: (_DATA / kind / f"notes-pandoc.{kind}").read_bytes() for kind in ("docx", "odt", "rtf", "epub")}
PDF = (_DATA / "pdf" / "text-fpdf2.pdf").read_bytes()
WHOLE["pdf"] = PDF
_PACKED = ("docx", "odt", "epub")
_TEXTS = {"docx": "word/document.xml", "odt": "content.xml", "epub": "EPUB/text/.*.xhtml"}


def repacked(kind: str, change: Callable[[str, bytes], bytes | None]) -> bytes:
    """The whole one with its files changed, or without those for which `change` returns None."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(WHOLE[kind])) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = change(name, old.read(name))
            if data is not None:
                new.writestr(name, data)
    return file.getvalue()


def with_text(kind: str, data: bytes) -> bytes:
    return repacked(kind, lambda name, old: data if re.fullmatch(_TEXTS[kind], name) else old)


def without(kind: str, part: str) -> bytes:
    return repacked(kind, lambda name, old: None if part in name else old)


def added(kind: str, name: str, data: bytes) -> bytes:
    file = io.BytesIO(WHOLE[kind])
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr(name, data)
    return file.getvalue()


def flipped(data: bytes, seed: int) -> bytes:
    """Some bits in the middle are others."""
    changed = bytearray(data)
    chance = random.Random(seed)
    for _ in range(20):
        changed[chance.randrange(len(data) // 4, len(data) // 2)] ^= 1 << chance.randrange(8)
    return bytes(changed)


def with_encrypted_flags(data: bytes) -> bytes:
    """Every file in it claims to be encrypted, in both of its heads."""
    changed = bytearray(data)
    for sign, at in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        place = data.find(sign)
        while place >= 0:
            changed[place + at] |= 1
            place = data.find(sign, place + 4)
    return bytes(changed)


def pdf(content: bytes) -> bytes:
    """One page with that on it, and a picture to be had there."""
    picture = b"<</Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray/Length 1>>"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        picture + b"stream\n\x80\nendstream",
    ]
    parts = [b"%d 0 obj%s endobj\n" % (n + 1, one) for n, one in enumerate(objects)]
    return b"%PDF-1.4\n" + b"".join(parts) + b"trailer<</Root 1 0 R/Size 6>>\n%%EOF\n"


LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">'
    + b"".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">'.encode() for n in range(9))
    + b"]><p>&j;</p>"
)
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]><p>&a;</p>'
LOCK = (
    b'<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><EncryptedData>'
    b'<EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#aes128-cbc"/></EncryptedData></encryption>'
)
BOMB = b"<p>" + b" " * (1 << 27)

NOISE = random.Random(1).randbytes(9000)
_XML = ("docx", "odt")
BROKEN: dict[str, tuple[bytes, str]] = {
    **{f"{kind}, cut at a quarter": (WHOLE[kind][: len(WHOLE[kind]) // 4], "or incomplete") for kind in _PACKED},
    **{f"{kind}, without its end": (WHOLE[kind][:-30], "damaged or incomplete") for kind in _PACKED},
    **{f"{kind}, text cut": (with_text(kind, b""), "damaged") for kind in _XML},
    **{f"{kind}, text missing": (without(kind, _TEXTS[kind]), "") for kind in _XML},
    **{f"{kind}, entities without end": (with_text(kind, LAUGHS), "damaged") for kind in _XML},
    **{f"{kind}, entity outside": (with_text(kind, OUTSIDE), "damaged") for kind in _XML},
    **{f"{kind}, a bomb": (with_text(kind, BOMB), "more memory") for kind in _PACKED},
    **{f"{kind}, all files encrypted": (with_encrypted_flags(WHOLE[kind]), "encrypted") for kind in _PACKED},
    **{f"{kind}, text is noise": (with_text(kind, NOISE), "damaged") for kind in _XML},
    "epub, locked": (added("epub", "META-INF/encryption.xml", LOCK), "encrypted"),
    "epub, no package": (without("epub", ".opf"), "damaged"),
    "epub, no chapters": (without("epub", ".xhtml"), "without any text"),
    "epub, package is noise": (repacked("epub", lambda name, old: b"\0" if name.endswith(".opf") else old), "damaged"),
    "odt, encrypted": (
        repacked("odt", lambda name, old: b"<m><encryption-data/></m>" if name == "META-INF/manifest.xml" else old),
        "encrypted",
    ),
    "odt, a spreadsheet": (
        repacked("odt", lambda name, old: old.replace(b".text", b".spreadsheet") if name == "mimetype" else old),
        "can't read",
    ),
    "docx, a spreadsheet": (
        repacked("docx", lambda name, old: old.replace(b"word/document.xml", b"xl/workbook.xml")),
        "can't read",
    ),
    "docx, encrypted": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + "EncryptedPackage".encode("utf-16-le") + bytes(5000),
        "encrypted",
    ),
    "pdf, encrypted": ((_DATA / "refused" / "locked.pdf").read_bytes(), "encrypted"),
    "pdf, a scan": (pdf(b"q 500 0 0 700 50 50 cm /I Do Q"), "recognition (OCR)"),
    "pdf, an empty page": (pdf(b""), "recognition (OCR)"),
    "pdf, no page": (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]>>endobj",
        "damaged",
    ),
    "pdf, only its head": (b"%PDF-1.7\n", "damaged"),
    "pdf, cut at a quarter": (PDF[: len(PDF) // 4], "damaged"),
    "pdf, noise behind its head": (b"%PDF-1.4\n" + NOISE, "damaged"),
    "pdf, pages in a circle": (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Count 9/Kids[2 0 R]>>endobj\n"
        b"trailer<</Root 1 0 R>>",
        "",
    ),
    "rtf, nothing": (rb"{\rtf1\ansi{\fonttbl{\f0 A;}}}", "without any text"),
    "rtf, only a picture": (rb"{\rtf1{\pict\wbin00 " + b"89504e47" * 1000 + b"}}", "without any text"),
    "html, nothing": (b"<!doctype html><script>let a = 1;</script>", "without any text"),
    "html, frames": (b"<!doctype html><frameset><frame src=a></frameset>", "without any text"),
}


def refusal(path: Path, data: bytes) -> str:
    path.write_bytes(data)
    source = TextSource.at(str(path))
    with pytest.raises(NotTextError) as refused:
        source.begin()
    return refused.value.sentence


@pytest.mark.noisy
@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_one_has_its_sentence_and_nothing_is_read(tmp_path: Path, name: str) -> None:
    data, told = BROKEN[name]
    path = tmp_path / "book.txt"
    found = refusal(path, data)
    assert found.startswith(f"{path} is ")
    assert told in found
    assert found.endswith(".")


@pytest.mark.noisy
@pytest.mark.parametrize("kind", WHOLE)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_one_with_bits_flipped_is_refused_or_read_to_where_it_is_damaged(tmp_path: Path, kind: str, seed: int) -> None:
    path = tmp_path / "x"
    path.write_bytes(flipped(WHOLE[kind], seed))
    source = TextSource.at(str(path))
    try:
        source.begin()
    except NotTextError as error:
        told = error.sentence
    else:
        assert "".join(source).strip()
        told = source.problem or "."
    assert told.endswith(".")


def test_a_pdf_that_only_may_not_be_copied_is_read(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes((_DATA / "refused" / "for-printing-only.pdf").read_bytes())
    source = TextSource.at(str(path))
    source.begin()
    assert "Text on a screen contains more than words" in "".join(source)


def test_what_is_cut_within_is_read_to_there(tmp_path: Path) -> None:
    path = tmp_path / "x"
    with zipfile.ZipFile(io.BytesIO(WHOLE["docx"])) as archive:
        text = archive.read(_TEXTS["docx"])
    path.write_bytes(with_text("docx", text[: len(text) * 2 // 3]))
    source = TextSource.at(str(path))
    source.begin()
    assert "It was a dark night" in "".join(source)
    assert "damaged from here on" in source.problem


def _mail() -> bytes:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "a@example.org", "Ships"
    mail.set_content("It was a dark night.\n\nNobody saw the ship.")
    mail.add_attachment(NOISE, maintype="image", subtype="png", filename="ship.png")
    return mail.as_bytes()


CUT = {
    "rtf": WHOLE["rtf"][: len(WHOLE["rtf"]) * 2 // 3],
    "pdf": PDF[: PDF.rindex(b"startxref")],
    "mail": _mail()[:-2000],
}


@pytest.mark.parametrize("kind", CUT)
def test_one_that_ends_in_the_middle_is_read_to_there_and_that_is_said(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "x"
    path.write_bytes(CUT[kind])
    source = TextSource.at(str(path))
    source.begin()
    assert "".join(source).strip()
    assert source.problem == f"{path} is damaged from here on. Reading stops there."


def test_a_whole_mail_has_no_problem(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(_mail())
    source = TextSource.at(str(path))
    source.begin()
    assert "Attachment: ship.png" in "".join(source)
    assert not source.problem


def test_the_memory_of_a_reader_has_a_limit() -> None:
    assert 0 < parsing.PARSER.memory_bytes <= 1 << 30
