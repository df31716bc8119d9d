"""Amazon Polly behind a proxy: reached through it, or said in a sentence why not, and its password nowhere."""

from __future__ import annotations

import os
import shutil
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from reader.errors import UnreachableError
from reader.http.address import Origin
from reader.http.proxy import Proxy
from reader.http.tunnel import Way, tunnel
from tests.fakes.aws_sign_in import SignIn, assumed
from tests.fakes.connect_proxy import ConnectProxy, Manner
from tests.fakes.gate import on_thread
from tests.fakes.polly_service import PollyService, words
from tests.fakes.polly_service.service import _authority
from tests.integration.polly_command import TEXT, Outcome, harken, in_file, make_file, variables

# A host that only the proxy can reach.
HOST = "polly.behind.example"
PASSWORD = "p@ss/wörd"
USER = f"mona-lisa:{PASSWORD}"
IN_ADDRESS = "mona-lisa:p%40ss%2Fw%C3%B6rd"


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
        for secret in (PASSWORD, IN_ADDRESS, "p%40ss", "mona-lisa"):
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
        assert made.err.startswith(f"harken: The proxy {behind.proxy.address} requires a user name and password.")
        made = behind.file(HTTPS_PROXY=behind.proxy.address_for("mona-lisa:other"))
        assert made.code == 1
        assert "does not accept the user name and password" in made.err


def test_a_sign_in_that_harken_does_not_know(tmp_path: Path) -> None:
    for behind in _behind(tmp_path, ConnectProxy(user=USER, scheme="NTLM")):
        made = behind.file(HTTPS_PROXY=behind.proxy.address_for(IN_ADDRESS))
        assert made.code == 1
        assert "requires a kind of sign-in that Harken does not support (NTLM)" in made.err


