"""What documents call their encodings."""

from __future__ import annotations

import pytest

from reader.documents.encodings import decoded, known


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("KOI8-R", "koi8-r"),
        ("UTF-8", "utf-8"),
        ("latin1", "cp1252"),
        ("us-ascii", "cp1252"),
        ("GB2312", "gb18030"),
        ("Shift_JIS", "cp932"),
        ("ks_c_5601-1987", "cp949"),
    ],
)
def test_a_name_means_what_those_who_write_it_mean(name: str, meant: str) -> None:
    assert known(name) == meant


@pytest.mark.parametrize(
    "name", ["", "nonsense", "utf\0-8", "\udc80", "../os", "zip", "hex", "rot13", "idna", "punycode", "unicode_escape"]
)
def test_what_names_no_encoding_of_documents(name: str) -> None:
    assert known(name) == ""
    assert decoded(b"text", name) is None


def test_bytes_of_another_encoding_than_is_named() -> None:
    assert decoded("“Grüße”".encode("cp1252"), "iso-8859-1") == "“Grüße”"
    assert decoded("“Grüße”".encode("cp1252"), "utf-8") is None
