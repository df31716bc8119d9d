"""`python -m reader`: the command line without the tray app."""

import sys

from reader.cli import FAILED, main, streams
from reader.support import core_dumps


def _no_tray() -> int:
    print("harken: This is the core alone. Start the tray app with “harken”.", file=sys.stderr)
    return FAILED


core_dumps.forbid()
streams.prepare()
sys.exit(main(sys.argv[1:], _no_tray))
