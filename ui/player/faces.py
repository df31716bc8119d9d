"""The typefaces that come with Harken (resources/faces). They are loaded on demand. GUI thread."""

from __future__ import annotations

import functools
import logging
from pathlib import Path

from PySide6.QtGui import QFont, QFontDatabase

log = logging.getLogger(__name__)

_FOLDER = Path(__file__).parents[2] / "resources" / "faces"
# The values of the setting player.face, and their files.
FILES = {"atkinson": "AtkinsonHyperlegibleNext-Regular.ttf", "opendyslexic": "OpenDyslexic-Regular.otf"}


def font(face: str, otherwise: QFont) -> QFont:
    """A typeface by its name; `otherwise` is used for missing letters, or if there is no such face."""
    made = QFont(otherwise)
    if face in FILES and (families := _load(FILES[face])):
        made.setFamilies([*families, *(otherwise.families() or [otherwise.family()])])
    return made


@functools.cache
def _load(name: str) -> list[str]:
    families = QFontDatabase.applicationFontFamilies(QFontDatabase.addApplicationFont(str(_FOLDER / name)))
    if not families:
        log.warning("the typeface %s can't be used", name)
    return families
