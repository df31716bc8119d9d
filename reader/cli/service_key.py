"""`harken account --service NAME`: the key of a service that has its own. Never shown on the screen."""

from __future__ import annotations

import getpass
import sys

from reader.cli import output
from reader.cli.account import tell_the_running_one, with_credentials
from reader.credentials.account import Kept, Keyring, ending
from reader.voices.registry import ServiceEntry

_FAILED = 1


def show(service: ServiceEntry, as_json: bool) -> int:
    """Say whether the keyring has its key. Returns 1 if there is no keyring. Raises KeyringError."""
    kept = with_credentials(lambda credentials: credentials.kept(service.title))
    data = {"keyring": str(kept.keyring), "key_ending": kept.key_ending or None, "is_locked": kept.is_locked}
    output.answer(data, as_json, f"{service.title}: {_told(kept)}")
    return _FAILED if kept.keyring is Keyring.NONE else 0


def keep(service: ServiceEntry) -> int:
    """Read a key and keep it in the keyring. Raises CredentialsMissingError, KeyringError."""
    asked = getpass.getpass("Key (not shown): ") if sys.stdin.isatty() else sys.stdin.readline(10_000)
    key = asked.strip()
    with_credentials(lambda credentials: credentials.save_key(service.title, key))
    output.say(f"The keyring has your key ({ending(key)}).")
    tell_the_running_one()
    return 0


def forget(service: ServiceEntry) -> int:
    """Remove the key from the keyring. Raises KeyringError."""
    had_key = with_credentials(lambda credentials: credentials.forget(service.title))
    output.say("The key was removed from the keyring." if had_key else "The keyring has no key for it.")
    tell_the_running_one()
    return 0


def forget_any(service: ServiceEntry) -> int:
    """Remove the key if a keyring has one. Raises KeyringError."""
    kept = with_credentials(lambda credentials: credentials.kept(service.title))
    return forget(service) if kept.keyring is Keyring.HAS_KEYS else 0


def _told(kept: Kept) -> str:
    if kept.keyring is Keyring.NONE:
        return f"there is no keyring: {kept.why}"
    if kept.keyring is Keyring.EMPTY:
        return "no key; a server on your own computer rarely needs one"
    return f"the keyring has a key ({kept.key_ending})" if kept.key_ending else "the keyring has a key"
