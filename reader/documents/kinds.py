"""Recognises what is not text by its first bytes: file names may be wrong, and a stream has none.

Only what can't be the beginning of a text counts as a signature. Signatures made of letters alone, such as “ID3”, must
be followed by bytes that no text has. Libraries that know thousands of formats (puremagic, filetype, libmagic's
bindings) guess, and occasionally mistake a text for something else, which would then not be read.

Pure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from reader.documents.formats import FORMATS

# How much of the beginning is examined.
HEAD_BYTES = 1 << 16
_DOCUMENT = "Open it in its own program and let Harken read what you select there, or save it as text."
_PICTURE = "A text recognition (OCR) program may find text in it."
_PLAYED = "It can be played, not read."
_PACKED = "Unpack it first, then name a text file in it."
_SECRET = "Decrypt it first."  # noqa: S105 - no password
_OTHER = "Name a text or a document instead."


@dataclass(frozen=True, slots=True)
class FileKind:
    """Something other than text: what it is called, what the user can do about it, and its reader in formats.py."""

    name: str
    advice: str = _OTHER
    format: str = ""


def _read(format_name: str) -> FileKind:
    """A kind of document that can be read."""
    return FileKind(FORMATS[format_name].name, _DOCUMENT, format_name)


BINARY = FileKind("a binary file")
_ZIP = FileKind("an archive (ZIP)", _PACKED)
_OLE = FileKind("an old Office document", _DOCUMENT)

# Offset, signature and meaning. Those made of letters alone are in _WORDS.
_SIGNS: tuple[tuple[int, bytes, FileKind], ...] = (
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", _OLE),
    (0, b"\x89PNG", FileKind("a picture (PNG)", _PICTURE)),
    (0, b"\xff\xd8\xff", FileKind("a picture (JPEG)", _PICTURE)),
    (0, b"II*\0", FileKind("a picture (TIFF)", _PICTURE)),
    (0, b"MM\0*", FileKind("a picture (TIFF)", _PICTURE)),
    (0, b"8BPS\0\1", FileKind("a picture (Photoshop)", _PICTURE)),
    (0, b"\0\0\1\0", FileKind("a picture (icon)", _PICTURE)),
    (0, b"\0\0\0\x0cjP  \r\n", FileKind("a picture (JPEG 2000)", _PICTURE)),
    (0, b"\0\0\0\x0cJXL \r\n", FileKind("a picture (JPEG XL)", _PICTURE)),
    (0, b"OggS\0", FileKind("a sound file (Ogg)", _PLAYED)),
    (0, b"fLaC\0", FileKind("a sound file (FLAC)", _PLAYED)),
    (0, b"MThd\0\0\0\6", FileKind("a sound file (MIDI)", _PLAYED)),
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", FileKind("a video or sound file (Windows Media)", _PLAYED)),
    (0, b"\x1a\x45\xdf\xa3", FileKind("a video (Matroska or WebM)", _PLAYED)),
    (0, b"\0\0\1\xba", FileKind("a video (MPEG)", _PLAYED)),
    (0, b"\0\0\1\xb3", FileKind("a video (MPEG)", _PLAYED)),
    (0, b"FLV\1", FileKind("a video (Flash)", _PLAYED)),
    (0, b"PK\3\4", _ZIP),
    (0, b"PK\5\6", _ZIP),
    (0, b"PK\7\x08", _ZIP),
    (0, b"\x1f\x8b", FileKind("compressed (gzip)", _PACKED)),
    (0, b"\xfd7zXZ\0", FileKind("compressed (xz)", _PACKED)),
    (0, b"\x28\xb5\x2f\xfd", FileKind("compressed (Zstandard)", _PACKED)),
    (0, b"\x04\x22\x4d\x18", FileKind("compressed (LZ4)", _PACKED)),
    (0, b"\x1f\x9d", FileKind("compressed (compress)", _PACKED)),
    (0, b"\x5d\0\0", FileKind("compressed (LZMA)", _PACKED)),
    (0, b"LZIP\1", FileKind("compressed (lzip)", _PACKED)),
    (0, b"7z\xbc\xaf\x27\x1c", FileKind("an archive (7-Zip)", _PACKED)),
    (0, b"Rar!\x1a\7", FileKind("an archive (RAR)", _PACKED)),
    (0, b"MSCF\0\0\0\0", FileKind("an archive (CAB)", _PACKED)),
    (0, b"\x7fELF", FileKind("a program")),
    (0, b"\0asm", FileKind("a program (WebAssembly)")),
    (0, b"dex\n0", FileKind("a program (Android)")),
    (0, b"LUKS\xba\xbe", FileKind("encrypted (LUKS)", _SECRET)),
    (0, b"\x03\xd9\xa2\x9a", FileKind("encrypted (KeePass)", _SECRET)),
    (0, b"SQLite format 3\0", FileKind("a database (SQLite)")),
    (0, b"\0\1\0\0\0", FileKind("a font")),
    (0, b"OTTO\0", FileKind("a font")),
    (0, b"ITSF\3", FileKind("a help file (CHM)", _DOCUMENT)),
    (0, b"\xffWPC", FileKind("a WordPerfect document", _DOCUMENT)),
    (0, b"\xeb\x3c\x90", FileKind("a disk image")),
    (0, b"\x80\x04\x95", FileKind("Python data")),
)
# Signatures that are letters in some encoding, or at a large offset: they count only among bytes that no text has.
_WORDS: tuple[tuple[int, bytes, FileKind], ...] = (
    (0, b"GIF8", FileKind("a picture (GIF)", _PICTURE)),
    (0, b"BM", FileKind("a picture (BMP)", _PICTURE)),
    (8, b"WEBP", FileKind("a picture (WebP)", _PICTURE)),
    (4, b"ftypheic", FileKind("a picture (HEIC)", _PICTURE)),
    (4, b"ftypheix", FileKind("a picture (HEIC)", _PICTURE)),
    (4, b"ftypmif1", FileKind("a picture (HEIF)", _PICTURE)),
    (4, b"ftypavif", FileKind("a picture (AVIF)", _PICTURE)),
    (0, b"gimp xcf", FileKind("a picture (GIMP)", _PICTURE)),
    (0, b"AT&TFORM", FileKind("a DjVu document", _DOCUMENT)),
    (8, b"WAVE", FileKind("a sound file (WAV)", _PLAYED)),
    (0, b"ID3", FileKind("a sound file (MP3)", _PLAYED)),
    (0, b".snd", FileKind("a sound file (AU)", _PLAYED)),
    (8, b"AIF", FileKind("a sound file (AIFF)", _PLAYED)),
    (0, b"#!AMR", FileKind("a sound file (AMR)", _PLAYED)),
    (0, b"wvpk", FileKind("a sound file (WavPack)", _PLAYED)),
    (4, b"ftypM4A", FileKind("a sound file (M4A)", _PLAYED)),
    (8, b"AVI ", FileKind("a video (AVI)", _PLAYED)),
    (0, b"RIFF", FileKind("a video or sound file (RIFF)", _PLAYED)),
    (4, b"ftyp", FileKind("a video (MP4)", _PLAYED)),
    (4, b"moov", FileKind("a video (QuickTime)", _PLAYED)),
    (0, b"BZh", FileKind("compressed (bzip2)", _PACKED)),
    (0, b"!<arch>\n", FileKind("an archive (ar or deb)", _PACKED)),
    (0, b"070701", FileKind("an archive (cpio)", _PACKED)),
    (2, b"-lh", FileKind("an archive (LHA)", _PACKED)),
    (0, b"MZ", FileKind("a program (Windows)")),
    (0, b"Salted__", FileKind("encrypted (OpenSSL)", _SECRET)),
    (0, b"wOF", FileKind("a font")),
    (0, b"ttcf", FileKind("a font")),
    (0, b"PACK", FileKind("Git data")),
    (0, b"PAR1", FileKind("data (Parquet)")),
    (1, b"HDF", FileKind("data (HDF5)")),
    (0, b"\xff\x0a", FileKind("a picture (JPEG XL)", _PICTURE)),
    (0, b"\xc5\xd0\xd3\xc6", FileKind("a picture (EPS)", _PICTURE)),
    (0, b"\xff\xfb", FileKind("a sound file (MP3)", _PLAYED)),
    (0, b"\xff\xf3", FileKind("a sound file (MP3)", _PLAYED)),
    (0, b"\xff\xfa", FileKind("a sound file (MP3)", _PLAYED)),
    (0, b"\xff\xf1", FileKind("a sound file (AAC)", _PLAYED)),
    (0, b"\xff\xf9", FileKind("a sound file (AAC)", _PLAYED)),
    (257, b"ustar", FileKind("an archive (tar)", _PACKED)),
    (32769, b"CD001", FileKind("a disk image (ISO)", _PACKED)),
    (60, b"BOOKMOBI", FileKind("an e-book (MOBI)", _DOCUMENT)),
    (60, b"TEXtREAd", FileKind("an e-book (Palm)", _DOCUMENT)),
    (0, b"\xfe\xed\xfa\xce", FileKind("a program")),
    (0, b"\xfe\xed\xfa\xcf", FileKind("a program")),
    (0, b"\xce\xfa\xed\xfe", FileKind("a program")),
    (0, b"\xcf\xfa\xed\xfe", FileKind("a program")),
    (0, b"\xca\xfe\xba\xbe", FileKind("a program")),
)
# Texts that are not meant to be read as they are. Case is ignored; white space may come first. Since a text may be
# about such files, the signature includes what must follow; \Z means that no more has arrived.
_LINE = r"(?:[ \t]*[\r\n]|\Z)"
_MARKED: tuple[tuple[str, str, FileKind], ...] = (
    ("%PDF-", rf"(?:\d+\.\d+)?(?:{_LINE}|[ \t]*[^\x20-\x7e])", _read("pdf")),
    ("%!PS", rf"(?:-Adobe|{_LINE})", FileKind("a PostScript document", _DOCUMENT)),
    ("{\\rtf", r"\d*\s*(?:[\\{]|\Z)", _read("rtf")),
    ("-----BEGIN PGP MESSAGE-----", _LINE, FileKind("encrypted (PGP)", _SECRET)),
    ("age-encryption.org/", r"v\d+\s", FileKind("encrypted (age)", _SECRET)),
    ("$ANSIBLE_VAULT;", r"\d", FileKind("encrypted (Ansible)", _SECRET)),
)
_MARKED_PATTERN = re.compile(
    rb"\s*(?:" + "|".join(f"({re.escape(sign)}{rest})" for sign, rest, _ in _MARKED).encode() + rb")", re.IGNORECASE
)
_MARKED_KINDS = [kind for _, _, kind in _MARKED]
_MARKED_SIGNS = [sign.encode().lower() for sign, _, _ in _MARKED]
_HTML = _read("html")
_MAIL = _read("mail")
# Anything that begins like this is a page; if it begins with another tag, it must have many tags and little else.
_PAGE = re.compile(
    r"<!doctype\s+html|<html\s+[a-z:]+=|<html>\s*(?:<|\Z)|<(head|body|style|script)\b[^>]*>\s*(?:<|\Z)"
    r"|<(title|style|script|head|body|html)\b[^>]*>.*?</\2\s*>",
    re.IGNORECASE | re.DOTALL,
)
_TAGS = re.compile(
    r"</?(?:a|abbr|address|article|aside|b|blockquote|body|br|button|center|code|dd|div|dl|dt|em|fieldset|figure|font"
    r"|footer|form|h[1-6]|head|header|hr|html|i|iframe|img|input|label|li|link|main|meta|nav|ol|p|pre|script|section"
    r"|select|small|span|strong|style|sub|sup|table|tbody|td|th|thead|title|tr|tt|u|ul|video)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_TAGS_SHARE = 0.1
# Markdown and the like contain tags too, mostly at the beginning.
_MARKDOWN = re.compile(r"^(?:#{1,6} \S|```|[*+-] \S|\d+\. \S|\[[^]\n]+\]: )", re.MULTILINE)
_CLOSED = r"(?:\s[^<>]*\bxmlns\b|.*</|.*/>)"
_MARKUP = (
    (
        re.compile(rf"<speak(?:\s[^<>]*\b(?:version|xml:lang)\b|(?=[\s>]){_CLOSED})", re.DOTALL),
        FileKind("speech markup (SSML)", "Pass --ssml to read it."),
    ),
    (re.compile(rf"<svg(?=[\s>]){_CLOSED}", re.DOTALL), FileKind("a picture (SVG)", _PICTURE)),
    (re.compile(r"<office:document\s[^<>]*opendocument\.text"), _read("odt")),
    (re.compile(rf"<FictionBook(?=[\s>]){_CLOSED}", re.DOTALL), FileKind("an e-book (FictionBook)", _DOCUMENT)),
)
_XML = FileKind("an XML document", _DOCUMENT)
# A mail begins with header fields, including some that no other text has, and an empty line.
_FIELDS = re.compile(r"(?:From [^\n]{3,200}\n)?(?:[!-9;-~]{1,76}:[^\n]*\n(?:[ \t][^\n]*\n)*){2,}(?:\r?\n|\Z)")
_MAIL_FIELD = re.compile(r"^(From|Sender|Return-Path|Received|Message-ID|MIME-Version|Subject|To|Date):", re.M | re.I)
_MAIL_FIELDS = 3
# Subtitles begin like this; in SubRip with the times of the first one.
_SUBTITLES = re.compile(
    r"[\s\ufeff]*(?:WEBVTT(?=[ \t\n\r])(?=.{0,20000}?\n[\d:.,]+[ \t]+-->)"
    r"|\d+[ \t]*\r?\n\d+:\d\d:\d\d[,.]\d{1,3}[ \t]*-->[ \t]*\d+:\d\d:)",
    re.DOTALL,
)
_PROLOG = re.compile(r"(?:\s|\ufeff|<\?.*?\?>|<!--.*?-->|<!doctype[^>]*>)*", re.IGNORECASE | re.DOTALL)
_PACKED_KINDS = (
    (b"mimetypeapplication/epub+zip", _read("epub")),
    (b"mimetypeapplication/vnd.oasis.opendocument.text", _read("odt")),
    (b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet", FileKind("a spreadsheet (ODS)", _DOCUMENT)),
    (b"mimetypeapplication/vnd.oasis.opendocument.presentation", FileKind("a presentation (ODP)", _DOCUMENT)),
    (b"mimetypeapplication/vnd.oasis.opendocument", FileKind("an OpenDocument file", _DOCUMENT)),
    (b"word/document", _read("docx")),
    (b"xl/workbook", FileKind("a spreadsheet (XLSX)", _DOCUMENT)),
    (b"ppt/presentation", FileKind("a presentation (PPTX)", _DOCUMENT)),
    (b"word/", _read("docx")),
    (b"xl/", FileKind("a spreadsheet (XLSX)", _DOCUMENT)),
    (b"ppt/", FileKind("a presentation (PPTX)", _DOCUMENT)),
    (b"META-INF/container.xml", _read("epub")),
    (b"AndroidManifest.xml", FileKind("a program (Android)")),
    (b"META-INF/MANIFEST.MF", FileKind("a program (Java)")),
    (b"FixedDocSeq", FileKind("an XPS document", _DOCUMENT)),
    (b"[Content_Types].xml", FileKind("an Office document (DOCX, XLSX or PPTX)", _DOCUMENT, "docx")),
    (b"META-INF/manifest.xml", _read("odt")),
    (b"Index/Document.iwa", FileKind("an Apple iWork document", _DOCUMENT)),
)
_OLE_KINDS = (
    ("EncryptedPackage", FileKind("an encrypted Office document", _SECRET)),
    ("WordDocument", FileKind("a Word document (DOC)", _DOCUMENT)),
    ("Workbook", FileKind("a spreadsheet (XLS)", _DOCUMENT)),
    ("PowerPoint Document", FileKind("a presentation (PPT)", _DOCUMENT)),
)
# Control characters, without those found in texts: line ends, terminal control, record separators, DOS's end of file.
_HELD = bytes({*range(32)} - {*b"\a\b\t\n\v\f\r\x1a\x1b\x1c\x1d\x1e\x1f"} | {127})
_HELD_SHARE = 0.02
_SHIFTED, _SHIFTS = b"\x1b$)C", b"\x0e\x0f"  # ISO 2022-KR has these between its letters
_SHORTEST = 4
# If it begins with letters, its kind is clear within this many bytes, and its own fields follow within some more.
_PROVEN_BYTES = 64
_FIELDS_BYTES = 512
# A PGP-encrypted message begins with one of these packets: kind, length, version.
_PGP = re.compile(rb"\x84.\x03|\x85..\x03|\x8c.[\x04\x05]|\xc1(?:[\0-\xbf]|[\xc0-\xdf].)[\x03\x06]", re.DOTALL)


def of_bytes(head: bytes, tail: bytes = b"", *, is_wide: bool = False) -> FileKind | None:
    """The kind of bytes that can't be text in any encoding; None for a text, as far as one can tell.

    `head` is the beginning, and `tail` the end if available: it is where archives list their contents. `is_wide`: it
    would be a text in UTF-16 or UTF-32.
    """
    for at, sign, kind in _SIGNS:
        if head.startswith(sign, at):
            return _named(kind, head + tail)
    if found := _MARKED_PATTERN.match(head):
        return _MARKED_KINDS[(found.lastindex or 1) - 1]
    if is_wide or not (is_binary(head) or is_binary(head[:_FIELDS_BYTES])):
        return None
    for at, sign, kind in _WORDS:
        if head.startswith(sign, at):
            return kind
    if b"%PDF-" in head[:1024]:
        return _MARKED_KINDS[0]
    return FileKind("encrypted (PGP)", _SECRET) if _PGP.match(head) else BINARY


def of_text(text: str, *, is_page: bool = False) -> FileKind | None:
    """The kind of a text that is not to be read as it is; None for others. `is_page`: its name says web page."""
    if fields := _FIELDS.match(text.lstrip("\ufeff\r\n")):
        named = {name.lower() for name in _MAIL_FIELD.findall(fields.group())}
        if len(named) >= _MAIL_FIELDS and named & {"from", "sender", "return-path"}:
            return _MAIL
    if _SUBTITLES.match(text):
        return _read("subtitles")
    rest = text[_PROLOG.match(text).end() :]  # type: ignore[union-attr]
    if re.match(r"[\s\ufeff]*(?:<!--.*?-->\s*)*<!doctype\s+html", text, re.IGNORECASE | re.DOTALL) or _is_page(rest):
        return _HTML
    for pattern, kind in _MARKUP:
        if pattern.match(rest):
            return kind
    if re.match(r"[\s\ufeff]*<\?xml\s[^<>]*\?>", text) and (not rest or re.match(r"<[\w:!/]", rest)):
        return _HTML if "<html" in text[:2000].lower() else _XML
    return _HTML if is_page and re.search(r"</[a-zA-Z]", text) else None


def _is_page(text: str) -> bool:
    """Whether a text is a web page, or a fragment of one that begins with a tag."""
    if _PAGE.match(text):
        return True
    if not _TAGS.match(text) or _MARKDOWN.search(text):
        return False
    tags = sum(map(len, _TAGS.findall(text)))
    return tags >= _TAGS_SHARE * len(text) and text.rstrip().endswith(">")


def is_begun(head: bytes) -> bool:
    """Whether it may be the beginning of a signature."""
    begun = head.lstrip().lower()
    return any(len(sign) > len(head) and sign.startswith(head) for at, sign, _ in (*_SIGNS, *_WORDS) if not at) or any(
        len(sign) > len(begun) and sign.startswith(begun) for sign in _MARKED_SIGNS if begun
    )


def is_short(head: bytes) -> bool:
    """Whether to wait for more of it, if more comes soon: it may be an encoding's mark, a tag or a signature."""
    if len(head) < _SHORTEST or (head.lstrip().startswith(b"<") and b">" not in head):
        return True
    if head.lstrip().lower().startswith(tuple(_MARKED_SIGNS)) and b"\n" not in head:
        return True
    return len(head) < _PROVEN_BYTES and any(head.startswith(sign) for at, sign, _ in _WORDS if not at)


def is_binary(data: bytes) -> bool:
    """Whether it has more control bytes than a text may contain, in an encoding that does not use them."""
    if not data.strip(b"\0"):
        return len(data) >= HEAD_BYTES
    if _SHIFTED in data:
        data = data.translate(None, _SHIFTS)
    held = len(data) - len(data.translate(None, _HELD))
    return held > 1 + _HELD_SHARE * len(data)


def _named(kind: FileKind, data: bytes) -> FileKind:
    """An archive or container is named after its contents."""
    if kind is _ZIP:
        packed = data.replace(b"\0", b"")
        held = next((kind for sign, kind in _PACKED_KINDS if sign in data or sign in packed), kind)
        is_encrypted = held is _ZIP and len(data) > 6 and data[6] & 1
        return FileKind("an encrypted archive (ZIP)", _SECRET) if is_encrypted else held
    if kind is _OLE:
        return next((kind for sign, kind in _OLE_KINDS if sign.encode("utf-16-le") in data), kind)
    return kind
