"""Harken with Amazon Polly, as a user has it: variables of AWS's in the environment, and nothing else set up."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.desktop.desk import Desk
from tests.desktop.test_cli import harken
from tests.fakes.polly_service import PollyService, serving


def variables(service: PollyService, folder: Path) -> dict[str, str]:
    """The environment of a user of the stand-in."""
    return {
        "AWS_ACCESS_KEY_ID": service.account.access_key,
        "AWS_SECRET_ACCESS_KEY": service.account.secret_key,
        "AWS_REGION": service.region,
        "AWS_ENDPOINT_URL_POLLY": service.endpoint,
        "AWS_CA_BUNDLE": str(service.write_ca(folder)),
    }


@pytest.fixture(scope="module")
def service() -> Iterator[PollyService]:
    made = PollyService()
    with serving(made):
        yield made


@pytest.fixture(scope="module")
def desktop(service: PollyService) -> Iterator[Desk]:
    """Instead of conftest's: Harken is started with AWS's variables."""
    with Desk(tray=True) as made:
        made.env |= variables(service, made.folder)
        made.start_harken()
        yield made


@pytest.fixture
def apart(desktop: Desk, tmp_path: Path) -> dict[str, str]:
    """Variables with which a command line finds no Harken that runs, nor its files; sound is that of the desktop."""
    runtime = tmp_path / "apart"
    runtime.mkdir(mode=0o700)
    pulse = f"unix:{desktop.runtime}/pulse/native"
    return {"XDG_RUNTIME_DIR": str(runtime), "HOME": str(tmp_path), "PULSE_SERVER": pulse}


def rows(output: str) -> dict[str, Any]:
    return {row["part"]: row for row in json.loads(output)}


class TestTheDoctor:
    NOT_ASKED = "no voice of Amazon Polly is chosen; “harken doctor --polly” asks all the same"

    def test_leaves_it_alone_when_another_voice_is_chosen(self, desk: Desk, service: PollyService) -> None:
        before = service.handshakes
        code, output, errors = harken(desk, "doctor", "--json")
        assert (code, errors) == (0, "")
        found = rows(output)
        assert "AWS account" not in found
        assert found["Amazon Polly"]["chosen"] == "not asked"
        assert found["Amazon Polly"]["notes"][0] == self.NOT_ASKED
        assert service.handshakes == before

    def test_asks_when_told_to(self, desk: Desk, service: PollyService) -> None:
        code, output, errors = harken(desk, "doctor", "--polly", "--json")
        assert (code, errors) == (0, "")
        found = rows(output)
        assert found["AWS account"]["chosen"] == "the environment"
        assert found["Amazon Polly"]["chosen"] == f"us-east-1, {service.endpoint}"
        assert found["Amazon Polly"]["refused"] == []
        allowed = "may call DescribeVoices, StartSpeechSynthesisStream, SynthesizeSpeech"
        assert found["Amazon Polly"]["notes"][0] == allowed
        assert "voice polly" not in found
        # And not again unless told again.
        assert rows(harken(desk, "doctor", "--json")[1])["Amazon Polly"]["chosen"] == "not asked"

    def test_says_what_the_account_may_not(self, desk: Desk, service: PollyService) -> None:
        service.account.denied = {"StartSpeechSynthesisStream"}
        try:
            code, output, _ = harken(desk, "doctor", "--polly")
        finally:
            service.account.denied = set()
        assert code == 0
        assert "    not StartSpeechSynthesisStream: the account lacks the permission polly:StartSpeech" in output
        assert "    may call DescribeVoices, SynthesizeSpeech\n" in output

    def test_asks_nobody_for_keys_without_a_reason(self, desk: Desk, apart: dict[str, str], tmp_path: Path) -> None:
        asked = tmp_path / "asked"
        (tmp_path / ".aws").mkdir()
        (tmp_path / ".aws/config").write_text(f"[default]\ncredential_process = touch {asked}\n")
        env = apart | {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "DBUS_SESSION_BUS_ADDRESS": ""}
        assert self.NOT_ASKED in harken(desk, "doctor", env=env)[1]
        assert not asked.exists()
        code, output, _ = harken(desk, "doctor", "--polly", env=env)
        assert code == 0
        assert asked.exists()
        assert "AWS account: none" in output
        assert "Amazon Polly: none\n    not asked without an account\n" in output

    def test_asks_when_one_of_its_voices_is_chosen(self, desk: Desk, apart: dict[str, str]) -> None:
        assert harken(desk, "settings", "set", "voice.id", "polly/Matthew", env=apart)[0] == 0
        found = rows(harken(desk, "doctor", "--json", env=apart)[1])
        assert found["AWS account"]["chosen"] == "the environment"
        assert found["Amazon Polly"]["refused"] == []
        assert found["voice polly"]["chosen"] == "6 voices"
