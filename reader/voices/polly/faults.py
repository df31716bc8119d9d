"""Turns what Amazon Polly reports, within a stream or as a plain HTTP answer, into Harken's errors.

The codes are those of the service's model, of Signature Version 4, and of what other AWS services are known to answer.

Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime

from reader.errors import (
    AccessRefusedError,
    ClockSkewError,
    CredentialsExpiredError,
    PermissionMissingError,
    RemoteVoiceError,
    RequestRefusedError,
    ServiceFailedError,
    StreamLimitError,
    ThrottledError,
)
from reader.support.i18n import QT_TRANSLATE_NOOP, translate
from reader.voices.polly.events import ServiceException, json_object

# The service refuses dates that are five minutes off. A little less, because the answer took time to arrive.
SKEW_S = 240.0
_MAX_DETAIL_CHARS = 500

_EXPIRED = {"ExpiredTokenException", "ExpiredToken", "TokenRefreshRequired"}
_DATED = {"InvalidSignatureException", "SignatureDoesNotMatch", "RequestExpired", "RequestTimeTooSkewed"}
_DENIED = {"AccessDeniedException", "AccessDenied", "UnauthorizedOperation", "NotAuthorized", "OptInRequired"}
_THROTTLED = {"ThrottlingException", "TooManyRequestsException", "RequestLimitExceeded", "Throttling"}
_LIMITS = {"input-stream-timeout", "input-stream-inbound-event-timeout"}


def fault_of(exception: ServiceException) -> RemoteVoiceError:
    """The error for an exception within a stream. Unknown ones are a failure of the service, which may pass."""
    return _fault(exception.name, exception.message, exception.fields, status=0)


def fault_of_response(status: int, headers: Mapping[str, str], body: bytes, now: datetime) -> RemoteVoiceError:
    """The error for an HTTP answer other than 200. `headers` has lower-case names; `now` is the time signed with."""
    fields = json_object(body)
    # Such as "ValidationException:http://internal…" or "com.amazon.coral#ThrottlingException".
    named = headers.get("x-amzn-errortype") or str(fields.get("__type") or fields.get("code") or "")
    name = re.split("[:,]", named)[0].rpartition("#")[2].strip()
    message = fields.get("message") or fields.get("Message") or ""
    skew_s = _skew_s(headers.get("date", ""), now)
    if status == 403 and abs(skew_s) > SKEW_S and (name in _DATED or not name):
        return ClockSkewError(translate("reader", _CLOCK), skew_s=skew_s, code=name)
    retry_after = headers.get("retry-after", "")
    retry_after_s = float(retry_after) if re.fullmatch("[0-9]{1,4}", retry_after) else None
    return _fault(name, str(message), fields, status, retry_after_s)


def _fault(
    name: str, message: str, fields: Mapping[str, object], status: int, retry_after_s: float | None = None
) -> RemoteVoiceError:
    kind, sentence = _kind(name, fields, status)
    return kind(
        translate("reader", sentence),
        code=name or str(status),
        detail=message[:_MAX_DETAIL_CHARS],
        retry_after_s=retry_after_s,
    )


def _kind(name: str, fields: Mapping[str, object], status: int) -> tuple[Callable[..., RemoteVoiceError], str]:
    if name in _THROTTLED or status == 429:
        return ThrottledError, _BUSY
    if name == "ServiceQuotaExceededException":
        is_stream = fields.get("quotaCode") in _LIMITS
        return (StreamLimitError, _LIMIT) if is_stream else (ThrottledError, _BUSY)
    if name in _EXPIRED:
        return CredentialsExpiredError, _EXPIRED_SENTENCE
    if name in _DENIED:
        return PermissionMissingError, _NOT_ALLOWED
    if status in (401, 403) or name in _DATED or name in ("UnrecognizedClientException", "InvalidClientTokenId"):
        return AccessRefusedError, _UNKNOWN_KEYS
    if name.startswith(("Validation", "Invalid")) or 400 <= status < 500:
        return RequestRefusedError, _REFUSED
    return ServiceFailedError, _FAILED


def _skew_s(date: str, now: datetime) -> float:
    """How far the service's clock is ahead of the time that was signed with."""
    try:
        return (parsedate_to_datetime(date) - now).total_seconds()
    except (ValueError, TypeError, OverflowError):
        return 0.0


_BUSY = QT_TRANSLATE_NOOP("reader", "Amazon Polly is getting too many requests from this account.")
_LIMIT = QT_TRANSLATE_NOOP("reader", "Amazon Polly ended the session because it reached its time limit.")
_EXPIRED_SENTENCE = QT_TRANSLATE_NOOP(
    "reader", "Your AWS sign-in has expired. Sign in again, for example with “aws sso login”."
)
_NOT_ALLOWED = QT_TRANSLATE_NOOP(
    "reader",
    "Your AWS account is not allowed to use this voice. Ask for the permissions polly:StartSpeechSynthesisStream,"
    " polly:SynthesizeSpeech and polly:DescribeVoices.",
)
_UNKNOWN_KEYS = QT_TRANSLATE_NOOP(
    "reader", "Amazon does not accept your AWS keys. Run “harken doctor” to see where they come from."
)
_REFUSED = QT_TRANSLATE_NOOP(
    "reader", "Amazon Polly does not accept this voice, format or text. Choose another voice in the settings."
)
_FAILED = QT_TRANSLATE_NOOP("reader", "Amazon Polly has an internal problem.")
_CLOCK = QT_TRANSLATE_NOOP("reader", "This computer's clock is wrong, so Amazon refuses its requests. Set the clock.")
