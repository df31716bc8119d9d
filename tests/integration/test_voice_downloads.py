"""What a server, a disk and others may do to a download: it ends with a sentence, and nothing half is kept as whole."""

from __future__ import annotations

import asyncio
import ssl
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import trustme

from reader.errors import HarkenError
from reader.http.proxy import Proxies
from reader.voices.offered import download as module
from reader.voices.offered.download import download
from reader.voices.offered.web import Web
from tests.fakes.connect_proxy import ConnectProxy
from tests.fakes.voice_server import Manner, VoiceServer

DATA = bytes(range(256)) * 20_000  # 5 MB


async def has(server: VoiceServer, target: Path, *, name: str = "a.onnx", web: Web | None = None) -> str:
    """The sentence that a download ends with, "" where the file is there."""
    file = server.file(name, DATA)
    try:
        await download(web or Web(), file, target, [server.host], lambda _: None)
    except HarkenError as error:
        sentence = error.sentence
    else:
        sentence = ""
    if sentence:
        assert not target.exists()
        assert sentence.endswith(".")
        assert "\n" not in sentence
        return sentence
    assert target.read_bytes() == DATA
    assert not part_of(target).exists()
    return ""


def part_of(target: Path) -> Path:
    return target.with_name(target.name + module.PART)


async def test_a_file_arrives_with_its_sums_and_what_has_come_is_told(tmp_path: Path) -> None:
    async with VoiceServer() as server:
        told: list[int] = []
        file = server.file("a.onnx", DATA)
        await download(Web(), file, tmp_path / "in" / "a.onnx", [server.host], told.append)
        assert (tmp_path / "in" / "a.onnx").read_bytes() == DATA
        assert told == sorted(told)
        assert told[-1] == len(DATA)


