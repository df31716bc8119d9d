"""`harken account`: which AWS account speaks, and the keys that Harken keeps itself. Never a secret on the screen."""

from __future__ import annotations

import asyncio
import getpass
import sys
from collections.abc import Awaitable, Callable
from typing import TypeVar

from reader import doctor, log
from reader.cli import output
from reader.credentials.account import Keyring, Report, ending
from reader.credentials.credentials import Credentials
from reader.errors import CredentialsMissingError, InstanceError, NotRunningError
from reader.ipc.client import connected
from reader.settings.paths import log_file, settings_file, socket_address
from reader.settings.store import Settings

T = TypeVar("T")
_FAILED = 1


def show(as_json: bool) -> int:
    """Print the account and where it is from. Returns 1 when there is none, with the sentence on standard error."""
    report = _with_credentials(lambda credentials: credentials.report())
    if as_json:
        output.answer(_as_data(report), True, "")
    else:
        row = doctor.account(report)
        if report.account is None:
            row["notes"] = []  # the sentence comes below
        output.say(doctor.as_text([row]))
    if report.account is None:
        print(f"harken: {report.problem}", file=sys.stderr)
        return _FAILED
    return 0


def keep() -> int:
    """Read keys and keep them in the keyring. Raises CredentialsMissingError, KeyringError."""
    keys = _read_keys()

    async def save(credentials: Credentials) -> Report:
        await credentials.save(*keys)
        return await credentials.report()

    report = _with_credentials(save)
    print(f"The keyring has your keys (access key {ending(keys[0])}).")
    _tell_the_running_one()
    if report.account is None:
        print(f"harken: They can't be used yet: {report.problem}", file=sys.stderr)
    elif report.account.keys.access_key != keys[0]:
        print(f"harken: They are not used now, for {report.account.source} comes first.", file=sys.stderr)
    return 0


def forget() -> int:
    """Remove the keys from the keyring. Raises KeyringError."""
    had_keys = _with_credentials(lambda credentials: credentials.forget())
    print("The keyring has no keys of Harken's any more." if had_keys else "The keyring had no keys of Harken's.")
    _tell_the_running_one()
    return 0


def forget_any() -> int:
    """Remove the keys if a keyring has some. Raises KeyringError."""
    kept = _with_credentials(lambda credentials: credentials.kept())
    return forget() if kept.keyring is Keyring.HAS_KEYS else 0


def _tell_the_running_one() -> None:
    """A Harken that runs speaks with the keys that are kept from here on."""
    try:
        with connected(socket_address()) as client:
            client.ask("account")
    except NotRunningError:
        pass
    except InstanceError as error:
        print(f"harken: The Harken that runs does not know yet: {error.sentence}", file=sys.stderr)


def _with_credentials(do: Callable[[Credentials], Awaitable[T]]) -> T:
    log.start(log_file())

    async def run() -> T:
        settings = Settings(settings_file())
        wanted = (settings.text(f"polly.{name}") for name in ("profile", "region", "source"))
        credentials = Credentials(*wanted)
        try:
            return await do(credentials)
        finally:
            await credentials.close()

    return asyncio.run(run())


def _read_keys() -> list[str]:
    """Access key, secret key and, from standard input only, a session token if there is a third line."""
    if sys.stdin.isatty():
        try:
            return [getpass.getpass(f"{name} (not shown): ").strip() for name in ("Access key", "Secret key")]
        except EOFError:
            lines: list[str] = []
    else:
        lines = [line.strip() for line in sys.stdin.read(10_000).splitlines()]
    if len(lines) < 2:
        raise CredentialsMissingError("No keys were given: an access key and, in the next line, its secret key.")
    return lines[:3]


def _as_data(report: Report) -> dict[str, object]:
    account = report.account
    return {
        "source": account.source if account else None,
        "access_key_ending": account.key_ending if account else None,
        "expires_at": account.expires_at.isoformat() if account and account.expires_at else None,
        "region": account.region if account else None,
        "region_source": account.region_source if account else None,
        "endpoint": account.endpoint if account else None,
        "ca_bundle": account.ca_bundle if account else None,
        "problem": report.problem,
        "sources": [{"name": s.name, "is_chosen": s.is_chosen, "why": s.why} for s in report.sources],
    }
