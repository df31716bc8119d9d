"""The search for an AWS account, in its real child process, with botocore's own files and programs."""

import asyncio
import hashlib
import json
import logging
import os
import subprocess
import sys
import traceback
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from reader.credentials.account import Account, AccountReport, Places
from reader.credentials.asking import Limits
from reader.credentials.credentials import EARLY, SPARE, Credentials
from reader.errors import (
    AccessRefusedError,
    AccountUnavailableError,
    CredentialsExpiredError,
    CredentialsMissingError,
    SignInError,
)
from tests.desktop.desk import wait_for
from tests.fakes.aws_sign_in import SignIn, as_json, assumed, refused

NOW = datetime.now(UTC).replace(microsecond=0)
IN_AN_HOUR = NOW + timedelta(hours=1)


def stamp(when: datetime) -> str:
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.fixture
def aws(tmp_path: Path) -> Path:
    """~/.aws of the test."""
    folder = tmp_path / ".aws"
    folder.mkdir()
    return folder


@pytest.fixture
def program(tmp_path: Path) -> Callable[[str], str]:
    """Makes a credential_process of some Python."""

    def make(code: str) -> str:
        file = tmp_path / "give keys.py"
        file.write_text(code)
        return f'"{sys.executable}" "{file}"'

    return make


def answer(access_key: str = "AKIDPROCESS", expires_at: datetime | None = None) -> str:
    keys = {"Version": 1, "AccessKeyId": access_key, "SecretAccessKey": "PROCESSKEY", "SessionToken": "PROCESSTOKEN"}
    return json.dumps(keys if expires_at is None else {**keys, "Expiration": stamp(expires_at)})


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
async def test_a_program_that_hangs_holds_up_nobody(aws: Path, program: Callable[[str], str], noise: list[str]) -> None:
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


# ---- sign-ins ----


def sso_profile(aws: Path, *, expires_at: datetime) -> None:
    start = "https://example.awsapps.com/start"
    (aws / "config").write_text(
        "[profile work]\nsso_session=office\nsso_account_id=111122223333\nsso_role_name=Reader\n"
        f"[sso-session office]\nsso_region=eu-central-1\nsso_start_url={start}\n"
    )
    cache = aws / "sso/cache"
    cache.mkdir(parents=True)
    token = {"startUrl": start, "region": "eu-central-1", "accessToken": "SSOTOKEN", "expiresAt": stamp(expires_at)}
    (cache / f"{hashlib.sha1(b'office').hexdigest()}.json").write_text(json.dumps(token))


