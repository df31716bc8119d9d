"""What parts of the child process pass to each other: keys that were found, or a refusal. Values, no I/O.

The child process has no translations, so texts for people leave it as a `Wording`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

# Reports the start of another stage, which has its own time limit: see asking.py.
Tell = Callable[[str], None]


class Wording(NamedTuple):
    """A text for people that the parent translates: `text` is marked, `values` replace its braces."""

    text: str
    values: dict[str, str | Wording]


def wording(text: str, **values: str | Wording) -> Wording:
    """Write `wording(QT_TRANSLATE_NOOP("reader", "The {where} has no keys."), where=…)`."""
    return Wording(text, values)


class RefusalKind(StrEnum):
    """Which of our errors a refusal becomes."""

    MISSING = "missing"
    SIGN_IN = "sign-in"
    KEYRING = "keyring"
    UNAVAILABLE = "unavailable"
    REFUSED = "refused"


class RefusalError(Exception):
    """Ends the search. `sentence` is for the user, `code` for the log and for tests."""

    def __init__(self, kind: RefusalKind, code: str, sentence: Wording) -> None:
        """Nothing but these three leaves the process."""
        super().__init__(code)
        self.kind = kind
        self.code = code
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Found:
    """Keys from a source. `source` is in words for people, `expires_at` in ISO 8601 or ""."""

    source: Wording
    access_key: str = field(repr=False)
    secret_key: str = field(repr=False)
    token: str = field(default="", repr=False)
    expires_at: str = ""
