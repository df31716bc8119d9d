"""Prints the figures of Amazon Polly's part: `python -m tests.bench.polly [comparison] [clients] [cuts]`, or all.

Everything is measured against the stand-in service on loopback, two clients in turns in one run.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence

from tests.bench.polly import clients, comparison, cuts
from tests.fakes.polly_peer import missing


def main() -> int:
    """Measure, print, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.polly", description=__doc__)
    parser.add_argument(
        "what", nargs="*", choices=[[], "comparison", "clients", "cuts"], help="which figures; all if none"
    )
    parser.add_argument("--turns", type=int, default=30, help="readings a row of the clients' table (30)")
    parser.add_argument(
        "--readings", type=int, default=50, help="readings a row of the cuts' table (50, four cuts each)"
    )
    options = parser.parse_args()
    what = options.what or ["comparison", "clients", "cuts"]
    if "clients" in what:
        if lacking := missing():
            print(f"Install this first: {lacking}", file=sys.stderr)
            return 1
        print(
            f"{options.turns} readings a row, milliseconds, median / 95th percentile, and the ratio of the medians.\n"
        )
        header = ["on one endpoint, in turns", "official SDK for JavaScript", "Harken", "ratio"]
        _print_table(header, clients.rows(asyncio.run(clients.compare(options.turns))))
        print()
    if "comparison" in what:
        _print_comparison(asyncio.run(comparison.compare()))
        print()
    if "cuts" in what:
        header = [
            "streams cut at random",
            "cuts",
            "sentences lost",
            "begun twice",
            "resets by Harken",
            "as it should be",
        ]
        _print_table(header, asyncio.run(cuts.rows(options.readings)))
    return 0


def _print_comparison(runs: dict[str, comparison.Run]) -> None:
    base = next(iter(runs.values()))
    rows = []
    for name, run in runs.items():
        less = f"{(run.total_s / base.total_s - 1) * 100:+.1f} %" if run is not base else ""
        rows.append([name, f"{run.total_s * 1000:,.0f} ms", less, str(run.calls), f"{run.first_s * 1000:,.0f} ms"])
    published = comparison.PUBLISHED_STREAM_S / comparison.PUBLISHED_CALLS_S - 1
    total = f"{comparison.PUBLISHED_STREAM_S * 1000:,.0f} ms"
    rows.append(["published: one bidirectional stream", total, f"{published * 100:+.1f} %", "1", ""])
    _print_table(["970 words, one every 30 ms", "total", "against the first", "calls", "first sound"], rows)


def _print_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    for row in (header, ["---"] * len(header), *rows):
        print("| " + " | ".join(row) + " |", flush=True)


if __name__ == "__main__":
    sys.exit(main())
