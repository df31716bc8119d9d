"""Prints the figures of Amazon Polly's part: `python -m tests.bench.polly comparison|client`."""

from __future__ import annotations

import asyncio
import sys

from tests.bench.polly import comparison


def main() -> int:
    """Measure, print, and return the exit code."""
    what = sys.argv[1:] or ["comparison"]
    if "comparison" in what:
        _print_comparison(asyncio.run(comparison.compare()))
    return 0


def _print_comparison(runs: dict[str, comparison.Run]) -> None:
    base = next(iter(runs.values()))
    print("| 970 words, one every 30 ms | total | against the first | calls | first sound |")
    print("| --- | --- | --- | --- | --- |")
    for name, run in runs.items():
        less = f"{(run.total_s / base.total_s - 1) * 100:+.1f} %" if run is not base else ""
        print(f"| {name} | {run.total_s * 1000:,.0f} ms | {less} | {run.calls} | {run.first_s * 1000:,.0f} ms |")
    published = comparison.PUBLISHED_STREAM_S / comparison.PUBLISHED_CALLS_S - 1
    print(f"| published: one bidirectional stream | {comparison.PUBLISHED_STREAM_S * 1000:,.0f} ms "
          f"| {published * 100:+.1f} % | 1 | |")  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
