"""What a service of AWS's needs to know of the account that asks it. `reader.credentials` finds one."""

from __future__ import annotations

from typing import Protocol

from reader.aws.signing import AwsKeys


class Account(Protocol):
    """Who asks, and where."""

    @property
    def keys(self) -> AwsKeys:
        """What requests are signed with."""

    @property
    def region(self) -> str:
        """Of the service."""

    @property
    def endpoint(self) -> str:
        """https://host[:port][/path] of the service there."""

    @property
    def ca_bundle(self) -> str:
        """A file of certificates to trust; "" for the system's."""


class Accounts(Protocol):
    """Finds the account."""

    async def account(self, *, is_renewed: bool = False) -> Account:
        """The account; `is_renewed`: what was found before is not accepted any more. Raises AccessRefusedError."""
