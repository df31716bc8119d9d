"""How long `harken-key` takes, beside `true`: `python3 -m tests.bench.commands TIMES`, where Harken runs.

Prints milliseconds as JSON, in turns. bench/wayland.py runs it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time

from reader.support import key_client


def main(times: int) -> None:
    """Measure and print."""
    commands = {"true": ["true"], "harken-key": [key_client.path(), "stop"]}
    found: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(times):
        for name, command in commands.items():
            begun_s = time.perf_counter()
            subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
            found[name].append((time.perf_counter() - begun_s) * 1000)
    print(json.dumps(found))


if __name__ == "__main__":
    main(int(sys.argv[1]))
