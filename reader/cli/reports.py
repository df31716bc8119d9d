"""Lists and reports: voices, sound outputs, the account, and what works here."""

from __future__ import annotations

import argparse

from reader.cli import output
from reader.errors import NotRunningError
from reader.ipc.client import connected
from reader.settings.paths import socket_address

_FAILED = 1


def voices(options: argparse.Namespace) -> int:
    """List the voices. 1 where there are none."""
    from reader import speak

    voices, problem = speak.list_voices(options.engine)
    rows = [{"id": v.id, "name": v.name, "language": v.language} for v in voices]
    output.answer(rows, options.json, "\n".join(f"{r['id']:28} {r['language']:4} {r['name']}" for r in rows))
    if problem:
        output.complain(problem)
    return 0 if voices else _FAILED


def devices(options: argparse.Namespace) -> int:
    """List the sound outputs. 1 where there are none. Raises SoundError."""
    import asyncio

    from reader.audio.choose import output_devices

    outputs = asyncio.run(output_devices())
    rows = [{"id": output.id, "name": output.name, "default": output.is_default} for output in outputs]
    if rows or options.json:
        output.answer(rows, options.json, "\n".join(f"{r['id']:40} {r['name']}" for r in rows))
    if not rows:
        output.complain("There is no sound output. Start the sound system, or connect one.")
    return 0 if rows else _FAILED


def doctor(options: argparse.Namespace) -> int:
    """Say what works, where Harken runs or else here."""
    from reader import doctor, speak

    try:
        with connected(socket_address()) as client:
            rows = client.ask("doctor", waits=True, polly=options.polly)["report"]  # when all voices are warm
    except NotRunningError:
        rows = speak.examine(asks_polly=options.polly)
    output.answer(rows, options.json, doctor.as_text(rows))
    return 0


def account(options: argparse.Namespace) -> int:
    """Show the AWS account, keep its keys, or forget them."""
    from reader import account

    if options.verb == "set":
        return account.keep()
    return account.forget() if options.verb == "forget" else account.show(options.json)
