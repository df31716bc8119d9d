"""The regions that have Amazon Polly, of botocore's real files."""

from __future__ import annotations

from reader.settings.schema import SETTINGS
from reader.voices.polly.regions import regions


def test_those_that_stream_come_first_and_all_can_be_set() -> None:
    found = regions()
    streaming = [region.streams for region in found]
    assert streaming == sorted(streaming, reverse=True)
    names = [region.name for region in found]
    assert len(set(names)) == len(names) > 20
    assert all(SETTINGS["polly.region"].check(name) == name for name in names)
    by_name = {region.name: region for region in found}
    assert by_name["eu-central-1"].streams
    assert by_name["eu-central-1"].place == "Europe (Frankfurt)"
    assert not by_name["eu-west-1"].streams
