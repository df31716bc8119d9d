"""Where the time of a test run goes is said."""

from __future__ import annotations

from tests.times import slowest


def test_files_that_took_longest_come_first_with_their_longest_test() -> None:
    first, *rest = slowest([("a.py::x", 1.0), ("b.py::y", 2.0), ("b.py::y", 2.5), ("b.py::z", 3.0), ("a.py::x", 0.2)])
    assert first == "9 s in tests of 2 files; longest were"
    assert rest == ["     8 s: b.py, of them 4.5 s y", "     1 s: a.py, of them 1.2 s x"]
