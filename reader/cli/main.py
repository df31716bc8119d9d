"""Runs one command.

Exit codes: 0 done, 1 failed (one sentence on standard error), 2 wrong usage (the usage, and a sentence), 130
interrupted.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext

from reader.cli import commands, output, plain, streams
from reader.cli.usage import UsageError
from reader.errors import HarkenError

FAILED, WRONG_USAGE, INTERRUPTED = 1, 2, 130


def main(arguments: Sequence[str], start_tray: Callable[[], int]) -> int:
    """Do what the arguments say and return the exit code. `start_tray` runs the tray app until it ends."""
    if "HARKEN_HOLDS" in os.environ:
        from reader.support import holds

        holds.watch()
    try:
        code = _run(arguments, start_tray)
        if sys.stdout:  # it may have been closed
            sys.stdout.flush()
    except BrokenPipeError:  # the reader of our output has gone
        streams.write_no_more(sys.stdout)
        return FAILED
    except OSError as error:
        streams.write_no_more(sys.stdout)
        output.complain(output.cannot_write(error))
        return FAILED
    return code


def _run(arguments: Sequence[str], start_tray: Callable[[], int]) -> int:
    try:
        return _do(arguments, start_tray)
    except HarkenError as error:
        output.complain(error.sentence)
        return FAILED
    except UsageError as error:
        if error.parser:
            output.show_usage(error.parser.format_usage())
        output.complain(str(error))
        return WRONG_USAGE
    except KeyboardInterrupt:
        return INTERRUPTED
    except SystemExit as end:  # argparse has shown the help or the version
        return int(end.code or 0)
    except BrokenPipeError:
        raise
    except Exception as error:  # users see no traceback; the sentence has what a report needs, and no text
        if os.environ.get("HARKEN_DEBUG"):
            raise
        output.complain(f"Harken failed ({_place(error)}). “HARKEN_DEBUG=1 harken …” shows more.")
        return FAILED


def _do(arguments: Sequence[str], start_tray: Callable[[], int]) -> int:
    """Do it with as few imports as it takes: the user who types a command, or presses a key for it, waits for them."""
    if not arguments:
        return start_tray()
    if command := plain.asked(arguments):
        return commands.command(command)
    from reader.cli.parser import make_parser

    options = make_parser(arguments[0]).parse_args(arguments)
    with _tracing(options.trace, starts_tray=options.do is None):
        code: int = start_tray() if options.do is None else options.do(options)
    return code


def _tracing(path: str | None, *, starts_tray: bool) -> AbstractContextManager[object]:
    """What `--trace` asks for. Raises HarkenError."""
    if path is None:
        return nullcontext()
    from reader.core.trace import tracing
    from reader.support import foreign
    from reader.support.files import reason

    if starts_tray and commands.is_running():
        raise HarkenError("Harken is already running. Quit it first with “harken quit”.")
    made = ExitStack()
    try:
        made.enter_context(tracing(os.path.abspath(path)))
    except OSError as error:
        raise HarkenError(f"The timeline can't be written to {foreign.shown(path)}: {reason(error)}.") from error
    return made


def _place(error: Exception) -> str:
    """What broke where, without values."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    where = f" in {os.path.basename(trace.tb_frame.f_code.co_filename)}:{trace.tb_lineno}" if trace else ""
    return f"{type(error).__name__}{where}"
