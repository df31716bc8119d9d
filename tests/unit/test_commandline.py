"""The man page and the completions, which are made from the command line."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from reader.cli.parser import make_parser

sys.path.insert(0, str(Path(__file__).parents[2] / "packaging"))
import commandline  # not a package, but what build.py runs

COMMANDS = [" ".join(command.words) for command in commandline.commands(make_parser()) if command.words]


def complete(*words: str) -> list[str]:
    """What bash offers behind these words, the last of which is being typed."""
    script = commandline.bash(make_parser()) + (
        f"\nCOMP_WORDS=(harken {' '.join(f'{w!r}' for w in words)}); COMP_CWORD={len(words)}; _harken; "
        'printf "%s\\n" "${COMPREPLY[@]}"'
    )
    done = subprocess.run(["bash", "-c", script], check=True, capture_output=True, text=True)
    return done.stdout.split()


def test_bash_offers_commands_then_what_they_take() -> None:
    assert "speak" in complete("")
    assert complete("speak") == ["speak"]
    assert complete("read", "c") == ["clipboard"]
    assert complete("settings", "g") == ["get"]
    assert complete("speak", "--engine", "neu") == ["neural"]
    assert "--json" in complete("doctor", "--")
    assert "--json" not in complete("stop", "--")


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_the_other_shells_know_every_command(shell: str) -> None:
    text: str = getattr(commandline, shell)(make_parser())
    assert all(command.split()[-1] in text for command in COMMANDS)
    if program := shutil.which(shell):
        subprocess.run([program, "-n", "-c", text], check=True)


def test_the_man_page_names_every_command_and_is_sound_roff() -> None:
    page = commandline.man_page(make_parser(), "1.0", 0)
    assert '.TH HARKEN 1 1970-01-01 "Harken 1.0"' in page
    assert all(rf"\fB{commandline._roff(command)}" in page for command in COMMANDS)
    for text in (page, commandline.key_page("1.0", 0)):
        if groff := shutil.which("groff"):
            done = subprocess.run(
                [groff, "-man", "-Tutf8", "-ww", "-z"], check=True, input=text, text=True, capture_output=True
            )
            assert done.stderr == ""
