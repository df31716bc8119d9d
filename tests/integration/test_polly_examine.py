"""What the doctor asks of Amazon Polly: every permission is found out, and nothing is spent."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from reader.aws.signing import AwsKeys
from reader.voices.polly.client import PollyClient
from reader.voices.polly.examine import LISTS, SPEAKS, STREAMS, examine
from reader.voices.service import Check
from tests.fakes.polly_desk import FoundAccount, HandAccounts
from tests.fakes.polly_service import PollyService

pytestmark = pytest.mark.own_time

Asked = Callable[..., Awaitable[tuple[Check, ...]]]
PCM = ("pcm", 16000)
ALL_ALLOWED = (Check(LISTS, True), Check(STREAMS, True), Check(SPEAKS, True))


@asynccontextmanager
async def client_of(service: PollyService, folder: Path, secret_key: str = "") -> AsyncIterator[PollyClient]:
    account = service.account
    keys = AwsKeys(account.access_key, secret_key or account.secret_key, account.token)
    found = FoundAccount(keys, service.region, service.endpoint, str(service.write_ca(folder)))
    client = PollyClient(HandAccounts(found))
    try:
        yield client
    finally:
        await client.close()


@pytest.fixture
def asked(tmp_path: Path) -> Asked:
    """Examines a service."""

    async def ask(
        service: PollyService, voice_id: str = "", lexicons: tuple[str, ...] = (), secret_key: str = ""
    ) -> tuple[Check, ...]:
        async with service, client_of(service, tmp_path, secret_key) as client:
            checks = await examine(client, voice_id, PCM, lexicons)
            assert not client.is_backing_off
        assert service.billed_chars == 0
        assert service.speeches == []
        assert [stream.spoken for stream in service.streams] == [[]] * len(service.streams)
        return checks

    return ask


@pytest.mark.parametrize("voice_id", ["", "polly/", "polly/Matthew", "polly/Kajal@hi-IN", "polly-sentences/Ivy-neural"])
async def test_all_is_allowed(asked: Asked, voice_id: str) -> None:
    service = PollyService()
    assert await asked(service, voice_id) == ALL_ALLOWED
    assert [stream.end for stream in service.streams] == ["closed"]
    assert service.refusals == ["ValidationException: there is no text"]


@pytest.mark.parametrize("operation", [LISTS, STREAMS, SPEAKS])
async def test_each_permission_is_found_out_by_itself(asked: Asked, operation: str) -> None:
    service = PollyService()
    service.account.denied = {operation}
    checks = {check.operation: check for check in await asked(service, "polly/Ruth")}
    denied = checks.pop(operation)
    assert not denied.is_allowed
    assert denied.why.startswith(f"the account lacks the permission polly:{operation}. Amazon says: User: arn:")
    assert all(check.is_allowed and not check.why for check in checks.values())


async def test_a_voice_that_is_not_there(asked: Asked) -> None:
    lists, streams, speaks = await asked(PollyService(), "polly/Nobody")
    assert lists == Check(LISTS, True, "there is no voice polly/Nobody")
    assert streams.is_allowed
    assert streams.why == "it does not accept Nobody in pcm at 16000 Hz: no such voice"
    assert speaks == Check(SPEAKS, True)


async def test_a_format_that_is_refused(asked: Asked) -> None:
    service = PollyService()
    del service.formats[PCM]
    _, streams, _ = await asked(service, "polly/Matthew")
    assert streams.is_allowed
    assert streams.why == "it does not accept Matthew in pcm at 16000 Hz: the format does not go with the rate"


async def test_a_lexicon_that_is_not_there(asked: Asked) -> None:
    _, streams, _ = await asked(PollyService(), "polly/Matthew", ("names",))
    assert streams.is_allowed
    assert streams.why.endswith("with the lexicons names: there is no such lexicon")


async def test_a_lexicon_that_can_have_no_such_name(asked: Asked) -> None:
    service = PollyService()
    _, streams, _ = await asked(service, "polly/Matthew", ("my names",))
    assert "does not accept these lexicons" in streams.why
    assert service.streams == []


async def test_a_region_without_streams(tmp_path: Path) -> None:
    async with PollyService() as service, client_of(service, tmp_path) as client:
        service.lacks_streams = True
        _, streams, speaks = await examine(client, "polly/Matthew", PCM, ())
        assert streams == Check(STREAMS, False, "this region does not have it")
        assert speaks == Check(SPEAKS, True)


async def test_keys_that_are_not_accepted_end_it(asked: Asked) -> None:
    service = PollyService()
    lists, streams, speaks = await asked(service, secret_key="OTHERKEY")
    assert not lists.is_allowed
    assert lists.why.startswith("Amazon does not accept your AWS keys.")
    assert streams == Check(STREAMS, False, f"not checked, because {LISTS} failed")
    assert speaks == Check(SPEAKS, False, f"not checked, because {LISTS} failed")
    assert service.streams == []


async def test_a_service_that_is_not_there_is_asked_once(tmp_path: Path) -> None:
    async with PollyService() as service, client_of(service, tmp_path) as client, service.faults.no_network():
        lists, streams, _ = await examine(client, "", PCM, ())
        assert lists == Check(
            LISTS,
            False,
            "localhost refuses connections. It may be down, or blocked by a firewall. (ConnectionRefusedError)",
        )
        assert streams.why == f"not checked, because {LISTS} failed"


async def test_certificates_that_are_not_trusted(tmp_path: Path) -> None:
    async with PollyService(is_trusted=False) as service, client_of(service, tmp_path) as client:
        lists, streams, _ = await examine(client, "", PCM, ())
    assert "certificate of localhost is not trusted" in lists.why
    assert streams.why == f"not checked, because {LISTS} failed"


@pytest.mark.noisy
async def test_a_computer_whose_clock_is_wrong_is_told_the_time(asked: Asked, noise: list[str]) -> None:
    service = PollyService()
    with service.faults.clock_skew(hours=1):
        assert await asked(service) == ALL_ALLOWED
    assert [message for message in noise if "clock" in message] == noise != []


async def test_a_stream_that_breaks_off_is_told_and_the_rest_asked(tmp_path: Path) -> None:
    async with PollyService() as service, client_of(service, tmp_path) as client:
        with service.faults.end():
            _, streams, speaks = await examine(client, "", PCM, ())
        assert not streams.is_allowed
        assert "stopped in the middle" in streams.why
        assert speaks.is_allowed  # by itself
