"""Sound through PipeWire as it is on today's desktops: an output that goes, and its manager restarted.

Which desktop shows the windows makes no difference to it.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.desktop import hearing
from tests.desktop.desk import wait_for
from tests.desktop.recorder import RATE_HZ, Recorder
from tests.wayland.desk import WaylandDesk

pytestmark = [pytest.mark.desktop, pytest.mark.usefixtures("wayland_root")]
SENTENCES = (
    "This is the first sentence of a longer text.",
    "Here comes the second one, which is a little longer.",
    "The third one tells of a ferry in the early morning.",
    "The fourth one tells of the quay on which nobody waits.",
    "And this is the very last sentence of them all.",
)
TEXT = " ".join(SENTENCES)
VOICE = "espeak/en-us"
# An output of ALSA's that leads to PipeWire, with a file of all that PipeWire is given.
_KEPT = """\
pcm.to_pipewire { type pipewire }
pcm.kept { type file slave.pcm to_pipewire file "/desk/run/kept" format raw }
"""
_SPEECH = 0.01  # its level; what is between words is below


@pytest.fixture(scope="module")
def session(wayland_root: Path) -> Iterator[WaylandDesk]:
    with WaylandDesk("sway", wayland_root) as desk:
        desk.start_harken()
        assert desk.harken_run("settings", "set", "voice.id", VOICE).returncode == 0
        yield desk


@pytest.fixture
def desk(session: WaylandDesk) -> Iterator[WaylandDesk]:
    if "ear" not in session.output("pactl", "list", "short", "sinks"):  # a test has failed
        add_sink(session, "ear")
        listen_again(session)
    session.begin()
    yield session
    print(session.notices(), session.spoken(), session.report())
    session.harken_run("stop")


def begin_reading(desk: WaylandDesk) -> None:
    """Until the second sentence."""
    desk.start([*desk.program, "speak", "--text", TEXT], "speak")
    wait_for(lambda: SENTENCES[1] in desk.spoken(), "the second sentence", 60.0)


def wait_for_end(desk: WaylandDesk) -> None:
    """Read to the end, and no word of it left out or said twice."""
    wait_for(lambda: [r for r in desk.records() if r["event"] == "ended" and r.get("whole")], "the end", 60.0)
    of_the_text = [text for text in desk.spoken() if text in TEXT]  # and not what Harken says itself
    assert " ".join(of_the_text) == TEXT


def is_heard(text: str, recorder: Recorder, since_s: float) -> bool:
    """Whether so much speech was heard since a time that the text can be in it. Which words it was the records tell."""
    (spoken,) = hearing.voiced([text], voice_id=VOICE)
    lengths = [int((hearing.envelope(sound) > _SPEECH).sum()) for sound in (spoken, recorder.since(since_s))]
    return lengths[1] > 0.8 * lengths[0]


def end(desk: WaylandDesk, *parts: str) -> None:
    desk.run("pkill", "-KILL", "-x", f"({'|'.join(parts)})")
    wait_for(lambda: desk.run("pgrep", "-x", f"({'|'.join(parts)})").returncode, f"the end of {parts}")


def start(desk: WaylandDesk, *parts: str) -> None:
    """Without the buses: PipeWire asks on them for priority, also a portal that waits for PipeWire."""
    for part in parts:
        desk.start(["env", "-u", "DBUS_SESSION_BUS_ADDRESS", "-u", "DBUS_SYSTEM_BUS_ADDRESS", part], part)
    wait_for(lambda: desk.run("pactl", "info").returncode == 0, "PipeWire", 30.0)


def add_sink(desk: WaylandDesk, name: str) -> str:
    """Connect an output and make it the default. Returns what removes it."""
    module = desk.output("pactl", "load-module", "module-null-sink", f"sink_name={name}", f"rate={RATE_HZ}").strip()

    def is_default() -> bool:
        """It is WirePlumber, which may only be starting, that makes it the default."""
        desk.run("pactl", "set-default-sink", name)
        return desk.output("pactl", "get-default-sink").strip() == name

    wait_for(is_default, f"the output {name}", 60.0)
    return module


def listen_again(desk: WaylandDesk) -> float:
    """Record the output that came back. Returns when."""
    desk.recorder.stop()
    desk.listen()
    return time.monotonic()


def record(desk: WaylandDesk, sink: str) -> Recorder:
    recorder = Recorder(
        {"PATH": os.environ["PATH"], "PULSE_SERVER": f"unix:{desk.folder}/run/pulse/native"}, f"{sink}.monitor"
    )
    wait_for(lambda: recorder.seconds > 0.1, "recorder")
    return recorder


def test_the_first_thing_that_pipewire_is_given_is_speech(desk: WaylandDesk) -> None:
    """Where it got a buffer of silence first, that was heard first."""
    configuration = desk.folder / "home" / desk.write(".asoundrc", _KEPT).name
    try:
        assert desk.harken_run("settings", "set", "sound.device", "kept").returncode == 0
        begin_reading(desk)
        wait_for_end(desk)
    finally:
        configuration.unlink()
        desk.harken_run("settings", "set", "sound.device", "")
    (sounding,) = np.nonzero(np.fromfile(desk.folder / "run/kept", np.int16))
    assert sounding[0] < 0.02 * RATE_HZ  # what the voice itself begins with
    assert sounding[-1] - sounding[0] > RATE_HZ
    assert desk.notices() == []


def test_an_output_that_vanishes_is_replaced(desk: WaylandDesk) -> None:
    module = add_sink(desk, "headset")
    begin_reading(desk)
    desk.run("pactl", "unload-module", module)
    gone_s = time.monotonic()
    wait_for_end(desk)
    assert is_heard(SENTENCES[-1], desk.recorder, gone_s)
    assert len(desk.notices()) <= 1


@pytest.mark.parametrize("parts", [["wireplumber"], ["pipewire-pulse"], ["pipewire", "wireplumber", "pipewire-pulse"]])
def test_a_restart_of_a_part_or_of_the_whole_loses_nothing(desk: WaylandDesk, parts: list[str]) -> None:
    begin_reading(desk)
    end(desk, *parts)
    start(desk, *parts)
    if "pipewire-pulse" in parts:
        add_sink(desk, "ear")
    back_s = listen_again(desk)
    wait_for_end(desk)
    assert is_heard(SENTENCES[-1], desk.recorder, back_s)
    assert len(desk.notices()) <= 2


@pytest.mark.parametrize("while_reading", [True, False])
def test_a_node_that_is_suspended_is_woken(desk: WaylandDesk, *, while_reading: bool) -> None:
    if while_reading:
        begin_reading(desk)
    desk.run("pactl", "suspend-sink", "ear", "1")
    desk.run("pactl", "suspend-sink", "ear", "0")
    woken_s = time.monotonic()
    if not while_reading:
        begin_reading(desk)
    wait_for_end(desk)
    assert is_heard(SENTENCES[-1], desk.recorder, woken_s)
    assert desk.notices() == []


def test_the_output_that_the_user_chooses_is_used(desk: WaylandDesk) -> None:
    module = add_sink(desk, "second")
    desk.run("pactl", "set-default-sink", "ear")
    second = record(desk, "second")
    try:
        outputs = json.loads(desk.harken_run("devices", "--json").stdout)
        assert {output["id"] for output in outputs} >= {"ear", "second"}
        begin_reading(desk)
        chosen_s = time.monotonic()
        assert desk.harken_run("settings", "set", "sound.device", "second").returncode == 0
        wait_for_end(desk)
        assert is_heard(SENTENCES[-1], second, chosen_s)
        assert hearing.is_silent(desk.recorder.sound()[-RATE_HZ:])
        assert desk.notices() == []
    finally:
        second.stop()
        desk.harken_run("settings", "set", "sound.device", "")
        desk.run("pactl", "unload-module", module)


def test_the_chosen_output_is_used_again_once_it_is_back(desk: WaylandDesk) -> None:
    module = add_sink(desk, "headset")
    desk.run("pactl", "set-default-sink", "ear")
    try:
        assert desk.harken_run("settings", "set", "sound.device", "headset").returncode == 0
        begin_reading(desk)
        desk.run("pactl", "unload-module", module)
        gone_s = time.monotonic()
        wait_for_end(desk)
        assert is_heard(SENTENCES[-1], desk.recorder, gone_s)  # meanwhile it is heard on the other one
        module = add_sink(desk, "headset")
        desk.run("pactl", "set-default-sink", "ear")
        headset = record(desk, "headset")

        def is_there() -> bool:
            desk.harken_run("speak", "--text", "Here it is again.")
            return not hearing.is_silent(headset.sound())

        wait_for(is_there, "sound on the chosen output", 60.0)
        headset.stop()
        assert all("headset" in sentence for sentence in desk.notices())  # at most that it is heard there
    finally:
        desk.harken_run("settings", "set", "sound.device", "")
        desk.run("pactl", "unload-module", module)


def test_one_that_hangs_is_told_and_waited_for(desk: WaylandDesk) -> None:
    """It takes sound and plays none of it: nothing else says that it hangs."""
    begin_reading(desk)
    desk.run("pkill", "-STOP", "-x", "pipewire")
    try:
        wait_for(desk.notices, "what is the matter", 60.0)
        assert desk.harken_run("status").returncode == 0
    finally:
        desk.run("pkill", "-CONT", "-x", "pipewire")
    back_s = listen_again(desk)
    wait_for_end(desk)
    assert is_heard(SENTENCES[-1], desk.recorder, back_s)
