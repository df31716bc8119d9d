"""What a request may contain, field by field. Anything else is refused before it is acted on. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from reader.flow import MAX_SLEEP_MINUTES, MAX_SPEED, MIN_SPEED, Command
from reader.ipc.protocol import BadMessageError
from reader.support import foreign

_NAME_CHARS = 300
_MAX_NAMES = 200
_PATH_CHARS = 4096
_MAX_INTEGER = 1 << 53
# For a text that is sent all at once: some 300 pages.
_MAX_TEXT_CHARS = 1_000_000

Check = Callable[[Any], Any]  # returns the value to use; raises BadMessageError with what it should have been


def request(message: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """(what is asked, its fields); missing fields are None. Raises BadMessageError."""
    what = message.get("do")
    if not isinstance(what, str) or what not in _REQUESTS:
        raise BadMessageError("no such request")
    return what, {name: _checked(name, check, message.get(name)) for name, check in _REQUESTS[what].items()}


def more_text(message: Mapping[str, Any]) -> tuple[str, bool]:
    """(more text for a reading that has begun, whether it is the last). Raises BadMessageError."""
    return _checked("text", _optional(_text), message.get("text")) or "", message.get("end") is True


def _checked(name: str, check: Check, value: Any) -> Any:
    try:
        return check(value)
    except BadMessageError as error:
        raise BadMessageError(f"“{name}” is {error}") from None


def _name(value: Any) -> str:
    if not isinstance(value, str) or foreign.fault_in(value, _NAME_CHARS):
        raise BadMessageError("a short text of one line")
    return value


def _names(value: Any) -> list[str]:
    if not isinstance(value, list) or len(value) > _MAX_NAMES:
        raise BadMessageError(f"a list of at most {_MAX_NAMES} names")
    return [_name(one) for one in value]


def _text(value: Any) -> str:
    """Replaces lone surrogates, which no program can write, by the replacement character."""
    if not isinstance(value, str):
        raise BadMessageError("a text")
    return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _whole_text(value: Any) -> str:
    text = _text(value)
    if len(text) > _MAX_TEXT_CHARS:
        raise BadMessageError(f"a text of at most {_MAX_TEXT_CHARS} characters")
    return text


def _path(value: Any) -> str:
    if not isinstance(value, str) or len(value) > _PATH_CHARS or "\0" in value:
        raise BadMessageError("the path of a file")
    return value


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise BadMessageError("true or false")
    return value


def _value(value: Any) -> str | bool | float | int:
    """The value of a setting, which the schema checks more closely."""
    if isinstance(value, str):
        return _name(value)
    if isinstance(value, bool) or (isinstance(value, int) and abs(value) <= _MAX_INTEGER):
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    raise BadMessageError("a short text, a number, true or false")


def _number(low: float, high: float) -> Check:
    def check(value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise BadMessageError(f"a number from {low:g} to {high:g}")
        return float(value)

    return check


def _whole_number(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _MAX_INTEGER:
        raise BadMessageError("a whole number")
    return value


def _minutes(value: Any) -> int:
    if _whole_number(value) > MAX_SLEEP_MINUTES:
        raise BadMessageError(f"a whole number from 0 to {MAX_SLEEP_MINUTES}")
    return int(value)


def _command(value: Any) -> Command:
    if not isinstance(value, str) or value not in set(Command):
        raise BadMessageError("a command")
    return Command(value)


def _optional(check: Check) -> Check:
    return lambda value: None if value is None else check(value)


_REQUESTS: dict[str, dict[str, Check]] = {
    "command": {"command": _command, "by_key": _optional(_flag)},
    "show": {},
    "quit": {},
    "open-settings": {},
    "settings": {},
    "set": {"key": _name, "value": _value},
    "reset": {"keys": _names},
    "pronunciations": {},
    "account": {},
    "account-report": {},
    "status": {},
    "doctor": {"ask": _optional(_names)},
    "voices": {"engine": _optional(_name)},
    "voices-changed": {},
    "devices": {},
    "history": {},
    "read-again": {"id": _whole_number},
    "bookmarks": {},
    "bookmark-go": {"number": _whole_number},
    "bookmark-remove": {"number": _whole_number},
    "queue": {},
    "queue-clear": {},
    "sleep": {"minutes": _minutes},
    "sleep-at-paragraph": {},
    "recent": {},
    "recent-read": {"number": _whole_number},
    "recent-forget": {"number": _optional(_whole_number)},
    "say": {"text": _whole_text},
    "speak": {
        "language": _optional(_name),
        "voice": _optional(_name),
        "speed": _optional(_number(MIN_SPEED, MAX_SPEED)),
        "falls_back": _optional(_flag),
        "ssml": _optional(_text),
        "path": _optional(_path),
    },
}
