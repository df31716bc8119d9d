"""The man page and the shells' completions, made from the command line's own parser, so that they never differ.

The guide's list of commands uses the same parts.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

NAME = "harken"


@dataclass(frozen=True)
class Command:
    """One command: its words after `harken`, what it does, its options and the words it may be followed by."""

    words: tuple[str, ...]
    summary: str
    parser: argparse.ArgumentParser

    @property
    def options(self) -> list[argparse.Action]:
        """What begins with a hyphen."""
        return [action for action in self.parser._actions if action.option_strings]

    @property
    def operands(self) -> list[argparse.Action]:
        """What stands for itself: a file, a key, one of some words."""
        subparsers = (argparse._SubParsersAction,)
        return [a for a in self.parser._actions if not a.option_strings and not isinstance(a, subparsers)]

    @property
    def next_words(self) -> dict[str, str]:
        """Every word that may follow, and what it does."""
        found = {command.words[-1]: command.summary for command in _below(self)}
        for action in self.operands:
            found |= dict.fromkeys(map(str, action.choices or ()), "")
        return found

    @property
    def takes_files(self) -> bool:
        """Whether a file may be named."""
        return any(action.dest == "file" for action in self.operands)


def commands(parser: argparse.ArgumentParser) -> list[Command]:
    """The program itself and every command, in the parser's order."""
    return list(_walk(Command((), parser.description or "", parser)))


def _walk(command: Command) -> Iterator[Command]:
    yield command
    for below in _below(command):
        yield from _walk(below)


def _below(command: Command) -> Iterator[Command]:
    for action in command.parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            helps = {choice.dest: choice.help or "" for choice in action._choices_actions}
            for name, parser in action.choices.items():
                yield Command((*command.words, name), helps.get(name, ""), parser)


# ---- the man page ----


def man_page(parser: argparse.ArgumentParser, version: str, epoch_s: int) -> str:
    """The page harken(1), in roff."""
    every = commands(parser)
    date = datetime.fromtimestamp(epoch_s, UTC).date().isoformat()
    lines = [
        f'.TH HARKEN 1 {date} "Harken {version}" "User Commands"',
        ".SH NAME",
        r"harken \- read selected text aloud",
        ".SH SYNOPSIS",
        ".B harken\n.RI [ command\n.RI [ options ]]",
        ".SH DESCRIPTION",
        "Select text in any program, press a key, and hear it at once.",
        "Without a command, Harken starts in the tray; starting it again opens the player.",
        ".SH COMMANDS",
    ]
    for command in every[1:]:
        lines += [".TP", rf"\fB{_roff(usage(command))}\fR", _roff(_sentence(command.summary))]
        for action in command.options:
            if action.help and action.dest != "help":
                lines += [".RS", ".TP", rf"\fB{_roff(option_form(action))}\fR", _roff(_sentence(action.help)), ".RE"]
    lines += [
        ".SH EXIT STATUS",
        *(".TP\n0\nDone.", ".TP\n1\nFailed, with a sentence on standard error."),
        *(
            ".TP\n2\nUsage error.",
            ".TP\n130\nInterrupted, including when you stop the reading with a key or start another reading.",
        ),
        ".SH FILES",
        ".TP\n.I ~/.config/harken/settings.toml\nThe settings.",
        ".TP\n.I ~/.local/state/harken\nThe log, crash reports and other data. "
        "What was read is kept only if you turn on reading.keep_texts.",
        ".SH ENVIRONMENT",
        ".TP\n.B HARKEN_DEBUG\nWrite the log to standard error as well.",
        "AWS's own variables, such as AWS_PROFILE, select the account for Amazon Polly's voices.",
        ".SH SEE ALSO",
        ".BR harken\\-key (1),\n.BR espeak\\-ng (1),\n.BR spd\\-say (1)",
    ]
    return "\n".join(lines) + "\n"


def key_page(version: str, epoch_s: int) -> str:
    """The page harken-key(1), in roff."""
    date = datetime.fromtimestamp(epoch_s, UTC).date().isoformat()
    lines = [
        f'.TH HARKEN\\-KEY 1 {date} "Harken {version}" "User Commands"',
        ".SH NAME",
        r"harken\-key \- the commands of harken for a desktop's own keys",
        ".SH SYNOPSIS",
        r".B harken\-key\n.I command",
        ".SH DESCRIPTION",
        "Has the running Harken carry out a command of",
        ".BR harken (1),",
        "such as read, stop or pause\\-resume, within a few milliseconds, over the session bus.",
        "Harken is started if it is not running, except to stop or pause.",
        ".SH EXIT STATUS",
        "The same as those of\n.BR harken (1).",
        ".SH SEE ALSO",
        ".BR harken (1)",
    ]
    return "\n".join(lines).replace(r"\n", "\n") + "\n"


def usage(command: Command) -> str:
    """Its words and what stands behind them."""
    words = " ".join(command.words)
    for action in command.operands:
        name = "|".join(map(str, action.choices)) if action.choices else str(action.metavar or action.dest).upper()
        words += f" [{name}]" if action.nargs == "?" else f" {name}"
    return words


