"""The tables of a language, resources/spoken/LANGUAGE.toml, from which its rules are built.

Read once, on whichever thread asks first.
"""

from __future__ import annotations

import importlib.resources
import re
import tomllib
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

# A pattern, and a function that returns its replacement.
Rule = tuple[re.Pattern[str], Callable[[re.Match[str]], str]]


@cache
def tables(language: str) -> dict[str, Any]:
    """The tables by name; {} if a language has none. At most 3 ms, the first time."""
    source = importlib.resources.files("resources").joinpath(f"spoken/{language}.toml")
    if not re.fullmatch(r"[a-z]{2,3}", language) or not source.is_file():
        return {}
    return tomllib.loads(source.read_text(encoding="utf-8"))


def one_of(words: Iterable[str]) -> str:
    """A pattern that matches any of these words, the longest first."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
