"""Runs one command.

Exit codes: 0 done, 1 failed (one sentence on standard error), 2 wrong usage (the usage, and a sentence), 130
interrupted.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from reader.cli import output, streams
from reader.cli.parser import make_parser
from reader.cli.usage import UsageError
from reader.errors import HarkenError
from reader.support import files, holds

FAILED, WRONG_USAGE, INTERRUPTED = 1, 2, 130


def main(arguments: Sequence[str], start_tray: Callable[[], int]) -> int:
    """Do what the arguments say and return the exit code. `start_tray` runs the tray app until it ends."""
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
        output.complain(f"The answer can't be written: {files.reason(error)}.")
        return FAILED
    return code


def _run(arguments: Sequence[str], start_tray: Callable[[], int]) -> int:
    try:
        options = make_parser().parse_args(arguments)
        code: int = start_tray() if options.do is None else options.do(options)
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
    return code


def _place(error: Exception) -> str:
    """What broke where, without values."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    where = f" in {Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else ""
    return f"{type(error).__name__}{where}"
