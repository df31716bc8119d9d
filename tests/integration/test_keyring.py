"""Harken's keys in a real Secret Service: gnome-keyring on a bus of its own."""

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reader.credentials.account import Kept, Keyring
from reader.credentials.asking import Limits
from reader.credentials.credentials import Credentials
from reader.errors import AccessRefusedError, CredentialsMissingError, KeyringError
from tests.desktop import secrets
from tests.desktop.desk import wait_for
from tests.desktop.secrets import SessionBus

KEYS = ("AKIDEXAMPLE", "EXAMPLEKEY", "EXAMPLETOKEN")
NOBODY = Limits(unlock=1.0)
HANGING = Limits(keyring=1.0)

pytestmark = pytest.mark.skipif(
    bool(secrets.missing()) and not os.environ.get("CI"), reason=f"not installed: {', '.join(secrets.missing())}"
)


@pytest.fixture
def bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SessionBus]:
    """A session without a keyring, so far."""
    with SessionBus(tmp_path) as bus:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus.address)
        yield bus


async def why_not_the_keyring(credentials: Credentials) -> str:
    report = await credentials.report()
    return str(next(source.why for source in report.sources if source.name == "keyring"))


async def test_keys_are_kept_and_used(bus: SessionBus, tmp_path: Path) -> None:
    bus.start_keyring(is_unlocked=True)
    credentials = Credentials()
    await credentials.save(*KEYS)
    assert await credentials.kept() == Kept(Keyring.HAS_KEYS, "…MPLE")
    account = await credentials.account()
    assert (account.keys.access_key, account.keys.secret_key, account.keys.token) == KEYS
    assert account.source == "Harken's keys in the keyring"
    assert account.key_ending == "…MPLE"
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files for key in KEYS if key.encode() in path.read_bytes()]


async def test_new_keys_replace_the_old_ones(bus: SessionBus) -> None:
    bus.start_keyring(is_unlocked=True)
    credentials = Credentials()
    await credentials.save("AKIDOTHER", "OTHERKEY")
    await credentials.save(*KEYS)
    assert (await credentials.account()).keys.secret_key == "EXAMPLEKEY"
    assert await credentials.forget() is True
    assert await credentials.kept() == Kept(Keyring.EMPTY)
    assert await credentials.forget() is False
    with pytest.raises(CredentialsMissingError, match="harken account set"):
        await credentials.account()


@pytest.mark.parametrize("keys", [("", "EXAMPLEKEY"), ("AKIDEXAMPLE", ""), ("AKID EXAMPLE", "x"), ("AKID", "ключ")])
async def test_what_can_be_no_keys_is_refused(keys: tuple[str, str]) -> None:
    with pytest.raises(CredentialsMissingError, match="That is no"):
        await Credentials().save(*keys)


async def test_the_environment_comes_before_the_keyring_and_a_profile_s_files_behind(
    bus: SessionBus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bus.start_keyring(is_unlocked=True)
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws/credentials").write_text(
        "[default]\naws_access_key_id=AKIDFILE\naws_secret_access_key=FILEKEY\n"
        "[work]\naws_access_key_id=AKIDWORK\naws_secret_access_key=WORKKEY\n"
    )
    await Credentials().save(*KEYS)

    async def used(profile: str = "") -> str:
        return str((await Credentials(profile).account()).keys.access_key)

    assert await used() == "AKIDEXAMPLE"
    assert await used("work") == "AKIDWORK"
    monkeypatch.setenv("AWS_PROFILE", "work")
    assert await used() == "AKIDWORK"
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDENVIRONMENT")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "ENVIRONMENTKEY")
    assert await used() == "AKIDENVIRONMENT"
    assert await used("work") == "AKIDWORK"
    assert (await Credentials(source="keyring").account()).keys.access_key == "AKIDEXAMPLE"
    assert (await Credentials("work", source="keyring").account()).keys.access_key == "AKIDWORK"


async def test_a_locked_keyring_is_told_and_can_be_unlocked_later(bus: SessionBus, tmp_path: Path) -> None:
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws/credentials").write_text("[default]\naws_access_key_id=AKIDFILE\naws_secret_access_key=FILEKEY\n")
    bus.start_keyring(is_unlocked=True)
    await Credentials().save(*KEYS)
    bus.start_keyring(is_unlocked=False)
    credentials = Credentials()
    assert await credentials.kept() == Kept(Keyring.HAS_KEYS, is_locked=True)
    with pytest.raises(KeyringError, match="keyring is locked"):  # and nobody else's account is used instead
        await credentials.account()
    assert "locked" in await why_not_the_keyring(credentials)
    with pytest.raises(KeyringError, match="keyring is locked"):
        await credentials.save(*KEYS)
    bus.start_keyring(is_unlocked=True)
    assert (await Credentials().account()).keys.access_key == "AKIDEXAMPLE"


