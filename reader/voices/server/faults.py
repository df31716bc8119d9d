"""Turns what a speech server answers instead of audio into Harken's errors. Pure.

Bodies are OpenAI's ({"error": {"message", "code"}}), or those of frameworks that such servers are built with
({"detail": "…"}, {"detail": [{"msg": "…"}]}, {"message": "…"}).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping

from reader.errors import (
    AccessRefusedError,
    RemoteVoiceError,
    RequestRefusedError,
    ServiceFailedError,
    ThrottledError,
)
from reader.support import foreign
from reader.support.i18n import QT_TRANSLATE_NOOP, translate

_MAX_DETAIL_CHARS = 200
# Codes for when nothing is left of the credit: asking again soon does not help.
_NO_CREDIT = {"insufficient_quota", "billing_hard_limit_reached"}
_NO_MODEL = {"model_not_found", "invalid_model"}
_NO_CREDIT_REST_S = 60.0

_WANTS_KEY = QT_TRANSLATE_NOOP(
    "reader", "The speech server {host} requires a key. Enter it on the Speech server page of the settings."
)
_OTHER_KEY = QT_TRANSLATE_NOOP(
    "reader",
    "The speech server {host} does not accept your key. Enter it again on the Speech server page of the settings.",
)
_FORBIDDEN = QT_TRANSLATE_NOOP("reader", "Your key for {host} does not allow speech. Ask for one that does.")
_NOWHERE = QT_TRANSLATE_NOOP(
    "reader", "There is no speech server at {url}. Check its address on the Speech server page of the settings."
)
_UNKNOWN_MODEL = QT_TRANSLATE_NOOP(
    "reader",
    "The speech server {host} does not have this model. Choose another on the Speech server page of the settings.",
)
_REDIRECTS = QT_TRANSLATE_NOOP(
    "reader", "The speech server {host} redirects Harken to a different address. Enter that one in the settings."
)
_TOO_LONG = QT_TRANSLATE_NOOP("reader", "This sentence is too long for the speech server {host}.")
_BUSY = QT_TRANSLATE_NOOP("reader", "The speech server {host} is getting too many requests.")
_NOTHING_LEFT = QT_TRANSLATE_NOOP("reader", "You have no credit left at the speech server {host}.")
_REFUSED = QT_TRANSLATE_NOOP(
    "reader",
    "The speech server {host} does not accept this voice, model or format. Choose another in the settings.",
)
_REFUSED_SAYING = QT_TRANSLATE_NOOP(
    "reader", "The speech server {host} refused: “{reason}”. Check the voice, model and format in the settings."
)
_FAILED = QT_TRANSLATE_NOOP("reader", "The speech server {host} has an internal problem.")
_NO_SOUND = QT_TRANSLATE_NOOP(
    "reader",
    "The speech server {host} sent “{what}” instead of sound. Check its address and the format in the settings.",
)

_Kind = Callable[..., RemoteVoiceError]


def fault_of_response(
    status: int, headers: Mapping[str, str], body: bytes, *, host: str, url: str, has_key: bool
) -> RemoteVoiceError:
    """The error for an answer other than 200. `headers` has lower-case names."""
    code, message = _told(body)
    reason = foreign.shown(message, _MAX_DETAIL_CHARS)
    kind, sentence = _kind(status, code, reason, has_key=has_key)
    sentence = translate("reader", sentence).replace("{host}", host).replace("{url}", url).replace("{reason}", reason)
    retry_after_s = _NO_CREDIT_REST_S if code in _NO_CREDIT else _retry_after_s(headers)
    if kind is AccessRefusedError:
        retry_after_s = None
    return kind(sentence, code=code or str(status), detail=reason, retry_after_s=retry_after_s)


def no_sound(content_type: str, *, host: str) -> RequestRefusedError:
    """The error for an answer that is not audio, such as a web server's page."""
    what = foreign.shown(content_type.partition(";")[0], 60)
    sentence = translate("reader", _NO_SOUND).replace("{host}", host).replace("{what}", what)
    return RequestRefusedError(sentence, code="content-type", detail=what)


def _kind(status: int, code: str, reason: str, *, has_key: bool) -> tuple[_Kind, str]:  # noqa: C901 - a table
    match status:
        case _ if code in _NO_CREDIT or status == 402:
            return ThrottledError, _NOTHING_LEFT
        case 401:
            return AccessRefusedError, _OTHER_KEY if has_key else _WANTS_KEY
        case 403:
            return AccessRefusedError, _FORBIDDEN if has_key else _WANTS_KEY
        case _ if code in _NO_MODEL:
            return RequestRefusedError, _UNKNOWN_MODEL
        case 404 | 405 | 410:
            return RequestRefusedError, _NOWHERE
        case 413:
            return RequestRefusedError, _TOO_LONG
        case 429:
            return ThrottledError, _BUSY
        case _ if code == "string_above_max_length":
            return RequestRefusedError, _TOO_LONG
        case _ if 300 <= status < 400:
            return RequestRefusedError, _REDIRECTS
        case _ if 400 <= status < 500:
            return RequestRefusedError, _REFUSED_SAYING if reason else _REFUSED
    return ServiceFailedError, _FAILED


def _retry_after_s(headers: Mapping[str, str]) -> float | None:
    value = headers.get("retry-after", "").strip()
    return float(value) if re.fullmatch("[0-9]{1,4}", value) else None


def _told(body: bytes) -> tuple[str, str]:
    """(the server's error code, its message for users), each "" if absent."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return "", ""
    fields = value.get("error", value) if isinstance(value, dict) else value
    if isinstance(fields, str):
        return "", fields
    if not isinstance(fields, dict):
        return "", ""
    message = fields.get("message") or fields.get("detail") or ""
    if isinstance(message, list) and message and isinstance(message[0], dict):
        message = message[0].get("msg", "")
    code, kind = fields.get("code"), fields.get("type")
    named = next((name for name in (code, kind) if isinstance(name, str) and name in _NO_CREDIT | _NO_MODEL), "")
    named = named or (code if isinstance(code, str) else "")
    return named[:80], message if isinstance(message, str) else ""
