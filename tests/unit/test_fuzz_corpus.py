"""What fuzzing kept runs in every test run: inputs that reached some corner, or were a finding once."""

from __future__ import annotations

import pytest

from tests.fuzz import corpus
from tests.fuzz.targets import TARGETS


def test_every_target_has_a_corpus() -> None:
    assert corpus.names() == sorted(TARGETS)
    assert all(corpus.inputs(name) for name in TARGETS)


@pytest.mark.noisy  # what is damaged is logged
@pytest.mark.parametrize("name", sorted(TARGETS))
def test_kept_inputs_are_taken(name: str) -> None:
    for data in corpus.inputs(name):
        TARGETS[name](data)
