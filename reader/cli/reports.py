"""Lists and reports: voices, sound outputs, the account, and what works here."""

from __future__ import annotations

import argparse

from reader.cli import output
from reader.cli.commands import ask_running
from reader.voices import registry

_FAILED = 1


def voices(options: argparse.Namespace) -> int:
    """List the running Harken's voices, or else those found here. Returns 1 if there are none."""
    if (answer := ask_running("voices", engine=options.engine)) is not None:
        rows, problem = answer["voices"], answer["problem"]
    else:
        from reader.core import standalone, user_voices

        found, problem = standalone.ask(lambda app: user_voices.find(app, options.engine))
        rows = [user_voices.row(voice) for voice in found]
    if rows or options.json:
        output.answer(rows, options.json, "\n".join(f"{r['id']:28} {r['language']:4} {r['name']}" for r in rows))
    if problem:
        output.complain(problem)
    return 0 if rows else _FAILED


def devices(options: argparse.Namespace) -> int:
    """List the running Harken's sound outputs, or else those found here. Returns 1 if there are none."""
    if (answer := ask_running("devices")) is not None:
        rows = answer["outputs"]
    else:
        import asyncio

        from reader.audio.choose import output_devices

        found = asyncio.run(output_devices())
        rows = [{"id": out.id, "name": out.name, "default": out.is_default} for out in found]
    if rows or options.json:
        output.answer(rows, options.json, "\n".join(f"{r['id']:40} {r['name']}" for r in rows))
    if not rows:
        output.complain("There is no sound output. Start the sound system, or connect a speaker or headphones.")
    return 0 if rows else _FAILED


def doctor(options: argparse.Namespace) -> int:
    """Say what works, where Harken runs or else here."""
    from reader.core import doctor

    asked = [entry.name for entry in registry.services() if getattr(options, entry.name)]
    if (answer := ask_running("doctor", ask=asked)) is not None:  # when all voices are warm
        rows = answer["report"]
    else:
        from reader.core import standalone

        rows = standalone.examine(asked)
    output.answer(rows, options.json, doctor.as_text(rows))
    return 0


def account(options: argparse.Namespace) -> int:
    """Show the AWS account, keep its keys, or forget them; or the key of another service."""
    from reader.cli import account, service_key

    service = next(entry for entry in registry.services() if entry.name == options.service)
    if service.keeps_key:
        if options.verb == "set":
            return service_key.keep(service)
        return service_key.forget(service) if options.verb == "forget" else service_key.show(service, options.json)
    if options.verb == "set":
        return account.keep()
    return account.forget() if options.verb == "forget" else account.show(options.json, is_here=options.here)
