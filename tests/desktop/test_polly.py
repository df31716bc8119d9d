"""Harken with Amazon Polly, as a user has it: variables of AWS's in the environment, and nothing else set up."""

from __future__ import annotations

import json
import time
import wave
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.desktop.desk import Desk
from tests.desktop.recorder import RATE_HZ, Samples
from tests.desktop.test_cli import harken
from tests.fakes.heard_desk import tone_of
from tests.fakes.polly_service import PollyService, hear, serving, words

NO_ACCOUNT = {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "DBUS_SESSION_BUS_ADDRESS": ""}
READ = "super+alt+r"
# Two connections for streams, and the one that asked for the voices.
WARM = 3
TEXT = (
    "One morning a heron stood beside the pond, and nobody noticed it. Later two children came running down. "
    "They wanted to catch some newts!\n\nIn the end everybody went home happily."
)


def variables(service: PollyService, folder: Path) -> dict[str, str]:
    """The environment of a user of the stand-in."""
    return {
        "AWS_ACCESS_KEY_ID": service.account.access_key,
        "AWS_SECRET_ACCESS_KEY": service.account.secret_key,
        "AWS_REGION": service.region,
        "AWS_ENDPOINT_URL_POLLY": service.endpoint,
        "AWS_CA_BUNDLE": str(service.write_ca(folder)),
    }


Until = Callable[[Callable[[], bool]], None]


@pytest.fixture(scope="module")
def stand_in() -> Iterator[tuple[PollyService, Until]]:
    made = PollyService()
    with serving(made) as until:
        yield made, until


@pytest.fixture(scope="module")
def service(stand_in: tuple[PollyService, Until]) -> PollyService:
    return stand_in[0]


@pytest.fixture(scope="module")
def until(stand_in: tuple[PollyService, Until]) -> Until:
    """Waits until the service has seen something."""
    return stand_in[1]


@pytest.fixture(scope="module")
def desktop(service: PollyService) -> Iterator[Desk]:
    """Instead of conftest's: Harken is started with AWS's variables."""
    with Desk(tray=True) as made:
        made.env |= variables(service, made.folder)
        made.start_harken()
        made.restart_texts()
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
    NOT_ASKED = "no voice of Amazon Polly is chosen; “harken doctor --polly” checks it anyway"

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

    def test_asks_for_no_keys_without_a_reason(self, desk: Desk, apart: dict[str, str], tmp_path: Path) -> None:
        asked = tmp_path / "asked"
        (tmp_path / ".aws").mkdir()
        (tmp_path / ".aws/config").write_text(f"[default]\ncredential_process = touch {asked}\n")
        env = apart | NO_ACCOUNT
        assert self.NOT_ASKED in harken(desk, "doctor", env=env)[1]
        assert not asked.exists()
        code, output, errors = harken(desk, "doctor", "--polly", env=env)
        assert (code, errors) == (0, "")
        assert asked.exists()
        assert "AWS account: none" in output
        assert "Amazon Polly: none\n    not checked without an account\n" in output

    def test_asks_when_one_of_its_voices_is_chosen(self, desk: Desk, apart: dict[str, str]) -> None:
        assert harken(desk, "settings", "set", "voice.id", "polly/Matthew", env=apart)[0] == 0
        found = rows(harken(desk, "doctor", "--json", env=apart)[1])
        assert found["AWS account"]["chosen"] == "the environment"
        assert found["Amazon Polly"]["refused"] == []
        assert found["voice polly"]["chosen"] == "6 voices"


class TestTheListOfVoices:
    def listed(self, desk: Desk, env: dict[str, str], *arguments: str) -> tuple[int, set[str], str]:
        """(exit code, whose voices, standard error)."""
        code, output, errors = harken(desk, "voices", "--json", *arguments, env=env)
        return code, {voice["id"].partition("/")[0] for voice in json.loads(output)}, errors

    def test_no_service_is_used_that_was_not_chosen(
        self, desk: Desk, service: PollyService, apart: dict[str, str]
    ) -> None:
        handshakes = service.handshakes
        assert self.listed(desk, apart) == (0, {"neural", "espeak"}, "")
        assert self.listed(desk, apart, "--engine", "espeak") == (0, {"espeak"}, "")
        assert service.handshakes == handshakes

    def test_has_amazon_pollys_when_one_of_them_is_chosen(self, desk: Desk, apart: dict[str, str]) -> None:
        assert harken(desk, "settings", "set", "voice.id", "polly/Matthew", env=apart)[0] == 0
        assert self.listed(desk, apart) == (0, {"neural", "espeak", "polly", "polly-sentences"}, "")

    def test_has_those_of_an_engine(self, desk: Desk, apart: dict[str, str]) -> None:
        code, output, errors = harken(desk, "voices", "--engine", "polly", env=apart)
        assert (code, errors) == (0, "")
        names = [line.split()[0] for line in output.splitlines()]
        assert names == ["polly/Vicki", "polly/Amy", "polly/Kajal", "polly/Kajal@hi-IN", "polly/Matthew", "polly/Ruth"]
        assert self.listed(desk, apart, "--engine", "polly-sentences") == (0, {"polly-sentences"}, "")

    def test_says_why_some_are_missing(self, desk: Desk, apart: dict[str, str]) -> None:
        env = apart | NO_ACCOUNT
        assert harken(desk, "settings", "set", "voice.id", "polly/Matthew", env=env)[0] == 0
        code, engines, errors = self.listed(desk, env)
        assert (code, engines) == (0, {"neural", "espeak"})
        assert errors.startswith("harken: Harken found no AWS keys.")
        assert errors.count("\n") == 1
        # And where nothing else was asked for, that is a failure.
        assert self.listed(desk, env, "--engine", "polly") == (1, set(), errors)

    def test_says_that_there_is_no_way_to_the_service(self, desk: Desk, apart: dict[str, str]) -> None:
        env = apart | {"AWS_ENDPOINT_URL_POLLY": "https://localhost:9"}
        code, engines, errors = self.listed(desk, env, "--engine", "polly")
        assert (code, engines) == (1, set())
        assert errors == "harken: localhost refuses connections. It may be down, or blocked by a firewall.\n"


