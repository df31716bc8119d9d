"""Puts Amazon Polly's parts together."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Protocol

from reader.voices.base import Engine
from reader.voices.polly.client import Client
from reader.voices.polly.engine import FORMATS, PollyEngine, SentencesEngine
from reader.voices.polly.roster import Roster
from reader.voices.polly.service import Accounts
from reader.voices.polly.spending import Spending


class Choices(Protocol):
    """See voices.choose.PollyChoices."""

    @property
    def voices_file(self) -> Path: ...  # noqa: D102
    @property
    def spending_file(self) -> Path: ...  # noqa: D102
    @property
    def output_format(self) -> str: ...  # noqa: D102
    @property
    def lexicons(self) -> tuple[str, ...]: ...  # noqa: D102


def engines(accounts: Accounts, choices: Choices) -> Mapping[str, Engine]:
    """The engines by name. They share an account and what is known of the service's health."""
    client = Client(accounts)
    roster = Roster(client, choices.voices_file)
    spending = Spending(choices.spending_file, datetime.now)
    formats = sorted(FORMATS, key=lambda one: one[0] != choices.output_format)
    streams = PollyEngine(client, roster, spending, formats=formats, lexicons=choices.lexicons)
    sentences = SentencesEngine(client, roster, spending, formats=formats, lexicons=choices.lexicons)
    return {engine.name: engine for engine in (streams, sentences)}
