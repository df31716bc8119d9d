"""Mails as they are read."""

from __future__ import annotations

import mailbox
from email.message import EmailMessage
from pathlib import Path

import pytest

from reader.documents import mail
from reader.documents.document import TITLE
from reader.documents.refusals import Refusal, UnreadableError


def message(**fields: str) -> EmailMessage:
    made = EmailMessage()
    for name, value in {"From": "Ann <a@example.org>", "To": "b@example.org", "Subject": "Hello", **fields}.items():
        made[name] = value
    return made


def texts(data: bytes) -> list[str]:
    return [block.text for block in mail.parse(data) if block.level != TITLE]


FIELDS = "From: Ann <a@example.org>\nTo: b@example.org"


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-15", "koi8-r"])
@pytest.mark.parametrize("encoding", ["quoted-printable", "base64", "8bit"])
def test_text_in_its_encoding(charset: str, encoding: str) -> None:
    words = "Привет" if charset == "koi8-r" else "Größe: 5 €"
    made = message(Subject=words)
    made.set_content(f"{words}\n\nZweiter Absatz.\n", charset=charset, cte=encoding)
    assert texts(bytes(made)) == [words, FIELDS, words, "Zweiter Absatz."]


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("ann@example.org (Ann B. Clark)", "Ann B. Clark <ann@example.org>"),
        ("ann@example.org (Ann), Bob <b@example.org>", "Ann <ann@example.org>, Bob <b@example.org>"),
        ("Ann (at home) <ann@example.org>", "Ann (at home) <ann@example.org>"),
        ("J =?utf-8?q?=C3=A4?= (c) <a@example.org>", "J ä <a@example.org>"),
    ],
)
def test_a_name_in_brackets_behind_an_address(written: str, told: str) -> None:
    data = f"From: {written}\nTo: b@example.org\nSubject: Hello\n\nHi.\n".encode()
    assert texts(data) == ["Hello", f"From: {told}\nTo: b@example.org", "Hi."]


def test_the_plain_one_of_alternatives_and_attachments_by_name() -> None:
    made = message()
    made.set_content("Plain.")
    made.add_alternative("<p>With marks.</p>", subtype="html")
    made.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="bill.pdf")
    made.add_attachment("Not read here.", filename="notes.txt")
    assert texts(bytes(made)) == ["Hello", FIELDS, "Plain.", "Attachment: bill.pdf", "Attachment: notes.txt"]


@pytest.mark.parametrize("plain", ["", "   \n"])
def test_html_where_the_plain_one_is_empty(plain: str) -> None:
    made = message()
    made.set_content(plain)
    made.add_alternative("<meta charset=utf-8><h1>News</h1><p>Größe.</p>", subtype="html", charset="iso-8859-1")
    assert texts(bytes(made)) == ["Hello", FIELDS, "News", "Größe."]


def test_what_was_sent_on() -> None:
    inner = message(Subject="First")
    inner.set_content("The first one.")
    made = message(Subject="Fwd: First")
    made.set_content("See below.")
    made.add_attachment(inner)
    assert texts(bytes(made)) == ["Fwd: First", FIELDS, "See below.", "First", FIELDS, "The first one."]


def test_lines_that_flow() -> None:
    fields = b"From: a@example.org\nSubject: x\nContent-Type: text/plain; format=flowed\n\n"
    assert texts(fields + b"One line \nthat goes on.\n-- \nAnn")[2] == "One line that goes on.\n--\nAnn"


def test_a_mailbox(tmp_path: Path) -> None:
    box = mailbox.mbox(tmp_path / "box")
    for name in ("One", "Two", "Three"):
        made = message(Subject=name)
        made.set_content(f"From here on it is {name}.")
        box.add(made)
    box.close()
    found = texts((tmp_path / "box").read_bytes())
    assert [found.index(name) for name in ("One", "Two", "Three")] == [0, 3, 6]
    assert "From here on it is Two." in found[5]


@pytest.mark.parametrize(
    "kind", ["multipart/encrypted; boundary=x", "application/pkcs7-mime; smime-type=enveloped-data"]
)
def test_an_encrypted_one_is_refused(kind: str) -> None:
    with pytest.raises(UnreadableError) as refused:
        list(mail.parse(f"From: a@example.org\nSubject: x\nContent-Type: {kind}\n\n--x\n\nZm9v\n--x--\n".encode()))
    assert refused.value.refusal is Refusal.ENCRYPTED


@pytest.mark.parametrize(
    "data",
    [
        b"From: a\nSubject: =?utf-9?q?x?=\nDate: nonsense\n\nText.",
        b"From: a\nSubject: x\nContent-Type: text/plain; charset=nonsense\n\nText.",
        b"From: a\nSubject: x\nContent-Type: text/plain; charset=a\0b\n\nText.",
        b"From: a\nSubject: x\nContent-Type: text/plain; charset*=utf-8''%ED%B2%80\n\nText.",
        b"From: a\nSubject: x\nContent-Type: multipart/mixed; boundary=b\n\nText.",
        b"From: <<>>\nSubject: x\nTo: ,,;\n\nText.",
        b"From: a\nSubject: x\n\nText\xff.",
    ],
)
def test_broken_ones_are_read_as_far_as_they_go(data: bytes) -> None:
    assert "Text" in " ".join(texts(data))
