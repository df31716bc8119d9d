"""Finds the text that a command refers to, and cuts out the part that is meant. Core thread only."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace

from reader.capture.capture import Capture
from reader.errors import CaptureError, HarkenError, NothingToReadError
from reader.flow import CapturedText, Command
from reader.session.preferences import Preferences
from reader.support.i18n import translate
from reader.text import around, loading

log = logging.getLogger(__name__)


async def find(capture: Capture, command: Command, preferences: Preferences) -> CapturedText:
    """Returns the text. Raises HarkenError with the sentence for the user."""
    try:
        captured = await capture.read(command)
        if captured.caret_chars is None:
            return captured
        return await asyncio.to_thread(_cut, captured, captured.caret_chars, command, preferences)
    except HarkenError:
        raise
    except Exception as error:  # an unforeseen answer from a program must not leave the next presses waiting
        raise told(error) from error


def told(error: Exception) -> HarkenError:
    """The error that says why no text was found. An unforeseen one is logged."""
    if isinstance(error, HarkenError):
        return error
    log.error("looking for text failed", exc_info=error)
    return CaptureError(translate("reader", "Harken could not look for text. Run “harken doctor” to find the log."))


def _cut(captured: CapturedText, at: int, command: Command, preferences: Preferences) -> CapturedText:
    """The part around the cursor. Any thread."""
    match command:
        case Command.READ_WORD:
            start, end = around.word(captured.text, at)
        case Command.READ_SENTENCE:
            loading.load()
            start, end = around.sentence(captured.text, at, preferences.language, preferences.expected_language)
        case _:
            start, end = around.paragraph(captured.text, at)
    text = captured.text[start:end].strip()
    if not text:
        raise NothingToReadError(translate("reader", "There is no text at the cursor."))
    return replace(captured, text=text, caret_chars=None)
