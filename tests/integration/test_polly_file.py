"""A file that is asked of a voice on the network is made by that voice, whatever passes on the way, or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.fakes.gate import Do, Gate, on_thread
from tests.fakes.polly_service import PollyService, words
from tests.integration.polly_command import TEXT, in_file, make_file, variables

Made = tuple[PollyService, Gate, dict[str, str]]


@pytest.fixture
def behind_gate(tmp_path: Path) -> Iterator[Callable[..., Made]]:
    """A service whose connections come through a gate with a plan, and the environment of its user."""
    service, gate = PollyService(), Gate()
    with on_thread(service, gate):
        gate.to(service.port)

        def make(*plan: Do, then: Do = Do.PASS) -> Made:
            gate.plan.extend(plan)
            gate.then = then
            return service, gate, variables(service, tmp_path, gate.authority)

        yield make


@pytest.mark.parametrize("what", [Do.RESET, Do.CLOSE_AT_HELLO, Do.CLOSE_WHEN_SECURED])
@pytest.mark.parametrize("at", range(3))
def test_a_connection_that_fails_is_tried_again(
    behind_gate: Callable[..., Made], tmp_path: Path, what: Do, at: int
) -> None:
    """The first is for the list of voices, the next ones are for streams."""
    _, gate, env = behind_gate(*[Do.PASS] * at, what, what)
    made = make_file(tmp_path / "out.wav", env)
    assert (made.code, made.shown) == (0, "")
    assert in_file(tmp_path / "out.wav") == words(TEXT)
    assert len(gate.done) > at


def test_requests_that_fail_are_made_again(tmp_path: Path) -> None:
    service = PollyService()
    with on_thread(service), service.faults.http_error(503, "ServiceUnavailable", times=3) as fault:
        made = make_file(tmp_path / "out.wav", variables(service, tmp_path))
        assert (made.code, made.shown, fault.hits) == (0, "", 3)
        assert in_file(tmp_path / "out.wav") == words(TEXT)


def test_a_service_that_answers_late_is_asked_again(tmp_path: Path) -> None:
    service = PollyService()
    with on_thread(service):
        env = variables(service, tmp_path)
        assert make_file(tmp_path / "out.wav", env).code == 0  # the list of voices is kept
        with service.faults.no_answer() as fault:
            made = make_file(tmp_path / "out.wav", env)
        assert (made.code, made.shown, fault.hits) == (0, "", 1)
        assert in_file(tmp_path / "out.wav") == words(TEXT)


@pytest.mark.parametrize("is_known", [True, False])
def test_without_the_voice_there_is_no_file(behind_gate: Callable[..., Made], tmp_path: Path, is_known: bool) -> None:
    """`is_known`: the list of voices was kept."""
    _, gate, env = behind_gate()
    path = tmp_path / "out.wav"
    if is_known:
        assert make_file(path, env).code == 0
    gate.then = Do.RESET
    made = make_file(path, env)
    assert made.code == 1
    assert made.out == ""
    assert made.err == f"harken: localhost closed the connection before it was secured. {made.err.partition('. ')[2]}"
    assert made.err.count("\n") == 1


def test_another_voice_continues_where_the_user_wants_it(behind_gate: Callable[..., Made], tmp_path: Path) -> None:
    _, gate, env = behind_gate()
    path = tmp_path / "out.wav"
    assert make_file(path, env).code == 0
    gate.then = Do.RESET
    made = make_file(path, env, "--fall-back")
    assert made.code == 0
    assert made.err.endswith(" continues.\n")
    assert made.err.count("\n") == 1
    assert set(in_file(path)) != set(words(TEXT))


def test_a_voice_that_may_not_be_used_is_told_at_once(tmp_path: Path) -> None:
    service = PollyService()
    with on_thread(service):
        env = variables(service, tmp_path)
        assert make_file(tmp_path / "out.wav", env).code == 0
        service.account.denied.add("StartSpeechSynthesisStream")
        made = make_file(tmp_path / "out.wav", env)
        assert made.code == 1
        assert made.err.startswith("harken: Your AWS account is not allowed to use this voice.")
        assert made.err.count("\n") == 1
