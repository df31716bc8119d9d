"""Every command and what it takes. The guide, the man page and the shells' completions are made from here.

Running a command needs only its own part, and imports nothing for the others.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from functools import partial

from reader import __version__
from reader.cli.argument_parser import Parser
from reader.cli.plain import PLAIN, READ
from reader.cli.usage import UsageError, no_command
from reader.support import foreign


def make_parser(word: str = "") -> argparse.ArgumentParser:
    """Every command and what it takes; the guide lists them from here. If `word` is a command, only that one."""
    parser = Parser(
        prog="harken",
        usage="harken [COMMAND] [OPTIONS]",
        description="Reads aloud what you select. Without a command, Harken starts in the tray.",
        epilog="Run “harken help COMMAND” to learn more about a command.",
    )
    parser.add_argument("--version", action="version", version=f"harken {__version__}", help="show the version")
    timeline = "write a timeline of each reading, without its text, to a file for ui.perfetto.dev"
    parser.add_argument("--trace", metavar="FILE", help=timeline)
    parser.set_defaults(do=None)
    parsers = parser.add_subparsers(title="commands", metavar="", parser_class=Parser, prog="harken")
    for names, add in PARTS:
        if not _is_known(word) or word in names:
            add(parsers)
    if not _is_known(word):
        helping = parsers.add_parser("help", help="show help for a command")
        helping.add_argument("words", nargs="*", metavar="COMMAND", help="such as “speak” or “settings set”")
        helping.set_defaults(do=lambda options: _help(parser, options.words))
    _describe(parser)
    return parser


Commands = argparse._SubParsersAction


def _is_known(word: str) -> bool:
    return any(word in names for names, _ in PARTS)


def _describe(parser: argparse.ArgumentParser) -> None:
    """Have each command's help begin with its summary from the list of commands."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for choice in action._choices_actions:
                command = action.choices[choice.dest]
                command.description = f"{(choice.help or '')[:1].upper()}{(choice.help or '')[1:]}."
                _describe(command)


def _add_speak(parsers: Commands[Parser]) -> None:
    from reader.audio import formats
    from reader.cli import speak
    from reader.voices import registry

    reads = parsers.add_parser("speak", help="read a file, text, or standard input (-) as it arrives")
    reads.add_argument(
        "file", nargs="?", help="a text, PDF, EPUB, DOCX, ODT, RTF, web page or e-mail, or - for standard input"
    )
    reads.add_argument("--text", help="the text to read")
    reads.add_argument("--ssml", action="store_true", help="treat the input as speech markup (SSML)")
    reads.add_argument("--plain", action="store_true", help="treat the input as plain text, whatever it looks like")
    reads.add_argument("--engine", choices=registry.names(), help="use a voice of this engine")
    reads.add_argument("--voice", help="use this voice (“harken voices” lists them)")
    reads.add_argument(
        "--lang", type=_language, default="", help="the language of the text (en, de, …); detected if not given"
    )
    reads.add_argument("--rate", type=_rate, help="speed; 1 is the voice's normal speed")
    reads.add_argument(
        "--out",
        metavar="FILE",
        help="write the speech to a .wav, .mp3, .opus or .flac file, or as WAV to standard output (-)",
    )
    reads.add_argument(
        "--format", choices=formats.NAMES, help="the kind of file, regardless of the name given to --out"
    )
    reads.add_argument(
        "--progress",
        action="store_true",
        help="with --out: write the progress to standard output, one line for each percent",
    )
    reads.add_argument(
        "--fall-back",
        action=argparse.BooleanOptionalAction,
        help="whether another voice may continue if this one fails (default: setting voice.fall_back; with --out: no)",
    )
    reads.add_argument(
        "--trace",
        metavar="FILE",
        default=argparse.SUPPRESS,
        help="write a timeline of the reading, without its text, to a file; a running Harken is then not used",
    )
    reads.set_defaults(do=speak.speak)


