"""The command line. `harken` alone starts the tray app; everything else is here.

Commands about the running Harken go to it over its socket and import next to nothing, so that a key bound
to `harken read` in a desktop's own settings is quick too. `speak` uses the running Harken if there is one
(its voices are warm, and two would talk over each other), and otherwise speaks by itself.

Exit codes: 0 done, 1 failed (one sentence on standard error), 2 wrong usage, 130 interrupted.
"""

from __future__ import annotations

import argparse
import contextlib
import errno
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from reader import __version__
from reader.errors import HarkenError, InstanceError, NotRunningError, SettingsError
from reader.flow import MAX_SPEED, MIN_SPEED, Command, told_pace
from reader.ipc.client import Client, connected
from reader.settings.paths import settings_file, socket_address

FAILED, INTERRUPTED = 1, 130
_START_LIMIT_S = 30.0  # on a slow machine, at login
_READ = {
    "selection": Command.READ_SELECTION,
    "focus": Command.READ_FOCUS,
    "clipboard": Command.READ_CLIPBOARD,
}
_PLAIN = {
    "pause": (Command.PAUSE, "pause the reading"),
    "resume": (Command.RESUME, "go on reading"),
    "stop": (Command.STOP, "stop reading"),
    "next": (Command.NEXT, "go to the next sentence"),
    "previous": (Command.PREVIOUS, "go to the sentence before"),
    "repeat": (Command.REPEAT, "read this sentence again"),
    "faster": (Command.FASTER, "read faster"),
    "slower": (Command.SLOWER, "read slower"),
    "louder": (Command.LOUDER, "read louder"),
    "quieter": (Command.QUIETER, "read more quietly"),
}

_ENGINES = ("neural", "espeak", "polly", "polly-sentences")


