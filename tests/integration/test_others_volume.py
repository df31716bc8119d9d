"""Other programs' sound is lowered and given back, on a real sound server with a real program that plays."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from reader.desktop.pulse import PulseVolume

RATE_HZ = 16000
FORMAT = ["--format=s16le", f"--rate={RATE_HZ}", "--channels=1"]
# Half on a mixer's scale, which goes by the third power.
HALF_HEARD = 0.5**3

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="PulseAudio"),
    pytest.mark.skipif(not shutil.which("pulseaudio"), reason="pulseaudio is not installed"),
]


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A sound server that remembers programs' volumes, as those of desktops do. The folder of its socket."""
    runtime = tmp_path / "runtime"
    monkeypatch.setenv("PULSE_RUNTIME_PATH", str(runtime))
    monkeypatch.setenv("PULSE_STATE_PATH", str(tmp_path / "state"))
    log = (tmp_path / "pulseaudio.log").open("wb")
    process = subprocess.Popen(
        [
            "pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--disable-shm=no",
            "-L", "module-null-sink sink_name=test", "-L", "module-stream-restore restore_device=false",
            "-L", "module-native-protocol-unix auth-anonymous=1",
        ],
        stdout=log, stderr=log, start_new_session=True,
    )  # fmt: skip
    try:
        for _ in range(500):
            if subprocess.run(["pactl", "info"], capture_output=True, check=False).returncode == 0:
                break
        yield runtime
    finally:
        process.terminate()
        process.wait()
        log.close()


