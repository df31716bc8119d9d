"""The regions that offer Amazon Polly, and what is known about each.

The list is botocore's, which is as old as its installation. Which regions can stream is only in Amazon's documentation,
and changes: it is shown, but no region is refused because of it.
"""

from __future__ import annotations

from dataclasses import dataclass

from botocore.loaders import Loader

# Amazon's guide to StartSpeechSynthesisStream, as of May 2026.
_STREAMING = {"us-east-1", "us-west-2", "eu-central-1", "eu-west-2", "ap-southeast-1", "ca-central-1"}


@dataclass(frozen=True, slots=True)
class Region:
    """A region; `place` is Amazon's English name for it. `streams` is according to Amazon's documentation."""

    name: str
    place: str
    streams: bool


def regions() -> list[Region]:
    """All regions, those that stream first, sorted by name. Reads a file of 1 MB, so not on the core thread."""
    found = [
        Region(name, partition["regions"].get(name, {}).get("description", ""), name in _STREAMING)
        for partition in Loader().load_data("endpoints")["partitions"]
        for name in partition["services"].get("polly", {}).get("endpoints", {})
        if not name.startswith("fips-") and "-fips" not in name
    ]
    return sorted(found, key=lambda region: (not region.streams, region.name))
