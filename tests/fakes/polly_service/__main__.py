"""Runs a stand-in until standard input ends, for clients in other languages and for benches.

Prints one JSON line with its endpoint and its CA's file; `{"pace": 1.6, "first_audio_s": 0.3}` as the argument sets
what `PollyService` lets be set. At the end it prints what it saw.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from tests.fakes.polly_service.service import PollyService


async def main() -> None:
    service = PollyService()
    for name, value in json.loads(sys.argv[1] if len(sys.argv) > 1 else "{}").items():
        assert hasattr(service, name), name
        setattr(service, name, value)
    with tempfile.TemporaryDirectory() as folder:
        async with service:
            ca = service.write_ca(Path(folder))
            print(json.dumps({"endpoint": service.endpoint, "ca": str(ca)}), flush=True)
            await asyncio.to_thread(sys.stdin.read)
    seen = {"handshakes": service.handshakes, "refused_streams": service.refused_streams, "speeches": service.speeches}
    print(json.dumps({**seen, "streams": [asdict(stream) for stream in service.streams]}), flush=True)


asyncio.run(main())
