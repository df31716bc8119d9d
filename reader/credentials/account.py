"""The values this package returns: an account to speak with, and a report of how it was found. No I/O."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from reader.aws.signing import AwsKeys
from reader.http.address import without_secrets
from reader.support.i18n import translate


@dataclass(frozen=True, slots=True)
class Account:
    """Keys, and the service to use them with."""

    keys: AwsKeys = field(repr=False)
    region: str
    endpoint: str  # https://host[:port][/path] of Amazon Polly
    ca_bundle: str = ""  # a file of certificates to trust; "" for the system's
    expires_at: datetime | None = None  # aware; None for keys that last
    source: str = ""  # where the keys are from, in words for people
    region_source: str = ""  # where the region comes from, in words for people; "" for the default

    @property
    def key_ending(self) -> str:
        """As much of the access key as may be shown: “…” and its last four characters."""
        return ending(self.keys.access_key)


@dataclass(frozen=True, slots=True)
class KeySource:
    """A place where keys may be, and the result of looking there."""

    name: str
    is_chosen: bool
    why: str  # why no keys came from there; "" for the chosen one


class Keyring(StrEnum):
    """The state of the system's keyring."""

    NONE = "none"
    EMPTY = "empty"  # no keys of Harken's
    HAS_KEYS = "has keys"


@dataclass(frozen=True, slots=True)
class Kept:
    """What the keyring holds of Harken's, as far as that can be found out without asking for a password.

    `key_ending` is as much of the access key as may be shown, "" if unknown. `is_locked`: its password is asked for
    before keys can be stored or used. `why` there is no keyring, in words for people.
    """

    keyring: Keyring
    key_ending: str = ""
    is_locked: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True)
class Profile:
    """A profile of ~/.aws. `kind` says where its keys come from: see places.py; "" for nowhere."""

    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Places:
    """Where an account may be found. `environment` names the variable with an access key, "" if it is not set."""

    profiles: tuple[Profile, ...]
    environment: str


@dataclass(frozen=True, slots=True)
class AccountReport:
    """A whole search: every source in order, and the account, or the sentence that says why there is none."""

    sources: tuple[KeySource, ...]
    account: Account | None = None
    problem: str = ""


def ending(access_key: str) -> str:
    """As much of an access key as may be shown."""
    return "…" + access_key[-4:] if len(access_key) > 8 else "…"


def told(wording: str | list[Any]) -> str:
    """A text for people from the child process (see answers.Wording; a str is used as it is), translated."""
    if isinstance(wording, str):
        return wording
    text, values = wording
    return translate("reader", text).format(**{name: told(value) for name, value in values.items()})


def read_account(message: Mapping[str, Any]) -> Account:
    """Decode an account from the child process."""
    expires_at = message["expires_at"]
    return Account(
        keys=AwsKeys(message["access_key"], message["secret_key"], message["token"]),
        region=message["region"],
        endpoint=without_secrets(message["endpoint"]),
        ca_bundle=message["ca_bundle"],
        expires_at=datetime.fromisoformat(expires_at) if expires_at else None,
        source=told(message["source"]),
        region_source=told(message["region_source"]),
    )


def read_sources(rows: list[dict[str, Any]]) -> tuple[KeySource, ...]:
    """Decode the report's rows from the child process."""
    return tuple(KeySource(told(row["name"]), row["is_chosen"], told(row["why"])) for row in rows)


def read_kept(message: Mapping[str, Any]) -> Kept:
    """Decode what the keyring holds from the child process."""
    return Kept(Keyring(message["keyring"]), message["key_ending"], message["is_locked"], told(message["why"]))


def read_places(message: Mapping[str, Any]) -> Places:
    """Decode profiles and environment from the child process."""
    return Places(tuple(Profile(row["name"], row["kind"]) for row in message["profiles"]), message["environment"])
