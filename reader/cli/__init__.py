"""The command line. `harken` alone starts the tray app; everything else is here.

`parser.py` has every command, `usage.py` reports mistakes in one, `main.py` runs it. Commands about the running
Harken go to it over its socket and import next to nothing (tests/architecture has the list); those of `plain.py` are
not even parsed. For keys bound in a desktop's own settings there is `resources/harken-key`, which is quicker still.
"""

from reader.cli.main import FAILED, main

__all__ = ["FAILED", "main"]
