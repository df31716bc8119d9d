"""What can go wrong with Amazon Polly, a row each: what the user hears and is told, and that nothing is left behind.

Whatever happens, every sentence is heard from its first word to its last, and at most one of them twice.
"""

from __future__ import annotations

import itertools
import re
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from h2.errors import ErrorCodes

from reader.aws.signing import AwsKeys
from reader.errors import PermissionMissingError
from reader.http import suspend
from reader.voices.polly.synthesis_stream import Limits
from tests.fakes.heard_desk import numbered
from tests.fakes.polly_desk import Desk, desk
from tests.fakes.polly_service import Account, PollyService, words

Make = Callable[[PollyService], AbstractContextManager[Any]]

pytestmark = [pytest.mark.noisy, pytest.mark.own_time, pytest.mark.usefixtures("nothing_left")]

TEXT = numbered(12)
# In the middle of the second sentence.
MID = 120_000
QUICK = Limits(answer_s=1.0, first_sound_s=1.0, stall_s=1.0)
POLLY, BOTH, LOCAL = {"polly/Matthew"}, {"polly/Matthew", "local/en"}, {"local/en"}


@dataclass(frozen=True)
class Row:
    """`speakers` are who is heard, `told` what the one notice says ("": nothing is said)."""

    name: str
    make: Make
    speakers: frozenset[str] | set[str]
    told: str = ""


def sentences(text: str) -> list[list[str]]:
    return [words(sentence) for sentence in re.findall(r"[^.]+\.", text)]


def times_heard(heard: list[str], sentence: list[str]) -> int:
    return sum(heard[i : i + len(sentence)] == sentence for i in range(len(heard)))


def check_heard(text: str, heard: list[str], repeats: int = 1) -> None:
    """Every sentence once and whole, in order, but for `repeats` that were begun twice."""
    parts = sentences(text)
    counts = [times_heard(heard, sentence) for sentence in parts]
    assert all(counts), f"lost: {[p for p, c in zip(parts, counts, strict=True) if not c]} in {heard}"
    assert sum(counts) <= len(parts) + repeats
    assert len(heard) <= len(words(text)) + repeats * max(map(len, parts))
    last = [max(i for i in range(len(heard)) if heard[i : i + len(p)] == p) for p in parts]
    assert last == sorted(last)


def reset(code: ErrorCodes) -> Row:
    return Row(f"reset {code.name}", lambda s: s.faults.reset(code, after_bytes=MID), POLLY)


def exception(name: str, speakers: set[str], told: str = "", *, times: float = 1, **fields: Any) -> Row:
    row = f"{name} {' '.join(fields.values())} x{times}"
    return Row(row, lambda s: s.faults.exception(name, after_bytes=MID, times=times, **fields), speakers, told)


def http(status: int, name: str, speakers: set[str], told: str = "", times: float = 1, **headers: str) -> Row:
    row = f"HTTP {status} {name} x{times}"
    return Row(row, lambda s: s.faults.http_error(status, name, times=times, **headers), speakers, told)