def _add_commands_to_the_running_one(parsers: Commands[Parser]) -> None:
    from reader.cli import commands

    read = parsers.add_parser("read", help="read the selection, the focused text or part of it, or the clipboard")
    read.add_argument(
        "what",
        nargs="?",
        choices=READ,
        default="selection",
        help="the selection, the focused text or control, or the clipboard; or, of the focused text, "
        "the word, line, sentence or paragraph at the cursor, the rest from the cursor on, or the whole document; "
        "later: put the selection into the queue; queued: read the queue",
    )
    read.add_argument("--start", action="store_true", help="start Harken first if it is not running")
    read.set_defaults(do=lambda options: commands.command(READ[options.what], starts=options.start))
    for name, (command, summary) in PLAIN.items():
        plain = parsers.add_parser(name, help=summary)
        plain.set_defaults(do=lambda options, command=command: commands.command(command))
    shown = parsers.add_parser("show", help="open the player of the running Harken")
    shown.set_defaults(do=commands.show)
    ended = parsers.add_parser("quit", help="quit the running Harken")
    ended.set_defaults(do=commands.end)

    status = parsers.add_parser("status", help="show what the running Harken is doing")
    status.set_defaults(do=commands.status)
    status.add_argument("--json", action="store_true", help="write JSON, for programs")


def _add_texts(parsers: Commands[Parser]) -> None:
    from reader.cli import texts_parser

    texts_parser.add(parsers)


def _add_reports(parsers: Commands[Parser]) -> None:
    from reader.cli import reports
    from reader.voices import registry

    devices = parsers.add_parser("devices", help="list the sound outputs, for the setting sound.device")
    devices.set_defaults(do=reports.devices)
    listed = _add_voices(parsers)
    doctor = parsers.add_parser("doctor", help="show what works on this computer and why the rest does not")
    for entry in registry.services():
        asks = f"check {entry.title} even if another voice is chosen"
        doctor.add_argument(f"--{entry.name}", action="store_true", help=asks)
    doctor.set_defaults(do=reports.doctor)
    for reporting in (listed, devices, doctor):
        reporting.add_argument("--json", action="store_true", help="write JSON, for programs")


def _add_voices(parsers: Commands[Parser]) -> Parser:
    from reader.cli import reports, voices
    from reader.voices import registry

    group = parsers.add_parser(
        "voices",
        help="list the voices, or get, add or remove one",
        usage="harken voices [--engine ENGINE] [--json]\n       harken voices available|get|add|remove ...",
    )
    group.add_argument("--engine", choices=registry.names(), default="", help="only those of this engine")
    group.set_defaults(do=reports.voices)
    verbs = group.add_subparsers(title="commands", metavar="", parser_class=Parser, prog="harken voices")
    adding = verbs.add_parser("add", help="add a voice in Piper's format from a file")
    adding.add_argument("file", help="the voice's file (.onnx); its description (.onnx.json) has to be beside it")
    adding.set_defaults(do=voices.add)
    offered = verbs.add_parser("available", help="list the natural voices that can be downloaded, the best ones first")
    offered.add_argument("--lang", type=_language, default="", help="only those of this language (en, de, …)")
    offered.set_defaults(do=voices.available)
    getting = verbs.add_parser("get", help="download a natural voice and add it")
    getting.add_argument("voice", help="its name in that list, or a language (de, …) for its best voice")
    getting.set_defaults(do=voices.get)
    removing = verbs.add_parser("remove", help="remove a voice that was added, and delete its files")
    removing.add_argument("voice", help="its name in the list of voices, such as piper/de_DE-kerstin-low")
    removing.set_defaults(do=voices.remove)
    for verb in (adding, offered, getting, removing):
        verb.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="write JSON, for programs")
    return group


def _add_account(parsers: Commands[Parser]) -> None:
    from reader.cli import reports
    from reader.voices import registry

    account = parsers.add_parser(
        "account",
        help="show the AWS account for Amazon Polly, or store or remove keys, also for another service",
        usage="harken account [--service SERVICE] [set|forget] [--here] [--json]",
    )
    account.set_defaults(do=reports.account, verb="show", json=False, here=False)
    account.add_argument(
        "--here", action="store_true", help="use this terminal's environment, not the running Harken's"
    )
    with_keys = [entry.name for entry in registry.services() if entry.needs_account or entry.keeps_key]
    account.add_argument(
        "--service", choices=with_keys, default=with_keys[0], help="the service the keys are for (default: polly)"
    )
    account.add_argument("--json", action="store_true", help="write JSON, for programs")
    verbs = account.add_subparsers(title="commands", metavar="", parser_class=Parser, prog="harken account")
    keep = verbs.add_parser(
        "set", help="store an access key and its secret key in the keyring; asks for them, or reads two lines"
    )
    keep.set_defaults(verb="set")
    forget = verbs.add_parser("forget", help="remove the keys from the keyring")
    forget.set_defaults(verb="forget")


