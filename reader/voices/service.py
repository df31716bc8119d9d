"""What a service on a network offers Harken, besides its engines. Core thread only."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from reader.aws.account import Accounts
from reader.voices.base import Engine


@dataclass(frozen=True, slots=True)
class Spent:
    """Characters in one month: `billed` according to the service, `counted` is the most that may come on top."""

    billed: int = 0
    counted: int = 0

    def __add__(self, other: Spent) -> Spent:
        return Spent(self.billed + other.billed, self.counted + other.counted)

    def __sub__(self, other: Spent) -> Spent:
        return Spent(self.billed - other.billed, self.counted - other.counted)

    @property
    def summary(self) -> str:
        """For users; "" if nothing was spent."""
        more = f", and up to {self.counted:,} more for readings that were stopped" if self.counted else ""
        return f"{self.billed:,} characters billed this month{more}" if self.billed or more else ""


@dataclass(frozen=True, slots=True)
class Check:
    """The result of trying one operation. `why` it is not allowed, or what is wrong although it is."""

    operation: str
    is_allowed: bool
    why: str = ""


@dataclass(frozen=True, slots=True)
class Examination:
    """What a user would want to know when a service does not read as it should."""

    checks: tuple[Check, ...]
    is_backing_off: bool = False  # after failures; another voice reads in the meantime
    refused_formats: tuple[str, ...] = ()  # in words, by voice
    proxy: str = ""  # the proxy between here and the service, in words
    where: str = ""  # which server was asked, in words; "" if the account says that


@dataclass(frozen=True, slots=True)
class Context:
    """What a service is created with.

    `accounts` finds the AWS account, for services that need one. `folder` gives where it may store what it learns;
    that may not exist yet. `options` are its current settings, without the name of their group. `key` finds
    the key that the user has given Harken for this service, "" for none; it raises KeyringError.
    """

    accounts: Accounts
    folder: Callable[[], Path]
    options: Callable[[], Mapping[str, Any]]
    key: Callable[[], Awaitable[str]]


class Service(Protocol):
    """A service. It imports what it needs only when engines are wanted, so it costs nothing unless used."""

    @property
    def problem(self) -> str:
        """What the user should know about the engines made last, to be shown once; "" for nothing."""

    async def engines(self) -> Mapping[str, Engine]:
        """Make new engines, by name. The caller starts and closes them."""

    async def examine(self, voice_id: str) -> Examination:
        """Find out what the account may do with this voice. Takes up to half a minute, and is free of charge.

        Only after `engines`.
        """

    async def spent(self) -> Spent:
        """The characters spent this month."""
