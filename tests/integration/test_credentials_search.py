"""When the account is looked for, for whom, and what a search that breaks off means."""

import asyncio
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from reader.credentials.account import Account
from reader.credentials.credentials import EARLY, SPARE, Credentials
from reader.errors import (
    AccountUnavailableError,
    CredentialsMissingError,
)
from tests.fakes.aws_files import IN_AN_HOUR, NOW, answer


@pytest.fixture
def counting(aws: Path, tmp_path: Path, program: Callable[[str], str]) -> Callable[[], int]:
    """A program that gives other keys each time, for an hour; returns how often it was asked."""
    count = tmp_path / "count"
    code = (
        f"import pathlib; file = pathlib.Path({str(count)!r})\n"
        "with file.open('a') as open_file: open_file.write('x')\n"
        f"print({answer('AKID%d', IN_AN_HOUR)!r} % file.stat().st_size)\n"
    )
    (aws / "config").write_text(f"[default]\ncredential_process={program(code)}\n")
    return lambda: count.stat().st_size if count.exists() else 0


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


async def test_one_search_for_all_who_ask(counting: Callable[[], int]) -> None:
    credentials = Credentials()
    accounts = await asyncio.gather(*(credentials.account() for _ in range(5)))
    assert {account.keys.access_key for account in accounts} == {"AKID1"}
    assert (await credentials.account()).keys.access_key == "AKID1"
    assert counting() == 1


async def test_one_who_gives_up_does_not_end_it_for_the_others(counting: Callable[[], int]) -> None:
    credentials = Credentials()
    impatient = asyncio.create_task(credentials.account())
    patient = asyncio.create_task(credentials.account())
    await asyncio.sleep(0)
    impatient.cancel()
    assert (await patient).keys.access_key == "AKID1"
    assert counting() == 1


async def test_renewed_before_they_expire_and_when_the_service_refuses(counting: Callable[[], int]) -> None:
    clock = Clock()
    credentials = Credentials(now=clock)

    async def used(**how: bool) -> str:
        return (await credentials.account(**how)).keys.access_key

    assert await used() == "AKID1"
    clock.now = IN_AN_HOUR - EARLY + timedelta(seconds=1)
    assert await used() == "AKID1"  # still good, and another one is looked for
    while counting() < 2 or await used() == "AKID1":  # noqa: ASYNC110 (nobody is told when it is found)
        await asyncio.sleep(0.01)
    clock.now = IN_AN_HOUR - SPARE + timedelta(seconds=1)
    assert await used() == "AKID3"  # what there is could end within a stream
    clock.now = NOW
    assert await used() == "AKID3"
    assert await used(is_renewed=True) == "AKID4"


async def test_changed_settings_count_at_once(aws: Path) -> None:
    (aws / "credentials").write_text("[a]\naws_access_key_id=AKIDA\naws_secret_access_key=A\n")
    credentials = Credentials("nobody")
    waiting = asyncio.create_task(credentials.account())
    await asyncio.sleep(0)
    credentials.configure("a", "eu-west-1")
    account = await credentials.account()
    assert (account.keys.access_key, account.region) == ("AKIDA", "eu-west-1")
    with pytest.raises(CredentialsMissingError, match="nobody"):
        await waiting
    assert await credentials.account() is account
    await credentials.close()


@pytest.mark.noisy
@pytest.mark.parametrize("deaths", [1, 2])
async def test_a_child_that_dies_is_replaced(
    monkeypatch: pytest.MonkeyPatch, aws: Path, program: Callable[[str], str], tmp_path: Path, deaths: int
) -> None:
    """In the middle of its search, by the program that was to give it keys."""
    count = tmp_path / "count"
    code = (
        f"import os, pathlib, signal\nfile = pathlib.Path({str(count)!r})\n"
        "file.write_text(file.read_text() + '.' if file.exists() else '.')\n"
        f"if len(file.read_text()) <= {deaths}:\n    os.kill(os.getppid(), signal.SIGKILL)\n"
        f"print({answer()!r})"
    )
    (aws / "config").write_text(f"[default]\ncredential_process={program(code)}\n")
    account: Account = await Credentials(region="eu-central-1").account()
    assert account.keys.access_key == "AKIDPROCESS"
    assert len(count.read_text()) == deaths + 1


async def test_a_child_that_dies_is_told(monkeypatch: pytest.MonkeyPatch, noise: list[str]) -> None:
    """Killed from outside, as by a system without memory."""
    monkeypatch.setenv("PYTHONSTARTUP", "")
    monkeypatch.setattr("reader.workers.child.command", lambda kind: [sys.executable, "-c", "import os; os.abort()"])

    with pytest.raises(AccountUnavailableError, match="keys was interrupted"):
        await Credentials().account()
    assert noise
    noise.clear()