@pytest.mark.parametrize(
    ("manner", "words", "is_kept"),
    [
        (Manner.CUT, "was interrupted", True),
        (Manner.UNSAID_END, "was interrupted", True),
        (Manner.NO_HTTP, "was interrupted", False),
        (Manner.WRONG_BYTES, "wrong checksum", False),
        (Manner.SHORTER, "expected size", False),
        (Manner.LONGER, "expected size", False),
        (Manner.ENDLESS, "expected size", False),
        (Manner.TRICKLE, "too slow", True),
        (Manner.LOOP, "redirected Harken too many times", False),
        (Manner.ELSEWHERE, "not in the list of voices", False),
        (404, "no longer at its address", False),
        (403, "(HTTP 403)", False),
        (500, "(HTTP 500)", False),
    ],
)
async def test_each_fault_ends_with_a_sentence(
    manner: Manner | int, words: str, is_kept: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SLOW_S", 0.05)
    async with VoiceServer() as server:
        server.manners = [manner]
        server.elsewhere = "http://localhost:1/a.onnx"
        target = tmp_path / "a.onnx"
        assert words in await has(server, target)
        kept = part_of(target).stat().st_size if part_of(target).exists() else 0
        assert bool(kept) is is_kept
        server.manners = []
        assert await has(server, target) == ""
        assert server.log[-1][1] == kept


@pytest.mark.parametrize(
    ("sums", "is_right"),
    [
        ({"sha256": ""}, True),
        ({"md5": ""}, True),
        ({"md5": "0" * 32, "sha256": ""}, False),
        ({"md5": "", "sha256": "0" * 64}, False),
        ({"sha256": "0" * 64}, False),  # the better one counts, whatever the other says
        ({"md5": "0" * 32}, False),
    ],
)
async def test_each_sum_that_is_known_has_to_be_right(sums: dict[str, str], is_right: bool, tmp_path: Path) -> None:
    async with VoiceServer() as server:
        file, target = server.file("a.onnx", DATA, **sums), tmp_path / "a.onnx"
        if is_right:
            await download(Web(), file, target, [server.host], lambda _: None)
            assert target.read_bytes() == DATA
        else:
            with pytest.raises(HarkenError, match="wrong checksum and was deleted"):
                await download(Web(), file, target, [server.host], lambda _: None)
            assert list(tmp_path.glob("a.*")) == []


@pytest.mark.own_time
async def test_a_server_that_is_silent_is_not_waited_for(tmp_path: Path) -> None:
    async with VoiceServer() as server:
        server.manners = [Manner.SILENCE]
        assert "was interrupted" in await has(server, tmp_path / "a.onnx")


async def test_one_that_broke_off_once_goes_on_by_itself(tmp_path: Path) -> None:
    async with VoiceServer() as server:
        server.manners = [Manner.CUT, Manner.NO_RANGE]
        assert await has(server, tmp_path / "a.onnx") == ""
        assert [start for _, start in server.log] == [0, len(DATA) // 2]


@pytest.mark.parametrize("manner", [None, Manner.OTHER_RANGE, 416])
async def test_a_file_that_has_changed_since_is_downloaded_again(manner: Manner | int | None, tmp_path: Path) -> None:
    target = tmp_path / "a.onnx"
    part_of(target).write_bytes(b"of another file" * 1000)
    async with VoiceServer() as server:
        server.manners = [manner, Manner.NO_RANGE] if manner else []
        assert await has(server, target) == ""
        assert [start for _, start in server.log] == [15_000, 0]


async def test_an_answer_of_another_size_costs_nothing_of_what_is_here(tmp_path: Path) -> None:
    target = tmp_path / "a.onnx"
    part_of(target).write_bytes(DATA[:1000])
    async with VoiceServer() as server:
        file, server.files["/a.onnx"] = server.file("a.onnx", DATA), b"<p>We are updating this site.</p>"
        server.manners = [Manner.NO_RANGE]
        with pytest.raises(HarkenError, match="expected size"):
            await download(Web(), file, target, [server.host], lambda _: None)
    assert part_of(target).read_bytes() == DATA[:1000]


async def test_what_is_here_as_a_whole_is_not_asked_for_again(tmp_path: Path) -> None:
    part_of(tmp_path / "a.onnx").write_bytes(DATA)
    async with VoiceServer() as server:
        assert await has(server, tmp_path / "a.onnx") == ""
        assert server.log == []


async def test_more_than_the_whole_is_thrown_away(tmp_path: Path) -> None:
    part_of(tmp_path / "a.onnx").write_bytes(DATA + b"x")
    async with VoiceServer() as server:
        assert await has(server, tmp_path / "a.onnx") == ""
        assert server.log == [("/a.onnx", 0)]


async def test_one_that_is_stopped_goes_on_later(tmp_path: Path) -> None:
    target = tmp_path / "a.onnx"
    async with VoiceServer() as server:
        server.manners = [Manner.STOP]
        file = server.file("a.onnx", DATA)
        arrived = asyncio.Event()

        def tell(have: int) -> None:
            if have == len(DATA) // 2:
                arrived.set()

        task = asyncio.create_task(download(Web(), file, target, [server.host], tell))
        await arrived.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert part_of(target).read_bytes() == DATA[: len(DATA) // 2]
        server.manners = []
        assert await has(server, target) == ""
        assert server.log[-1][1] == len(DATA) // 2


async def test_a_folder_that_is_none_is_said(tmp_path: Path) -> None:
    (tmp_path / "in").write_bytes(b"")
    async with VoiceServer() as server:
        file = server.file("a.onnx", DATA)
        with pytest.raises(HarkenError, match="can't be saved"):
            await download(Web(), file, tmp_path / "in" / "a.onnx", [server.host], lambda _: None)


@pytest.mark.skipif(sys.platform == "win32", reason="has no such limit")
async def test_a_disk_that_takes_no_more_says_so_and_goes_on_when_it_does(tmp_path: Path) -> None:
    import resource

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    async with VoiceServer() as server:
        resource.setrlimit(resource.RLIMIT_FSIZE, (len(DATA) // 2, before[1]))
        try:
            assert "can't be saved" in await has(server, tmp_path / "a.onnx")
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        assert await has(server, tmp_path / "a.onnx") == ""
        assert server.log[-1][1] == len(DATA) // 2


def trusted() -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """(a server's, a client's)."""
    authority = trustme.CA()
    server, client = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH), ssl.create_default_context()
    authority.issue_cert("127.0.0.1", "voices.example").configure_cert(server)
    authority.configure_trust(client)
    return server, client


async def test_over_tls_a_server_sends_on_to_a_host_of_a_named_domain(tmp_path: Path) -> None:
    server_tls, client_tls = trusted()
    async with VoiceServer(server_tls) as server, ConnectProxy() as proxy:
        proxy.reaches = {"voices.example:443": server.port, f"127.0.0.1:{server.port}": server.port}
        server.manners = [Manner.ELSEWHERE, Manner.NO_RANGE]
        server.elsewhere = "https://voices.example/a.onnx"
        web = Web(client_tls, Proxies({"https_proxy": proxy.address}))
        file = server.file("a.onnx", DATA)
        await download(web, file, tmp_path / "a.onnx", [server.host, "voices.example"], lambda _: None)
        assert (tmp_path / "a.onnx").read_bytes() == DATA
        assert proxy.tunnels == [f"127.0.0.1:{server.port}", "voices.example:443"]


async def test_over_tls_nobody_is_sent_on_to_plain_http(tmp_path: Path) -> None:
    server_tls, client_tls = trusted()
    async with VoiceServer(server_tls) as server:
        server.manners = [Manner.ELSEWHERE]
        server.elsewhere = "http://voices.example/a.onnx"
        file = server.file("a.onnx", DATA)
        with pytest.raises(HarkenError, match="not in the list of voices"):
            await download(
                Web(client_tls, Proxies({})), file, tmp_path / "a.onnx", [server.host, "voices.example"], lambda _: None
            )


async def test_a_proxy_a_certificate_and_no_network_are_told_apart(tmp_path: Path) -> None:
    server_tls, client_tls = trusted()
    async with VoiceServer(server_tls) as server, ConnectProxy() as proxy:
        proxy.status = 403
        target = tmp_path / "a.onnx"
        through = Web(client_tls, Proxies({"https_proxy": proxy.address}))
        assert "The proxy" in await has(server, target, web=through)
        assert "certificate" in await has(server, target, web=Web(proxies=Proxies({})))
        file = replace(server.file("a.onnx", DATA), url="https://nowhere.invalid/a.onnx")
        with pytest.raises(HarkenError, match="Check your network connection") as told:
            await download(Web(client_tls, Proxies({})), file, target, ["nowhere.invalid"], lambda _: None)
        assert "proxy" not in told.value.sentence
    file = replace(file, url=f"http://127.0.0.1:{server.port}/")
    with pytest.raises(HarkenError, match="refuses connections"):
        await download(Web(), file, target, [server.host], lambda _: None)
