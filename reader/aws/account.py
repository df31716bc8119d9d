"""What an AWS service needs to know about the account it is used with. `reader.credentials` finds one."""

from __future__ import annotations

from typing import Protocol

from reader.aws.signing import AwsKeys


class Account(Protocol):
    """Whose keys to use, and where."""

    @property
    def keys(self) -> AwsKeys:
        """The keys that sign requests."""

    @property
    def region(self) -> str:
        """The service's region."""

    @property
    def endpoint(self) -> str:
        """The service's https://host[:port][/path] there."""

    @property
    def ca_bundle(self) -> str:
        """A file of certificates to trust; "" for the system's."""


class Accounts(Protocol):
    """Finds the account to use."""

    async def account(self, *, is_renewed: bool = False) -> Account:
        """Find the account; `is_renewed`: what was found before is no longer accepted. Raises AccessRefusedError."""
