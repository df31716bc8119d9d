"""Amazon Polly behind a proxy: reached through it, or said in a sentence why not, and its password nowhere."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.fakes.connect_proxy import ConnectProxy, Manner
from tests.fakes.gate import on_thread
from tests.fakes.polly_service import PollyService, words
from tests.fakes.polly_service.service import _authority
from tests.integration.polly_command import TEXT, Outcome, harken, in_file, make_file, variables

# A host that only the proxy can reach.
HOST = "polly.behind.example"
PASSWORD = "p@ss/wörd"
USER = f"reader:{PASSWORD}"
IN_ADDRESS = "reader:p%40ss%2Fw%C3%B6rd"


@dataclass
class Behind:
    """A service that only the proxy reaches, and its user's environment."""

    service: PollyService
    proxy: ConnectProxy
    folder: Path
    env: dict[str, str] = field(default_factory=dict)

    def file(self, *more: str, **env: str) -> Outcome:
        made = make_file(self.folder / "out.wav", self.env | env, *more)
        self.check_secrets(made)
        return made

    def harken(self, *arguments: str, **env: str) -> Outcome:
        made = harken(*arguments, env=self.env | env)
        self.check_secrets(made)
        return made

    def check_secrets(self, made: Outcome) -> None:
        """The password is neither shown nor written down."""
        written = [path.read_bytes() for path in self.folder.rglob("*") if path.is_file()]
        for secret in (PASSWORD, IN_ADDRESS, "p%40ss", "reader:"):
            assert secret not in made.shown
            assert not [data for data in written if secret.encode() in data]


@pytest.fixture
def behind(tmp_path: Path) -> Iterator[Behind]:
    yield from _behind(tmp_path, ConnectProxy())


def _behind(folder: Path, proxy: ConnectProxy) -> Iterator[Behind]:
    service = PollyService()
    with on_thread(service, proxy):
        # The certificate is that of localhost, which is looked for in the stand-in's name.
        proxy.reaches[f"localhost:{service.port}"] = service.port
        yield Behind(service, proxy, folder, variables(service, folder) | {"HARKEN_DEBUG": ""})


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"])
def test_streams_and_calls_go_through_the_proxy(behind: Behind, name: str) -> None:
    made = behind.file(**{name: behind.proxy.address})
    assert (made.code, made.shown) == (0, "")
    assert in_file(behind.folder / "out.wav") == words(TEXT)
    # All there were: the list of voices and the stream.
    assert len(behind.proxy.tunnels) == behind.service.handshakes >= 2
    assert behind.proxy.refusals == []


def test_voices_without_streams_too(behind: Behind) -> None:
    path = behind.folder / "out.wav"
    env = behind.env | {"HTTPS_PROXY": behind.proxy.address}
    voice = ("--voice", "polly-sentences/Matthew-neural")
    made = harken("speak", *voice, "--text", TEXT, "--out", str(path), env=env)
    assert (made.code, made.shown) == (0, "")
    assert len(behind.proxy.tunnels) == behind.service.handshakes >= 1


def test_the_lower_case_variable_comes_first_and_http_proxy_is_for_other_addresses(behind: Behind) -> None:
    env = {"https_proxy": behind.proxy.address, "HTTPS_PROXY": "http://localhost:1", "http_proxy": "http://localhost:1"}
    assert behind.file(**env).code == 0
    assert behind.proxy.tunnels
    behind.proxy.tunnels.clear()
    assert behind.file(HTTP_PROXY=behind.proxy.address).code == 0
    assert behind.proxy.tunnels == []


def test_an_address_without_its_scheme(behind: Behind) -> None:
    assert behind.file(HTTPS_PROXY=f"localhost:{behind.proxy.port}").code == 0
    assert behind.proxy.tunnels


@pytest.mark.parametrize("without", ["*", "localhost", "other.example, localhost:{port}", "LOCALHOST."])
def test_some_are_reached_without(behind: Behind, without: str) -> None:
    made = behind.file(HTTPS_PROXY="http://localhost:1", NO_PROXY=without.format(port=behind.service.port))
    assert (made.code, made.shown) == (0, "")


