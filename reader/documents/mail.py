"""Mails, alone or several in a mailbox: subject, sender, recipients, date and text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.errors import CloseBoundaryNotFoundDefect
from email.message import EmailMessage
from email.utils import getaddresses

from reader.documents import html_page
from reader.documents.decoding import Decoder
from reader.documents.document import TITLE, Block, tidied
from reader.documents.encodings import decoded
from reader.documents.refusals import Refusal, UnreadableError

_NEXT = re.compile(rb"(?:\A|(?<=\n\n)|(?<=\n\r\n))From [^\n]{3,200}\d{4}[^\n]{0,10}\n")
_FLOWED = re.compile(r"(?<=\S)(?<!\n--) \n(?!>|-- )")
_MOST_PARTS = 500
_PARAGRAPHS = re.compile(r"\n[ \t]*\n")


def parse(data: bytes) -> Iterator[Block]:
    """Read each mail: its subject becomes a heading. Attachments are named.

    Raises UnreadableError; if the last mail is truncated, after its text.
    """
    starts = [found.start() for found in _NEXT.finditer(data)]
    if not data.startswith(b"From "):
        starts = []
    for number, (start, end) in enumerate(zip(starts or [0], [*starts[1:], len(data)], strict=True)):
        one = data[start:end]
        mail = message_from_bytes(one.partition(b"\n")[2] if starts else one, policy=policy.default)
        yield from tidied(_parts(mail, is_first=number == 0))
    if any(isinstance(defect, CloseBoundaryNotFoundDefect) for part in mail.walk() for defect in part.defects):
        raise UnreadableError(Refusal.DAMAGED)


def _parts(mail: EmailMessage, *, is_first: bool) -> Iterator[Block]:
    subject = _field(mail, "Subject")
    if is_first:
        yield Block(subject, TITLE)
    yield Block(subject, 1)
    named = [f"{name}: {value}" for name in ("From", "To", "Cc") if (value := _people(mail, name))]
    named += [f"Date: {value}" for value in (_field(mail, "Date"),) if value]
    yield Block("\n".join(named))
    if mail.get_content_type() in ("multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime"):
        raise UnreadableError(Refusal.ENCRYPTED)
    yield from _content(mail, is_outer=True)


def _content(mail: EmailMessage, *, is_outer: bool = False) -> Iterator[Block]:
    """The text of a part. Of alternatives, the plain text if there is any, since it has no furniture."""
    kind = mail.get_content_type()
    if kind == "multipart/alternative":
        choices = [part for part in _subparts(mail) if not part.is_attachment()]
        plain = [part for part in choices if part.get_content_type() == "text/plain"]
        yield from _first_with_text([*plain, *(part for part in reversed(choices) if part not in plain)])
    elif kind == "message/rfc822":
        for part in _subparts(mail):
            yield from _parts(part, is_first=False)
    elif mail.is_multipart():
        for part in _subparts(mail)[: 1 if kind == "multipart/related" else _MOST_PARTS]:
            yield from _content(part)
    elif mail.get_content_maintype() in ("text", "multipart") and (is_outer or not mail.is_attachment()):
        yield from _text(mail)
    elif name := mail.get_filename():
        yield Block(f"Attachment: {name}")


def _subparts(mail: EmailMessage) -> list[EmailMessage]:
    payload = mail.get_payload()
    return [part for part in payload if isinstance(part, EmailMessage)] if isinstance(payload, list) else []


def _first_with_text(parts: list[EmailMessage]) -> Iterator[Block]:
    for part in parts:
        found = list(_content(part))
        if any(block.text.strip() for block in found):
            yield from found
            return


def _text(mail: EmailMessage) -> Iterator[Block]:
    data = mail.get_payload(decode=True)
    if not isinstance(data, bytes):
        return
    text = decoded(data, mail.get_content_charset() or "utf-8")
    if text is None:
        text = Decoder().decode(data, is_last=True)
    if mail.get_content_subtype() == "html":
        yield from (block for block in html_page.of_text(text) if block.level != TITLE)
        return
    if mail.get_param("format") == "flowed":
        text = _FLOWED.sub("" if str(mail.get_param("delsp", "")).lower() == "yes" else " ", text.replace("\r\n", "\n"))
    for paragraph in _PARAGRAPHS.split(text.replace("\r\n", "\n")):
        yield Block(paragraph)


def _people(mail: EmailMessage, name: str) -> str:
    """Who wrote or receives it. Includes names in brackets after an address, which the library leaves out."""
    written = " ".join(str(value) for one, value in mail.raw_items() if one.lower() == name.lower())
    people: list[tuple[str, str]] = []
    if "(" in written and "=?" not in written and written.isascii():
        try:
            people = getaddresses([written])
        except Exception:  # as in `_field`
            people = []
    if not all(address for _, address in people):
        people = []
    return ", ".join(f"{who} <{address}>" if who else address for who, address in people) or _field(mail, name)


def _field(mail: EmailMessage, name: str) -> str:
    """A field's decoded text; "" if there is none, or if it can't be decoded."""
    try:
        return " ".join(str(mail.get(name, "")).split())
    except Exception:  # the library's field parsers raise various errors for broken ones
        return ""
