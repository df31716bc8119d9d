"""What Harken wants of a service on a network, besides its engines. Core thread only."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from reader.aws.account import Accounts
from reader.voices.base import Engine


@dataclass(frozen=True, slots=True)
class Spent:
    """Characters of one month: `billed` the service said, `counted` is the most that may come on top."""

    billed: int = 0
    counted: int = 0

    def __add__(self, other: Spent) -> Spent:
        return Spent(self.billed + other.billed, self.counted + other.counted)

    def __sub__(self, other: Spent) -> Spent:
        return Spent(self.billed - other.billed, self.counted - other.counted)

    @property
    def summary(self) -> str:
        """For people; "" where nothing was spent."""
        more = f", and up to {self.counted:,} more for readings that were stopped" if self.counted else ""
        return f"{self.billed:,} characters billed this month{more}" if self.billed or more else ""


@dataclass(frozen=True, slots=True)
class Check:
    """What became of asking for one operation. `why` it may not be called, or what is wrong although it may."""

    operation: str
    is_allowed: bool
    why: str = ""


@dataclass(frozen=True, slots=True)
class Examination:
    """What a person would want to know when a service does not read as it should."""

    checks: tuple[Check, ...]
    is_backing_off: bool = False  # after failures; another voice reads meanwhile
    refused_formats: tuple[str, ...] = ()  # in words, by voice
    proxy: str = ""  # what stands between here and the service, in words
    where: str = ""  # it was asked, in words; "" where the account says that


@dataclass(frozen=True, slots=True)
class Context:
    """What a service is made with.

    `accounts` finds the AWS account, for services that need one. `folder` is where it may keep what it knows, made when
    it is asked for. `options` are its current settings, without the name of their group. `key` finds the key that the
    user has given Harken for this service, "" for none, and raises KeyringError.
    """

    accounts: Accounts
    folder: Callable[[], Path]
    options: Callable[[], Mapping[str, Any]]
    key: Callable[[], Awaitable[str]]


class Service(Protocol):
    """What it needs is imported only when engines are wanted, so it costs nothing unless used."""

    @property
    def problem(self) -> str:
        """What the user should know of the engines that were made last, once; "" for nothing."""

    async def engines(self) -> Mapping[str, Engine]:
        """Its engines by name, newly made. The caller starts and closes them."""

    async def examine(self, voice_id: str) -> Examination:
        """Find out what the account may do with this voice. Takes up to half a minute, and costs nothing.

        For engines that were made.
        """

    async def spent(self) -> Spent:
        """The characters of this month."""