def option_form(action: argparse.Action) -> str:
    """An option's names and what follows them."""
    names = ", ".join(action.option_strings)
    if action.nargs == 0:
        return names
    if action.choices:
        return f"{names} {'|'.join(map(str, action.choices))}"
    return f"{names} {action.metavar or action.dest.upper()}"


def _sentence(text: str) -> str:
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "?", "!")) else text + "."


def _roff(text: str) -> str:
    text = text.replace("\\", r"\e").replace("-", r"\-")
    text = text.replace("“", r"\(lq").replace("”", r"\(rq").replace("…", "...").replace("’", "'")
    return r"\&" + text if text.startswith((".", "'")) else text


# ---- completions ----


def _names(command: Command) -> list[str]:
    return sorted(name for action in command.options for name in action.option_strings)


def bash(parser: argparse.ArgumentParser) -> str:
    """The completion for bash, with nothing needed beside it."""
    cases, choices = [], []
    for command in commands(parser):
        words = " ".join([*command.next_words, *_names(command)])
        files = " files=yes" if command.takes_files else ""
        cases.append(f"        '{' '.join(command.words)}') words='{words}'{files} ;;")
        for action in command.options:
            if action.choices:
                names = "|".join(action.option_strings)
                choices.append(
                    f"        {names}) COMPREPLY=($(compgen -W '{' '.join(action.choices)}' -- \"$now\")); return ;;"
                )
            elif action.nargs != 0 and action.metavar:
                choices.append(
                    f'        {"|".join(action.option_strings)}) COMPREPLY=($(compgen -f -- "$now")); return ;;'
                )
    below = " ".join(f"'{' '.join(c.words)}'" for c in commands(parser) if c.words)
    return "\n".join(
        [
            "# bash completion for harken: made from its command line.",
            "_harken() {",
            '    local now="${COMP_WORDS[COMP_CWORD]}" words="" files="" path="" word next known',
            '    case "${COMP_WORDS[COMP_CWORD-1]}" in',
            *dict.fromkeys(choices),
            "    esac",
            '    for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do',
            '        next="${path:+$path }$word"',
            f"        for known in {below}; do",
            '            [ "$known" = "$next" ] && path="$next"',
            "        done",
            "    done",
            '    case "$path" in',
            *cases,
            "    esac",
            '    COMPREPLY=($(compgen -W "$words" -- "$now"))',
            '    if [ -n "$files" ]; then COMPREPLY+=($(compgen -f -- "$now")); fi',
            "}",
            "complete -o filenames -F _harken harken",
            "",
        ]
    )


def zsh(parser: argparse.ArgumentParser) -> str:
    """The completion for zsh."""
    cases = []
    for command in commands(parser):
        known = {**command.next_words, **{n: a.help or "" for a in command.options for n in a.option_strings}}
        rows = " ".join(_quoted(f"{name}:{summary}" if summary else name) for name, summary in known.items())
        files = "; _files" if command.takes_files else ""
        cases.append(f"        '{' '.join(command.words)}') rows=({rows}); _describe harken rows{files} ;;")
    below = " ".join(f"'{' '.join(c.words)}'" for c in commands(parser) if c.words)
    return "\n".join(
        [
            "#compdef harken",
            "# zsh completion for harken: made from its command line.",
            "_harken() {",
            "    local -a rows known",
            '    local way="" word',
            f"    known=({below})",
            "    for word in ${words[2,CURRENT-1]}; do",
            '        if (( ${known[(Ie)${way:+$way }$word]} )); then way="${way:+$way }$word"; fi',
            "    done",
            '    case "$way" in',
            *cases,
            "    esac",
            "}",
            '_harken "$@"',
            "",
        ]
    )


def fish(parser: argparse.ArgumentParser) -> str:
    """The completion for fish."""
    lines = ["# fish completion for harken: made from its command line.", "complete -c harken -f"]
    for command in commands(parser):
        seen = " ".join(command.words)
        others = " ".join(command.next_words)
        when = f"__fish_seen_subcommand_from {command.words[-1]}" if seen else "__fish_use_subcommand"
        if others and seen:
            when += f"; and not __fish_seen_subcommand_from {others}"
        for word, summary in command.next_words.items():
            lines.append(f"complete -c harken -n '{when}' -a {word}" + (f" -d {_quoted(summary)}" if summary else ""))
        for action in command.options:
            flags = " ".join(f"-l {n[2:]}" if n.startswith("--") else f"-s {n[1:]}" for n in action.option_strings)
            value = (
                f" -x -a '{' '.join(map(str, action.choices))}'"
                if action.choices
                else " -r"
                if action.nargs != 0
                else ""
            )
            lines.append(f"complete -c harken -n '{when}' {flags}{value} -d {_quoted(action.help or '')}")
        if command.takes_files:
            lines.append(f"complete -c harken -n '{when}' -F")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """In single quotes, as bash, zsh and fish all read them."""
    return "'" + text.replace("'", r"'\''") + "'"