async def test_an_sso_sign_in_gives_keys(aws: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sso_profile(aws, expires_at=IN_AN_HOUR)
    keys = {
        "accessKeyId": "ASIASSO", "secretAccessKey": "SSOKEY", "sessionToken": "SSOSESSION",
        "expiration": int(IN_AN_HOUR.timestamp() * 1000),
    }  # fmt: skip

    def rule(what: str, body: str, headers: Any) -> Any:
        if what == "GET /federation/credentials" and headers["x-amz-sso_bearer_token"] == "SSOTOKEN":
            return as_json(200, {"roleCredentials": keys})
        return None

    with SignIn(rule) as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL_SSO", server.url)
        account = await Credentials("work").account()
    assert account.keys.secret_key == "SSOKEY"
    assert account.source == "profile “work” (AWS sign-in, SSO)"
    assert account.expires_at == IN_AN_HOUR


async def test_an_sso_sign_in_that_has_run_out(aws: Path) -> None:
    sso_profile(aws, expires_at=NOW - timedelta(hours=1))
    with pytest.raises(SignInError, match="Run “aws sso login --profile work”"):
        await Credentials("work").account()


async def test_an_sso_sign_in_that_was_never_made(aws: Path) -> None:
    sso_profile(aws, expires_at=IN_AN_HOUR)
    next((aws / "sso/cache").iterdir()).unlink()
    with pytest.raises(SignInError, match="aws sso login"):
        await Credentials("work").account()


async def test_an_sso_sign_in_that_aws_ended(aws: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sso_profile(aws, expires_at=IN_AN_HOUR)
    no = as_json(401, {"__type": "UnauthorizedException", "message": "Session token not found or invalid"})
    with SignIn(lambda *_: no) as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL_SSO", server.url)
        with pytest.raises(SignInError, match="aws sso login"):
            await Credentials("work").account()


ROLE = (
    "[profile reader]\nrole_arn=arn:aws:iam::111122223333:role/Reader\nsource_profile=base\n"
    "[profile base]\naws_access_key_id=AKIDBASE\naws_secret_access_key=BASEKEY\n"
)


async def test_a_role_is_assumed(aws: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (aws / "config").write_text(ROLE)
    with SignIn(lambda *_: assumed("ASIAROLE", stamp(IN_AN_HOUR))) as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL_STS", server.url)
        account = await Credentials("reader").account()
    assert account.keys.access_key == "ASIAROLE"
    assert account.source == "profile “reader” (role)"
    assert account.expires_at == IN_AN_HOUR


@pytest.mark.parametrize(
    ("status", "code", "kind", "sentence"),
    [
        (403, "AccessDenied", AccessRefusedError, r"AWS refused to issue keys for the profile “reader” \(Acc"),
        (403, "ExpiredToken", SignInError, "have expired"),
        (400, "Throttling", AccountUnavailableError, "Try again"),
    ],
)
async def test_a_role_that_is_not_given(
    aws: Path,
    monkeypatch: pytest.MonkeyPatch,
    status: int,
    code: str,
    kind: type[AccessRefusedError],
    sentence: str,
) -> None:
    (aws / "config").write_text(ROLE)
    with SignIn(lambda *_: refused(status, code)) as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL_STS", server.url)
        with pytest.raises(kind, match=sentence) as caught:
            await Credentials("reader").account()
    assert caught.value.code == code


async def test_a_role_when_there_is_no_network(aws: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (aws / "config").write_text(ROLE)
    with SignIn(lambda *_: None) as server:
        url = server.url
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", url)  # nobody listens there any more
    with pytest.raises(AccountUnavailableError, match="can't be reached"):
        await Credentials("reader").account()


async def test_a_role_that_wants_a_code_asks_nobody(aws: Path) -> None:
    (aws / "config").write_text(ROLE.replace("source_profile", "mfa_serial=arn:aws:iam::1:mfa/me\nsource_profile"))
    with pytest.raises(CredentialsMissingError, match="a code from your authenticator"):
        await Credentials("reader").account()


async def test_an_instance_s_metadata_is_asked_only_where_wished(monkeypatch: pytest.MonkeyPatch) -> None:
    keys = {
        "Code": "Success", "AccessKeyId": "ASIAINSTANCE", "SecretAccessKey": "INSTANCEKEY", "Token": "INSTANCETOKEN",
        "Expiration": stamp(IN_AN_HOUR),
    }  # fmt: skip

    def rule(what: str, body: str, headers: Any) -> Any:
        if what == "PUT /latest/api/token":
            return 200, "text/plain", "token"
        if what.endswith("/security-credentials/"):
            return 200, "text/plain", "reader"
        return as_json(200, keys) if what.endswith("/security-credentials/reader") else None

    with SignIn(rule) as server:
        monkeypatch.setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", server.url)
        with pytest.raises(CredentialsMissingError):
            await Credentials().account()
        assert not server.requests
        monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "false")
        assert (await Credentials().account()).source == "instance metadata"


# ---- how long, how often ----


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


def test_errors_are_of_the_remote_voices() -> None:
    """So that who only knows that a voice failed turns to another one."""
    assert issubclass(CredentialsMissingError, AccessRefusedError)
    assert not issubclass(SignInError, CredentialsExpiredError)  # which says that looking again helps
    assert os.environ.get("AWS_ACCESS_KEY_ID") is None
