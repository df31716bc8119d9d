"""Lowers other programs' sound on PulseAudio or PipeWire, in its own process: libpulse may block on a server.

When its pipe closes it restores every program's volume and exits, so killing Harken leaves no program quiet. What was
lowered is also recorded, in case this process is killed too: the next one restores it first.

Servers remember a program's last volume for its next stream. If a stream ended while lowered, that is corrected there.

Uses `pulsectl` (MIT, pure Python on libpulse, which also works with PipeWire).
"""

from __future__ import annotations

import contextlib
import os
import queue
import sys
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pulsectl

from reader import threads
from reader.support import files
from reader.workers import frames

# Quick enough for the first word, slow enough not to sound like a fault.
_STEPS, _STEP_S = 5, 0.02
# Two volumes that differ by less are the same (the server counts in 65536ths).
_NEAR = 0.005
# More than any sound server gives a stream.
_LOUDEST = 100.0
_NEW = "new"  # a stream has begun
_GONE = (pulsectl.PulseError, pulsectl.PulseDisconnected)


@dataclass(slots=True)
class Lowered:
    """A stream: which one it is, its channels' original volumes, and those that were set."""

    index: int
    program: str  # the server's key for remembered volumes
    before: list[float]
    now: list[float]

    def is_untouched(self, volumes: list[float]) -> bool:
        """Whether it still has the volumes we set: if not, the user has changed it meanwhile, and that stands."""
        return len(volumes) == len(self.now) and all(
            abs(one - other) < _NEAR for one, other in zip(volumes, self.now, strict=True)
        )

    def is_on_its_way(self, volumes: list[float]) -> bool:
        """Whether it is somewhere in between: the process that was changing it was killed."""
        low, high = min(sum(self.before), sum(self.now)), max(sum(self.before), sum(self.now))
        return len(volumes) == len(self.now) and low <= sum(volumes) <= high


class Mixer:
    """The server's streams. Raises pulsectl.PulseError when there is no server."""

    def __init__(self, note: Path) -> None:
        """`note` is the file that records what was lowered."""
        self._note = note
        self._server = pulsectl.Pulse("Harken", connect=False)
        self._server.connect()  # without pulsectl's own limit, which always waits in full; `pulse.py` has one
        self._lowered = _read(note)
        volumes = {stream.index: stream.volume.values for stream in self._server.sink_input_list()}
        for one in self._lowered:
            if one.is_on_its_way(found := volumes.get(one.index, [])):
                one.now = found

    def lower(self, factor: float) -> None:
        """Set all other programs to `factor` of their volume, including new ones."""
        living = []
        for stream in filter(_is_another, self._server.sink_input_list()):
            known = (one for one in self._lowered if (one.index, one.program) == (stream.index, _program(stream)))
            one = next(known, None) or self._note_down(stream)
            living.append((one, one.now, [value * factor for value in one.before]))
        for one, _, wanted in living:
            one.now = wanted
        self._write()  # before changing anything, for a process that may have to undo it
        self._slide([(one.index, start, wanted) for one, start, wanted in living if start != wanted])

    def restore(self) -> None:
        """Restore every program's volume, except those changed by others meanwhile."""
        streams = {stream.index: stream for stream in self._server.sink_input_list()}
        living, gone = [], []
        for one in self._lowered:
            stream = streams.get(one.index)
            if stream is None or _program(stream) != one.program:
                gone.append(one)
            elif one.is_untouched(stream.volume.values):
                living.append(one)
        self._slide([(one.index, one.now, one.before) for one in living])
        self._mend_remembered(gone)
        self._lowered = []
        self._write()

    def _note_down(self, stream: Any) -> Lowered:
        """A stream as it is now; or as it was, if the server started it quiet because it remembers the program."""
        volumes, program = list(stream.volume.values), _program(stream)
        earlier = (one for one in self._lowered if program and one.program == program and one.is_untouched(volumes))
        one = next(earlier, None)
        noted = Lowered(stream.index, program, list(one.before) if one else volumes, volumes)
        self._lowered.append(noted)
        return noted

    def _slide(self, parts: list[tuple[int, list[float], list[float]]]) -> None:
        """Change volumes in small steps: (index of a stream, from, to)."""
        for step in range(1, _STEPS + 1 if parts else 0):
            for index, start, end in parts:
                volumes = [a + (b - a) * step / _STEPS for a, b in zip(start, end, strict=True)]
                with contextlib.suppress(pulsectl.PulseOperationFailed):  # the stream has ended
                    self._server.sink_input_volume_set(index, pulsectl.PulseVolumeInfo(volumes))
            time.sleep(_STEP_S)

    def _mend_remembered(self, gone: Iterable[Lowered]) -> None:
        lost = {one.program: one for one in gone if one.program}
        if not lost:
            return
        with contextlib.suppress(pulsectl.PulseError):  # the server remembers nothing
            for entry in self._server.stream_restore_list():
                one = lost.get(entry.name)
                if one and abs(entry.volume.value_flat - _mean(one.now)) < _NEAR:
                    entry.volume.value_flat = _mean(one.before)
                    self._server.stream_restore_write(entry, mode="replace")

    def _write(self) -> None:
        with contextlib.suppress(OSError):
            if not self._lowered:
                self._note.unlink(missing_ok=True)
                return
            self._note.parent.mkdir(parents=True, exist_ok=True)
            files.write_json(self._note, [asdict(one) for one in self._lowered])


