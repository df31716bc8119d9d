"""Where the player was and how large, in a small file of Harken's own. No Qt."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict, dataclass
from pathlib import Path

from reader.support import files

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Placement:
    """`geometry` is what Qt says of the window, in hexadecimal digits; `height_px` is that of one with its text."""

    geometry: str = ""
    height_px: int = 0
    shows_text: bool = True


def load(folder: Path) -> Placement:
    """What was kept; the first one where nothing was, or nothing of use."""
    try:
        found = files.read_json(folder / _NAME)
        return Placement(str(found["geometry"]), int(found["height_px"]), bool(found["shows_text"]))
    except FileNotFoundError:
        pass
    except (OSError, ValueError, TypeError, KeyError) as error:
        log.warning("the player's place: %s", error)  # not worth more: the file is written again
    return Placement()


def keep(folder: Path, placement: Placement) -> None:
    """Keep it. `folder` may not exist."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        files.write_text(folder / _NAME, json.dumps(asdict(placement), indent=1))
    except OSError as error:
        log.warning("the player's place: %s", error)


_NAME = "player.json"
