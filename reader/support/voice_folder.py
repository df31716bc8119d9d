"""Where voices that the user has added are stored: for the code that loads, shows and deletes them."""

from __future__ import annotations

from pathlib import Path

import platformdirs


def voices_folder() -> Path:
    """The folder; may not exist. Not the settings folder: these files are large and can be downloaded again."""
    return Path(platformdirs.user_data_dir("harken", appauthor=False)) / "voices"