async def test_a_user_who_never_gave_keys_is_not_asked_to_unlock(bus: SessionBus) -> None:
    bus.start_keyring(is_unlocked=True)
    await Credentials().save(*KEYS)
    await Credentials().forget()
    bus.start_keyring(is_unlocked=False)
    prompter = bus.start_silent_prompter()
    credentials = Credentials(limits=NOBODY)
    assert await credentials.kept() == Kept(Keyring.EMPTY, is_locked=True)
    assert "it has no keys for Harken" in await why_not_the_keyring(credentials)
    assert prompter.stdout
    os.set_blocking(prompter.stdout.fileno(), False)
    assert not prompter.stdout.read()


@pytest.mark.noisy
async def test_an_unanswered_dialog_blocks_nothing(bus: SessionBus, noise: list[str]) -> None:
    bus.start_keyring(is_unlocked=True)
    await Credentials().save(*KEYS)
    bus.start_keyring(is_unlocked=False)
    prompter = bus.start_silent_prompter()
    credentials = Credentials(limits=NOBODY)
    with pytest.raises(KeyringError, match=r"was not unlocked within 1 s") as caught:
        await credentials.account()
    assert caught.value.retry
    assert prompter.stdout
    assert prompter.stdout.readline() == b"BeginPrompting\n"  # there was one
    assert any("ended after 1 s, in stage “unlock”" in line for line in noise)
    bus.start_keyring(is_unlocked=True)
    with pytest.raises(KeyringError):  # nobody is asked again at once, not even when the service refuses too
        await credentials.account(is_renewed=True)
    credentials.configure("", "eu-central-1")
    assert (await credentials.account()).keys.access_key == "AKIDEXAMPLE"


@pytest.mark.noisy
async def test_a_keyring_that_hangs_is_passed_over(bus: SessionBus, tmp_path: Path, noise: list[str]) -> None:
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws/credentials").write_text("[default]\naws_access_key_id=AKIDFILE\naws_secret_access_key=FILEKEY\n")
    bus.start_keyring(is_unlocked=True)
    bus.freeze_keyring()
    credentials = Credentials(limits=HANGING)
    assert (await credentials.account()).keys.access_key == "AKIDFILE"
    assert await why_not_the_keyring(credentials) == "it did not answer within 1 s"
    with pytest.raises(KeyringError, match="did not answer within 1 s"):
        await credentials.save(*KEYS)
    with pytest.raises(KeyringError, match="did not answer within 1 s"):
        await credentials.forget()
    with pytest.raises(KeyringError, match="did not answer within 1 s"):
        await credentials.kept()
    assert noise


async def test_without_a_keyring_profiles_work_and_saving_says_what_to_do(bus: SessionBus) -> None:
    credentials = Credentials()
    assert await why_not_the_keyring(credentials) == "there is none: no program on this desktop provides one"
    with pytest.raises(KeyringError, match="There is no keyring to keep your keys in"):
        await credentials.save(*KEYS)
    assert await credentials.kept() == Kept(Keyring.NONE, why="no program on this desktop provides one")


async def test_without_a_bus_it_is_the_same() -> None:
    credentials = Credentials()
    assert await why_not_the_keyring(credentials) == "there is none: there is no D-Bus session"
    with pytest.raises(AccessRefusedError, match="There is no keyring"):
        await credentials.forget()


async def test_what_is_damaged_in_the_keyring_is_told(bus: SessionBus) -> None:
    from keyring.backends import SecretService

    bus.start_keyring(is_unlocked=True)
    make: Any = SecretService.Keyring
    make().set_password("Harken", "Amazon Polly", "no JSON")
    with pytest.raises(CredentialsMissingError, match="damaged"):
        await Credentials().account()


async def test_nothing_waits_on_the_loop(bus: SessionBus) -> None:
    """While a dialogue is open, the core goes on."""
    bus.start_keyring(is_unlocked=True)
    await Credentials().save(*KEYS)
    bus.start_keyring(is_unlocked=False)
    prompter = bus.start_silent_prompter()
    assert prompter.stdout
    readline = prompter.stdout.readline
    credentials = Credentials()
    waiting = asyncio.create_task(credentials.account())
    await asyncio.to_thread(readline)  # the dialogue is there
    assert not waiting.done()
    await credentials.close()  # Harken ends meanwhile
    with pytest.raises(asyncio.CancelledError):
        await waiting
    wait_for(lambda: not workers(), "the end of the child")


def workers() -> list[str]:
    """The command lines of children of ours that look for keys."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            line = (folder / "cmdline").read_bytes()
            if b"reader.workers\0credentials" in line and f"PPid:\t{os.getpid()}" in (folder / "status").read_text():
                found.append(line.decode())
        except OSError:
            continue
    return found
