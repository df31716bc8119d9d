"""How readings come through streams that are cut: nothing may be lost, whatever the text, the voice and the network."""

from __future__ import annotations

import tempfile
from pathlib import Path
from random import Random

from tests.integration.polly_cuts import Outcome, prose, read, read_many

CUTS = 4
# (name, into a file, the service stalls within sentences and is cut soon after)
WAYS = [
    ("live", False, False),
    ("--out", True, False),
    ("live behind stalls", False, True),
    ("--out behind stalls", True, True),
]
# Times as fast as a person listens.
SCALE = 100.0
HOURS_OF_TEXT = 40  # of three minutes each


async def rows(readings: int) -> list[list[str]]:
    """A row each for listening and for files, also of services that stall, and for two hours without any cut."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for name, is_file, stalls in WAYS:
            own = Path(folder) / name
            own.mkdir()
            outcomes = await read_many(own, range(readings), cuts=CUTS, is_file=is_file, stalls=stalls)
            good = sum(outcome.is_good(is_file=is_file) for outcome in outcomes.values())
            bad = [str(seed) for seed, outcome in outcomes.items() if not outcome.is_good(is_file=is_file)]
            found.append(_row(f"{name}, {readings} readings", list(outcomes.values()), good, bad))
        own = Path(folder) / "long"
        own.mkdir()
        text = "\n\n".join(prose(Random(number)) for number in range(HOURS_OF_TEXT))
        whole = await read(own, 2, cuts=0, is_file=False, text=text, pace=SCALE)
        peaceful = whole.is_good(is_file=False) and set(whole.ends) == {"closed"}
        found.append(_row("two hours without a cut", [whole], int(peaceful), []))
    return found


def _row(name: str, outcomes: list[Outcome], good: int, bad: list[str]) -> list[str]:
    sums = (sum(o.cuts for o in outcomes), sum(o.lost for o in outcomes), sum(o.repeated + o.broken for o in outcomes))
    streams = [end for outcome in outcomes for end in outcome.ends]
    resets = sum(end.startswith("reset") for end in streams)
    whole = f"{good} of {len(outcomes)}" + (f" (not {', '.join(bad)})" if bad else "")
    return [name, *map(str, sums), f"{resets} of {len(streams)}", whole]
