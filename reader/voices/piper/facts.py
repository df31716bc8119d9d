"""What Harken has found out about a voice when it was added: `voice.json` beside its nets. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from reader.voices.piper.description import Description

FORMAT = 1
# While a voice is tried: its text front as it was before it was rewritten.
BEFORE = "before"


@dataclass(frozen=True, slots=True)
class Facts:
    """A voice as it is kept. `parts` are its nets, in the order in which they run: see cut.py.

    `durations`, `latent`, `features`, `coarse` and `sound` are tensors' names, all but the last "" for a net that was
    not cut, `coarse` also where the decoder's later steps are no part of their own. `hop` is the samples of a frame.
    `flow_reach`, `reach` and `fine_reach` are how many frames to either side flow, decoder and its later steps look.
    `gain` brings the voice to the loudness of the others.
    """

    description: Description
    parts: tuple[str, ...]
    sound: str
    durations: str = ""
    latent: str = ""
    features: str = ""
    coarse: str = ""
    hop: int = 0
    flow_reach: int = 0
    reach: int = 0
    fine_reach: int = 0
    gain: float = 1.0

    @property
    def is_cut(self) -> bool:
        """Whether sound comes out before a sentence is made."""
        return len(self.parts) > 1


def as_json(facts: Facts) -> dict[str, Any]:
    """Facts as they are kept."""
    return {"format": FORMAT, **asdict(facts)}


def of_json(value: Mapping[str, Any]) -> Facts:
    """Facts that were kept. Raises ValueError, TypeError, KeyError or AttributeError for those of another version."""
    fields = dict(value)
    if fields.pop("format") != FORMAT:
        raise ValueError("of another version")
    fields["description"] = Description(**fields["description"])
    fields["parts"] = tuple(fields["parts"])
    return Facts(**fields)