def main(arguments: Sequence[str], start_tray: Callable[[], int]) -> int:
    """Do what the arguments say and return the exit code. `start_tray` runs the tray app until it ends."""
    options = make_parser().parse_args(arguments)
    try:
        if options.do is None:
            return start_tray()
        code: int = options.do(options)
    except HarkenError as error:
        print(f"harken: {error.sentence}", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # the reader of our output has gone
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    return code


def make_parser() -> argparse.ArgumentParser:
    """Every command and what it takes; the guide lists them from here."""
    parser = argparse.ArgumentParser(prog="harken", description="Reads aloud what you select.")
    parser.add_argument("--version", action="version", version=f"harken {__version__}")
    parser.set_defaults(do=None)
    commands = parser.add_subparsers(title="commands", metavar="")

    speak = commands.add_parser("speak", help="read a file, a text or standard input (-) as it arrives")
    speak.add_argument("file", nargs="?", help="a file, or - for standard input")
    speak.add_argument("--text", help="a text to read")
    speak.add_argument("--ssml", action="store_true", help="it is speech markup (SSML); read whole before it is spoken")
    speak.add_argument("--engine", choices=_ENGINES, help="read with this engine's voice")
    speak.add_argument("--voice", help="read with this voice (“harken voices” lists them)")
    speak.add_argument("--lang", default="", help="the text's language (en, de, …), found if not given")
    speak.add_argument("--rate", type=_rate, help="speed: 1 is the voice's own")
    speak.add_argument("--out", type=Path, metavar="FILE.wav", help="write what would be heard to a file")
    speak.set_defaults(do=_speak)

    read = commands.add_parser("read", help="have the running Harken read something")
    read.add_argument("what", nargs="?", choices=_READ, default="selection")
    read.set_defaults(do=lambda options: _command(_READ[options.what], starts=options.start))
    for name, (command, summary) in _PLAIN.items():
        plain = commands.add_parser(name, help=summary)
        plain.set_defaults(do=lambda options, command=command: _command(command))

    history = commands.add_parser("history", help="the last readings, or “read N”: one of them again")
    history.set_defaults(do=_history, json=False)
    verbs = history.add_subparsers(title="verbs", metavar="")
    again = verbs.add_parser("read", help="read one again")
    again.add_argument("number", type=int, help="its number in the list")
    again.set_defaults(do=_history_read)

    devices = commands.add_parser("devices", help="list the sound outputs, for the setting sound.device")
    devices.set_defaults(do=_devices)
    status = commands.add_parser("status", help="what the running Harken is doing")
    status.set_defaults(do=_status)
    voices = commands.add_parser("voices", help="list the voices")
    voices.add_argument("--engine", choices=_ENGINES, default="", help="only those of this engine")
    voices.set_defaults(do=_voices)
    doctor = commands.add_parser("doctor", help="what works on this computer, and why the rest does not")
    doctor.add_argument("--polly", action="store_true", help="ask Amazon Polly too, although another voice is chosen")
    doctor.set_defaults(do=_doctor)
    for reporting in (status, voices, devices, history, doctor):
        reporting.add_argument("--json", action="store_true", help="for programs")

    account = commands.add_parser(
        "account", help="the AWS account for Amazon Polly: show it, keep its keys, forget them"
    )
    account.set_defaults(do=_account, verb="show", json=False)
    account.add_argument("--json", action="store_true", help="for programs")
    verbs = account.add_subparsers(title="verbs", metavar="")
    keep = verbs.add_parser(
        "set", help="keep an access key and its secret key in the keyring; asks for them, or reads two lines"
    )
    keep.set_defaults(verb="set")
    forget = verbs.add_parser("forget", help="remove them from the keyring")
    forget.set_defaults(verb="forget")

    settings = commands.add_parser("settings", help="get, set or list settings")
    settings.set_defaults(do=_settings_list, json=False)
    verbs = settings.add_subparsers(title="verbs", metavar="")
    listing = verbs.add_parser("list", help="all settings, their values and what they are")
    listing.add_argument("--json", action="store_true", help="for programs")
    listing.set_defaults(do=_settings_list)
    shown = verbs.add_parser("open", help="open the settings window of the running Harken")
    shown.set_defaults(do=_settings_open)
    for starting in (read, shown):
        starting.add_argument("--start", action="store_true", help="start Harken first if it is not running")
    get = verbs.add_parser("get", help="one setting's value")
    get.add_argument("key")
    get.add_argument("--json", action="store_true", help="for programs")
    get.set_defaults(do=_settings_get)
    change = verbs.add_parser("set", help="change a setting")
    change.add_argument("key")
    change.add_argument("value")
    change.set_defaults(do=_settings_set)

    purge = commands.add_parser("purge", help="remove settings, log, notes, start at login and keys in the keyring")
    purge.add_argument("--yes", action="store_true", help="without asking")
    purge.set_defaults(do=_purge)
    return parser


def _rate(text: str) -> float:
    value = float(text)
    if not MIN_SPEED <= value <= MAX_SPEED:
        raise argparse.ArgumentTypeError(f"the speed is a number from {MIN_SPEED:g} to {MAX_SPEED:g}")
    return value


# ---- the running instance ----


def _command(command: Command, *, starts: bool = False) -> int:
    with _started() if starts else connected(socket_address()) as client:
        client.ask("command", command=command)
    return 0


def _started() -> contextlib.closing[Client]:
    """The running Harken; without one it is started. Raises InstanceError."""
    from reader.desktop import launch

    process = None
    until_s = time.monotonic() + _START_LIMIT_S
    while True:
        try:
            return contextlib.closing(Client(socket_address()))
        except NotRunningError:
            has_failed = time.monotonic() > until_s or (process and process.poll() is not None)
            with contextlib.suppress(OSError):
                process = process or launch.start()
            if has_failed or process is None:
                raise
        time.sleep(0.05)


def _status(options: argparse.Namespace) -> int:
    with connected(socket_address()) as client:
        answer = client.ask("status")
    answer.pop("ok")
    pace = f"about {told_pace(answer['words_a_minute'])} words a minute"
    text = ", ".join(filter(None, (answer["state"], f"speed {answer['speed']:g}", pace, answer["voice"])))
    if answer["polly"] and not options.json:
        from reader.voices.polly.spending import Spent

        text += f"\nAmazon Polly: {Spent(**answer['polly']).told}"
    _print(answer, options.json, text)
    return 0


def _history(options: argparse.Namespace) -> int:
    with connected(socket_address()) as client:
        readings = client.ask("history")["readings"]
    rows = [f"{r['id']:3}  {time.strftime('%H:%M', time.localtime(r['when_s']))}  {r['first_words']}" for r in readings]
    _print(readings, options.json, "\n".join(rows))
    return 0


def _history_read(options: argparse.Namespace) -> int:
    with connected(socket_address()) as client:
        client.ask("read-again", id=options.number)
    return 0


def _print(value: Any, as_json: bool, text: str) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2) if as_json else text)