always = float("inf")
ROWS = [
    *map(reset, ErrorCodes),
    Row("GOAWAY, the stream goes on", lambda s: s.faults.goaway(after_bytes=MID), POLLY),
    Row("GOAWAY without the stream", lambda s: s.faults.goaway(is_stream_kept=False, after_bytes=MID), POLLY),
    Row("GOAWAY with an error", lambda s: s.faults.goaway(ErrorCodes.INTERNAL_ERROR, after_bytes=MID), POLLY),
    Row("TCP cut inside an event", lambda s: s.faults.cut(after_bytes=MID), POLLY),
    Row("TLS closed between events", lambda s: s.faults.cut(is_within_event=False, after_bytes=MID), POLLY),
    Row("a clean end without StreamClosedEvent", lambda s: s.faults.end(after_bytes=MID), POLLY),
    Row("stall", lambda s: s.faults.stall(after_bytes=MID), POLLY),
    Row("stall, and no answer to pings", lambda s: s.faults.stall(is_deaf=True, after_bytes=MID), POLLY),
    Row("stall before the first sound", lambda s: s.faults.stall(), POLLY),
    Row("no response headers", lambda s: s.faults.no_answer(), POLLY),
    http(400, "ValidationException", POLLY),
    http(400, "ValidationException", LOCAL, "does not accept this voice", always),
    http(403, "UnrecognizedClientException", POLLY),
    http(403, "UnrecognizedClientException", LOCAL, "does not accept your AWS keys", always),
    http(403, "AccessDeniedException", LOCAL, "not allowed to use this voice", always),
    http(429, "ThrottlingException", LOCAL, "too many requests", always),
    http(400, "ThrottlingException", LOCAL, "too many requests", always),
    http(500, "", POLLY),
    http(500, "InternalFailure", LOCAL, "has an internal problem", always),
    http(503, "ServiceUnavailable", POLLY),
    exception("ValidationException", BOTH, "does not accept", reason="other"),
    exception("ThrottlingException", BOTH, "too many requests", times=always),
    exception("ServiceQuotaExceededException", POLLY, quotaCode="input-stream-timeout"),
    exception("ServiceQuotaExceededException", POLLY, quotaCode="input-stream-inbound-event-timeout"),
    exception("ServiceFailureException", POLLY),
    exception("ServiceFailureException", BOTH, "has an internal problem", times=always),
    exception("SomethingNewException", POLLY),
    Row("bad checksum", lambda s: s.faults.bad_crc(after_bytes=MID), POLLY),
    Row("truncated prelude", lambda s: s.faults.truncated_prelude(after_bytes=MID), POLLY),
    Row("unknown events and headers", lambda s: s.faults.strange_events(after_bytes=MID), POLLY),
    Row("1 MiB events", lambda s: s.faults.event_size(1 << 20), POLLY),
    Row("windows of 1 KiB on the way", lambda s: s.faults.window(1024, after_bytes=MID), POLLY),
    Row("ping flood", lambda s: s.faults.ping_flood(2_000, after_bytes=MID), POLLY),
    Row("ping flood without end", lambda s: s.faults.ping_flood(100_000, after_bytes=MID), POLLY),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
async def test_faults(tmp_path: Path, row: Row) -> None:
    async with desk(tmp_path, limits=QUICK) as d:
        await d.engine.start()
        with row.make(d.service) as fault:
            heard = await d.read(TEXT)
        if fault is not None:
            assert fault.hits
        check_heard(TEXT, heard, repeats=getattr(fault, "hits", 0))
        assert set(d.voices) == row.speakers
        assert len(d.notices) == bool(row.told)
        assert row.told in "".join(d.notices)
        assert d.endings == [True]


# ---- rows that take more than a fault at the service ----


async def test_events_of_one_byte(tmp_path: Path) -> None:
    text = numbered(1)
    async with desk(tmp_path) as d:
        with d.service.faults.event_size(1):
            assert await d.read(text) == words(text)
        assert set(d.voices) == POLLY


async def test_windows_of_one_kibibyte_from_the_start(tmp_path: Path) -> None:
    service = PollyService()
    service.window_bytes = 1024
    async with desk(tmp_path, service) as d:
        assert await d.read(TEXT) == words(TEXT)
        assert d.notices == []


@pytest.mark.parametrize("legal", ["early_hints", "has_trailers", "answers_early", "resets_unread"])
async def test_what_is_legal_and_unusual(tmp_path: Path, legal: str) -> None:
    service = PollyService()
    setattr(service, legal, True)
    async with desk(tmp_path, service) as d:
        for _ in range(2):
            assert await d.read(TEXT) == words(TEXT)
        assert d.notices == []


def found_elsewhere(d: Desk, endpoint: str) -> None:
    d.accounts.found = replace(d.accounts.found, endpoint=endpoint)


@pytest.mark.parametrize(
    ("endpoint", "told"),
    [("https://polly.invalid", "can't be found"), ("https://localhost:1", "refuses connections")],
)
async def test_no_way_to_the_service(tmp_path: Path, endpoint: str, told: str) -> None:
    async with desk(tmp_path) as d:
        await d.engine.start()  # the voices are known from before
        found_elsewhere(d, endpoint)
        d.drop_connections()
        check_heard(TEXT, await d.read(TEXT), repeats=0)
        assert set(d.voices) == LOCAL
        assert len(d.notices) == 1
        assert told in d.notices[0]
        # The next reading finds it resting, and says nothing of it again.
        check_heard(TEXT, await d.read(TEXT), repeats=0)
        assert len(d.notices) == 1


async def test_a_service_that_is_not_trusted(tmp_path: Path) -> None:
    async with PollyService(is_trusted=False) as other, desk(tmp_path) as d:
        await d.engine.start()
        found_elsewhere(d, other.endpoint)
        d.drop_connections()
        check_heard(TEXT, await d.read(TEXT), repeats=0)
        assert set(d.voices) == LOCAL
        assert "is not trusted" in d.notices[0]
        assert not other.streams


@pytest.mark.parametrize("voice", ["polly/Matthew", "polly-sentences/Matthew-neural"])
@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"ca_bundle": "/nowhere/certificates.pem"}, "can't be read"),
        ({"endpoint": "http://localhost"}, "begin with https://"),
    ],
)
async def test_settings_that_can_not_be_used(tmp_path: Path, voice: str, wrong: dict[str, Any], told: str) -> None:
    async with desk(tmp_path) as d:
        await d.engine.start()  # the voices are known from before
        d.accounts.found = replace(d.accounts.found, **wrong)
        d.drop_connections()
        check_heard(TEXT, await d.read(TEXT, voice=voice), repeats=0)
        assert set(d.voices) == LOCAL
        assert len(d.notices) == 1
        assert told in d.notices[0]


