"""Ends Harken's child processes at random moments while it reads, and looks at what became of the text.

A short run of each mode is among the tests (tests/integration, tests/desktop); `python -m tests.kills` does the whole.
A run is told by its seed. Moments are random within the progress of the reading, so that they fall on every part of it
however fast the machine is: also while a process starts, is idle, or has just been replaced.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reader.voices.local.engine import DEATHS_OF_A_TEXT, STARTS

# How long after a sentence has begun a process is ended at most: aloud, and while a file is made.
LATEST_S, LATEST_IN_FILE_S = 1.2, 0.15
# Between two sentences: one that never gets to start can't run here, and Harken says so. A text that ends some voices
# is given to another one; it may have been in the works before the sentence in front of it has begun, and still be.
_MOST_IN_A_ROW = STARTS // 2
_MOST_OF_A_VOICE = (DEATHS_OF_A_TEXT - 1) // 2
_VOICES = ("neural", "espeak")
# Without any progress for so long, a run has failed.
_STUCK_S = 90.0


def english(count: int) -> list[str]:
    """Sentences for the neural voice."""
    return [f"Sentence {number} of {count} is to be heard, whatever happens." for number in range(1, count + 1)]


def german(count: int) -> list[str]:
    """Sentences for eSpeak NG."""
    return [f"Der Satz {number} von {count} soll gehört werden, komme was wolle." for number in range(1, count + 1)]


def text_of(sentences: Sequence[str]) -> str:
    """In paragraphs of five."""
    return "\n\n".join(" ".join(sentences[i : i + 5]) for i in range(0, len(sentences), 5)) + "\n"


@dataclass
class Outcome:
    """What became of a reading."""

    sentences: list[str]
    begun: list[str] = field(default_factory=list)  # in the order of their beginning
    voices: set[str] = field(default_factory=set)
    notices: list[tuple[float, str]] = field(default_factory=list)
    killed: Counter[str] = field(default_factory=Counter)
    began_s: float = 0.0
    ended_s: float = 0.0

    @property
    def lost(self) -> list[str]:
        """Sentences that were never begun."""
        return [sentence for sentence in self.sentences if sentence not in self.begun]

    @property
    def repeated(self) -> int:
        """How often a sentence was begun again."""
        return len(self.begun) - len(set(self.begun))

    def check(self) -> None:
        """Nothing lost, in order, one sentence repeated a kill at most, a notice a minute at most."""
        assert self.lost == []
        first = list(dict.fromkeys(self.begun))
        assert first == self.sentences
        assert self.repeated <= self.killed.total()
        minutes = (self.ended_s - self.began_s) / 60
        assert len(self.notices) <= 1 + minutes, self.notices

    def __str__(self) -> str:
        kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(self.killed.items()))
        return (
            f"{len(self.sentences)} sentences in {self.ended_s - self.began_s:.0f} s; ended: {kinds or 'none'}; "
            f"lost {len(self.lost)}, repeated {self.repeated}, notices {len(self.notices)}, "
            f"voices {', '.join(sorted(self.voices))}"
        )


def children(pid: int) -> dict[int, str]:
    """The child processes of a Harken, and their kinds."""
    found = {}
    lists = Path(f"/proc/{pid}/task").glob("*/children")  # one for each thread, and the core is not the first
    try:
        pids = [int(child) for one in lists for child in one.read_text(encoding="ascii").split()]
    except OSError:
        return {}
    for child in pids:
        try:
            command = Path(f"/proc/{child}/cmdline").read_bytes().decode(errors="replace").split("\0")
        except OSError:
            continue
        if "reader.workers" in command:
            found[child] = command[command.index("reader.workers") + 1]
    return found


class Assassin:
    """Reads along in the record of a Harken, and ends its children."""

    def __init__(
        self,
        pid: int,
        record: Path,
        sentences: list[str],
        kills: int,
        kinds: Sequence[str],
        seed: int,
        *,
        latest_s: float = LATEST_S,
    ) -> None:
        """`kinds` are ended by turns, as far as they are there."""
        self.outcome = Outcome(sentences)
        self.chance = random.Random(seed)
        self._pid = pid
        self._record = record
        self._seen_bytes = record.stat().st_size if record.exists() else 0
        self._kinds = list(kinds)
        self._latest_s = latest_s
        self._moments = sorted(self.chance.uniform(0, len(sentences) - 1) for _ in range(kills))
        self._in_a_row: Counter[str] = Counter()  # of each kind, since a sentence began
        self.ended: dict[str, Any] | None = None

    def watch(self, is_over: Callable[[], bool], at_sentence: Callable[[int], None] = lambda _: None) -> Outcome:
        """Until it is over. `at_sentence` is told how many have begun, for what else is to be done then."""
        outcome = self.outcome
        outcome.began_s = progress_s = time.time()
        while not is_over():
            if self._read():
                progress_s = time.time()
                at_sentence(len(set(outcome.begun)))
            assert time.time() - progress_s < _STUCK_S, f"stuck: {outcome}"
            if self._moments and self._kinds_at_work() and (self._is_due() or self._has_new_kind()):
                self._moments.pop(0)
                self.kill_within(self._latest_s)
            time.sleep(0.005)
        self._read()
        outcome.ended_s = time.time()
        return outcome

    def _is_due(self) -> bool:
        return len(set(self.outcome.begun)) > self._moments[0]

    def _has_new_kind(self) -> bool:
        """Whether there is one that was never ended: some are there for moments only."""
        new = set(self._kinds_at_work()) - set(self.outcome.killed)
        return bool(new) and not new.isdisjoint(children(self._pid).values())

    def kill_within(self, seconds: float) -> None:
        """End a process at a random moment from now on, if there is one: of the kind that was ended least often."""
        time.sleep(self.chance.uniform(0, seconds))
        self._read()  # what begins from here on does so after this end
        there = children(self._pid)
        victims = [pid for pid, kind in there.items() if kind in self._kinds_at_work()]
        if victims:
            self.chance.shuffle(victims)
            victim = min(victims, key=lambda pid: self.outcome.killed[there[pid]])
            try:
                os.kill(victim, signal.SIGKILL)
            except ProcessLookupError:
                return
            self.outcome.killed[there[victim]] += 1
            self._in_a_row[there[victim]] += 1

    def _kinds_at_work(self) -> list[str]:
        most = {kind: _MOST_OF_A_VOICE if kind in _VOICES else _MOST_IN_A_ROW for kind in self._kinds}
        return [kind for kind in self._kinds if self._in_a_row[kind] < most[kind]]

    def _read(self) -> bool:
        """Whether anything new was written down."""
        if not self._record.exists():
            return False
        with self._record.open("rb") as file:
            file.seek(self._seen_bytes)
            lines = file.read().split(b"\n")
        self._seen_bytes += sum(len(line) + 1 for line in lines[:-1])
        for line in lines[:-1]:
            self._note(json.loads(line))
        return len(lines) > 1

    def _note(self, record: dict[str, Any]) -> None:
        outcome = self.outcome
        match record["event"]:
            case "segment":
                self._note_segment(record["text"])
                outcome.voices.add(record["voice"])
                self._in_a_row.clear()
            case "notice":
                outcome.notices.append((record["at_s"], record["sentence"]))
            case "ended":
                self.ended = record

    def _note_segment(self, text: str) -> None:
        """A sentence begins with its first segment; one may have several."""
        for sentence in self.outcome.sentences:
            if sentence.startswith(text):
                self.outcome.begun.append(sentence)


def write_file(
    sentences: list[str],
    folder: Path,
    program: Sequence[str],
    env: dict[str, str],
    *,
    kills: int,
    seed: int,
    name: str,
    kinds: Sequence[str] = ("neural", "espeak"),
    options: Sequence[str] = (),
) -> tuple[Outcome, bytes]:
    """Have a text written to a sound file, alone. (what became of it, the file)."""
    place = folder / name
    place.mkdir()
    book, wav, record = place / "text.txt", place / "text.wav", place / "record.jsonl"  # its name becomes the title
    book.write_text(text_of(sentences), encoding="utf-8")
    process = subprocess.Popen(
        [*program, "speak", str(book), "--out", str(wav), *options],
        env=env | {"HARKEN_RECORD": str(record)}, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assassin = Assassin(process.pid, record, sentences, kills, kinds, seed, latest_s=LATEST_IN_FILE_S)
    try:
        outcome = assassin.watch(lambda: process.poll() is not None)
    finally:
        process.kill()
        _, told = process.communicate()
    assert process.returncode == 0, told.decode()
    return outcome, wav.read_bytes()
