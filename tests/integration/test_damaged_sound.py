"""Sound that the service sends damaged: Harken lives, the reading comes to its end, and of Ogg no word is lost."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.fakes.heard_desk import numbered
from tests.fakes.polly_desk import desk
from tests.fakes.polly_service import PollyService, words
from tests.fakes.polly_service.codecs import Encoder

RATE_HZ = 24000


class DamagingEncoder:
    """Changes some bytes of most of what an encoder makes."""

    def __init__(self, encoder: Encoder, chance: random.Random) -> None:
        self._encoder = encoder
        self._chance = chance

    def add(self, pcm: bytes) -> bytes:
        return self._damaged(self._encoder.add(pcm))

    def finish(self) -> bytes:
        return self._damaged(self._encoder.finish())

    def _damaged(self, data: bytes) -> bytes:
        made = bytearray(data)
        if made and self._chance.random() < 0.6:
            for _ in range(self._chance.choice([1, 3, 20])):
                made[self._chance.randrange(len(made))] = self._chance.randrange(256)
        return bytes(made)


@pytest.mark.noisy
@pytest.mark.parametrize("damaged_streams", [1, 99])
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("output_format", ["mp3", "ogg_vorbis"])
async def test_the_reading_comes_to_its_end(
    tmp_path: Path, output_format: str, seed: int, damaged_streams: int
) -> None:
    service, chance, left = PollyService(), random.Random(seed), [None] * damaged_streams
    encoder = service.formats[output_format, RATE_HZ]

    def make(rate_hz: int) -> Encoder:
        if left:
            left.pop()
            return DamagingEncoder(encoder(rate_hz), chance)
        return encoder(rate_hz)

    service.formats[output_format, RATE_HZ] = make
    async with desk(tmp_path, service, formats=((output_format, RATE_HZ),)) as made:
        text = numbered(8)
        heard = await made.read(text)
        assert made.endings == [True]
        assert len(made.notices) <= 1
        if output_format == "ogg_vorbis":
            assert set(words(text)) <= set(heard)
