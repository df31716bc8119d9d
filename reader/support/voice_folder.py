"""Where the voices are that the user has added: for what has them, what shows it and what deletes them."""

from __future__ import annotations

from pathlib import Path

import platformdirs


def voices_folder() -> Path:
    """Their folder; may not exist. Not the settings' one: these files are large, and can be had again."""
    return Path(platformdirs.user_data_dir("harken", appauthor=False)) / "voices"
