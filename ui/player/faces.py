"""The typefaces that come with Harken (resources/faces). One is loaded when it is wanted. GUI thread."""

from __future__ import annotations

import functools
import logging
from pathlib import Path

from PySide6.QtGui import QFont, QFontDatabase

log = logging.getLogger(__name__)

_FOLDER = Path(__file__).parents[2] / "resources" / "faces"
# The setting player.face, and the file that has it.
FILES = {"atkinson": "AtkinsonHyperlegibleNext-Regular.ttf", "opendyslexic": "OpenDyslexic-Regular.otf"}


def font(face: str, otherwise: QFont) -> QFont:
    """A face by its name, where there is one; for letters that it lacks, and else, another font."""
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