def run(fd_in: int, fd_out: int) -> None:
    """Answer the messages described in `pulse.py` until the pipe closes."""
    events: queue.SimpleQueue[frames.Frame | str | None] = queue.SimpleQueue()
    threads.start(_receive, "messages", fd_in, events)
    mixer: Mixer | None = None
    note, factor = Path(), None
    while (event := events.get()) is not None:
        if isinstance(event, frames.Frame):
            message = event.json()
            note, factor = Path(message["note"]), message.get("factor")
        try:
            if mixer is None:
                mixer = Mixer(note)
                threads.start(_listen, "streams", events)
            if factor is not None:
                mixer.lower(factor)
            elif isinstance(event, frames.Frame):
                mixer.restore()
        except _GONE as error:
            print(f"no sound server: {error}", file=sys.stderr)
            mixer = None
        if isinstance(event, frames.Frame):
            with contextlib.suppress(BrokenPipeError):  # Harken is gone, and end of file comes next
                frames.write(fd_out, event.tag, {"done": mixer is not None})
    if mixer:
        with contextlib.suppress(*_GONE):
            mixer.restore()


def _receive(fd: int, events: queue.SimpleQueue[frames.Frame | str | None]) -> None:
    while frame := frames.read(fd):
        events.put(frame)
    events.put(None)


def _listen(events: queue.SimpleQueue[frames.Frame | str | None]) -> None:
    """Report streams that begin. On a separate connection: one libpulse thread can't wait in two places."""

    def on_event(event: Any) -> None:
        if event.t == "new":
            events.put(_NEW)

    with contextlib.suppress(*_GONE):
        server = pulsectl.Pulse("Harken", connect=False)
        server.connect()
        server.event_mask_set("sink_input")
        server.event_callback_set(on_event)
        events.put(_NEW)  # for those that started before this listened
        server.event_listen()


def _is_another(stream: Any) -> bool:
    """Whether it belongs to another program: Harken's processes are our parent and its children."""
    own = os.getppid()
    process = stream.proplist.get("application.process.id", "")
    is_ours = process.isdecimal() and own in (int(process), _parent(int(process)))
    return not is_ours


def _parent(process: int) -> int:
    try:
        return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])
    except (OSError, IndexError, ValueError):
        return 0


def _program(stream: Any) -> str:
    return str(stream.proplist.get("module-stream-restore.id", ""))


def _mean(values: list[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _read(note: Path) -> list[Lowered]:
    """What an earlier process lowered and could not restore."""
    try:
        return [_lowered(one) for one in files.read_json(note)]
    except (OSError, ValueError, TypeError, KeyError):
        return []


def _lowered(row: dict[str, Any]) -> Lowered:
    """Raises ValueError, TypeError, KeyError if another program has written it."""
    before, now = ([_volume(value) for value in row[name]] for name in ("before", "now"))
    return Lowered(int(row["index"]), str(row["program"]), before, now)


def _volume(value: float) -> float:
    if not 0.0 <= float(value) <= _LOUDEST:
        raise ValueError("no volume")
    return float(value)