async def test_keys_that_may_not_do_this_are_not_looked_for_again(tmp_path: Path) -> None:
    async with desk(tmp_path) as d:
        d.service.account.denied.add("DescribeVoices")
        with pytest.raises(PermissionMissingError):
            await d.client.call("DescribeVoices", {})
        assert d.accounts.renewals == 0


async def test_a_token_that_ran_out_is_renewed(tmp_path: Path) -> None:
    account = Account(token="first")
    service = PollyService(account=account)
    async with desk(tmp_path, service) as d:
        assert await d.read(TEXT) == words(TEXT)
        account.token = "second"
        keys = AwsKeys(account.access_key, account.secret_key, "second")
        d.accounts.renewed = replace(d.accounts.found, keys=keys)
        with service.faults.expired_token("first"):
            assert await d.read(TEXT) == words(TEXT)
        assert set(d.voices) == POLLY
        assert d.accounts.renewals == 1
        assert d.notices == []


async def test_a_clock_that_is_an_hour_off_is_corrected(tmp_path: Path) -> None:
    async with desk(tmp_path) as d:
        with d.service.faults.clock_skew(hours=1):
            assert await d.read(TEXT) == words(TEXT)
        # Set right, it is found out again.
        assert await d.read(TEXT) == words(TEXT)
        assert set(d.voices) == POLLY
        assert d.notices == []


async def test_a_network_that_is_lost_for_a_while(tmp_path: Path) -> None:
    text = numbered(90)
    async with desk(tmp_path, pace=30.0, limits=QUICK) as d:
        d.begin(text)
        await d.until(lambda: len(d.voices) > 3)
        async with d.service.faults.no_network():
            await d.until(lambda: "local/en" in d.voices)
        came_back = len(d.voices)
        await d.until(lambda: "polly/Matthew" in d.voices[came_back:] or d.endings)
        await d.until(lambda: d.endings)
        check_heard(text, d.heard_words(text))
        assert [voice for voice, _ in itertools.groupby(d.voices)] == ["polly/Matthew", "local/en", "polly/Matthew"]
        assert len(d.notices) == 1


@pytest.mark.parametrize("at", [0, 3])
async def test_a_network_that_is_lost_for_a_moment_is_not_noticed(tmp_path: Path, at: int) -> None:
    """Before the first sound (0), or in the middle of the text."""
    async with desk(tmp_path, limits=QUICK) as d:
        await d.engine.start()
        if at:
            d.begin(TEXT)
            await d.until(lambda: len(d.voices) >= at)
        async with d.service.faults.no_network():
            if not at:
                d.begin(TEXT)
            await d.until(lambda: d.client.is_backing_off)  # it has failed at least once
        await d.until(lambda: d.endings)
        check_heard(TEXT, d.heard_words(TEXT), repeats=bool(at))
        assert set(d.voices) == POLLY
        assert d.notices == []


async def test_without_falling_back_the_same_voice_is_waited_for(tmp_path: Path) -> None:
    async with desk(tmp_path, limits=QUICK) as d:
        await d.engine.start()
        async with d.service.faults.no_network():
            d.begin(TEXT, falls_back=False)
            await d.until(lambda: d.notices)
        await d.until(lambda: d.endings)
        check_heard(TEXT, d.heard_words(TEXT), repeats=0)
        assert set(d.voices) == POLLY
        assert "will resume when it is back" in d.notices[0]


async def test_a_computer_that_slept_takes_other_connections(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slept_s = 0.0
    clocks = (lambda: time.time() + slept_s, time.monotonic)
    monkeypatch.setattr(suspend.SuspendDetector.__init__, "__defaults__", clocks)
    service = PollyService()
    service.pace = 12.0
    async with desk(tmp_path, service, pace=10.0, limits=QUICK) as d:
        d.begin(TEXT)
        await d.until(lambda: d.voices)
        handshakes = d.service.handshakes
        slept_s = 8 * 3600.0  # in the middle of the text
        await d.until(lambda: d.endings)
        check_heard(TEXT, d.heard_words(TEXT))
        assert d.service.handshakes > handshakes
        handshakes = d.service.handshakes
        slept_s += 8 * 3600.0  # and between two
        assert await d.read(TEXT) == words(TEXT)
        assert d.service.handshakes > handshakes
        assert set(d.voices) == POLLY
