"""Harken's own keys in the system's keyring: one entry for AWS's, and one for each other service with a key.

Runs in the child process: a keyring may ask a person for its password, or not answer at all.

The back ends are listed here. keyring's own selection would read a file of the user's, load what other packages offer,
and accept one that stores passwords in plain text. Plasma's KWallet is reached as a Secret Service, which it has been
since 5.97; keyring's back end for older versions needs a library that has to be compiled.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from enum import Enum
from typing import Any

from keyring.backend import KeyringBackend
from keyring.errors import InitError, KeyringLocked, PasswordDeleteError

from reader.credentials.account import Kept, Keyring, ending
from reader.credentials.answers import Found, RefusalError, RefusalKind, Tell, Wording, wording
from reader.support.i18n import QT_TRANSLATE_NOOP

SERVICE = "Harken"
ENTRY = "Amazon Polly"
_DEFAULT = "/org/freedesktop/secrets/aliases/default"
SOURCE = wording(QT_TRANSLATE_NOOP("reader", "Harken's keys in the keyring"))
_NO_KEYS = wording(QT_TRANSLATE_NOOP("reader", "it has no keys for Harken; “harken account set” stores some"))
_NOTHING = wording("")


class State(Enum):
    """What can be found out without asking for a password."""

    EMPTY = "empty"
    OPEN = "open"
    LOCKED = "locked"  # or may be
    NONE = "none"


def state(entry: str = ENTRY) -> tuple[State, Wording]:
    """(whether Harken has keys in the keyring, why there is no keyring). Asks for no password."""
    if sys.platform in ("win32", "darwin"):
        return State.LOCKED, _NOTHING  # searching for a missing entry asks for no password
    import secretstorage
    from secretstorage.exceptions import SecretServiceNotAvailableException

    try:
        with closing(secretstorage.dbus_init()) as bus:
            if not secretstorage.check_service_availability(bus):
                return State.NONE, wording(QT_TRANSLATE_NOOP("reader", "no program on this desktop provides one"))
            items = list(secretstorage.search_items(bus, {"service": SERVICE, "username": entry}))
            if not items:
                return State.EMPTY, _NOTHING
            return (State.LOCKED if any(item.is_locked() for item in items) else State.OPEN), _NOTHING
    except TimeoutError:
        return State.NONE, wording(QT_TRANSLATE_NOOP("reader", "the D-Bus session is not responding"))
    except (SecretServiceNotAvailableException, OSError):
        return State.NONE, wording(QT_TRANSLATE_NOOP("reader", "there is no D-Bus session"))


def read(tell: Tell) -> Found | Wording:
    """Harken's keys, or why there are none. Raises RefusalError if they exist but can't be read."""
    found, why = state()
    if found is State.NONE:
        return wording(QT_TRANSLATE_NOOP("reader", "there is none: {why}"), why=why)
    if found is State.EMPTY:
        return _NO_KEYS
    if found is State.LOCKED:
        tell("unlock")
    with _refusing():
        text = _backend().get_password(SERVICE, ENTRY)
    if text is None:
        return _NO_KEYS
    try:
        kept = json.loads(text)
        keys = [kept[name] for name in ("access_key", "secret_key", "token")]
        if not all(isinstance(key, str) for key in keys):
            raise TypeError("no texts")
        return Found(SOURCE, *keys)
    except (ValueError, KeyError, TypeError, RecursionError):
        text = QT_TRANSLATE_NOOP(
            "reader",
            "Harken's entry in the keyring is damaged. Store your keys again with “harken account set”.",
        )
        raise RefusalError(RefusalKind.MISSING, "Damaged", wording(text)) from None


def save(access_key: str, secret_key: str, token: str, tell: Tell) -> None:
    """Store these keys, replacing any there. Raises RefusalError."""
    _find_one()
    tell("unlock")
    text = json.dumps({"access_key": access_key, "secret_key": secret_key, "token": token})
    with _refusing():
        _backend().set_password(SERVICE, ENTRY, text)


def read_key(entry: str, tell: Tell) -> str:
    """The key for another service; "" if there is none, or no keyring. Raises RefusalError if it can't be read."""
    found, _ = state(entry)
    if found in (State.NONE, State.EMPTY):
        return ""
    if found is State.LOCKED:
        tell("unlock")
    with _refusing():
        return _backend().get_password(SERVICE, entry) or ""


