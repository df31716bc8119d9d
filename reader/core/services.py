"""Makes the services of the registry, and tells them what the settings ask of them."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from functools import partial

from reader.credentials.credentials import Credentials
from reader.session.engines import Remote
from reader.settings.paths import state_folder
from reader.settings.schema import SETTINGS, Value
from reader.settings.store import Settings
from reader.voices import registry
from reader.voices.registry import ServiceEntry
from reader.voices.service import Context, Service

# Imported now and not when they are made: that happens on the core's loop, which an import would hold up.
for _entry in registry.services():
    importlib.import_module(_entry.module)


def keys_of(entry: ServiceEntry) -> tuple[str, ...]:
    """The settings of a service."""
    return tuple(key for key in SETTINGS if key.startswith(f"{entry.name}."))


def make_services(settings: Settings, accounts: Credentials) -> dict[str, Service]:
    """The services by name. None of them is contacted yet."""
    return {
        entry.name: importlib.import_module(entry.module).make(
            Context(
                accounts, state_folder, partial(_options, settings, keys_of(entry)), partial(accounts.key, entry.title)
            )
        )
        for entry in registry.services()
    }


def _options(settings: Settings, keys: tuple[str, ...]) -> Mapping[str, Value]:
    return {key.partition(".")[2]: settings.get(key) for key in keys}


def remotes(services: Mapping[str, Service]) -> list[Remote]:
    """The services' engines, not made yet."""
    return [Remote(registry.engines_of(entry), services[entry.name].engines) for entry in registry.services()]
