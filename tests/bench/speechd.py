"""speech-dispatcher: a program's message to its first sound, and its stop to silence.

Harken's module beside speech-dispatcher's own one of eSpeak NG: the same server, the same client, in turns. A time ends
where the sound server renders the first (or last) sample above -48 dB. Run `python -m tests.bench.speechd`.
"""

from __future__ import annotations

import time

import numpy as np

from tests.bench.latency import LEVEL, Times
from tests.desktop.desk import Desk, wait_for
from tests.desktop.hearing import first_sound
from tests.desktop.speechd import Client, SpeechDispatcher

TIMES = 10
_SENTENCE = "The quick brown fox jumps over the lazy dog, and then it sleeps for the rest of the afternoon."
# What is measured: the message, and how it is sent.
_MESSAGES = {
    "a character": ("CHAR b", False),
    "a word": ("Cancel", True),
    "a sentence": (_SENTENCE, True),
    "an article": (" ".join([_SENTENCE] * 40), True),
}
# Modules and voices that are compared: how they are called, the module, and the voice.
_VOICES = (
    ("speech-dispatcher's eSpeak NG", "espeak-ng", ""),
    ("Harken, eSpeak", "harken", "English (America)"),
    ("Harken, neural", "harken", "Heart"),
)


def main() -> None:
    """Print the table."""
    with Desk() as desk:
        SpeechDispatcher(desk).start()
        rows: dict[str, list[Times]] = {name: [Times() for _ in _VOICES] for name in (*_MESSAGES, "stop")}
        clients = [_client(desk, module, voice) for _, module, voice in _VOICES]
        for turn in range(TIMES + 1):
            for column, client in enumerate(clients):
                for name, (message, is_text) in _MESSAGES.items():
                    sound_ms = _first_sound_ms(desk, client, message, is_text=is_text)
                    stop_ms = _stop_ms(desk, client) if name == "an article" else None
                    if not turn:  # the first time something is loaded, for each of them
                        continue
                    rows[name][column].ms.append(sound_ms)
                    if stop_ms is not None:
                        rows["stop"][column].ms.append(stop_ms)
        print(
            f"{TIMES} times each, milliseconds, median / 95th percentile, and the ratio of the medians to the first.\n"
        )
        print("|  | " + " | ".join(name for name, *_ in _VOICES) + " |")
        print("| --- |" + " --- |" * len(_VOICES))
        for name, times in rows.items():
            told = "stop to silence" if name == "stop" else f"message to first sound: {name}"
            ratios = [f" ({each.median / times[0].median:.2f})" if times[0].median else "" for each in times[1:]]
            print(
                f"| {told} | "
                + " | ".join(f"{each}{more}" for each, more in zip(times, ["", *ratios], strict=True))
                + " |"
            )


def _client(desk: Desk, module: str, voice: str) -> Client:
    client = Client(desk, module)
    client.set("LANGUAGE en-US")
    if voice:
        client.set(f"SYNTHESIS_VOICE {voice}")
    return client


def _first_sound_ms(desk: Desk, client: Client, message: str, *, is_text: bool) -> float:
    """From the message to what is first heard of it. A long one is still being said then."""
    is_long = len(message) > 2 * len(_SENTENCE)
    _quiet(desk)
    begun_s = time.monotonic()
    if is_text:
        client.speak(message)
    else:
        client.events, client.at_s = [], []
        client.ask(message)
    client.wait_for("begin")

    def heard() -> int | None:
        return first_sound(desk.recorder.since(begun_s), LEVEL)

    wait_for(lambda: heard() is not None, "sound")
    first = heard()
    assert first is not None
    heard_s = desk.recorder.time_of(desk.recorder.sample_at(begun_s) + first)
    if not is_long:
        client.ask("CANCEL SELF")
        while client.events[-1][0] not in ("end", "cancel"):
            client.wait_for_next()
    return (heard_s - begun_s) * 1000


def _stop_ms(desk: Desk, client: Client) -> float:
    """From the stop to the last sample that is heard."""
    desk.call(["sleep", "0.5"])
    stopped_s = time.monotonic()
    client.ask("CANCEL SELF")
    client.wait_for("cancel")
    desk.call(["sleep", "0.6"])
    after = desk.recorder.since(stopped_s)
    loud = np.flatnonzero(np.abs(after) > LEVEL)
    return float(loud[-1]) / 48 if loud.size else 0.0


def _quiet(desk: Desk) -> None:
    """Nothing is heard any more, and nobody has much to do."""
    wait_for(lambda: np.abs(desk.recorder.sound()[-9600:]).max() < LEVEL, "silence")


if __name__ == "__main__":
    main()
