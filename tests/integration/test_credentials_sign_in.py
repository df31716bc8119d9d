"""Keys for which AWS is asked: a sign-in, a role, an instance's metadata."""

import hashlib
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from reader.credentials.credentials import Credentials
from reader.errors import (
    AccessRefusedError,
    AccountUnavailableError,
    CredentialsMissingError,
    SignInError,
)
from tests.fakes.aws_files import IN_AN_HOUR, NOW, stamp
from tests.fakes.aws_sign_in import SignIn, as_json, assumed, refused

ROLE = (
    "[profile reader]\nrole_arn=arn:aws:iam::111122223333:role/Reader\nsource_profile=base\n"
    "[profile base]\naws_access_key_id=AKIDBASE\naws_secret_access_key=BASEKEY\n"
)


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


async def test_a_role_that_wants_a_code_asks_no_one(aws: Path) -> None:
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
