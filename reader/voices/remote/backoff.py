"""Decides whether the service should be used now, given its recent failures.

Failures in a row begin a backoff, ever longer and never of the same length twice (so that many clients do not come
back together). The first failure may be ignored, such as a connection that died overnight. In the meantime the session
turns to another voice. What takes a person to fix (keys, permissions) causes a long backoff.

Pure: times are seconds of any monotonic clock, `chance` gives numbers from 0 to 1.
"""

from __future__ import annotations

from collections.abc import Callable

from reader.errors import (
    AccessRefusedError,
    AccountUnavailableError,
    ClockSkewError,
    CredentialsExpiredError,
    RemoteVoiceError,
    RequestRefusedError,
)

FIRST_BACKOFF_S = 0.25
LONGEST_BACKOFF_S = 30.0
# The most times that the first backoff is doubled; by then it exceeds the longest.
_DOUBLINGS = 10
# Until the user has signed in again, or an administrator has granted permissions.
_REFUSED_BACKOFF_S = 60.0


class Availability:
    """The availability of one service."""

    def __init__(self, chance: Callable[[], float]) -> None:
        self._chance = chance
        self._failures = 0  # in a row
        self._until_s = 0.0

    def is_backing_off(self, now_s: float) -> bool:
        """Whether the service should not be asked now."""
        return now_s < self._until_s

    def backoff_s(self, now_s: float) -> float:
        """Seconds left of the backoff; 0.0 if the service may be asked."""
        return max(self._until_s - now_s, 0.0)

    def note_success(self) -> None:
        """The service spoke."""
        self._failures = 0
        self._until_s = 0.0

    def note_failure(self, error: RemoteVoiceError, now_s: float) -> None:
        """The service failed."""
        if isinstance(error, RequestRefusedError):
            return  # other requests may succeed
        self._failures += 1
        self._until_s = now_s + self._backoff_after(error)

    def _backoff_after(self, error: RemoteVoiceError) -> float:
        is_first = self._failures == 1
        if isinstance(error, ClockSkewError | CredentialsExpiredError) and is_first:
            return 0.0  # fixed by the time it reports, or by new keys
        if isinstance(error, AccessRefusedError) and not isinstance(error, AccountUnavailableError):
            # No backoff the first time, because the keys may have been replaced in the meantime.
            return 0.0 if is_first else _REFUSED_BACKOFF_S
        if is_first and not error.retry_after_s:
            return 0.0
        doubled = (error.retry_after_s or FIRST_BACKOFF_S) * 2.0 ** min(self._failures - 1, _DOUBLINGS)
        return min(doubled, LONGEST_BACKOFF_S) * (0.5 + self._chance())
