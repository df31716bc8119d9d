"""The search for an AWS account, in its real child process, with botocore's own files and programs."""

import asyncio
import logging
import os
import subprocess
import sys
import traceback
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from reader.credentials.account import Account, AccountReport, Places
from reader.credentials.asking import Limits
from reader.credentials.credentials import Credentials
from reader.errors import (
    AccessRefusedError,
    AccountUnavailableError,
    CredentialsExpiredError,
    CredentialsMissingError,
    SignInError,
)
from tests.desktop.desk import wait_for
from tests.fakes.aws_files import IN_AN_HOUR, NOW, answer


def is_running(pid: int) -> bool:
    """Whether it is there and no zombie, which is for its new parent to bury."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


# ---- who answers ----


async def test_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "EXAMPLEKEY")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "EXAMPLETOKEN")
    report: AccountReport = await Credentials(region="eu-central-1").report()
    assert report.account == Account(
        keys=report.account.keys if report.account else None,  # type: ignore[arg-type]
        region="eu-central-1",
        endpoint="https://polly.eu-central-1.amazonaws.com",
        source="the environment",
        region_source="polly.region",
    )
    assert report.account.keys.secret_key == "EXAMPLEKEY"
    assert report.account.keys.token == "EXAMPLETOKEN"
    assert [source.name for source in report.sources if source.is_chosen] == ["environment"]
    assert {source.why for source in report.sources if not source.is_chosen} == {
        "not checked, because the environment comes first"
    }


async def test_nothing_at_all_is_told_source_by_source() -> None:
    report: AccountReport = await Credentials().report()
    assert report.account is None
    assert "harken account set" in report.problem
    whys = {source.name: source.why for source in report.sources}
    assert whys["environment"] == "AWS_ACCESS_KEY_ID is not set"
    assert whys["profile “default”"] == "there is none"
    assert "off, as" in whys["instance metadata"]


async def test_half_a_pair_ends_the_search(aws: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (aws / "credentials").write_text("[default]\naws_access_key_id=AKIDFILE\naws_secret_access_key=FILEKEY\n")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    with pytest.raises(CredentialsMissingError, match="AWS_SECRET_ACCESS_KEY is missing"):
        await Credentials().account()


async def test_the_environment_may_be_chosen_alone(aws: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (aws / "credentials").write_text("[default]\naws_access_key_id=AKIDFILE\naws_secret_access_key=FILEKEY\n")
    credentials = Credentials(source="environment")
    report: AccountReport = await credentials.report()
    assert report.account is None
    assert (
        report.problem
        == "The settings select the environment, but it has no AWS keys for Harken. Choose another source."
    )
    whys = {source.name: source.why for source in report.sources}
    assert whys["environment"] == "AWS_ACCESS_KEY_ID is not set"
    assert whys["profile “default”"] == whys["keyring"] == "not checked, because the settings select the environment"
    credentials.configure("", "", "")
    assert (await credentials.account()).keys.access_key == "AKIDFILE"
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "EXAMPLEKEY")
    credentials.configure("", "", "environment")
    assert (await credentials.account()).keys.access_key == "AKIDEXAMPLE"


async def test_the_places_where_an_account_may_be(aws: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert await Credentials().places() == Places((), "")
    (aws / "credentials").write_text("[work]\naws_access_key_id=AKIDWORK\naws_secret_access_key=WORKKEY\n")
    (aws / "config").write_text(
        "[profile sso]\nsso_session=us\nsso_account_id=1\n[sso-session us]\nsso_start_url=https://localhost\n"
        "[profile old]\nsso_start_url=https://localhost\n[profile program]\ncredential_process=/bin/false\n"
        "[profile other]\nrole_arn=arn\nsource_profile=work\n[profile console]\nlogin_session=arn\n"
        "[default]\nregion=eu-central-1\n"
    )
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    places = await Credentials().places()
    assert [(profile.name, profile.kind) for profile in places.profiles] == [
        ("default", ""),
        ("console", "login"),
        ("old", "sso"),
        ("other", "role"),
        ("program", "process"),
        ("sso", "sso"),
        ("work", "keys"),
    ]
    assert places.environment == "AWS_ACCESS_KEY_ID"
    (aws / "config").write_text("[broken\n")
    assert (await Credentials().places()).profiles == ()


async def test_a_profile_of_the_settings_goes_before_the_environment(
    aws: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (aws / "credentials").write_text("[reader]\naws_access_key_id=AKIDFILE\naws_secret_access_key=FILEKEY\n")
    (aws / "config").write_text(
        "[profile reader]\nregion=sa-east-1\nca_bundle=/some/file.pem\nendpoint_url=https://127.0.0.1:4430/all\n"
    )
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "EXAMPLEKEY")
    account = await Credentials("reader").account()
    assert account.keys.access_key == "AKIDFILE"
    assert account.source == "profile “reader” (keys)"
    assert (account.region, account.region_source) == ("sa-east-1", "profile “reader”")
    assert account.endpoint == "https://127.0.0.1:4430/all"
    assert account.ca_bundle == "/some/file.pem"
    assert account.expires_at is None


@pytest.mark.parametrize(
    ("variables", "region", "endpoint"),
    [
        ({}, "us-east-1", "https://polly.us-east-1.amazonaws.com"),
        ({"AWS_DEFAULT_REGION": "eu-west-1"}, "eu-west-1", "https://polly.eu-west-1.amazonaws.com"),
        ({"AWS_REGION": "eu-west-2", "AWS_DEFAULT_REGION": "eu-west-1"}, "eu-west-2", "https://polly.eu-west-2.amazonaws.com"),
        ({"AWS_REGION": "cn-northwest-1"}, "cn-northwest-1", "https://polly.cn-northwest-1.amazonaws.com.cn"),
        ({"AWS_USE_FIPS_ENDPOINT": "true"}, "us-east-1", "https://polly-fips.us-east-1.amazonaws.com"),
        ({"AWS_ENDPOINT_URL_POLLY": "https://127.0.0.1:4431"}, "us-east-1", "https://127.0.0.1:4431"),
    ],
)  # fmt: skip
async def test_region_and_endpoint_are_botocore_s(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], region: str, endpoint: str
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "EXAMPLEKEY")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    account = await Credentials().account()
    assert (account.region, account.endpoint) == (region, endpoint)
    assert bool(account.region_source) == any("REGION" in name for name in variables)


@pytest.mark.parametrize(
    ("config", "profile", "sentence"),
    [
        ("", "reader", "There is no AWS profile “reader”"),
        ("[profile reader]\nrole_arn=arn:aws:iam::1:role/x\n", "reader", "source_profile or credential_source"),
        ("[profile reader]\nregion=eu-central-1\n", "reader", "no AWS keys"),
        ("no configuration\n", "", "Harken can't understand a line in it"),
        ("[profile reader]\ncredential_process=/no/such/program\n", "reader", "/no/such/program"),
    ],
)  # fmt: skip
async def test_mistakes_in_files_are_told(aws: Path, config: str, profile: str, sentence: str) -> None:
    (aws / "config").write_text(config)
    with pytest.raises(CredentialsMissingError, match=sentence):
        await Credentials(profile).account()


async def test_a_region_that_can_be_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "EXAMPLEKEY")
    with pytest.raises(CredentialsMissingError, match="not an AWS region"):
        await Credentials(region="over there").account()


# ---- programs ----


async def test_a_program_gives_keys_for_a_while(aws: Path, program: Callable[[str], str]) -> None:
    (aws / "config").write_text(
        f"[default]\ncredential_process={program(f'print({answer(expires_at=IN_AN_HOUR)!r})')}\n"
    )
    account = await Credentials().account()
    assert account.keys.token == "PROCESSTOKEN"
    assert account.source == "profile “default” (credential_process)"
    assert account.expires_at == IN_AN_HOUR


@pytest.mark.parametrize(
    ("code", "kind", "sentence"),
    [
        ("import sys; print('SECRET', file=sys.stderr); sys.exit(1)", CredentialsMissingError, "Run it in a terminal"),
        ("print('SECRET')", CredentialsMissingError, "AWS's own tools would not understand"),
        ("print('{\"Version\": 1, \"SecretAccessKey\": \"SECRET\"}')", CredentialsMissingError, "Run it in a terminal"),
        (f"print({answer(expires_at=NOW - timedelta(hours=1))!r})", SignInError, "have expired"),
        ("input(); print('it read our messages')", CredentialsMissingError, "Run it in a terminal"),
    ],
)  # fmt: skip
async def test_a_program_that_gives_none(
    aws: Path, program: Callable[[str], str], code: str, kind: type[AccessRefusedError], sentence: str
) -> None:
    (aws / "config").write_text(f"[default]\ncredential_process={program(code)}\n")
    with pytest.raises(kind, match=sentence) as caught:
        await Credentials().account()
    assert "SECRET" not in "".join(traceback.format_exception(caught.value))


@pytest.mark.noisy
async def test_a_program_that_hangs_blocks_nothing(aws: Path, program: Callable[[str], str], noise: list[str]) -> None:
    (aws / "config").write_text(f"[default]\ncredential_process={program('import time; time.sleep(600)')}\n")
    credentials = Credentials(limits=Limits(search=0.5))
    with pytest.raises(AccountUnavailableError, match=r"took longer than 0\.5 s") as caught:
        await credentials.account()
    assert caught.value.retry
    with pytest.raises(AccountUnavailableError):
        await credentials.account()
    assert len(noise) == 1  # at once: it is not tried again so soon
    assert (await credentials.report()).sources[0].name == "search"
    assert len(noise) == 2  # but for a person who asks


@pytest.mark.parametrize("is_orderly", [True, False])
async def test_a_program_of_the_user_s_ends_with_the_search(
    aws: Path, tmp_path: Path, program: Callable[[str], str], is_orderly: bool
) -> None:
    """When Harken stops, and when it is killed, which the child sees from its pipe."""
    pid_file = tmp_path / "pid"
    code = f"import os, time, pathlib; pathlib.Path({str(pid_file)!r}).write_text(str(os.getpid())); time.sleep(600)"
    (aws / "config").write_text(f"[default]\ncredential_process={program(code)}\n")

    def pid_of_program() -> int:
        return int(pid_file.read_text() or 0) if pid_file.exists() else 0

    if is_orderly:
        credentials = Credentials()
        waiting = asyncio.create_task(credentials.account())
        await asyncio.to_thread(wait_for, pid_of_program, "the user's program")
        await credentials.close()
        with pytest.raises(asyncio.CancelledError):
            await waiting
    else:
        harken = subprocess.Popen([sys.executable, "-m", "reader", "account"], stdout=subprocess.DEVNULL)
        wait_for(pid_of_program, "the user's program")
        harken.kill()
        harken.wait()
    wait_for(lambda: not is_running(pid_of_program()), "the end of the user's program")


# ---- secrets ----


async def test_no_secret_in_anything_that_is_shown(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    secrets = ("SECRETEXAMPLE", "TOKENEXAMPLE")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", secrets[0])
    monkeypatch.setenv("AWS_SESSION_TOKEN", secrets[1])
    caplog.set_level(logging.DEBUG)
    credentials = Credentials()
    shown = []
    asyncio.get_running_loop().set_debug(True)
    asyncio.get_running_loop().slow_callback_duration = 60.0  # s; beginning a process takes 0.1 on busy cores
    account = await credentials.account()
    shown.extend([repr(account), str(account), repr(await credentials.report()), repr(vars(credentials))])
    try:
        await credentials.save(os.environ["AWS_ACCESS_KEY_ID"], *secrets)  # there is no keyring
    except AccessRefusedError as error:
        shown.extend(traceback.format_exception(error))
        shown.append(repr(error))
    assert len(shown) > 5
    text = "\n".join([*shown, caplog.text])
    assert "keys of the environment" in text  # there was a log
    assert not [secret for secret in secrets if secret in text]
    assert "AKIDEXAMPLE" not in text


def test_errors_are_of_the_remote_voices() -> None:
    """So that who only knows that a voice failed turns to another one."""
    assert issubclass(CredentialsMissingError, AccessRefusedError)
    assert not issubclass(SignInError, CredentialsExpiredError)  # which says that looking again helps
    assert os.environ.get("AWS_ACCESS_KEY_ID") is None