def heard(recording: Samples, text: str) -> list[str]:
    """The words of `text` in a recording: the stand-in's voice has a tone for each, which is as long as the word."""
    vocabulary = set(words(text))
    assert len({tone_of(word) for word in vocabulary}) == len(vocabulary), "two words sound alike"
    return hear((recording * 32767).astype("<i2").tobytes(), RATE_HZ, vocabulary)


class TestReading:
    @pytest.fixture(autouse=True)
    def chosen_by_nobody(self, desk: Desk) -> Iterator[None]:
        yield
        harken(desk, "settings", "set", "voice.id", "")

    def test_a_voice_is_warm_as_soon_as_it_is_chosen(self, desk: Desk, service: PollyService, until: Until) -> None:
        assert desk.harken
        desk.end(desk.harken)
        for kept in (desk.home / ".local/state/harken").glob("polly-voices*.json"):
            kept.unlink()
        until(lambda: service.open_connections == 0)
        handshakes, streams = service.handshakes, len(service.streams)
        desk.start_harken()
        assert service.handshakes == handshakes  # nobody asked for it
        assert harken(desk, "settings", "set", "voice.id", "polly/Matthew") == (0, "", "")
        until(lambda: service.open_connections == WARM)
        assert service.handshakes == handshakes + WARM
        assert len(service.streams) == streams

    def test_a_key_reads_a_selection(self, desk: Desk, service: PollyService, until: Until) -> None:
        harken(desk, "settings", "set", "voice.id", "polly/Matthew")
        until(lambda: service.open_connections == WARM)
        handshakes, streams = service.handshakes, len(service.streams)
        desk.open_text(TEXT)
        desk.select_all(TEXT)
        pressed = desk.keyboard.press(READ)
        desk.wait_for_record("ended", whole=True)
        assert heard(desk.recorder.since(pressed), TEXT) == words(TEXT), desk.holes()
        assert {r["voice"] for r in desk.records() if r["event"] == "segment"} == {"polly/Matthew"}
        assert desk.notices() == []
        # One stream on a connection that was there, whose headers left together with the first words.
        (stream,) = service.streams[streams:]
        assert (stream.end, stream.is_one_flight) == ("closed", True)
        assert service.handshakes == handshakes
        assert stream.headers["x-amzn-voiceid"] == "Matthew"

    def test_the_key_again_stops_the_service_too(self, desk: Desk, service: PollyService, until: Until) -> None:
        harken(desk, "settings", "set", "voice.id", "polly/Matthew")
        streams = len(service.streams)
        service.pace = 2.0
        try:
            desk.open_text(TEXT * 4)
            desk.select_all(TEXT * 4)
            desk.keyboard.press(READ)
            desk.wait_for_record("segment", index=0)
            desk.keyboard.press(READ)
            desk.wait_for_record("ended", whole=False)
            until(lambda: service.streams[streams].end != "")
        finally:
            service.pace = float("inf")
        assert service.streams[streams].end == "reset: CANCEL"
        assert service.streams[streams].billed_chars < len(TEXT * 4)


class TestTheCommandLine:
    """Variables of AWS's are all it takes: there is no Harken that runs, no setting and no file."""

    ARGUMENTS = ("speak", "--engine", "polly", "--voice", "Matthew")

    def test_is_heard(self, desk: Desk, service: PollyService, apart: dict[str, str], tmp_path: Path) -> None:
        began = time.monotonic()
        assert harken(desk, *self.ARGUMENTS, "--text", TEXT, env=apart) == (0, "", "")
        assert heard(desk.recorder.since(began), TEXT) == words(TEXT), desk.holes(tmp_path)
        assert service.streams[-1].end == "closed"

    def test_standard_input_goes_into_a_file(
        self, desk: Desk, service: PollyService, apart: dict[str, str], tmp_path: Path
    ) -> None:
        path = tmp_path / "out.wav"
        assert harken(desk, *self.ARGUMENTS, "-", "--out", str(path), text=TEXT, env=apart) == (0, "", "")
        with wave.open(str(path)) as file:
            sound = np.frombuffer(file.readframes(file.getnframes()), np.int16)
            assert hear(sound.tobytes(), file.getframerate(), words(TEXT)) == words(TEXT)
        assert service.streams[-1].headers["x-amzn-engine"] == "generative"

    def test_says_in_a_sentence_why_there_is_no_file(
        self, desk: Desk, service: PollyService, apart: dict[str, str], tmp_path: Path
    ) -> None:
        streams = len(service.streams)
        out = ("--out", str(tmp_path / "out.wav"))
        env = apart | NO_ACCOUNT
        code, _, errors = harken(desk, *self.ARGUMENTS, "--text", "Hello there.", *out, env=env)
        assert code == 1
        assert errors.startswith("harken: Harken found no AWS keys.")
        assert errors.count("\n") == 1
        code, _, errors = harken(desk, *self.ARGUMENTS, "--text", "Hello there.", *out, "--fall-back", env=env)
        assert code == 0
        assert errors.endswith("Heart (natural, American English) will read instead.\n")
        assert errors.count("\n") == 1
        assert len(service.streams) == streams
