"""`harken settings` and `harken purge`. The running Harken is asked first: its values are the current ones."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from reader.cli import output
from reader.cli.commands import ask_running, started
from reader.cli.usage import UsageError
from reader.ipc.choose import socket_address
from reader.ipc.client import connected
from reader.settings.paths import settings_file

_FAILED = 1


def list_all(options: argparse.Namespace) -> int:
    """Show all settings, their values and what they are. Returns 1 if something in the file could not be used."""
    from reader.settings.schema import SETTINGS

    values, problems = _current()
    text = "\n".join(f"{key} = {_shown(values[key])}\n    {row.told}" for key, row in SETTINGS.items())
    output.answer(values, options.json, text)
    return _tell(problems)


def get(options: argparse.Namespace) -> int:
    """Show a setting's value. Returns 1 if the file can't be read, or its value can't be used. Raises SettingsError."""
    from reader.settings.store import setting

    setting(options.key)
    values, problems = _current()
    output.answer(values[options.key], options.json, _shown(values[options.key]))
    others = [key for key in values if key != options.key]
    return _tell([problem for problem in problems if not problem.startswith(tuple(f"{key} in " for key in others))])


def change(options: argparse.Namespace) -> int:
    """Change a setting. Raises SettingsError."""
    from reader.settings.store import setting

    value = setting(options.key).parse(options.value)
    answer = ask_running("set", key=options.key, value=value)
    for notice in answer["notices"] if answer else _change_here(options.key, value):
        output.complain(notice)
    return 0


def reset(options: argparse.Namespace) -> int:
    """Reset a setting, or all of them, to the default. Raises SettingsError, UsageError."""
    from reader.settings.schema import SETTINGS
    from reader.settings.store import setting

    if options.all == (options.key is not None):
        raise UsageError("Name a setting to reset, or pass --all.", options.parser)
    keys = list(SETTINGS) if options.all else [options.key]
    for key in keys:
        setting(key)
    if options.all and not options.yes and not output.is_confirmed("Reset all settings to their defaults? Type yes: "):
        output.say("Nothing was changed.")
        return _FAILED
    answer = ask_running("reset", keys=keys)
    for notice in answer["notices"] if answer else _save_here(lambda settings: settings.reset(keys), keys):
        output.complain(notice)
    return 0


def open_window(options: argparse.Namespace) -> int:
    """Have the running Harken open its settings window."""
    with started() if options.start else connected(socket_address()) as client:
        client.ask("open-settings")
    return 0


def purge(options: argparse.Namespace) -> int:
    """Remove what Harken has kept. Raises InstanceError."""
    from reader.cli.purge import purge

    return purge(options.yes)


def _current() -> tuple[dict[str, Any], list[str]]:
    """(every setting's value, what in the file could not be used)."""
    answer = ask_running("settings")
    if answer:
        return answer["values"], answer["problems"]
    from reader.core import login
    from reader.settings.schema import SETTINGS
    from reader.settings.store import Settings

    settings = Settings(settings_file())
    values = {key: settings.get(key) for key in SETTINGS}
    return {**values, login.KEY: login.is_on()}, settings.problems


def _change_here(key: str, value: Any) -> list[str]:
    """Change a setting without a running Harken. Returns what the user should know. Raises SettingsError."""
    from reader.settings.schema import SETTINGS

    warning = ""
    value = SETTINGS[key].check(value)
    if _is_looked_up(key, value):
        from reader.core import advice, standalone

        warning = standalone.ask(lambda app: advice.on(app, key, value))
    return [*([warning] if warning else []), *_save_here(lambda settings: settings.set(key, value), [key])]


def _is_looked_up(key: str, value: Any) -> bool:
    from reader.settings.schema import LOOKED_UP

    return key in LOOKED_UP and bool(value)


def _save_here(save: Callable[[Any], object], keys: list[str]) -> list[str]:
    from reader.core import accessibility, login
    from reader.settings.store import Settings

    settings = Settings(settings_file())
    settings.problems.clear()  # callers that ask for values report them
    was_wanted = settings.switch(accessibility.KEY)
    save(settings)
    if login.KEY in keys:
        login.obey(settings)
    if settings.switch(accessibility.KEY) is not was_wanted:
        return [*settings.problems, accessibility.obey_alone(settings)]
    return settings.problems


def _tell(problems: list[str]) -> int:
    for problem in problems:
        output.complain(problem)
    return _FAILED if problems else 0


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:g}" if isinstance(value, float) else f"“{value}”" if value == "" else str(value)