# ---- speak ----


def _speak(options: argparse.Namespace) -> int:
    from reader import speak

    source = speak.document(_source(options)) if options.ssml else _source(options)
    request = speak.Request(_voice_id(options), options.lang, options.rate, options.out, options.ssml)
    if request.out is None:
        try:
            client = Client(socket_address())
        except InstanceError:
            pass
        else:
            return speak.through_instance(client, request, source)
    return speak.alone(request, source)


def _source(options: argparse.Namespace) -> str | int:
    """The text to read, or the file descriptor it comes from. Raises SettingsError."""
    if options.text is not None:
        return str(options.text)
    if options.file is None or options.file == "-":
        return sys.stdin.fileno()
    try:
        if Path(options.file).is_dir():
            raise IsADirectoryError(errno.EISDIR, "it is a folder")
        return os.open(options.file, os.O_RDONLY)
    except OSError as error:
        raise SettingsError(f"{options.file} can't be read: {error.strerror}.") from error


def _voice_id(options: argparse.Namespace) -> str:
    """The voice asked for: a whole id, or a name within an engine, or an engine's own."""
    if options.voice and "/" not in options.voice:
        return f"{options.engine or 'espeak'}/{options.voice}"
    return options.voice or (f"{options.engine}/" if options.engine else "")


# ---- reports ----


def _voices(options: argparse.Namespace) -> int:
    from reader import speak

    voices, problem = speak.list_voices(options.engine)
    rows = [{"id": v.id, "name": v.name, "language": v.language} for v in voices]
    _print(rows, options.json, "\n".join(f"{r['id']:28} {r['language']:4} {r['name']}" for r in rows))
    if problem:
        print(f"harken: {problem}", file=sys.stderr)
    return 0 if voices else FAILED


def _devices(options: argparse.Namespace) -> int:
    import asyncio

    from reader.audio.choose import output_devices

    outputs = asyncio.run(output_devices())
    rows = [{"id": output.id, "name": output.name, "default": output.is_default} for output in outputs]
    if rows or options.json:
        _print(rows, options.json, "\n".join(f"{r['id']:40} {r['name']}" for r in rows))
    if not rows:
        print("harken: There is no sound output. Start the sound system, or connect one.", file=sys.stderr)
    return 0 if rows else FAILED


def _doctor(options: argparse.Namespace) -> int:
    from reader import doctor, speak

    try:
        with connected(socket_address()) as client:
            rows = client.ask("doctor", waits=True, polly=options.polly)["report"]  # when all voices are warm
    except NotRunningError:
        rows = speak.examine(asks_polly=options.polly)
    _print(rows, options.json, doctor.as_text(rows))
    return 0


def _account(options: argparse.Namespace) -> int:
    from reader import account

    if options.verb == "set":
        return account.keep()
    return account.forget() if options.verb == "forget" else account.show(options.json)


# ---- settings ----


def _settings_list(options: argparse.Namespace) -> int:
    from reader.settings.schema import SETTINGS
    from reader.settings.store import Settings

    settings = Settings(settings_file())
    values = {key: settings.get(key) for key in SETTINGS}
    text = "\n".join(f"{key} = {_shown(values[key])}\n    {row.label}. {row.summary}" for key, row in SETTINGS.items())
    _print(values, options.json, text)
    for problem in settings.problems:
        print(f"harken: {problem}", file=sys.stderr)
    return 0


def _settings_open(options: argparse.Namespace) -> int:
    with _started() if options.start else connected(socket_address()) as client:
        client.ask("open-settings")
    return 0


def _purge(options: argparse.Namespace) -> int:
    from reader.purge import purge

    return purge(options.yes)


def _settings_get(options: argparse.Namespace) -> int:
    from reader.settings.store import Settings

    value = Settings(settings_file()).get(options.key)
    _print(value, options.json, _shown(value))
    return 0


def _settings_set(options: argparse.Namespace) -> int:
    from reader.settings.store import Settings, setting

    value = setting(options.key).parse(options.value)
    try:
        with connected(socket_address()) as client:
            client.ask("set", key=options.key, value=value)
    except NotRunningError:
        Settings(settings_file()).set(options.key, value)
    return 0


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:g}" if isinstance(value, float) else f"“{value}”" if value == "" else str(value)
