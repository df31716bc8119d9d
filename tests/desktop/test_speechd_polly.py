"""What other programs say with Harken's voices goes to Amazon Polly only if and as long as the user says so."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator

import pytest

from tests.desktop.desk import Desk, wait_for
from tests.desktop.hearing import is_silent
from tests.desktop.speechd import NEEDED, Client, SpeechDispatcher
from tests.desktop.test_polly import variables
from tests.fakes.polly_service import PollyService, serving

pytestmark = pytest.mark.skipif(
    not all(shutil.which(program) for program in NEEDED), reason="speech-dispatcher is not installed here"
)
ALLOWED = "system.services_for_programs"
TEXT = "One morning a heron stood beside the pond."


@pytest.fixture(scope="module")
def service() -> Iterator[PollyService]:
    service = PollyService()
    with serving(service):
        yield service


@pytest.fixture(scope="module")
def desk(service: PollyService) -> Iterator[Desk]:
    """Its user has chosen a voice of Polly's for Harken, and no more."""
    with Desk() as desk:
        desk.env |= variables(service, desk.folder)
        assert desk.harken_call("settings", "set", "voice.id", "polly/Matthew") == 0
        SpeechDispatcher(desk).start()
        yield desk


@pytest.fixture
def client(desk: Desk) -> Iterator[Client]:
    client = Client(desk)
    yield client
    client.close()


def sent(service: PollyService) -> str:
    """All that came to the service to be spoken."""
    return " ".join(event.text for stream in service.streams for event in stream.events)


def say(desk: Desk, client: Client, command: str) -> None:
    """Have it spoken to its end, by whichever voice."""
    begun_s = time.monotonic()
    client.events, client.at_s = [], []
    if command.startswith(("CHAR", "KEY")):
        client.ask(command)
    else:
        client.speak(command)
    client.wait_for("end")
    wait_for(lambda: not is_silent(desk.recorder.since(begun_s)), "sound")


# In this order.


def test_nothing_is_sent_where_the_voice_was_chosen_for_harken_alone(
    desk: Desk, client: Client, service: PollyService
) -> None:
    say(desk, client, TEXT)
    assert "Matthew" not in desk.output(["spd-say", "-o", "harken", "-L"])
    assert service.handshakes == 0


def test_it_is_sent_once_the_user_allows_it_but_never_a_key(desk: Desk, client: Client, service: PollyService) -> None:
    assert desk.harken_call("settings", "set", ALLOWED, "on") == 0
    say(desk, client, "This is said while its voices are asked for.")
    wait_for(lambda: "Matthew" in desk.output(["spd-say", "-o", "harken", "-L"]), "the list of its voices", 60.0)
    for command in ("CHAR b", "KEY shift_a"):
        say(desk, client, command)
    assert not {"B.", "b", "shift A."} & {event.text for stream in service.streams for event in stream.events}
    say(desk, client, TEXT)
    assert TEXT in sent(service)


def test_the_very_next_message_stays_here_when_it_is_no_longer_allowed(
    desk: Desk, client: Client, service: PollyService
) -> None:
    before = sent(service)
    assert desk.harken_call("settings", "set", ALLOWED, "off") == 0
    say(desk, client, "This stays on this computer.")
    assert sent(service) == before