def save_key(entry: str, key: str, tell: Tell) -> None:
    """Store the key for another service, replacing any there. Raises RefusalError."""
    found, why = state(entry)
    if found is State.NONE:
        text = QT_TRANSLATE_NOOP("reader", "There is no keyring to keep your key in: {why}. Start one, then try again.")
        raise RefusalError(RefusalKind.KEYRING, "NoKeyring", wording(text, why=why))
    tell("unlock")
    with _refusing():
        _backend().set_password(SERVICE, entry, key)


def forget(tell: Tell, entry: str = ENTRY) -> bool:
    """Remove Harken's keys and return whether there were any. Raises RefusalError."""
    if _find_one(entry) is State.EMPTY:
        return False
    tell("unlock")
    with _refusing():
        try:
            _backend().delete_password(SERVICE, entry)
        except PasswordDeleteError:
            return False
    return True


def kept(entry: str = ENTRY) -> tuple[Kept, Wording]:
    """(what the keyring holds of Harken's, why there is none). Asks for no password, except on macOS.

    Raises RefusalError.
    """
    found, why = state(entry)
    return _kept(found, entry), why


def _kept(found: State, entry: str) -> Kept:
    if found is State.NONE:
        return Kept(Keyring.NONE)
    if found is State.EMPTY:
        return Kept(Keyring.EMPTY, is_locked=_is_locked())
    if found is State.LOCKED and sys.platform not in ("win32", "darwin"):
        return Kept(Keyring.HAS_KEYS, is_locked=True)
    with _refusing():
        text = _backend().get_password(SERVICE, entry)
    if text is None:
        return Kept(Keyring.EMPTY)
    if entry != ENTRY:
        return Kept(Keyring.HAS_KEYS, ending(text))
    try:
        return Kept(Keyring.HAS_KEYS, ending(str(json.loads(text)["access_key"])))
    except (ValueError, KeyError, TypeError, RecursionError):
        return Kept(Keyring.HAS_KEYS)  # damaged: it can be removed


def _is_locked() -> bool:
    """Whether a password is asked for before anything can be stored."""
    if sys.platform in ("win32", "darwin"):
        return False
    import secretstorage
    from secretstorage.exceptions import SecretStorageException

    try:
        with closing(secretstorage.dbus_init()) as bus:
            return bool(secretstorage.Collection(bus, _DEFAULT).is_locked())
    except (SecretStorageException, TimeoutError, OSError):
        return True  # no collection yet: creating one asks for a password


def _find_one(entry: str = ENTRY) -> State:
    found, why = state(entry)
    if found is State.NONE:
        text = QT_TRANSLATE_NOOP(
            "reader", "There is no keyring to keep your keys in: {why}. Start one, or use a profile (“aws configure”)."
        )
        raise RefusalError(RefusalKind.KEYRING, "NoKeyring", wording(text, why=why))
    return found


def _backend() -> KeyringBackend:
    make: Any  # keyring's classes are untyped
    if sys.platform == "win32":
        from keyring.backends import Windows

        make = Windows.WinVaultKeyring
    elif sys.platform == "darwin":
        from keyring.backends import macOS

        make = macOS.Keyring
    else:
        from keyring.backends import SecretService

        make = SecretService.Keyring
    backend: KeyringBackend = make()
    return backend


@contextmanager
def _refusing() -> Iterator[None]:
    """Turn a keyring's exceptions into refusals, without the values it was given."""
    try:
        yield
    except (InitError, KeyringLocked) as error:
        text = QT_TRANSLATE_NOOP(
            "reader", "Your keyring is locked and was not unlocked. Try again, and unlock it when asked."
        )
        raise RefusalError(RefusalKind.KEYRING, type(error).__name__, wording(text)) from None
    except PasswordDeleteError:
        raise
    except Exception as error:  # each back end raises its own, and some don't derive from keyring's
        code = type(error).__name__
        text = QT_TRANSLATE_NOOP("reader", "Your keyring reported an error ({code}). Try again.")
        raise RefusalError(RefusalKind.KEYRING, code, wording(text, code=code)) from None