def test_a_name_and_a_password(tmp_path: Path) -> None:
    for behind in _behind(tmp_path, ConnectProxy(user=USER)):
        made = behind.file(HTTPS_PROXY=behind.proxy.address_for(IN_ADDRESS))
        assert (made.code, made.shown) == (0, "")
        assert behind.proxy.tunnels
        made = behind.harken("doctor", "--polly", HTTPS_PROXY=behind.proxy.address_for(IN_ADDRESS), HARKEN_DEBUG="1")
        assert f"through the proxy {behind.proxy.address}, named by HTTPS_PROXY\n" in made.out
        assert "may call DescribeVoices" in made.out

        made = behind.file(HTTPS_PROXY=behind.proxy.address)
        assert made.code == 1
        assert made.err.startswith(f"harken: The proxy {behind.proxy.address} wants a name and a password.")
        made = behind.file(HTTPS_PROXY=behind.proxy.address_for("reader:other"))
        assert made.code == 1
        assert "does not accept the name and the password" in made.err


def test_a_sign_in_that_harken_does_not_know(tmp_path: Path) -> None:
    for behind in _behind(tmp_path, ConnectProxy(user=USER, scheme="NTLM")):
        made = behind.file(HTTPS_PROXY=behind.proxy.address_for(IN_ADDRESS))
        assert made.code == 1
        assert "wants a kind of sign-in that Harken does not know (NTLM)" in made.err


def test_a_proxy_that_is_spoken_to_over_tls(tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    _authority().issue_cert("localhost").configure_cert(context)
    context.set_alpn_protocols(["h2", "http/1.1"])  # it takes the client's word for what is spoken
    for behind in _behind(tmp_path, ConnectProxy(tls=context)):
        made = behind.file(HTTPS_PROXY=behind.proxy.address)
        assert (made.code, made.shown) == (0, "")
        assert len(behind.proxy.tunnels) >= 2


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (403, "does not allow connections to localhost (403)"),
        (502, "can't reach localhost (502)"),
        (503, "can't reach localhost (503)"),
        (504, "can't reach localhost (504)"),
        (500, "refused to connect to localhost (500)"),
        (302, "refused to connect to localhost (302)"),
    ],
)
def test_a_proxy_that_refuses(behind: Behind, status: int, told: str) -> None:
    behind.proxy.status = status
    made = behind.file(HTTPS_PROXY=behind.proxy.address)
    assert made.code == 1
    assert made.err.startswith(f"harken: The proxy {behind.proxy.address} {told}.")
    assert made.err.count("\n") == 1
    assert behind.service.handshakes == 0


@pytest.mark.parametrize(
    ("manner", "told"),
    [
        (Manner.CLOSE, "closed the connection without an answer."),
        (Manner.SILENCE, "did not answer in time."),
        (Manner.NO_HTTP, "is no HTTP proxy."),
        (Manner.BYTES_BEHIND, "is no HTTP proxy."),
    ],
)
def test_what_is_no_proxy(behind: Behind, manner: Manner, told: str) -> None:
    behind.proxy.manner = manner
    made = behind.file(HTTPS_PROXY=behind.proxy.address)
    assert made.code == 1
    assert told in made.err
    assert behind.proxy.address in made.err
    assert made.err.count("\n") == 1
    assert behind.service.requests == []


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("http://localhost:1", "localhost refuses connections."),
        ("http://proxy.invalid:8080", "proxy.invalid can't be found"),
        (
            "socks5://reader:secret@localhost:1080",
            "Harken can't use the proxy “socks5://localhost:1080” (HTTPS_PROXY).",
        ),
        ("http://reader:se/cr@et@[half", "Harken can't use the proxy “http://[half” (HTTPS_PROXY)."),
    ],
)
def test_a_proxy_that_is_not_there(behind: Behind, address: str, told: str) -> None:
    made = behind.file(HTTPS_PROXY=address)
    assert made.code == 1
    assert made.err.startswith(f"harken: {told}")
    assert "HTTPS_PROXY" in made.err
    assert "secret" not in made.err
    assert "cr@et" not in made.err
    assert behind.service.handshakes == 0
