"""The current account: found once, shared by all callers, renewed before it expires.

Core thread only, awaits only.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from reader import tasks
from reader.credentials.account import (
    Account,
    AccountReport,
    Kept,
    KeySource,
    Places,
    read_account,
    read_kept,
    read_places,
    read_sources,
    told,
)
from reader.credentials.answers import wording
from reader.credentials.asking import BrokenOffError, Limits, TooLateError, ask
from reader.errors import (
    AccessRefusedError,
    AccountUnavailableError,
    CredentialsMissingError,
    KeyringError,
    SignInError,
)
from reader.support.i18n import QT_TRANSLATE_NOOP, translate

log = logging.getLogger(__name__)

# Accounts with less time left are not used: a stream lasts up to ten minutes, but its keys are checked only when it
# opens, and the two computers' clocks may differ.
SPARE = timedelta(minutes=3)
# With less time left, a new one is looked for while the old one is still used.
EARLY = timedelta(minutes=8)

_SILENT, _BROKEN_OFF = "Silent", "BrokenOff"
# Time before a retry: shorter than for a network, since the process was merely killed.
_BROKEN_OFF_FOR_S = 1.0
_NO_ACCESS_KEY = QT_TRANSLATE_NOOP(
    "reader", "That is not an access key. Copy it from the AWS console exactly as it is shown there."
)
_NO_SECRET_KEY = QT_TRANSLATE_NOOP(
    "reader", "That is not a secret key. Copy it from the AWS console exactly as it is shown there."
)
_NO_TOKEN = QT_TRANSLATE_NOOP(
    "reader", "That is not a session token. Copy it from the AWS console exactly as it is shown there."
)
_NO_KEY = QT_TRANSLATE_NOOP(
    "reader", "That is not a key. Copy it exactly as it is shown where you got it, without spaces."
)
# The keyring entry for AWS's keys: see keyring_store.py.
AWS = "Amazon Polly"
_KINDS: dict[str, type[AccessRefusedError]] = {
    "missing": CredentialsMissingError,
    "sign-in": SignInError,
    "keyring": KeyringError,
    "unavailable": AccountUnavailableError,
    "refused": AccessRefusedError,
}


class Credentials:
    """Finds the account to speak with, and stores Harken's own keys."""

    def __init__(
        self,
        profile: str = "",
        region: str = "",
        source: str = "",
        *,
        limits: Limits | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        variables: Callable[[], Awaitable[dict[str, str]]] | None = None,
    ) -> None:
        """As in the settings: "" leaves it to AWS's files and variables. `source` is "environment" or "keyring".

        `variables` returns what else the search needs in its environment, such as a proxy from the desktop's settings.
        """
        self._variables = variables
        self._wanted = {"profile": profile, "region": region, "source": source}
        self._limits = limits or Limits()
        self._now = now
        self._account: Account | None = None
        self._failure: AccessRefusedError | None = None
        self._failed_until: datetime | None = None
        self._sources: tuple[KeySource, ...] = ()
        self._search: asyncio.Task[Account] | None = None
        self._searches: set[asyncio.Task[Account]] = set()  # including those whose answer is no longer wanted

    def configure(self, profile: str, region: str, source: str = "") -> None:
        """Apply changed settings: what was found with the old ones is dropped."""
        wanted = {"profile": profile, "region": region, "source": source}
        if wanted != self._wanted:
            self._wanted = wanted
            self._forget_answer()

    def search_again(self) -> None:
        """Drop previous results, good or bad: keys were added or removed elsewhere."""
        self._forget_answer()

    async def account(self, *, is_renewed: bool = False, is_wished: bool = False) -> Account:
        """The account to speak with. `is_renewed`: the service rejected the cached account; find a new one.

        Takes up to a minute if a person or a network is involved, and continues if the caller stops waiting. Raises
        AccessRefusedError or a subclass: the same one for `retry_after_s`, so that no keyring asks for a password at
        each sentence. `is_wished`: a person asks, who may have fixed the problem, so an earlier failure is ignored.
        """
        if is_renewed:
            self._account = None
        if is_wished:
            self._failure = None
        if self._account:
            left = self._left(self._account)
            if left is None or left > EARLY:
                return self._account
            if left > SPARE:
                if self._current_failure() is None:
                    self._start_search()
                return self._account
        if failure := self._current_failure():
            raise failure.with_traceback(None)
        return await asyncio.shield(self._start_search())

    async def report(self) -> AccountReport:
        """Which sources were searched and with what result, for people. Searches if there is none yet; never raises."""
        try:
            account = await self.account(is_wished=True)
        except AccessRefusedError as error:
            return AccountReport(self._sources, problem=error.sentence)
        return AccountReport(self._sources, account)

    async def save(self, access_key: str, secret_key: str, token: str = "") -> None:
        """Store keys in the keyring, replacing any there. Raises CredentialsMissingError, KeyringError."""
        for value, sentence in ((access_key, _NO_ACCESS_KEY), (secret_key, _NO_SECRET_KEY), (token or "-", _NO_TOKEN)):
            if not value or not value.isascii() or not value.isprintable() or " " in value:
                raise CredentialsMissingError(translate("reader", sentence))
        keys = {"access_key": access_key, "secret_key": secret_key, "token": token}
        await self._ask({"do": "save", **keys})
        self._forget_answer()

    async def forget(self, entry: str = AWS) -> bool:
        """Remove Harken's keys from the keyring, and return whether there were any. Raises KeyringError."""
        answer = await self._ask({"do": "forget", "entry": entry})
        self._forget_answer()
        return bool(answer["had_keys"])

    async def kept(self, entry: str = AWS) -> Kept:
        """What the keyring holds of Harken's. Asks for no password. Raises KeyringError."""
        return read_kept(await self._ask({"do": "kept", "entry": entry}))

    async def key(self, entry: str) -> str:
        """The key for another service in the keyring, by its title; "" if there is none. Raises KeyringError."""
        return str((await self._ask({"do": "key", "entry": entry}))["key"])

    async def save_key(self, entry: str, key: str) -> None:
        """Store the key for another service. Raises CredentialsMissingError, KeyringError."""
        if not key or not key.isascii() or not key.isprintable() or " " in key:
            raise CredentialsMissingError(translate("reader", _NO_KEY))
        await self._ask({"do": "save-key", "entry": entry, "key": key})

    async def places(self) -> Places:
        """Where an account may be found. Raises AccountUnavailableError if that can't be read in time."""
        return read_places(await self._ask({"do": "places"}))

    async def close(self) -> None:
        """Cancel what is under way, and drop the keys."""
        self._forget_answer()
        for search in self._searches:
            search.cancel()
        await asyncio.gather(*self._searches, return_exceptions=True)

    # ---- the search ----

    def _left(self, account: Account) -> timedelta | None:
        return account.expires_at - self._now() if account.expires_at else None

    def _current_failure(self) -> AccessRefusedError | None:
        return self._failure if self._failed_until and self._now() < self._failed_until else None

    def _forget_answer(self) -> None:
        self._account = None
        self._failure = None
        self._search = None  # callers waiting for it still get its answer

    def _start_search(self) -> asyncio.Task[Account]:
        if self._search is None or self._search.done():
            question = {"do": "find", **self._wanted, "without_keyring": "", "environment": {}}
            self._search = tasks.start(self._find(question), "search for AWS keys")
            self._searches.add(self._search)
            self._search.add_done_callback(self._note_end)
        return self._search

    def _note_end(self, search: asyncio.Task[Account]) -> None:
        """Store the result. Also marks a failure as retrieved: all waiting callers get it, and so does the next."""
        self._searches.discard(search)
        if search.cancelled():
            return
        error = search.exception()
        if search is not self._search:
            return
        if error is None:
            self._account, self._failure = search.result(), None
        elif isinstance(error, AccessRefusedError):
            self._failure = error
            self._failed_until = self._now() + timedelta(seconds=error.retry_after_s)

    async def _find(self, question: dict[str, Any]) -> Account:
        self._sources = ()
        if self._variables:
            question["environment"] = await self._variables()
        try:
            account = read_account((await self._ask_once_or_twice(question))["account"])
        except AccessRefusedError as error:
            log.info("no AWS account: %s (%s)", type(error).__name__, error.code)  # the caller tells the user
            raise
        log.info("AWS account: keys of %s, region %s", account.source, account.region)
        return account

    async def _ask_once_or_twice(self, question: dict[str, Any]) -> dict[str, Any]:
        """Retries without the keyring if that hangs or crashes before it is known to hold our keys."""
        try:
            return await self._ask(question)
        except KeyringError as error:
            if error.code not in (_SILENT, _BROKEN_OFF):
                raise
            why = QT_TRANSLATE_NOOP("reader", "it did not answer within {seconds} s")
            if error.code == _BROKEN_OFF:
                why = QT_TRANSLATE_NOOP("reader", "Harken's request to it was interrupted")
            without = wording(why, seconds=f"{self._limits.keyring:g}")
            return await self._ask({**question, "without_keyring": without})

    async def _ask(self, question: dict[str, Any]) -> dict[str, Any]:
        """Raises AccessRefusedError or a subclass."""
        try:
            answer = await ask(question, self._limits)
        except TooLateError as error:
            is_broken = isinstance(error, BrokenOffError)
            refused = _broken_off(error.stage) if is_broken else self._too_late(error.stage)
            if question["do"] == "find":
                is_search = error.stage in ("start", "search")
                what = translate("reader", "search") if is_search else translate("reader", "keyring")
                self._sources = (KeySource(what, False, refused.sentence),)
            raise refused from None
        except OSError as error:
            sentence = translate(
                "reader", "Harken can't look for your AWS keys: {reason}. Close some programs, then try again."
            )
            raise AccountUnavailableError(sentence.format(reason=error.strerror), code="NoProcess") from error
        if question["do"] == "find":
            self._sources = read_sources(answer["sources"])
        if answer["is"] == "done":
            return answer
        raise _KINDS[answer["kind"]](told(answer["sentence"]), code=answer["code"])

    def _too_late(self, stage: str) -> AccessRefusedError:
        kind: type[AccessRefusedError] = KeyringError
        match stage:
            case "keyring":
                sentence = translate(
                    "reader", "Your keyring did not answer within {seconds} s. Restart it, then try again."
                )
                code = _SILENT
            case "unlock":
                sentence = translate(
                    "reader",
                    "Your keyring is locked and was not unlocked within {seconds} s. Unlock it, then try again.",
                )
                code = "NotUnlocked"
            case _:
                sentence = translate(
                    "reader", "The search for your AWS keys took longer than {seconds} s and was stopped. Try again."
                )
                kind, code = AccountUnavailableError, "TooLate"
        return kind(sentence.format(seconds=f"{self._limits.of(stage):g}"), code=code)


def _broken_off(stage: str) -> AccessRefusedError:
    if stage in ("start", "search"):
        sentence = translate("reader", "The search for your AWS keys was interrupted. Try again.")
        return AccountUnavailableError(sentence, code=_BROKEN_OFF, retry_after_s=_BROKEN_OFF_FOR_S)
    return KeyringError(
        translate("reader", "Harken's request to your keyring was interrupted. Try again."), code=_BROKEN_OFF
    )
