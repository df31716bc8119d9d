"""`harken account`: which AWS account speaks, and the keys that Harken keeps itself. Never a secret on the screen."""

from __future__ import annotations

import asyncio
import getpass
import sys
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from reader.cli import output
from reader.cli.commands import ask_running
from reader.core import doctor, from_settings
from reader.credentials.account import AccountReport, Keyring, ending
from reader.credentials.credentials import Credentials
from reader.errors import CredentialsMissingError, InstanceError
from reader.settings.paths import log_file, settings_file
from reader.settings.store import Settings
from reader.support import log

T = TypeVar("T")
_FAILED = 1


def show(as_json: bool, *, is_here: bool) -> int:
    """Print the account and where it is from. Returns 1 if there is none, with the reason on standard error.

    The account is the one that the running Harken speaks with; without one, or with `is_here`, this terminal's.
    """
    found = None if is_here else _ask_the_running_one()
    if found is None:
        report = with_credentials(lambda credentials: credentials.report())
        row, data, problem = doctor.account(report), doctor.account_data(report), report.problem
        seen_in = "seen in this terminal" if is_here else doctor.seen_in(False)
    else:
        row, data, problem = found["row"], found["account"], found["problem"]
        seen_in = f"{doctor.seen_in(True)}; “harken account --here” looks in this terminal"
    data["seen_in"] = "terminal" if found is None else "running Harken"
    if problem:
        row["notes"] = []  # the sentence comes below
    row["notes"].append(seen_in)
    output.answer(data, as_json, doctor.as_text([row]))
    if problem:
        output.complain(problem)
        return _FAILED
    return 0


def keep() -> int:
    """Read keys and keep them in the keyring. Raises CredentialsMissingError, KeyringError."""
    keys = _read_keys()

    async def save(credentials: Credentials) -> AccountReport:
        await credentials.save(*keys)
        return await credentials.report()

    report = with_credentials(save)
    data, problem, where = doctor.account_data(report), report.problem, ""
    output.say(f"The keyring has your keys (access key {ending(keys[0])}).")
    if tell_the_running_one() and (found := _ask_the_running_one()):
        data, problem, where = found["account"], found["problem"], " in the running Harken"
    if problem:
        output.complain(f"They can't be used yet{where}: {problem}")
    elif data["access_key_ending"] != ending(keys[0]):
        output.complain(f"They are not in use{where}, because {data['source']} comes first.")
    return 0


def _ask_the_running_one() -> dict[str, Any] | None:
    """Its account, which may need a person or a program; None if no Harken is running. Raises InstanceError."""
    return ask_running("account-report")


def forget() -> int:
    """Remove the keys from the keyring. Raises KeyringError."""
    had_keys = with_credentials(lambda credentials: credentials.forget())
    output.say("The keys were removed from the keyring." if had_keys else "The keyring has no keys for Harken.")
    tell_the_running_one()
    return 0


def forget_any() -> int:
    """Remove the keys if a keyring has some. Raises KeyringError."""
    kept = with_credentials(lambda credentials: credentials.kept())
    return forget() if kept.keyring is Keyring.HAS_KEYS else 0


def tell_the_running_one() -> bool:
    """Have a running Harken use the stored keys from now on. Returns whether one knows of them."""
    try:
        return ask_running("account", waits=False) is not None
    except InstanceError as error:
        output.complain(f"The running Harken does not know of this yet: {error.sentence}")
        return False


def with_credentials(do: Callable[[Credentials], Awaitable[T]]) -> T:
    """Run `do` with the account that the settings name and with the keyring. Returns its result."""
    log.start(log_file())

    async def run() -> T:
        settings = Settings(settings_file())
        wanted = (settings.text(f"polly.{name}") for name in ("profile", "region", "source"))
        credentials = Credentials(*wanted, variables=from_settings.proxy_variables)
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
        raise CredentialsMissingError("No keys were given. Enter an access key and, on the next line, its secret key.")
    return lines[:3]
