"""What the room hands out: an account to speak with, and the report of how it was found. Values, no I/O."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from reader.wire.signing import AwsKeys


@dataclass(frozen=True, slots=True)
class Account:
    """Keys and where to go with them."""

    keys: AwsKeys = field(repr=False)
    region: str
    endpoint: str  # https://host[:port][/path] of Amazon Polly there
    ca_bundle: str = ""  # a file of certificates to trust; "" for the system's
    expires_at: datetime | None = None  # aware; None for keys that last
    source: str = ""  # who answered, in words for people
    region_source: str = ""  # who named the region, in words for people; "" if nobody did

    @property
    def key_ending(self) -> str:
        """As much of the access key as may be shown: “…” and its last four characters."""
        return ending(self.keys.access_key)


@dataclass(frozen=True, slots=True)
class Source:
    """One place where keys may be, and what became of asking it."""

    name: str
    is_chosen: bool
    why: str  # nothing came from there; "" for the chosen one


@dataclass(frozen=True, slots=True)
class Report:
    """A whole search: every source in order, and the account, or the sentence that says why there is none."""

    sources: tuple[Source, ...]
    account: Account | None = None
    problem: str = ""


def ending(access_key: str) -> str:
    """As much of an access key as may be shown."""
    return "…" + access_key[-4:] if len(access_key) > 8 else "…"


def read_account(message: Mapping[str, Any]) -> Account:
    """An account as the child process writes it."""
    expires_at = message["expires_at"]
    return Account(
        keys=AwsKeys(message["access_key"], message["secret_key"], message["token"]),
        region=message["region"],
        endpoint=message["endpoint"],
        ca_bundle=message["ca_bundle"],
        expires_at=datetime.fromisoformat(expires_at) if expires_at else None,
        source=message["source"],
        region_source=message["region_source"],
    )


def read_sources(rows: list[dict[str, Any]]) -> tuple[Source, ...]:
    """The report's rows as the child process writes them."""
    return tuple(Source(row["name"], row["is_chosen"], row["why"]) for row in rows)