def _add_settings(parsers: Commands[Parser]) -> None:
    from reader.cli import settings

    group = parsers.add_parser(
        "settings",
        help="get, set, reset or list settings",
        usage="harken settings [list|get KEY|set KEY VALUE|reset KEY|open]",
    )
    group.set_defaults(do=settings.list_all, json=False)
    verbs = group.add_subparsers(title="commands", metavar="", parser_class=Parser, prog="harken settings")
    listing = verbs.add_parser("list", help="list all settings with their values and meanings")
    listing.set_defaults(do=settings.list_all)
    get = verbs.add_parser("get", help="show the value of a setting")
    get.add_argument("key", metavar="KEY", help="its name, such as voice.speed")
    get.set_defaults(do=settings.get)
    for reporting in (listing, get):
        reporting.add_argument("--json", action="store_true", help="write JSON, for programs")
    change = verbs.add_parser("set", help="change a setting")
    change.add_argument("key", metavar="KEY", help="its name, such as voice.speed")
    change.add_argument("value", metavar="VALUE", help='its new value; "" means automatic or none')
    change.set_defaults(do=settings.change)
    reset = verbs.add_parser("reset", help="reset a setting, or all of them, to the default")
    reset.add_argument("key", metavar="KEY", nargs="?", help="its name, such as voice.speed")
    reset.add_argument("--all", action="store_true", help="all settings")
    reset.add_argument("--yes", action="store_true", help="do not ask for confirmation")
    reset.set_defaults(do=settings.reset)
    shown = verbs.add_parser("open", help="open the settings window of the running Harken")
    shown.add_argument("--start", action="store_true", help="start Harken first if it is not running")
    shown.set_defaults(do=settings.open_window)


def _add_words(parsers: Commands[Parser]) -> None:
    from reader.cli import words

    group = parsers.add_parser(
        "words",
        help="list or change how words are pronounced",
        usage="harken words [list|add WORD SPOKEN|remove WORD|import FILE|export [FILE]]",
    )
    group.set_defaults(do=words.list_all, json=False)
    verbs = group.add_subparsers(title="commands", metavar="", parser_class=Parser, prog="harken words")
    listing = verbs.add_parser("list", help="list the words that are pronounced your way")
    listing.add_argument("--json", action="store_true", help="write JSON, for programs")
    listing.set_defaults(do=words.list_all)
    adding = verbs.add_parser("add", help="have a word pronounced your way")
    adding.add_argument("word", metavar="WORD", help="the word as it is written; lower case also matches capitals")
    adding.add_argument("spoken", metavar="SPOKEN", help="how it should sound, spelled out in letters")
    adding.set_defaults(do=words.add)
    removing = verbs.add_parser("remove", help="remove a word, so that it is pronounced as before")
    removing.add_argument("word", metavar="WORD", help="the word as it is in the list")
    removing.set_defaults(do=words.remove)
    for verb in (adding, removing):
        verb.add_argument("--part", action="store_true", help="also match it within longer words")
        verb.add_argument("--expression", action="store_true", help="WORD is a regular expression")
        verb.add_argument(
            "--language",
            type=partial(_language, option="--language"),
            default="",
            help="only for voices of this language (en, de, …)",
        )
        verb.add_argument(
            "--voice",
            default="",
            help="only for this voice, such as espeak/de; espeak/ means all voices of that engine",
        )
    loading = verbs.add_parser("import", help="add the words of a table (CSV)")
    loading.add_argument("file", metavar="FILE", help="a file, or - for standard input")
    loading.set_defaults(do=words.load)
    saving = verbs.add_parser("export", help="write the list as a table (CSV)")
    saving.add_argument("file", nargs="?", default="-", metavar="FILE", help="a file, or - for standard output")
    saving.set_defaults(do=words.save)


