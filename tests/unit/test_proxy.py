"""Which proxy is taken for whom, and what of its address is shown."""

from __future__ import annotations

import base64

import pytest

from reader.errors import UnreachableError
from reader.http.address import Origin, without_secrets
from reader.http.desktop_proxy import DesktopProxy, of_gnome
from reader.http.proxy import Proxies, Proxy, bypasses

POLLY = Origin("polly.us-east-1.amazonaws.com", 443)


@pytest.mark.parametrize(
    ("without", "host", "port"),
    [
        ("*", "anything.example", 443),
        ("example.com", "example.com", 443),
        ("example.com", "polly.example.com", 443),
        (".example.com", "polly.example.com", 443),
        (".example.com", "example.com", 443),
        ("*.example.com", "polly.example.com", 443),
        ("EXAMPLE.com.", "Polly.Example.COM", 443),
        ("a.example b.example,c.example;d.example", "c.example", 443),
        ("example.com:8443", "example.com", 8443),
        ("localhost", "localhost", 1),
        ("127.0.0.1", "127.0.0.1", 443),
        ("127.0.0.1:8443", "127.0.0.1", 8443),
        ("10.0.0.0/8", "10.20.30.40", 443),
        ("10.1.2.3/8", "10.20.30.40", 443),
        ("::1", "::1", 443),
        ("[::1]", "::1", 443),
        ("[::1]:8443", "0:0:0:0:0:0:0:1", 8443),
        ("fd00::/8", "fd12::1", 443),
    ],
)
def test_who_is_reached_without(without: str, host: str, port: int) -> None:
    assert bypasses(without, host, port)


@pytest.mark.parametrize(
    ("without", "host", "port"),
    [
        ("", "example.com", 443),
        (", ,", "example.com", 443),
        (".", "example.com", 443),
        ("ample.com", "example.com", 443),
        ("example.com", "example.com.evil.example", 443),
        ("polly.example.com", "example.com", 443),
        ("example.com:8443", "example.com", 443),
        ("127.0.0.1", "127.0.0.11", 443),
        ("10.0.0.0/8", "11.0.0.1", 443),
        ("10.0.0.0/8", "10.example.com", 443),
        ("10.0.0.0/99", "10.0.0.1", 443),
        ("::1", "::2", 443),
        ("[::1]:8443", "::1", 443),
    ],
)
def test_who_is_not(without: str, host: str, port: int) -> None:
    assert not bypasses(without, host, port)


@pytest.mark.parametrize(
    ("address", "shown", "user"),
    [
        ("http://proxy.example:3128", "http://proxy.example:3128", ""),
        ("proxy.example:3128", "http://proxy.example:3128", ""),
        ("proxy.example", "http://proxy.example:80", ""),
        ("https://proxy.example", "https://proxy.example:443", ""),
        ("http://[::1]:3128/", "http://[::1]:3128", ""),
        ("http://me:pass@proxy.example:3128", "http://proxy.example:3128", "me:pass"),
        ("me:p%40ss%3a@proxy.example", "http://proxy.example:80", "me:p@ss:"),
        ("http://me@proxy.example", "http://proxy.example:80", "me:"),
    ],
)
def test_addresses_of_proxies(address: str, shown: str, user: str) -> None:
    proxy = Proxy.of(address, "HTTPS_PROXY")
    assert proxy.shown == shown
    sent = proxy.authorization.removeprefix("Basic ")
    assert base64.b64decode(sent).decode() == user
    assert Proxy.of(proxy.with_secrets, "HTTPS_PROXY") == proxy
    assert "pass" not in repr(proxy)


@pytest.mark.parametrize(
    "address",
    [
        "socks5h://me:pass@proxy:1080",
        "http://me:pass@",
        "http://me:pass@proxy:port",
        "http://me:pass@[::1",
        "ftp://proxy",
    ],
)
def test_addresses_that_are_none(address: str) -> None:
    with pytest.raises(UnreachableError) as caught:
        Proxy.of(address, "HTTPS_PROXY")
    assert "pass" not in caught.value.sentence
    assert "HTTPS_PROXY" in caught.value.sentence
    assert caught.value.code == "proxy-address"


def proxies(environment: dict[str, str], desktop: DesktopProxy | None = None) -> Proxies:
    async def ask() -> DesktopProxy:
        return desktop or DesktopProxy()

    return Proxies(environment, ask)


HERE = DesktopProxy("http://desktop.example:8080", "the desktop's settings", "intern.example,10.0.0.0/8")


