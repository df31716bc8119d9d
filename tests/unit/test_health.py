"""A service that failed is asked again, whatever looking for it ends with."""

from __future__ import annotations

import pytest

from reader.errors import RemoteVoiceError, UnreachableError
from reader.voices.remote.health import Health

pytestmark = pytest.mark.own_time


@pytest.mark.noisy
async def test_a_look_that_fails_in_an_unforeseen_way_does_not_switch_the_service_off(noise: list[str]) -> None:
    async def probe() -> None:
        raise ValueError("unforeseen")

    health = Health("some service", probe, lambda _: None)
    health.note_failure(UnreachableError("gone"))
    assert health.is_backing_off
    await health.wait_until_available()
    assert not health.is_backing_off
    assert noise == ["reader.voices.remote.health: looking for a way to some service failed"]
    await health.close()


async def test_it_may_be_asked_again_when_there_is_a_way_to_it() -> None:
    failures = [UnreachableError("gone"), UnreachableError("gone")]
    learned: list[RemoteVoiceError] = []

    async def probe() -> None:
        if failures:
            raise failures.pop()

    health = Health("some service", probe, learned.append)
    health.note_failure(UnreachableError("gone"))
    await health.wait_until_available()
    assert len(learned) == 2
    await health.close()
