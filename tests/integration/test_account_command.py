"""`harken account` as a user has it: a program, a keyring, a terminal."""

import asyncio
import json
import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from reader.credentials.credentials import Credentials
from reader.errors import InstanceError
from reader.ipc.choose import socket_address
from reader.ipc.server import Connection, Message, Server
from tests.desktop import secrets
from tests.desktop.secrets import SessionBus
from tests.integration.test_polly_app import harken as running_harken

pytestmark = pytest.mark.skipif(
    bool(secrets.missing()) and not os.environ.get("CI"), reason=f"not installed: {', '.join(secrets.missing())}"
)
HARKEN = [sys.executable, "-m", "reader", "account"]
ACCESS_KEY, SECRET_KEY = "AKIDEXAMPLE", "EXAMPLEKEY"


@pytest.fixture
def bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SessionBus]:
    with SessionBus(tmp_path) as bus:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus.address)
        bus.start_keyring(is_unlocked=True)
        yield bus


def harken(*arguments: str, given: str = "") -> tuple[int, str, str]:
    """(exit code, standard output, standard error)."""
    ended = subprocess.run([*HARKEN, *arguments], input=given, capture_output=True, text=True, check=False)
    shown = ended.stdout + ended.stderr
    assert SECRET_KEY not in shown
    assert ACCESS_KEY not in shown
    return ended.returncode, ended.stdout, ended.stderr


def test_keys_come_and_go(bus: SessionBus) -> None:
    code, out, err = harken()
    assert code == 1
    assert "not keyring: it has no keys for Harken" in out
    assert err.startswith("harken: Harken found no AWS keys.")
    assert err.count("\n") == 1

    assert harken("set", given=f"{ACCESS_KEY}\n{SECRET_KEY}\n") == (
        0,
        "The keyring has your keys (access key …MPLE).\n",
        "",
    )
    code, out, err = harken()
    assert (code, err) == (0, "")
    assert out.startswith(
        "AWS account: Harken's keys in the keyring\n    not environment: AWS_ACCESS_KEY_ID is not set\n"
    )
    assert "access key …MPLE, does not expire" in out

    code, out, err = harken("--json")
    found = json.loads(out)
    assert (code, err) == (0, "")
    assert (found["access_key_ending"], found["region"], found["problem"]) == ("…MPLE", "us-east-1", "")

    assert harken("forget") == (0, "The keys were removed from the keyring.\n", "")
    assert harken("forget") == (0, "The keyring has no keys for Harken.\n", "")


def test_without_an_account_there_are_no_voices_of_the_service(bus: SessionBus) -> None:
    command = [*HARKEN[:-1], "voices", "--engine", "polly"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith("harken: Harken found no AWS keys.")
    assert ended.stderr.count("\n") == 1


def test_keys_are_typed_and_not_shown(bus: SessionBus) -> None:
    here, there = pty.openpty()
    process = subprocess.Popen([*HARKEN, "set"], stdin=there, stdout=there, stderr=there, start_new_session=True)
    os.close(there)
    shown = b""
    for asked, typed in ((b"Access key (not shown): ", ACCESS_KEY), (b"Secret key (not shown): ", SECRET_KEY)):
        while asked not in shown:
            shown += os.read(here, 1000)
        os.write(here, typed.encode() + b"\n")
    while b"access key" not in shown:
        shown += os.read(here, 1000)
    assert process.wait() == 0
    os.close(here)
    assert ACCESS_KEY.encode() not in shown
    assert SECRET_KEY.encode() not in shown
    assert harken()[0] == 0


def test_who_gives_no_keys_is_told(bus: SessionBus) -> None:
    code, out, err = harken("set", given=f"{ACCESS_KEY}\n")
    assert (code, out) == (1, "")
    assert err == "harken: No keys were given. Enter an access key and, on the next line, its secret key.\n"


def test_keys_that_are_not_used_now(bus: SessionBus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDOTHER")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "OTHERKEY")
    code, out, err = harken("set", given=f"{ACCESS_KEY}\n{SECRET_KEY}\n")
    assert (code, out) == (0, "The keyring has your keys (access key …MPLE).\n")
    assert err == "harken: They are not in use, because the environment comes first.\n"


def test_nothing_is_left_in_harken_s_files(bus: SessionBus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARKEN_DEBUG", "1")
    harken("set", given=f"{ACCESS_KEY}\n{SECRET_KEY}\n")
    harken()
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert any(path.name == "harken.log" for path in files)
    assert not [path for path in files for key in (ACCESS_KEY, SECRET_KEY) if key.encode() in path.read_bytes()]


@pytest.mark.noisy
async def test_a_harken_that_runs_follows(bus: SessionBus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running_harken(tmp_path, monkeypatch, has_keys=False) as h:
        keys = h.service.account
        assert "Harken found no AWS keys." in h.notices[0]
        await h.read()
        assert h.voices == {"local/en"}

        given = f"{keys.access_key}\n{keys.secret_key}\n"
        assert (await asyncio.to_thread(harken, "set", given=given))[0] == 0
        await h.settle()
        before = h.service.handshakes
        h.events.clear()
        await h.read()
        assert h.voices == {"polly/Matthew"}
        assert h.service.streams[-1].connection <= before  # it was warm
        assert h.notices == []

        assert (await asyncio.to_thread(harken, "forget"))[0] == 0
        await h.settle()
        assert (await h.app.credentials.report()).account is None
        h.events.clear()
        streams = len(h.service.streams)
        await h.read()
        assert h.voices == {"local/en"}
        assert len(h.service.streams) == streams


async def test_one_that_does_not_understand_is_told(
    bus: SessionBus,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def answer(message: Message, connection: Connection) -> Message:
        raise InstanceError("Not now.")

    server = Server(socket_address(), answer)
    await server.start()
    try:
        code, out, err = await asyncio.to_thread(harken, "forget")
    finally:
        await server.close()
    assert (code, out) == (0, "The keyring has no keys for Harken.\n")
    assert err == "harken: The running Harken does not know of this yet: Not now.\n"


def test_the_key_of_a_speech_server_comes_and_goes_beside_them(bus: SessionBus) -> None:
    server = ("--service", "server")
    assert harken("set", given=f"{ACCESS_KEY}\n{SECRET_KEY}\n")[0] == 0
    assert harken(*server)[1] == "Speech server: no key; a server on your own computer rarely needs one\n"
    assert harken(*server, "set", given="sk-secret-1234\n")[1] == "The keyring has your key (…1234).\n"
    assert harken(*server)[1] == "Speech server: the keyring has a key (…1234)\n"
    assert asyncio.run(Credentials().key("Speech server")) == "sk-secret-1234"
    assert harken(*server, "forget")[1] == "The key was removed from the keyring.\n"
    assert asyncio.run(Credentials().key("Speech server")) == ""
    assert harken()[0] == 0  # AWS's are still there
    code, _, err = harken(*server, "set", given="no key\n")
    assert (code, "That is not a key" in err) == (1, True)
