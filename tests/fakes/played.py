"""A player on a device that a test listens to by hand, and sound of which every frame can be told apart."""

import numpy as np

from reader.audio.player import Player
from reader.flow import AudioChunk, Ending, Event, Segment
from tests.fakes.device import HandDevice

RATE_HZ = 8000


def segment(index: int) -> Segment:
    return Segment(1, index, index, f"s{index}", 0, 2, Ending.CUT, "en")


def ramp(seconds: float, start: int = 1) -> AudioChunk:
    """Sound of which every frame can be told apart."""
    frames = (np.arange(round(seconds * RATE_HZ)) % 30000 + start).astype(np.int16)
    return AudioChunk(1, 0, RATE_HZ, frames.tobytes(), 1.0, is_last=True)


async def make(device: HandDevice | None = None) -> tuple[Player, HandDevice, list[Event]]:
    device = device or HandDevice(RATE_HZ)
    events: list[Event] = []
    player = Player(device)
    player.on_event = events.append
    await player.open()
    player.begin(1)
    return player, device, events


def say(player: Player, *chunks: AudioChunk) -> None:
    for i, chunk in enumerate(chunks):
        player.start_segment(segment(i), "fake/en")
        player.add(chunk)
        player.end_segment(segment(i))


def pcm(*chunks: AudioChunk) -> list[int]:
    return list(np.concatenate([np.frombuffer(c.pcm, np.int16) for c in chunks]))


def heard(device: HandDevice) -> list[int]:
    return list(np.frombuffer(device.heard, np.int16))


def same(device: HandDevice, *chunks: AudioChunk) -> bool:
    """Whether exactly these frames were heard, but for what rounding does."""
    found, wanted = heard(device), pcm(*chunks)
    return len(found) == len(wanted) and max(abs(int(a) - int(b)) for a, b in zip(found, wanted, strict=True)) <= 1
