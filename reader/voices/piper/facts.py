"""What Harken found out about a voice when it was added: `voice.json` beside its nets. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from reader.voices.piper.description import Description

FORMAT = 1
# While a voice is tried: its text encoder as it was before it was rewritten.
BEFORE = "before"


@dataclass(frozen=True, slots=True)
class Facts:
    """A voice as it is stored. `parts` are its nets, in the order in which they run: see cut.py.

    `durations`, `latent`, `features`, `coarse` and `sound` are names of tensors. All but the last are "" for a net that
    was not cut, and `coarse` also if the decoder's later steps are not a separate part. `hop` is the samples per frame.
    `flow_reach`, `reach` and `fine_reach` are how many frames to either side the flow, the decoder and its later steps
    look. `gain` brings the voice to the loudness of the others.
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
        """Whether sound comes out before a whole sentence is made."""
        return len(self.parts) > 1


def as_json(facts: Facts) -> dict[str, Any]:
    """Facts in the form they are stored."""
    return {"format": FORMAT, **asdict(facts)}


def of_json(value: Mapping[str, Any]) -> Facts:
    """Parse stored facts. Raises ValueError, TypeError, KeyError or AttributeError for those of another version."""
    fields = dict(value)
    if fields.pop("format") != FORMAT:
        raise ValueError("of another version")
    fields["description"] = Description(**fields["description"])
    fields["parts"] = tuple(fields["parts"])
    return Facts(**fields)
