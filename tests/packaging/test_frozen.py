"""The frozen program with a real Secret Service: what botocore and keyring load by name is there."""

from __future__ import annotations

import subprocess
import wave
from pathlib import Path

import pytest

from tests.desktop.secrets import SessionBus
from tests.fakes.polly_service import PollyService, hear, serving, words
from tests.packaging.conftest import BUILD

TEXT = "One morning a heron stood beside the pond, and nobody noticed it."


def test_amazon_polly_reads_with_keys_from_the_keyring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    service, path = PollyService(), tmp_path / "polly.wav"
    with serving(service), SessionBus(tmp_path) as bus:
        bus.start_keyring(is_unlocked=True)
        env = {
            "PATH": "/usr/bin:/bin",
            "HOME": str(tmp_path),
            "XDG_RUNTIME_DIR": str(tmp_path),
            "DBUS_SESSION_BUS_ADDRESS": bus.address,
            "AWS_REGION": service.region,
            "AWS_ENDPOINT_URL_POLLY": service.endpoint,
            "AWS_CA_BUNDLE": str(service.write_ca(tmp_path)),
        }

        def harken(*arguments: str, feed: str = "") -> tuple[int, str]:
            command = [str(BUILD / "bundle/harken/harken"), *arguments]
            done = subprocess.run(command, env=env, check=False, input=feed, capture_output=True, text=True, timeout=90)
            return done.returncode, done.stderr

        assert harken("account", "set", feed=f"{service.account.access_key}\n{service.account.secret_key}\n") == (0, "")
        voice = ("--engine", "polly", "--voice", "Matthew")
        assert harken("speak", *voice, "--text", TEXT, "--out", str(path)) == (0, "")
    with wave.open(str(path)) as file:
        sound = file.readframes(file.getnframes())
        assert hear(sound, file.getframerate(), words(TEXT)) == words(TEXT)
