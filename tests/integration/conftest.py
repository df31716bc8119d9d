"""What tests of more than one file look at."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from reader.http.h2_connection import Connection
from reader.voices.polly.synthesis_stream import SynthesisStream


@pytest.fixture
def nothing_left() -> Iterator[None]:
    """Behind the test, nobody holds on to a stream or a connection. Its tasks are counted by tests/conftest.py."""
    yield
    gc.collect()
    assert [o for o in gc.get_objects() if isinstance(o, SynthesisStream | Connection)] == []
