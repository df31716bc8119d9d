"""Documents as `harken speak` reads them, in a process of their own; or the sentence for what can't be read."""

from __future__ import annotations

import os
import subprocess
import threading
from pathlib import Path
from typing import Any

import pytest

from reader.documents import parsing, refusals, source
from reader.documents.formats import Format
from reader.documents.source import TextSource
from reader.errors import NotTextError
from reader.workers.worker import Worker

PAGE = b"<!doctype html><title>A night</title><nav>Home</nav><h1>One</h1><p>It rained.<h1>Two</h1><p>It snowed."
MAIL = b"From: a@example.org\nTo: b@example.org\nSubject: Weather\nMIME-Version: 1.0\n\nIt rained.\n\nIt snowed.\n"


def opened(path: Path, data: bytes) -> TextSource:
    path.write_bytes(data)
    made = TextSource.at(str(path))
    made.begin()
    return made


def refusal(path: Path, data: bytes) -> str:
    """The sentence, which begins with the file's name."""
    with pytest.raises(NotTextError) as refused:
        opened(path, data)
    found = refused.value.sentence
    assert found.startswith(str(path))
    assert found.endswith(".")
    return found.removeprefix(str(path)).strip()


@pytest.mark.parametrize("name", ["x.html", "x.txt", "x.pdf", "x"])
def test_a_page_is_told_by_its_content(tmp_path: Path, name: str) -> None:
    made = opened(tmp_path / name, PAGE)
    assert made.title == "A night"
    text = "".join(made)
    assert text == "One\n\nIt rained.\n\nTwo\n\nIt snowed.\n\n"
    assert [(text[heading.start_chars :].split("\n")[0], heading.level) for heading in made.headings] == [
        ("One", 1),
        ("Two", 1),
    ]
    assert not made.problem


def test_a_page_that_is_wanted_as_it_is_written_is_a_text(tmp_path: Path) -> None:
    (tmp_path / "x.html").write_bytes(PAGE)
    made = TextSource.at(str(tmp_path / "x.html"))
    made.begin(is_plain=True)
    assert "".join(made) == PAGE.decode()


def test_a_mail_is_told_by_its_content(tmp_path: Path) -> None:
    made = opened(tmp_path / "x", MAIL)
    assert made.title == "Weather"
    assert "".join(made).split("\n\n")[2:] == ["It rained.", "It snowed.", ""]


def test_a_document_may_come_through_a_pipe() -> None:
    reader, writer = os.pipe()
    data = PAGE + b"<p>And so on. " * 40_000

    def write() -> None:
        with open(writer, "wb") as file:
            file.write(data)

    writing = threading.Thread(target=write)
    writing.start()
    made = TextSource(reader)
    made.begin()
    assert "".join(made).count("And so on.") == 40_000
    writing.join()


def test_what_has_no_text_is_told(tmp_path: Path) -> None:
    assert refusal(tmp_path / "x", b"<!doctype html><title>x</title><img src=x>") == (
        "is a web page (HTML) without any text."
    )


def test_what_is_too_large_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "MOST_BYTES", 10_000)
    assert "takes more memory" in refusal(tmp_path / "x", PAGE + b"<p>x" * 10_000)


@pytest.fixture
def trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    """What reads documents does what they say."""
    monkeypatch.setattr(parsing, "PARSER", Worker("documents", "tests.fakes.troubled_parser"))


@pytest.mark.usefixtures("trouble")
@pytest.mark.noisy
@pytest.mark.parametrize(
    ("does", "told"),
    [
        ("crash", "damaged or incomplete"),
        ("nonsense", "damaged or incomplete"),
        ("noise", "damaged or incomplete"),
        ("hang", "takes too long to read"),
        ("missing", "install it"),
    ],
)
def test_a_reader_that_fails_is_a_sentence(
    tmp_path: Path, does: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parsing, "ANSWER_LIMIT_S", 0.5 if does == "hang" else 60.0)
    assert told in refusal(tmp_path / "x", PAGE + f"<p>{does}".encode())


@pytest.mark.usefixtures("trouble")
@pytest.mark.noisy
@pytest.mark.parametrize(("does", "told"), [("crash later", "damaged from here on"), ("refuse later", "more memory")])
def test_what_was_read_before_it_failed_is_heard(tmp_path: Path, does: str, told: str) -> None:
    made = opened(tmp_path / "x", PAGE + f"<p>{does}".encode())
    assert "".join(made) == "The beginning.\n\n"
    assert told in made.problem


def test_reading_that_is_stopped_leaves_no_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[subprocess.Popen[bytes]] = []

    class Popen(subprocess.Popen[bytes]):
        def __init__(self, *given: Any, **named: Any) -> None:
            super().__init__(*given, **named)
            started.append(self)

    monkeypatch.setattr(subprocess, "Popen", Popen)
    made = opened(tmp_path / "x", PAGE + b"<p>And so on. " * 40_000)
    texts = iter(made)
    assert next(texts) == "One\n\n"
    del texts, made
    assert [process.wait() is not None for process in started] == [True]  # the thread of its answers may be at it


def test_every_refusal_has_its_sentence() -> None:
    kind = Format("a document", "module", "library")
    for one in refusals.Refusal:
        assert refusals.sentence("x", kind, one).startswith(("x is a document", "x is a kind of document"))
        assert refusals.broken_off("x", one).endswith("Reading stops there.")
