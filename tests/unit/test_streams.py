"""Standard output takes every text, on every system."""

from __future__ import annotations

import io
import signal
import sys
from types import SimpleNamespace

import pytest

from reader.cli import streams

TEXT = "“Grüße”, ā, ب"


@pytest.mark.parametrize(("system", "variables", "written"), [
    ("win32", {}, TEXT),
    ("win32", {"PYTHONIOENCODING": "cp1252"}, "“Grüße”, a, ?"),
    ("linux", {}, "“Grüße”, a, ?"),
])  # fmt: skip
def test_a_pipe_is_utf8_on_windows_unless_the_user_says_otherwise(
    system: str, variables: dict[str, str], written: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipe = io.TextIOWrapper(io.BytesIO(), encoding="cp1252")
    fake = SimpleNamespace(platform=system, stdin=sys.stdin, stdout=pipe, stderr=io.TextIOWrapper(io.BytesIO()))
    monkeypatch.setattr(streams, "sys", fake)
    monkeypatch.setattr("reader.cli.streams.signal.signal", lambda *_: signal.SIG_DFL)
    for name in ("PYTHONIOENCODING", *variables):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    streams.prepare()
    pipe.write(TEXT)
    pipe.flush()
    assert pipe.buffer.getvalue().decode(pipe.encoding) == written