@pytest.mark.parametrize(
    ("environment", "source"),
    [
        ({"https_proxy": "a.example", "HTTPS_PROXY": "b.example"}, "https_proxy"),
        ({"HTTPS_PROXY": "b.example", "all_proxy": "c.example"}, "HTTPS_PROXY"),
        ({"https_proxy": "", "ALL_PROXY": "c.example"}, "ALL_PROXY"),
        ({"http_proxy": "d.example"}, "the desktop's settings"),
        ({"HTTPS_PROXY": "b.example", "NO_PROXY": "amazonaws.com"}, None),
        ({"NO_PROXY": "amazonaws.com"}, None),
        ({}, "the desktop's settings"),
    ],
)
async def test_who_names_it(environment: dict[str, str], source: str | None) -> None:
    found = await proxies(environment, HERE).find(POLLY)
    assert (found.source if found else None) == source


async def test_exceptions_of_the_desktop() -> None:
    for host in ("intern.example", "a.intern.example", "10.1.1.1"):
        assert await proxies({}, HERE).find(Origin(host, 443)) is None


async def test_what_other_programs_are_told() -> None:
    assert await proxies({}, HERE).variables() == {
        "HTTPS_PROXY": "http://desktop.example:8080",
        "NO_PROXY": "intern.example,10.0.0.0/8",
    }
    all_proxy = {"ALL_PROXY": "http://me:p%40ss@c.example", "no_proxy": "x.example"}
    assert await proxies(all_proxy).variables() == {
        "HTTPS_PROXY": "http://me:p%40ss@c.example:80",
        "NO_PROXY": "x.example",
    }
    assert await proxies({"HTTPS_PROXY": "http://c.example"}, HERE).variables() == {}
    assert await proxies({"ALL_PROXY": "socks5://c.example"}, HERE).variables() == {}
    assert await proxies({}).variables() == {}


GNOME = """org.gnome.system.proxy autoconfig-url ''
org.gnome.system.proxy ignore-hosts ['localhost', '127.0.0.0/8', '::1']
org.gnome.system.proxy mode 'manual'
org.gnome.system.proxy use-same-proxy {same}
org.gnome.system.proxy.ftp host ''
org.gnome.system.proxy.http authentication-password 'p@ss'
org.gnome.system.proxy.http authentication-user 'me'
org.gnome.system.proxy.http enabled false
org.gnome.system.proxy.http host '{http}'
org.gnome.system.proxy.http port 8080
org.gnome.system.proxy.http use-authentication {auth}
org.gnome.system.proxy.https host '{https}'
org.gnome.system.proxy.https port 3128
org.gnome.system.proxy.socks host '{socks}'
org.gnome.system.proxy.socks port uint32 1080
"""


@pytest.mark.parametrize(
    ("values", "address"),
    [
        ({"https": "s.example", "http": "h.example"}, "http://s.example:3128"),
        ({"http": "h.example"}, "http://h.example:8080"),
        ({"http": "h.example", "auth": "true"}, "http://me:p%40ss@h.example:8080"),
        ({"https": "s.example", "http": "h.example", "auth": "true"}, "http://s.example:3128"),
        ({"http": "h.example", "same": "false"}, ""),
        ({"socks": "k.example"}, "socks://k.example:1080"),
        ({}, ""),
    ],
)
def test_gnome_s_settings(values: dict[str, str], address: str) -> None:
    found = of_gnome(GNOME.format(**{"same": "true", "auth": "false", "http": "", "https": "", "socks": "", **values}))
    assert found.address == address
    assert found.without == ("localhost,127.0.0.0/8,::1" if address else "")


@pytest.mark.parametrize(
    "listed", ["", "No such schema “org.gnome.system.proxy”", "a\n\n b c d", "org.gnome.system.proxy x ["]
)
def test_what_is_no_list_of_settings(listed: str) -> None:
    assert of_gnome(listed) == DesktopProxy()


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://polly.example", "https://polly.example"),
        ("https://me:secret@polly.example:8443/path", "https://polly.example:8443/path"),
        ("https://me:se/cr@et@polly.example", "https://polly.example"),
        ("https://polly.example/?token=secret#secret", "https://polly.example/"),
        ("me:secret@polly.example", "polly.example"),
        ("  https://secret@polly.example\n", "https://polly.example"),
        ("https://me:sec\nret@polly.example", "https://polly.example"),
        ("nonsense", "nonsense"),
        ("", ""),
    ],
)
def test_what_is_shown_of_an_address(address: str, shown: str) -> None:
    assert without_secrets(address) == shown
