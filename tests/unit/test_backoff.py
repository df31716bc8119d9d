"""How long Amazon Polly is left alone after which failures."""

from __future__ import annotations

import itertools

import pytest

from reader.errors import (
    AccessRefusedError,
    AccountUnavailableError,
    ClockSkewError,
    ConnectionBrokenError,
    CredentialsExpiredError,
    RemoteVoiceError,
    RequestRefusedError,
    ServiceFailedError,
    ThrottledError,
    UnreachableError,
)
from reader.voices.remote.backoff import FIRST_BACKOFF_S, LONGEST_BACKOFF_S, Availability


def backoffs(error: RemoteVoiceError, count: int, chance: float = 0.5) -> list[float]:
    """The backoff after each of `count` failures in a row, in seconds."""
    availability = Availability(lambda: chance)
    found = []
    for _ in range(count):
        availability.note_failure(error, 100.0)
        found.append(availability.backoff_s(100.0))
    return found


def test_it_may_be_asked_at_first() -> None:
    availability = Availability(lambda: 0.5)
    assert not availability.is_backing_off(0.0)
    assert availability.backoff_s(0.0) == 0.0


def test_one_broken_connection_passes_and_more_have_ever_longer_backoffs() -> None:
    found = backoffs(ConnectionBrokenError("broke"), 12)
    assert found[0] == 0.0
    assert found[1] == 2 * FIRST_BACKOFF_S
    assert all(later >= earlier for earlier, later in itertools.pairwise(found))
    assert found[-1] == LONGEST_BACKOFF_S


def test_who_says_how_long_is_believed_at_once() -> None:
    assert backoffs(ThrottledError("slowly"), 3) == [1.0, 2.0, 4.0]
    assert backoffs(ServiceFailedError("no", retry_after_s=7.0), 2) == [7.0, 14.0]


def test_a_search_for_keys_that_failed_is_made_again_as_soon_as_it_says() -> None:
    assert backoffs(AccountUnavailableError("broke off", retry_after_s=1.0), 3) == [1.0, 2.0, 4.0]


def test_retries_are_spread() -> None:
    error = UnreachableError("gone")
    assert backoffs(error, 1, chance=0.0)[0] < backoffs(error, 1, chance=0.9)[0]
    assert 0 < backoffs(error, 20, chance=0.0)[-1] < LONGEST_BACKOFF_S < backoffs(error, 20, chance=1.0)[-1]


@pytest.mark.parametrize(
    "error",
    [
        AccessRefusedError("no", code="UnrecognizedClientException"),
        CredentialsExpiredError("old"),
        ClockSkewError("late", skew_s=3600.0),
    ],
)
def test_keys_and_clocks_are_mended_once_without_a_backoff(error: AccessRefusedError) -> None:
    first, second = backoffs(error, 2)
    assert first == 0.0
    assert second >= FIRST_BACKOFF_S


def test_a_refused_request_says_nothing_of_the_service() -> None:
    assert backoffs(RequestRefusedError("not so"), 5) == [0.0] * 5


def test_it_may_be_asked_when_it_speaks_or_the_backoff_is_over() -> None:
    availability = Availability(lambda: 0.5)
    availability.note_failure(ThrottledError("slowly"), 100.0)
    assert availability.is_backing_off(100.9)
    assert not availability.is_backing_off(101.0)
    availability.note_failure(ThrottledError("slowly"), 101.0)
    assert availability.is_backing_off(102.0)
    availability.note_success()
    assert not availability.is_backing_off(102.0)
    availability.note_failure(ConnectionBrokenError("broke"), 102.0)  # the first one again, which passes
    assert not availability.is_backing_off(102.0)


def test_a_whole_day_without_a_network_is_counted() -> None:
    assert backoffs(UnreachableError("gone"), 3000)[-1] == LONGEST_BACKOFF_S
