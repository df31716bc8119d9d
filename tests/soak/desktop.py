"""Storms over the tray app on a desktop of its own: real keys, processes, sound, signals; and the calm behind each.

In the calm the app answers, is idle, and reads a plain text, whose every sentence is heard once. Its record tells that
nothing was passed over or said twice on the way, its log that nothing went wrong which nobody foresaw, and the system
that it has no more threads, files, processes and memory than before.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import numpy as np

from reader.errors import InstanceError
from reader.flow import Command
from tests import kills
from tests.desktop import hearing
from tests.desktop.desk import Desk, wait_for
from tests.desktop.recorder import RATE_HZ, Samples
from tests.desktop.test_polly import variables
from tests.fakes.polly_service import PollyService, serving
from tests.soak import words
from tests.soak.growth import Growth
from tests.soak.records import Order
from tests.soak.story import SoakError, Story

_ACTS = 25  # of a storm
_KEYS = {
    "super+alt+space": Command.PAUSE_RESUME, "super+alt+x": Command.STOP, "super+alt+n": Command.NEXT,
    "super+alt+b": Command.PREVIOUS, "super+alt+a": Command.REPEAT, "super+alt+f": Command.FASTER,
    "super+alt+s": Command.SLOWER,
}  # fmt: skip
_READ = "super+alt+r"
_COMMANDS = (
    Command.PAUSE, Command.RESUME, Command.NEXT_PARAGRAPH, Command.PREVIOUS_PARAGRAPH, Command.LOUDER, Command.QUIETER,
    Command.READ_LATER, Command.READ_QUEUED, Command.ADD_BOOKMARK,
)  # fmt: skip
_VOICES = ("", "", "espeak/en-us", "espeak/de", "polly/Matthew", "polly/Matthew", "neural/heart")
_PLAIN = (
    "The plain text begins here. Every word of it is to be heard. Then it is over.",
    "Another plain text has its turn. It is as short as the first one. Nobody interrupts it.",
)
_PLAIN_S = 90.0
# What a voice that failed says again is said within this time.
_FAULT_S = 20.0
_SINK = "sink_name=test"


class DesktopSoak:
    def __init__(self, story: Story, desk: Desk, service: PollyService) -> None:
        self.story = story
        self.chance = story.chance
        self.desk = desk
        self.service = service
        self.growth = Growth(story)
        self._order = Order()
        self._spoken: dict[str, list[Samples]] = {}
        self._texts: list[words.Text] = []
        self._speaking: list[subprocess.Popen[bytes]] = []
        self._has_sink = self._is_online = True
        self._acts: list[tuple[int, Callable[[], None]]] = [
            (12, self._read), (4, self._read_again), (14, self._press), (8, self._command), (4, self._say),
            (5, self._speak), (4, self._kill), (2, self._stop_for_a_while), (2, self._lose_sound),
            (1, self._lose_server), (4, self._set), (2, self._edit_settings), (3, self._lose_network),
            (6, self._listen),
        ]  # fmt: skip

    def storm(self) -> None:
        """So much happens, and then nothing is left of it."""
        weights, acts = zip(*self._acts, strict=True)
        for _ in range(_ACTS):
            self.chance.choices(acts, weights)[0]()
            time.sleep(self.chance.choice((0.0, 0.02, 0.1, 0.4, 1.0)))
            self._look()
        self._calm()

    # ---- a user ----

    def _text(self) -> words.Text:
        if len(self._texts) < 8 or self.chance.random() < 0.6:
            self._texts = [*self._texts, words.make(self.chance)][-8:]
            return self._texts[-1]
        return self.chance.choice(self._texts)

    def _select(self, text: str) -> None:
        path = self.desk.home / "selected.txt"
        path.write_text(text, encoding="utf-8")
        self.desk.call(["xclip", "-selection", "primary", "-in", str(path)])

    def _read(self) -> None:
        text = self._text()
        self.story.note("read", text=text.text[:30])
        self.story.readings += 1
        self._select(text.text)
        self.desk.keyboard.press(_READ)

    def _read_again(self) -> None:
        self.story.note("press the key again")
        self.desk.keyboard.press(_READ)

    def _press(self) -> None:
        chord = self.chance.choice(list(_KEYS))
        self.story.note("press", command=_KEYS[chord].value)
        self._order.note_jump()
        self.desk.keyboard.press(chord)

    def _ask(self, what: str, **fields: Any) -> None:
        with contextlib.suppress(InstanceError):  # it says why it can do nothing now
            self.desk.ask(what, **fields)

    def _command(self) -> None:
        command = self.chance.choice(_COMMANDS)
        self.story.note("command", command=command.value)
        self._order.note_jump()
        self._ask("command", command=command)

    def _say(self) -> None:
        text = self._text()
        self.story.note("say", text=text.text[:30])
        self.story.readings += 1
        self._ask("say", text=text.text)

    def _speak(self) -> None:
        text = self._text()
        self.story.note("speak", text=text.text[:30])
        self.story.readings += 1
        command = [*self.desk.program, "speak", "--text", text.text]
        nothing = subprocess.DEVNULL
        self._speaking.append(
            subprocess.Popen(
                command, env=self.desk.env, stdin=nothing, stdout=nothing, stderr=nothing, start_new_session=True
            )
        )
        if self.chance.random() < 0.3:
            time.sleep(self.chance.uniform(0.5, 3.0))
            self.story.note("hang up")
            self._speaking[-1].send_signal(self.chance.choice((signal.SIGINT, signal.SIGKILL)))

    def _listen(self) -> None:
        seconds = self.chance.uniform(0.5, 4.0)
        self.story.note("listen", seconds=round(seconds, 1))
        time.sleep(seconds)

    def _set(self) -> None:
        key, values = self.chance.choice(
            (
                ("voice.id", _VOICES), ("voice.id", _VOICES), ("voice.speed", (1.0, 1.6, 3.0)),
                ("sound.device", ("", "gone")), ("reading.go_on", (True, False)), ("cues.pause", (True, False)),
                ("cues.end", (True, False)), ("sound.others_volume", (100.0, 40.0)), ("sound.volume", (60.0, 100.0)),
                ("keys.read_word", ("", "super+alt+w")), ("keys.media_keys", (True, False)),
                ("reading.every_selection", (True, False)), ("system.keep_unlocked", (True, False)),
            )
        )  # fmt: skip
        value = self.chance.choice(values)
        self.story.note("set", key=key, value=value)
        self._ask("set", key=key, value=value)

    def _edit_settings(self) -> None:
        path = self.desk.home / ".config" / "harken" / "settings.toml"
        speed = self.chance.choice((0.9, 1.0, 1.4, 2.0))
        self.story.note("edit the settings' file", speed=speed)
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_suffix(".edited")
        beside.write_text(f"[voice]\nspeed = {speed}\n", encoding="utf-8")
        os.replace(beside, path)

    # ---- what happens to it ----

    @property
    def _pid(self) -> int:
        assert self.desk.harken
        return self.desk.harken.pid

    def _kill(self) -> None:
        children = kills.children(self._pid)
        if children:
            pid = self.chance.choice(sorted(children))
            self.story.note("kill", kind=children[pid])
            self._order.note_jump(_FAULT_S)
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def _stop_for_a_while(self) -> None:
        """As in a sleep of the computer: Harken and its children are stopped, and everything else goes on."""
        seconds = self.chance.choice((0.2, 1.5, 3.0, 12.0))
        self.story.note("stop all of its processes", seconds=seconds)
        self._order.note_jump(seconds + _FAULT_S)
        os.killpg(self._pid, signal.SIGSTOP)
        try:
            time.sleep(seconds)
        finally:
            os.killpg(self._pid, signal.SIGCONT)

    def _lose_sound(self) -> None:
        if self._has_sink:
            self.story.note("the output goes")
            listed = self.desk.output(["pactl", "list", "short", "modules"])
            for line in listed.splitlines():
                if _SINK in line:
                    self.desk.call(["pactl", "unload-module", line.split("\t")[0]])
            self._has_sink = False
        else:
            self._find_sound()

    def _find_sound(self) -> None:
        if not self._has_sink:
            self.story.note("the output comes back")
            self.desk.call(["pactl", "load-module", "module-null-sink", _SINK, f"rate={RATE_HZ}"])
            self._has_sink = True

    def _lose_server(self) -> None:
        self.story.note("the sound server is restarted")
        self.desk.end(self.desk.pulse, signal.SIGKILL)
        self.desk.start_sound()
        self._has_sink = True

    def _lose_network(self) -> None:
        self._order.note_jump(_FAULT_S)
        if self._is_online:
            self.story.note("the network is lost")
            self._on_service(self.service.vanish())
            self._is_online = False
        else:
            self._find_network()

    def _find_network(self) -> None:
        if not self._is_online:
            self.story.note("the network is back")
            self._on_service(self.service.listen())
            self._is_online = True

    def _on_service(self, work: Coroutine[Any, Any, None]) -> None:
        assert self.service._loop
        asyncio.run_coroutine_threadsafe(work, self.service._loop).result(20)

    # ---- what must hold ----

    def _look(self) -> None:
        """Harken lives, and what it has written down since is in order."""
        assert self.desk.harken
        if (code := self.desk.harken.poll()) is not None:
            raise SoakError(f"Harken has ended with {code}")
        self._order.read(self.desk.record_file)

    def _calm(self) -> None:
        self.story.note("calm")
        self._find_network()
        self._find_sound()
        for key, value in (
            ("reading.every_selection", False), ("voice.id", ""), ("voice.speed", 1.0), ("sound.volume", 100.0),
            ("sound.device", ""), ("reading.go_on", False), ("cues.pause", False), ("cues.end", False),
            ("sound.others_volume", 100.0),
        ):  # fmt: skip
            self._ask("set", key=key, value=value)
        self._ask("queue-clear")
        for process in self._speaking:
            self.desk.end(process, signal.SIGINT)
        self._speaking.clear()
        self.desk._processes = [process for process in self.desk._processes if process.poll() is None]
        self.desk.stop_reading()
        assert self.desk.ask("doctor", waits=True)["report"]  # when everything is warm
        self.desk.recorder.stop()
        self.desk.listen()
        self._look()
        self._order.forget(self.desk.record_file)
        self.desk._begun = 0
        self._read_plainly()
        self._look_at_log()
        self._look_for_rests()

    def _read_plainly(self) -> None:
        text = self.chance.choice(_PLAIN)
        self.story.note("read a plain text", text=text)
        self.story.readings += 1
        self._select(text)
        pressed = self.desk.keyboard.press(_READ)
        begun = wait_for(lambda: self._first_of(text), "a plain text", _PLAIN_S)["utterance"]
        self.desk.wait_for_record("ended", limit_s=_PLAIN_S, utterance=begun, whole=True)
        self.desk.quiet()
        records = (r for r in self.desk.records() if r["event"] == "segment" and r["utterance"] == begun)
        spoken = " ".join(record["text"] for record in records)
        if spoken != text:
            raise SoakError(f"of a plain text, “{spoken}” was begun")
        if text not in self._spoken:
            self._spoken[text] = hearing.voiced_text(text)
        heard = self.desk.recorder.since(pressed)
        times = [hearing.count(sound, heard) for sound in self._spoken[text]]
        if times != [1] * len(times):
            np.save(self.desk.folder / "heard.npy", heard)
            raise SoakError(f"of a plain text, the segments are heard {times} times")

    def _first_of(self, text: str) -> dict[str, Any] | None:
        """The record of the beginning of a text."""
        begun = (r for r in self.desk.records() if r["event"] == "segment" and not r["index"])
        return next((record for record in begun if text.startswith(record["text"])), None)

    def _look_at_log(self) -> None:
        for path in (*self.desk.home.rglob("harken.log"), self.desk.folder / "harken.log"):
            text = path.read_text(errors="replace") if path.exists() else ""
            for sign in ("Traceback", "never retrieved", "unhandled", "was never awaited"):
                if sign in text:
                    at = text.index(sign)
                    raise SoakError(f"in the log: {text[max(at - 500, 0) : at + 2500]}")

    def _look_for_rests(self) -> None:
        """How much of the system Harken has, with its children."""
        children = kills.children(self._pid)
        kinds = sorted(children.values())
        if len(set(kinds)) != len(kinds):
            raise SoakError(f"child processes: {kinds}")
        counts = {f"{kind} MB": _memory_mb(pid) for pid, kind in children.items() if kind in ("neural", "espeak")}
        proc = Path(f"/proc/{self._pid}")
        self.growth.note_other(
            children=len(children),
            threads=len(list((proc / "task").iterdir())),
            files=len(list((proc / "fd").iterdir())),
            **{"Harken MB": _memory_mb(self._pid), **counts},
        )


def _memory_mb(pid: int) -> int:
    """What a process has to itself, without the files it shares."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    (anonymous,) = (line for line in lines if line.startswith("RssAnon"))
    return int(anonymous.split()[1]) // 1024


def main(story: Story, readings: int, is_over: Callable[[], bool]) -> str:
    """Storms until so many texts were read, or it `is_over`. Returns what the growth was."""
    begun_s = time.monotonic()
    story.now_s = lambda: time.monotonic() - begun_s
    service = PollyService()
    with serving(service), Desk() as desk:
        desk.env |= variables(service, desk.folder)
        desk.start_harken()
        soak = DesktopSoak(story, desk, service)
        try:
            while story.readings < readings and not is_over():
                soak.storm()
        except BaseException:
            print(desk.report()[-20_000:], flush=True)
            raise
        return soak.growth.check()