def _add_extension(parsers: Commands[Parser]) -> None:
    from reader.cli import extension

    group = parsers.add_parser(
        "extension",
        help="install or remove Harken's extension for GNOME",
        usage="harken extension [status|install|remove]",
    )
    group.set_defaults(do=extension.status)
    verbs = group.add_subparsers(title="commands", metavar="", parser_class=Parser, prog="harken extension")
    verbs.add_parser("status", help="show whether the extension is running, and if not, why").set_defaults(
        do=extension.status
    )
    verbs.add_parser("install", help="install the extension for this user and turn it on").set_defaults(
        do=extension.add
    )
    verbs.add_parser("remove", help="turn the extension off and remove it").set_defaults(do=extension.remove)


def _add_speechd(parsers: Commands[Parser]) -> None:
    from reader.cli import speechd

    group = parsers.add_parser(
        "speechd",
        help="let other programs, such as Orca, speak with Harken's voices",
        usage="harken speechd [status|install|remove]",
    )
    group.set_defaults(do=speechd.status)
    verbs = group.add_subparsers(title="commands", metavar="", parser_class=Parser, prog="harken speechd")
    verbs.add_parser("status", help="show whether speech-dispatcher has loaded Harken's voices").set_defaults(
        do=speechd.status
    )
    adding = verbs.add_parser("install", help="add Harken's voices to speech-dispatcher")
    adding.add_argument(
        "--default",
        action="store_true",
        help="also make them the default for programs in which no other voice has been chosen",
    )
    adding.set_defaults(do=speechd.install)
    verbs.add_parser("remove", help="remove Harken's voices from speech-dispatcher").set_defaults(do=speechd.remove)
    serving = verbs.add_parser("module", help="run as speech-dispatcher's module; speech-dispatcher starts this itself")
    serving.add_argument("configuration", nargs="*", help="not used")
    serving.set_defaults(do=speechd.module)


def _add_purge(parsers: Commands[Parser]) -> None:
    from reader.cli import settings

    purge = parsers.add_parser(
        "purge", help="delete everything Harken has stored: settings, logs, data, login entry, keys in the keyring"
    )
    purge.add_argument("--yes", action="store_true", help="do not ask for confirmation")
    purge.set_defaults(do=settings.purge)


# The parts of the command line, and the commands that each adds, in the order of the help.
PARTS: tuple[tuple[tuple[str, ...], Callable[[Commands[Parser]], None]], ...] = (
    (("speak",), _add_speak),
    (("read", *PLAIN, "show", "quit", "status"), _add_commands_to_the_running_one),
    (("history", "recent", "bookmarks", "queue", "sleep"), _add_texts),
    (("devices", "voices", "doctor"), _add_reports),
    (("account",), _add_account),
    (("settings",), _add_settings),
    (("words",), _add_words),
    (("extension",), _add_extension),
    (("speechd",), _add_speechd),
    (("purge",), _add_purge),
)


def _rate(text: str) -> float:
    from reader.flow import MAX_SPEED, MIN_SPEED

    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not MIN_SPEED <= value <= MAX_SPEED:
        raise UsageError(f"Use a number from {MIN_SPEED:g} to {MAX_SPEED:g} for --rate, not {foreign.shown(text)}.")
    return value


def _language(text: str, option: str = "--lang") -> str:
    """A language's code; for one with a country, such as en-US, that of the language."""
    if not text:
        return ""
    from reader.support.languages import CODES, code_of

    code = re.fullmatch("([a-z]{2,3})([-_][a-z0-9]{2,8})*", text.lower())
    if not code or code[1] not in CODES:
        raise UsageError(f"Use a language code for {option}, such as en or de, not “{foreign.shown(text)}”.")
    return code_of(code[1])


def _help(parser: argparse.ArgumentParser, words: list[str]) -> int:
    """Say what a command, of one word or more, does and takes."""
    for word in words:
        below = next((a for a in parser._actions if isinstance(a, argparse._SubParsersAction)), None)
        if below is None or word not in below.choices:
            raise UsageError(no_command(parser.prog, word, below.choices if below else ()), parser)
        parser = below.choices[word]
    parser.print_help()
    return 0
