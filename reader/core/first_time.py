"""What the user is told only the first time: an empty file remembers it. Core thread; small files."""

from __future__ import annotations

import logging

from reader.settings.paths import state_folder

log = logging.getLogger(__name__)

_LEFT_OUT = "left-out-told"


def is_first_left_out() -> bool:
    """Whether nothing was ever left out of a text before; from now on something was."""
    try:
        state_folder().mkdir(mode=0o700, parents=True, exist_ok=True)
        (state_folder() / _LEFT_OUT).touch(exist_ok=False)
    except FileExistsError:
        return False
    except OSError as error:  # it would be told each time
        log.warning("first time: %s", error)
        return False
    return True
