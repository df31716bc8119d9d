"""What answers at the service's address, and what is wrong with it: each told by a sentence of its own.

Nobody here is asked for speech, so a plain server over TLS stands for the service.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.fakes import name_server
from tests.fakes.aws_sign_in import SignIn
from tests.fakes.gate import Do, Gate, on_thread
from tests.fakes.name_server import Names
from tests.fakes.polly_service import PollyService
from tests.integration.polly_command import harken, make_file, variables

NOW = datetime.now(UTC)
DAY = timedelta(days=1)
AUTHORITY = trustme.CA()


def issued(*names: str, by: trustme.CA = AUTHORITY, since: datetime = NOW - DAY, until: datetime = NOW + DAY) -> bytes:
    made = by.issue_cert(*names, not_before=since, not_after=until)
    return made.private_key_and_cert_chain_pem.bytes()


def self_signed() -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), NOW - DAY, NOW + DAY)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return private + made.public_bytes(pem)


@contextmanager
def service_with(certificate: bytes, folder: Path) -> Iterator[dict[str, str]]:
    """The environment of somebody who trusts AUTHORITY."""
    (folder / "certificate.pem").write_bytes(certificate)
    AUTHORITY.cert_pem.write_to_path(str(folder / "trusted.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "certificate.pem")
    with SignIn(lambda *_: None, context) as server:
        yield environment(server.url) | {"AWS_CA_BUNDLE": str(folder / "trusted.pem")}


def environment(endpoint: str) -> dict[str, str]:
    keys = {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "EXAMPLEKEY", "AWS_REGION": "us-east-1"}
    return keys | {"AWS_ENDPOINT_URL_POLLY": endpoint}


CERTIFICATES: dict[str, tuple[Callable[[], bytes], str]] = {
    "expired": (
        lambda: issued("localhost", since=NOW - 2 * DAY, until=NOW - DAY),
        "The certificate of localhost has expired. If this computer's date is right,",
    ),
    "not yet valid": (
        lambda: issued("localhost", since=NOW + DAY, until=NOW + 2 * DAY),
        "The certificate of localhost is not valid yet. Correct this computer's date.",
    ),
    "another host's": (
        lambda: issued("polly.example"),
        "The certificate of localhost is for a different name. Check the address.",
    ),
    "self-signed": (self_signed, "The certificate of localhost is not trusted because localhost signed it itself."),
    "an unknown issuer's": (
        lambda: issued("localhost", by=trustme.CA()),
        "The certificate of localhost is not trusted because its issuer is unknown here.",
    ),
}


@pytest.mark.parametrize("kind", CERTIFICATES)
def test_a_certificate_that_is_not_right(tmp_path: Path, kind: str) -> None:
    make, told = CERTIFICATES[kind]
    with service_with(make(), tmp_path) as env:
        made = make_file(tmp_path / "out.wav", env)
        assert made.code == 1
        assert made.err.startswith(f"harken: {told}")
        assert made.err.count("\n") == 1
        made = harken("doctor", "--polly", env=env)
        assert f"not DescribeVoices: {told}" in made.out


def test_a_certificate_that_is_right_is_no_reason(tmp_path: Path) -> None:
    with service_with(issued("localhost"), tmp_path) as env:
        assert "certificate" not in make_file(tmp_path / "out.wav", env).err


@pytest.mark.parametrize(
    ("then", "told"),
    [
        (Do.CLOSE_AT_HELLO, "localhost closed the connection before it was secured."),
        (Do.RESET, "localhost closed the connection before it was secured."),
        (Do.SILENT, "localhost did not answer in time."),
        (Do.CLOSE_WHEN_SECURED, "The connection to the voice service was lost."),
    ],
)
def test_a_host_that_does_not_answer(tmp_path: Path, then: Do, told: str) -> None:
    service, gate = PollyService(), Gate(then=then)
    with on_thread(service, gate):
        gate.to(service.port)
        made = make_file(tmp_path / "out.wav", variables(service, tmp_path, gate.authority))
    assert made.code == 1
    assert made.err.startswith(f"harken: {told}")
    assert made.err.count("\n") == 1
    assert "again" not in made.err  # nobody tries any more
    assert len(gate.done) > (then is not Do.SILENT)


def test_a_host_that_refuses(tmp_path: Path) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # and does not listen
        made = make_file(tmp_path / "out.wav", environment(f"https://localhost:{nobody.getsockname()[1]}"))
    assert (made.code, made.err.partition(". ")[0]) == (1, "harken: localhost refuses connections")


@pytest.mark.skipif(not name_server.is_possible(), reason="needs a network of its own")
@pytest.mark.parametrize(
    ("names", "told"),
    [
        (Names.NONE, "polly.invalid can't be found. Check your network connection and the region."),
        (Names.SILENT, "polly.invalid can't be found: no name server answers. Check your network connection."),
    ],
)
def test_a_host_that_is_not_there(tmp_path: Path, names: Names, told: str) -> None:
    made = make_file(tmp_path / "out.wav", environment("https://polly.invalid"), names=names)
    assert (made.code, made.err) == (1, f"harken: {told}\n")


def test_a_host_that_speaks_no_tls(tmp_path: Path) -> None:
    with SignIn(lambda *_: None) as server:
        made = make_file(tmp_path / "out.wav", environment(f"https://localhost:{server.port}"))
    assert (made.code, made.err) == (1, "harken: localhost does not support TLS at this address. Check the address.\n")


# ---- secrets in addresses ----


@pytest.mark.parametrize(
    "address",
    [
        "https://reader:s3cr3t@localhost:{port}",
        "https://reader:s3cr3t@localhost:{port}/path?token=s3cr3t#s3cr3t",
        "https://reader:a/s3cr3t@b@localhost:{port}",
        "http://reader:s3cr3t@localhost:{port}",
        "https://reader:s3cr3t@[half:{port}",
        "https://reader:s3cr3t@localhost:port",
    ],
)
def test_a_password_in_an_address_is_not_shown(tmp_path: Path, address: str) -> None:
    env = environment(address.format(port=1)) | {"HARKEN_DEBUG": "1"}
    runs = [harken(*command, env=env) for command in (("account",), ("account", "--json"), ("doctor", "--polly"))]
    runs.append(make_file(tmp_path / "out.wav", env))
    assert runs[-1].code == 1
    for made in runs:
        assert "s3cr3t" not in made.shown
        assert "Traceback" not in made.shown
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and b"s3cr3t" in path.read_bytes()]


def test_an_address_with_a_name_in_it_is_used_without(tmp_path: Path) -> None:
    service = PollyService()
    with on_thread(service):
        env = variables(service, tmp_path)
        env["AWS_ENDPOINT_URL_POLLY"] = service.endpoint.replace("https://", "https://reader:s3cr3t@")
        made = make_file(tmp_path / "out.wav", env)
        assert (made.code, made.shown) == (0, "")
        made = harken("account", env=env)
        assert f"endpoint {service.endpoint}\n" in made.out
