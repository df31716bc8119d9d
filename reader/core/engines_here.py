"""Makes the engines of the registry that are on this computer."""

from __future__ import annotations

import importlib
from collections.abc import Mapping

from reader.voices import registry
from reader.voices.base import Engine

# Imported now and not when they are made: that happens on the core's loop, which an import would hold up.
for _entry in registry.local():
    importlib.import_module(_entry.module)


def local_engines() -> Mapping[str, Engine]:
    """The engines on this computer by name, in fallback order. Their owner starts them."""
    return {entry.name: importlib.import_module(entry.module).make(entry) for entry in registry.local()}
