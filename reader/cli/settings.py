"""`harken settings` and `harken purge`."""

from __future__ import annotations

import argparse

from reader.cli import output
from reader.cli.instance import started
from reader.errors import NotRunningError
from reader.ipc.client import connected
from reader.settings.paths import settings_file, socket_address


def list_all(options: argparse.Namespace) -> int:
    """All settings, their values and what they are."""
    from reader.settings.schema import SETTINGS
    from reader.settings.store import Settings

    settings = Settings(settings_file())
    values = {key: settings.get(key) for key in SETTINGS}
    text = "\n".join(f"{key} = {_shown(values[key])}\n    {row.told}" for key, row in SETTINGS.items())
    output.answer(values, options.json, text)
    for problem in settings.problems:
        output.complain(problem)
    return 0


def open_window(options: argparse.Namespace) -> int:
    """Have the running Harken open its settings window."""
    with started() if options.start else connected(socket_address()) as client:
        client.ask("open-settings")
    return 0


def get(options: argparse.Namespace) -> int:
    """One setting's value. Raises SettingsError."""
    from reader.settings.store import Settings

    value = Settings(settings_file()).get(options.key)
    output.answer(value, options.json, _shown(value))
    return 0


def change(options: argparse.Namespace) -> int:
    """Change a setting. Raises SettingsError."""
    from reader.settings.store import Settings, setting

    value = setting(options.key).parse(options.value)
    try:
        with connected(socket_address()) as client:
            client.ask("set", key=options.key, value=value)
    except NotRunningError:
        Settings(settings_file()).set(options.key, value)
    return 0


def purge(options: argparse.Namespace) -> int:
    """Remove what Harken has kept. Raises InstanceError."""
    from reader.purge import purge

    return purge(options.yes)


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:g}" if isinstance(value, float) else f"“{value}”" if value == "" else str(value)
