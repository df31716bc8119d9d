"""Where trusted certificates are found when Harken runs on another system than the one it was packaged on."""

from __future__ import annotations

import ssl
from pathlib import Path
from types import SimpleNamespace

import pytest
import trustme

from reader.http import tls
from reader.support import certificates
from reader.support.certificates import client_context


def trusts(context: ssl.SSLContext, authority: trustme.CA) -> bool:
    return ssl.PEM_cert_to_DER_cert(authority.cert_pem.bytes().decode()) in context.get_ca_certs(binary_form=True)


def test_the_systems_bundle_is_found_where_openssl_does_not_look(authority: trustme.CA) -> None:
    context = tls.context("", "h2")
    assert trusts(context, authority)
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
def test_what_the_user_says_wins(
    authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, str(tmp_path / "mine"))
    assert not trusts(client_context(), authority)


def test_a_bundle_of_the_users_is_all_that_is_trusted(authority: trustme.CA, tmp_path: Path) -> None:
    other, bundle = trustme.CA(), tmp_path / "other.pem"
    other.cert_pem.write_to_path(str(bundle))
    context = client_context(str(bundle))
    assert trusts(context, other)
    assert not trusts(context, authority)


@pytest.mark.parametrize("file", ["cert.pem", "certs/0a1b2c3d.0"])
def test_where_openssl_finds_certificates_it_is_left_to_it(authority: trustme.CA, tmp_path: Path, file: str) -> None:
    found = tmp_path / "ssl" / file
    found.parent.mkdir(parents=True)
    found.touch()
    assert not trusts(client_context(), authority)


def test_a_folder_without_certificates_counts_as_none(authority: trustme.CA, tmp_path: Path) -> None:
    (tmp_path / "ssl/certs").mkdir(parents=True)
    (tmp_path / "ssl/certs/README").touch()
    assert trusts(client_context(), authority)


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_other_platforms_keep_theirs(authority: trustme.CA, monkeypatch: pytest.MonkeyPatch, platform: str) -> None:
    monkeypatch.setattr(certificates, "sys", SimpleNamespace(platform=platform))
    assert not trusts(client_context(), authority)
