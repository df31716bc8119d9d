"""Wrong usage of the command line, as a person meets it: one sentence that says what is possible."""

from __future__ import annotations

import subprocess
import sys

import pytest

from reader.cli.parser import make_parser

HARKEN = [sys.executable, "-m", "reader"]


def harken(*arguments: str) -> tuple[int, str, str]:
    """(exit code, standard output, standard error)."""
    done = subprocess.run([*HARKEN, *arguments], capture_output=True, text=True, check=False, timeout=60)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["settigns"], "There is no command “settigns”. Did you mean “settings”? “harken -h” lists all commands."),
        (
            ["settings", "lst"],
            "There is no command “settings lst”. Did you mean “list”? “harken settings -h” lists all commands.",
        ),
        (["help", "pauze"], "There is no command “pauze”. Did you mean “pause”? “harken -h” lists all commands."),
        (["read", "minds"], "Choose selection, focus, clipboard, word, line,"),
        (["speak", "--rate", "99", "x"], "Use a number from 0.36 to 5.5 for --rate, not 99."),
        (["speak", "--rate", "nan", "x"], "Use a number from 0.36 to 5.5 for --rate, not nan."),
        (["speak", "--rate", "fast", "x"], "Use a number from 0.36 to 5.5 for --rate, not fast."),
        (
            ["speak", "--engine", "neutral", "x"],
            "Choose neural, piper, espeak, polly, polly-sentences or server for --engine, not “neutral”. Did you mean",
        ),
        (["speak", "x", "--text", "y"], "Give a file or --text, not both."),
        (
            ["speak", "--engine", "espeak", "--voice", "neural/heart"],
            "“neural/heart” is not a voice of --engine espeak.",
        ),
        (
            ["speak", "--lang", "english", "x"],
            "Use a language code for --lang, such as en or de, not “english”.",
        ),
        (
            ["speak", "--voice", "/", "x"],
            "Choose neural, piper, espeak, polly, polly-sentences or server for the part of --voice before",
        ),
        (
            ["speak", "--voice", "nueral/heart", "x"],
            "Choose neural, piper, espeak, polly, polly-sentences or server for the part of",
        ),
        (["speak", ""], "Name the file to read, or - for standard input."),
        (["speak", "--text", "x", "--out", "x.wav/"], "--out needs a file name, not a folder: “x.wav/”."),
        (
            ["speak", "--text", "x", "--out", "x.aac"],
            "Use a name that ends in .wav, .mp3, .opus, .ogg or .flac, not “x",
        ),
        (["speak", "--text", "x", "--format", "mp3"], "--format sets the kind of file for --out. Add --out."),
        (
            ["speak", "--text", "x", "--out", "x", "--format", "aac"],
            "Choose wav, mp3, opus or flac for --format, not “a",
        ),
        (["speak", "--text"], "--text needs a value. If it begins with a hyphen, write --text=…"),
        (["speak", "a", "b"], "“harken speak” does not take “b”."),
        (["stop", "--jsn"], "“harken stop” has no option “--jsn”."),
        (["status", "--jsn"], "“harken status” has no option “--jsn”. Did you mean “--json”?"),
        (["doctor", "--json=yes"], "--json takes no value."),
        (["settings", "set", "voice.speed"], "“harken settings set” needs KEY and VALUE."),
        (["history", "read", "x"], "Use a number from “harken history”, not “x”."),
        (["history", "read", "9" * 5000], f"Use a number from “harken history”, not “{'9' * 199}…”."),
        (["\x1b[31mred\x1b]0;title\x07"], "There is no command “red”. Did you mean “read”?"),
    ],
)
def test_a_sentence_says_what_is_possible(arguments: list[str], sentence: str) -> None:
    code, output, errors = harken(*arguments)
    assert (code, output) == (2, "")
    assert errors.startswith("usage: harken")
    assert errors.splitlines()[-1].startswith(f"harken: {sentence}")
    assert not [word for word in ("argument", "invalid", "_rate", "Traceback", "\x1b") if word in errors]


def test_help_is_there_in_every_form() -> None:
    code, everything, errors = harken("help")
    assert (code, errors) == (0, "")
    assert harken("--help") == (0, everything, "") == harken("-h")
    assert harken("help", "settings", "set") == harken("settings", "set", "-h")
    assert "Change a setting." in harken("help", "settings", "set")[1]


def test_every_command_and_option_says_what_it_is() -> None:
    parsers = [make_parser()]
    while parsers:
        parser = parsers.pop()
        assert parser.description
        for action in parser._actions:
            if isinstance(action.choices, dict):
                parsers += [choice for choice in action.choices.values() if hasattr(choice, "_actions")]
            if action.option_strings:
                assert action.help, action


def test_an_answer_that_can_not_be_written_is_told() -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [*HARKEN, "settings", "list"], stdout=full, stderr=subprocess.PIPE, text=True, check=False, timeout=60
        )
    assert done.returncode == 1
    assert done.stderr == "harken: The output can't be written: No space left on device.\n"