def test_a_proxy_that_is_spoken_to_over_tls(tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    _authority().issue_cert("localhost").configure_cert(context)
    context.set_alpn_protocols(["h2", "http/1.1"])  # it takes the client's word for what is spoken
    for behind in _behind(tmp_path, ConnectProxy(tls=context)):
        made = behind.file(HTTPS_PROXY=behind.proxy.address)
        assert (made.code, made.shown) == (0, "")
        assert len(behind.proxy.tunnels) >= 2


def test_a_proxy_that_refuses(behind: Behind) -> None:
    behind.proxy.status = 403
    made = behind.file(HTTPS_PROXY=behind.proxy.address)
    assert made.code == 1
    assert made.err.startswith(f"harken: The proxy {behind.proxy.address} {REFUSALS[403]}.")
    assert made.err.count("\n") == 1
    assert behind.service.handshakes == 0


@pytest.mark.parametrize("manner", [Manner.NO_HTTP, Manner.BYTES_BEHIND])
def test_what_is_no_proxy(behind: Behind, manner: Manner) -> None:
    behind.proxy.manner = manner
    made = behind.file(HTTPS_PROXY=behind.proxy.address)
    assert made.code == 1
    assert f"{behind.proxy.address} {MANNERS[Manner.NO_HTTP]}" in made.err
    assert made.err.count("\n") == 1
    assert behind.service.requests == []


# What these commands say, where all of them need no process.
REFUSALS = {
    403: "does not allow connections to localhost (403)",
    502: "can't reach localhost (502)",
    503: "can't reach localhost (503)",
    504: "can't reach localhost (504)",
    500: "refused to connect to localhost (500)",
    302: "refused to connect to localhost (302)",
}
MANNERS = {
    Manner.CLOSE: "closed the connection without answering.",
    Manner.SILENCE: "did not answer in time.",
    Manner.NO_HTTP: "is not an HTTP proxy.",
}


async def refused(proxy: ConnectProxy, limit_s: float) -> str:
    """The sentence of a way that leads nowhere."""
    way = Way(Proxy.of(proxy.address, "HTTPS_PROXY"), ssl.create_default_context())
    with pytest.raises(UnreachableError) as caught:
        await tunnel(Origin("localhost", 443), way, limit_s)
    return caught.value.sentence


@pytest.mark.parametrize("status", REFUSALS)
async def test_each_refusal_is_told(status: int) -> None:
    async with ConnectProxy() as proxy:
        proxy.status = status
        assert (await refused(proxy, 60)).startswith(f"The proxy {proxy.address} {REFUSALS[status]}.")


@pytest.mark.parametrize("manner", MANNERS)
async def test_each_that_is_no_proxy_is_told(manner: Manner) -> None:
    async with ConnectProxy() as proxy:
        proxy.manner = manner
        told = await refused(proxy, 5 if manner is Manner.SILENCE else 60)
        assert f"{proxy.address} {MANNERS[manner]}" in told


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


# ---- who gives keys ----


def certified(*names: str) -> ssl.SSLContext:
    """For a server that is who it says to whoever trusts the stand-in."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    _authority().issue_cert(*names).configure_cert(context)
    return context


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "ALL_PROXY"])
def test_aws_sign_in_services_are_reached_through_it_too(behind: Behind, name: str) -> None:
    aws = behind.folder / ".aws"
    aws.mkdir()
    (aws / "config").write_text("[profile role]\nrole_arn=arn:aws:iam::111122223333:role/x\nsource_profile=base\n")
    (aws / "credentials").write_text("[base]\naws_access_key_id=AKIDBASE\naws_secret_access_key=BASEKEY\n")
    keys = assumed("ASIAEXAMPLE", "2199-01-01T00:00:00Z")
    with SignIn(lambda what, body, headers: keys if "AssumeRole" in body else None, certified("localhost")) as sts:
        behind.proxy.reaches[f"localhost:{sts.port}"] = sts.port
        env = {"AWS_PROFILE": "role", "AWS_ENDPOINT_URL_STS": sts.url, name: behind.proxy.address}
        env |= {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}
        made = behind.harken("account", **env)
        assert (made.code, made.err) == (0, "")
        assert "profile “role” (role)" in made.out
        assert behind.proxy.tunnels == [f"localhost:{sts.port}"]

        behind.proxy.status = 403
        made = behind.harken("account", **env)
        assert made.code == 1
        assert "AWS's sign-in service, but the proxy does not let Harken reach it." in made.err


# ---- the desktop's own setting ----


needs_gsettings = pytest.mark.skipif(not shutil.which("gsettings"), reason="not installed: gsettings")


def set_in_gnome(folder: Path, **values: str) -> dict[str, str]:
    """The environment of a desktop with these settings in a file, as GSettings keeps them where there is no dconf."""
    settings = folder / "glib-2.0" / "settings"
    settings.mkdir(parents=True, exist_ok=True)
    groups: dict[str, list[str]] = {}
    for name, value in values.items():
        group, _, key = name.rpartition("_")
        where = f"system/proxy/{group}".rstrip("/")
        groups.setdefault(where, []).append(f"{key.replace('Q', '-')}={value}")
    (settings / "keyfile").write_text("\n".join(f"[{group}]\n" + "\n".join(rows) for group, rows in groups.items()))
    return {"GSETTINGS_BACKEND": "keyfile", "XDG_CURRENT_DESKTOP": "GNOME"}


@needs_gsettings
def test_the_proxy_for_http_in_gnome_s_settings_is_that_for_all(behind: Behind) -> None:
    here = {"http_host": "'localhost'", "http_port": str(behind.proxy.port)}
    made = behind.file(**set_in_gnome(behind.folder, mode="'manual'", ignoreQhosts="['other.example']", **here))
    assert (made.code, made.shown) == (0, "")
    assert behind.proxy.tunnels


@needs_gsettings
def test_the_proxy_of_gnome_s_settings(behind: Behind) -> None:
    here = {"https_host": "'localhost'", "https_port": str(behind.proxy.port)}
    env = set_in_gnome(behind.folder, mode="'manual'", ignoreQhosts="['other.example', '10.0.0.0/8']", **here)
    made = behind.file(**env)
    assert (made.code, made.shown) == (0, "")
    assert behind.proxy.tunnels
    made = behind.harken("doctor", "--polly", **env)
    assert f"through the proxy {behind.proxy.address}, named by the desktop's settings\n" in made.out
    # A variable counts more, and so does a list of exceptions.
    behind.proxy.tunnels.clear()
    assert "localhost refuses connections." in behind.file(**env, HTTPS_PROXY="http://localhost:1").err
    assert behind.file(**env, NO_PROXY="localhost").code == 0
    env = set_in_gnome(behind.folder, mode="'manual'", ignoreQhosts="['localhost', '127.0.0.0/8']", **here)
    assert behind.file(**env).code == 0
    env = set_in_gnome(behind.folder, mode="'none'", **here)
    assert behind.file(**env).code == 0
    assert behind.proxy.tunnels == []


@needs_gsettings
def test_a_script_in_gnome_s_settings_is_told(behind: Behind) -> None:
    env = set_in_gnome(behind.folder, mode="'auto'", autoconfigQurl="'http://localhost:1/proxy.pac'")
    made = behind.harken("doctor", "--polly", **env)
    assert "the desktop's proxy is set by a script (automatic configuration), which Harken can't run" in made.out


def test_a_gsettings_that_is_killed_is_asked_again(behind: Behind) -> None:
    deaths, program = behind.folder / "deaths", behind.folder / "gsettings"
    here = ["org.gnome.system.proxy.https host 'localhost'", f"org.gnome.system.proxy.https port {behind.proxy.port}"]
    says = "\n".join(["org.gnome.system.proxy mode 'manual'", *here])
    program.write_text(f"#!/bin/sh\n[ -f {deaths} ] || {{ touch {deaths}; kill -9 $$; }}\ncat <<END\n{says}\nEND\n")
    program.chmod(0o755)
    path = f"{behind.folder}:{os.environ['PATH']}"
    made = behind.file(XDG_CURRENT_DESKTOP="GNOME", PATH=path)
    assert (made.code, made.shown) == (0, "")
    assert deaths.exists()
    assert behind.proxy.tunnels


def test_the_proxy_of_kde_s_settings(behind: Behind) -> None:
    rows = f"[Proxy Settings]\nProxyType=1\nhttpsProxy=http://localhost {behind.proxy.port}\nNoProxyFor=other.example\n"
    (behind.folder / "kioslaverc").write_text(rows)
    made = behind.file(XDG_CURRENT_DESKTOP="KDE")
    assert (made.code, made.shown) == (0, "")
    assert behind.proxy.tunnels