class Music:
    """Somebody else's program, which plays a tone. `is_own`: Harken's, so a child of this process."""

    def __init__(self, folder: Path, name: str = "Music", *, is_own: bool = False) -> None:
        tone = (8000 * np.sin(np.arange(RATE_HZ * 120) * 2 * np.pi * 440 / RATE_HZ)).astype("<i2")
        path = folder / "tone.raw"
        if not path.exists():
            path.write_bytes(tone.tobytes())
        command = ["pacat", "--playback", f"--client-name={name}", "--latency-msec=20", *FORMAT, str(path)]
        start = command if is_own else ["sh", "-c", '"$@" & echo $!; wait', "sh", *command]
        self._process = subprocess.Popen(start, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        assert self._process.stdout
        self.pid = self._process.pid if is_own else int(self._process.stdout.readline())

    async def percent(self) -> int | None:
        """Its volume in the mixer, None while it does not play."""
        process = await asyncio.create_subprocess_exec("pactl", "list", "sink-inputs", stdout=subprocess.PIPE)
        out, _ = await process.communicate()
        for part in out.decode().split("Sink Input #")[1:]:
            if f'application.process.id = "{self.pid}"' in part:
                return int(part.split("Volume:")[1].split("%")[0].split("/")[-1])
        return None

    async def until(self, percent: int) -> None:
        async with asyncio.timeout(10):
            while await self.percent() != percent:  # noqa: ASYNC110 - what is waited for is another process
                await asyncio.sleep(0.01)

    async def change(self, percent: int) -> None:
        """Its user does."""
        process = await asyncio.create_subprocess_exec("pactl", "list", "short", "sink-inputs", stdout=subprocess.PIPE)
        out, _ = await process.communicate()
        index = out.split()[0].decode()
        process = await asyncio.create_subprocess_exec("pactl", "set-sink-input-volume", index, f"{percent}%")
        assert await process.wait() == 0

    def end(self) -> None:
        if self._process.poll() is None:
            os.kill(self.pid, signal.SIGTERM)
            self._process.communicate()


@pytest.fixture
def music(server: Path, tmp_path: Path) -> Iterator[Music]:
    made = Music(tmp_path)
    yield made
    made.end()


def children_of(process: int) -> list[str]:
    return Path(f"/proc/{process}/task/{process}/children").read_text().split()


async def loudness(seconds: float = 0.4) -> float:
    """How loud everything together is, as heard at the sink."""
    process = await asyncio.create_subprocess_exec(
        "parec", "-d", "test.monitor", *FORMAT, "--latency-msec=20", stdout=subprocess.PIPE
    )
    assert process.stdout
    data = await process.stdout.readexactly(round(seconds * RATE_HZ) * 2)
    process.terminate()
    await process.communicate()
    return float(np.sqrt(np.mean(np.frombuffer(data, np.int16)[RATE_HZ // 5 :].astype(float) ** 2)))


async def test_others_are_lowered_and_restored_in_the_mixer_and_in_the_ear(tmp_path: Path, music: Music) -> None:
    others = PulseVolume(tmp_path / "state" / "lowered.json")
    await music.until(100)
    before = await loudness()
    others.lower(50)
    await music.until(50)
    assert await loudness() == pytest.approx(before * HALF_HEARD, rel=0.1)
    others.lower(80)
    await music.until(80)
    others.restore()
    await music.until(100)
    assert await loudness() == pytest.approx(before, rel=0.1)
    others.lower(0)
    await music.until(0)
    assert await loudness() < 1
    await others.close()
    assert await music.percent() == 100
    assert not (tmp_path / "state" / "lowered.json").exists()


async def test_who_begins_meanwhile_is_lowered_too(tmp_path: Path, music: Music) -> None:
    others = PulseVolume(tmp_path / "lowered.json")
    others.lower(30)
    await music.until(30)
    late = Music(tmp_path, "Late")
    await late.until(30)
    others.restore()
    await late.until(100)
    await music.until(100)
    await others.close()
    late.end()


async def test_a_program_that_ends_meanwhile_is_not_quiet_forever(tmp_path: Path, music: Music) -> None:
    others = PulseVolume(tmp_path / "lowered.json")
    others.lower(30)
    await music.until(30)
    music.end()
    again = Music(tmp_path)  # which the server begins at what it remembers
    await again.until(30)
    again.end()
    others.restore()
    await others.close()
    last = Music(tmp_path)
    await last.until(100)
    last.end()


async def test_what_the_user_changes_meanwhile_stays(tmp_path: Path, music: Music) -> None:
    others = PulseVolume(tmp_path / "lowered.json")
    others.lower(30)
    await music.until(30)
    await music.change(70)
    await music.until(70)
    await others.close()
    assert await music.percent() == 70


async def test_harkens_own_is_never_lowered(tmp_path: Path, server: Path) -> None:
    own = Music(tmp_path, "Own", is_own=True)
    others = PulseVolume(tmp_path / "lowered.json")
    await own.until(100)
    others.lower(30)
    await others._answered.wait()
    assert await own.percent() == 100
    await others.close()
    own.end()


@pytest.mark.noisy
@pytest.mark.parametrize("is_at_next_start", [False, True])
async def test_no_program_stays_quiet_when_harken_dies(tmp_path: Path, music: Music, is_at_next_start: bool) -> None:
    note = tmp_path / "lowered.json"
    code = (
        "import asyncio, pathlib, sys\n"
        "from reader.desktop.pulse import PulseVolume\n"
        "async def go():\n"
        "    others = PulseVolume(pathlib.Path(sys.argv[1]))\n"
        "    others.lower(30)\n"
        "    await asyncio.sleep(60)\n"
        "asyncio.run(go())\n"
    )
    harken = await asyncio.create_subprocess_exec(sys.executable, "-c", code, str(note))
    await music.until(30)
    if is_at_next_start:  # its child is killed with it
        children = list(map(int, children_of(harken.pid)))
        for child in children:
            os.kill(child, signal.SIGSTOP)
        harken.kill()
        await harken.wait()
        for child in children:
            os.kill(child, signal.SIGKILL)
        assert await music.percent() == 30
        others = PulseVolume(note)
        others.restore()
        await music.until(100)
        await others.close()
    else:
        harken.kill()
        await harken.wait()
        await music.until(100)
    async with asyncio.timeout(10):
        while note.exists():  # noqa: ASYNC110 - another process has it
            await asyncio.sleep(0.01)


@pytest.mark.noisy
async def test_without_a_sound_server_nothing_happens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULSE_SERVER", f"unix:{tmp_path / 'nobody'}")
    others = PulseVolume(tmp_path / "lowered.json")
    others.lower(30)
    await others._answered.wait()
    await others.close()
