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
from reader.voices.remote.backoff import FIRST_REST_S, LONGEST_REST_S, Availability


def rests(error: RemoteVoiceError, count: int, chance: float = 0.5) -> list[float]:
    """How long it rests after each of `count` failures in a row."""
    availability = Availability(lambda: chance)
    found = []
    for _ in range(count):
        availability.note_failure(error, 100.0)
        found.append(availability.rest_s(100.0))
    return found


def test_it_may_be_asked_at_first() -> None:
    availability = Availability(lambda: 0.5)
    assert not availability.is_backing_off(0.0)
    assert availability.rest_s(0.0) == 0.0


def test_one_broken_connection_passes_and_more_make_it_rest_ever_longer() -> None:
    found = rests(ConnectionBrokenError("broke"), 12)
    assert found[0] == 0.0
    assert found[1] == 2 * FIRST_REST_S
    assert all(later >= earlier for earlier, later in itertools.pairwise(found))
    assert found[-1] == LONGEST_REST_S


def test_who_says_how_long_is_believed_at_once() -> None:
    assert rests(ThrottledError("slowly"), 3) == [1.0, 2.0, 4.0]
    assert rests(ServiceFailedError("no", retry_after_s=7.0), 2) == [7.0, 14.0]


def test_a_search_for_keys_that_failed_is_made_again_as_soon_as_it_says() -> None:
    assert rests(AccountUnavailableError("broke off", retry_after_s=1.0), 3) == [1.0, 2.0, 4.0]


def test_retries_are_spread() -> None:
    error = UnreachableError("gone")
    assert rests(error, 1, chance=0.0)[0] < rests(error, 1, chance=0.9)[0]
    assert 0 < rests(error, 20, chance=0.0)[-1] < LONGEST_REST_S < rests(error, 20, chance=1.0)[-1]


@pytest.mark.parametrize(
    "error",
    [
        AccessRefusedError("no", code="UnrecognizedClientException"),
        CredentialsExpiredError("old"),
        ClockSkewError("late", skew_s=3600.0),
    ],
)
def test_keys_and_clocks_are_mended_once_without_a_rest(error: AccessRefusedError) -> None:
    first, second = rests(error, 2)
    assert first == 0.0
    assert second >= FIRST_REST_S


def test_a_refused_request_says_nothing_of_the_service() -> None:
    assert rests(RequestRefusedError("not so"), 5) == [0.0] * 5


def test_it_may_be_asked_when_it_speaks_or_has_rested() -> None:
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
    assert rests(UnreachableError("gone"), 3000)[-1] == LONGEST_REST_S
