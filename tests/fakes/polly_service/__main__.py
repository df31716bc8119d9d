"""Runs a stand-in until standard input ends, for clients in other languages and for benches.

Prints one JSON line with its endpoint and its CA's file; `{"pace": 1.6, "first_audio_s": 0.3}` as the argument sets
what is in SETTINGS, which `PollyService` explains. At the end it prints what it saw: times are seconds of the
monotonic clock, so they go with those of other processes here.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from tests.fakes.polly_service.service import PollyService

SETTINGS = {
    *("pace", "first_audio_s", "silence_s", "age_s", "event_bytes", "window_bytes", "joins_blank", "port", "region"),
    *("early_hints", "has_trailers", "answers_early", "resets_unread", "concurrent_limit", "rate_limit"),
}


def configured(settings: str) -> PollyService:
    service = PollyService()
    wanted = json.loads(settings)
    if not isinstance(wanted, dict) or wanted.keys() - SETTINGS:
        print(f"What may be set, as a JSON object: {', '.join(sorted(SETTINGS))}", file=sys.stderr)
        sys.exit(2)
    for name, value in wanted.items():
        setattr(service, name, value)
    return service


def seen(service: PollyService) -> dict[str, object]:
    streams = [asdict(stream) for stream in service.streams]
    for stream in streams:
        del stream["headers"]["authorization"]
    counts = ("handshakes", "refused_streams", "broken", "goodbyes", "refusals", "speeches", "billed_chars")
    return {**{name: getattr(service, name) for name in counts}, "streams": streams}


async def main() -> None:
    service = configured(sys.argv[1] if len(sys.argv) > 1 else "{}")
    with tempfile.TemporaryDirectory() as folder:
        async with service:
            ca = service.write_ca(Path(folder))
            print(json.dumps({"endpoint": service.endpoint, "ca": str(ca)}), flush=True)
            await asyncio.to_thread(sys.stdin.read)
    print(json.dumps(seen(service)), flush=True)


asyncio.run(main())
