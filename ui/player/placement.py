"""The player's position and size, stored in a small file of Harken's own. No Qt."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict, dataclass
from pathlib import Path

from reader.support import files

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Placement:
    """`geometry` is Qt's state of the window, in hexadecimal; `height_px` is its height when the text is shown."""

    geometry: str = ""
    height_px: int = 0
    shows_text: bool = True


def load(folder: Path) -> Placement:
    """The stored placement, or the default if there is none or it is unusable."""
    try:
        found = files.read_json(folder / _NAME)
        return Placement(str(found["geometry"]), int(found["height_px"]), bool(found["shows_text"]))
    except FileNotFoundError:
        pass
    except (OSError, ValueError, TypeError, KeyError) as error:
        log.warning("the player's place: %s", error)  # no more is needed: the file will be rewritten
    return Placement()


def keep(folder: Path, placement: Placement) -> None:
    """Store it. `folder` may not exist."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        files.write_text(folder / _NAME, json.dumps(asdict(placement), indent=1))
    except OSError as error:
        log.warning("the player's place: %s", error)


_NAME = "player.json"
