"""Closes parts, one after the other: one that can't be closed keeps no other running."""

from __future__ import annotations

import logging
from typing import Any

log = logging.getLogger(__name__)


async def close_all(*parts: Any) -> None:
    """Close those that there are."""
    for part in filter(None, parts):
        try:
            await part.close()
        except Exception:
            log.exception("%s can't be closed", type(part).__name__)
