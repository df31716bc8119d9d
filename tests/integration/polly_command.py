"""The command line as a user of Amazon Polly has it: a process of its own, with AWS's variables."""

from __future__ import annotations

import os
import subprocess
import sys
import wave
from dataclasses import dataclass
from pathlib import Path

from tests.fakes.name_server import Names, among
from tests.fakes.polly_service import PollyService, hear, words

# One paragraph, so that it is one event.
TEXT = "One morning a heron stood beside the pond. Later two children came running down. They caught some newts!"
RATE_HZ = 24000
_LIMIT_S = 100


@dataclass(frozen=True)
class Outcome:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def shown(self) -> str:
        return self.out + self.err


def variables(service: PollyService, folder: Path, authority: str = "") -> dict[str, str]:
    """The environment of a user of the stand-in, who reaches it as `authority` (host:port)."""
    if authority:
        service.aliases.add(authority)
    return {
        "AWS_ACCESS_KEY_ID": service.account.access_key,
        "AWS_SECRET_ACCESS_KEY": service.account.secret_key,
        "AWS_REGION": service.region,
        "AWS_ENDPOINT_URL_POLLY": f"https://{authority}" if authority else service.endpoint,
        "AWS_CA_BUNDLE": str(service.write_ca(folder)),
    }


def harken(*arguments: str, env: dict[str, str], names: Names | None = None) -> Outcome:
    """Run Harken, with such a name server if `names` says one."""
    command = [sys.executable, "-m", "reader", *arguments]
    ended = subprocess.run(
        among(names, *command) if names else command,
        env=os.environ | {"HARKEN_AUDIO": "none"} | env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=_LIMIT_S,
        check=False,
    )
    return Outcome(ended.returncode, ended.stdout, ended.stderr)


def make_file(path: Path, env: dict[str, str], *more: str, text: str = TEXT, names: Names | None = None) -> Outcome:
    """Have a voice of Amazon Polly's read into a file."""
    polly = ("--engine", "polly", "--voice", "Matthew")
    return harken("speak", *polly, "--text", text, "--out", str(path), *more, env=env, names=names)


def in_file(path: Path, text: str = TEXT) -> list[str]:
    """The words of a file that the stand-in's voice spoke, "?" for what it did not."""
    with wave.open(str(path)) as file:
        assert file.getframerate() == RATE_HZ
        return hear(file.readframes(file.getnframes()), RATE_HZ, words(text))
