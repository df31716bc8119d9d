"""Turns botocore's exceptions into sentences for people. Runs in the child process.

Messages of botocore's that may contain another program's output are not passed on: a `credential_process` may well
write keys to its standard error.
"""

from __future__ import annotations

from pathlib import Path
from traceback import extract_tb

import botocore.exceptions as theirs

from reader.credentials.answers import RefusalError, RefusalKind, Wording, wording
from reader.support.i18n import QT_TRANSLATE_NOOP


class MfaWantedError(Exception):
    """A role needs a code that only a person at a terminal can type."""


def refusal(error: Exception, where: Wording, profile: str) -> RefusalError:
    """Explain `error`, which was raised while asking `where`."""
    if isinstance(error, RefusalError):
        return error
    code = type(error).__name__
    for family in (_of_sign_in, _of_profile, _of_network, _of_system):
        if found := family(error, where, profile):
            kind, sentence = found
            return RefusalError(kind, _service_code(error) or code, sentence)
    text = QT_TRANSLATE_NOOP("reader", "The {where} can't be used ({code}, {place}).")
    return RefusalError(RefusalKind.MISSING, code, wording(text, where=where, code=code, place=_place(error)))


_Found = tuple[RefusalKind, Wording] | None


def _of_sign_in(error: Exception, where: Wording, profile: str) -> _Found:
    option = f" --profile {profile}" if profile != "default" else ""
    if isinstance(error, theirs.SSOError | theirs.TokenRetrievalError):
        text = QT_TRANSLATE_NOOP("reader", "Your AWS sign-in has expired. Run “aws sso login{option}”, then try again.")
        return RefusalKind.SIGN_IN, wording(text, option=option)
    if isinstance(error, theirs.LoginInsufficientPermissions):
        text = QT_TRANSLATE_NOOP(
            "reader", "AWS does not let the {where} renew its sign-in. Ask for the permission signin:CreateOAuth2Token."
        )
        return RefusalKind.REFUSED, wording(text, where=where)
    if isinstance(error, theirs.LoginError):
        text = QT_TRANSLATE_NOOP("reader", "Your AWS sign-in has expired. Run “aws login{option}”, then try again.")
        return RefusalKind.SIGN_IN, wording(text, option=option)
    if isinstance(error, theirs.MissingDependencyException):
        text = QT_TRANSLATE_NOOP(
            "reader",
            "The {where} uses “aws login”, which Harken can't renew by itself. Create another profile with "
            "“credential_process = aws configure export-credentials{option} --format process” and choose it.",
        )
        return RefusalKind.MISSING, wording(text, where=where, option=option)
    if isinstance(error, MfaWantedError | theirs.RefreshWithMFAUnsupportedError):
        text = QT_TRANSLATE_NOOP(
            "reader",
            "The {where} requires a code from your authenticator, which Harken can't ask for. Choose a profile "
            "with a sign-in or a credential_process.",
        )
        return RefusalKind.MISSING, wording(text, where=where)
    if isinstance(error, RuntimeError) and "still expired" in str(error):
        return RefusalKind.SIGN_IN, wording(_EXPIRED, where=where)
    return None


def _of_profile(error: Exception, where: Wording, profile: str) -> _Found:
    about = getattr(error, "kwargs", {})  # the details of botocore's errors
    match error:
        case theirs.ProfileNotFound():
            text = QT_TRANSLATE_NOOP(
                "reader",
                "There is no AWS profile “{profile}”. Name an existing one with “harken settings set "
                "polly.profile” or AWS_PROFILE.",
            )
            return RefusalKind.MISSING, wording(text, profile=str(about.get("profile", profile)))
        case theirs.PartialCredentialsError():
            text = QT_TRANSLATE_NOOP("reader", "The {where} is incomplete: {missing} is missing.")
            return RefusalKind.MISSING, wording(text, where=where, missing=str(about.get("cred_var")))
        case theirs.ConfigParseError():
            text = QT_TRANSLATE_NOOP(
                "reader", "{file} is not a valid AWS configuration: Harken can't understand a line in it."
            )
            return RefusalKind.MISSING, wording(text, file=str(about.get("path")))
        case theirs.InvalidConfigError():
            text = QT_TRANSLATE_NOOP("reader", "The {where} contradicts itself: {problem}")
            return RefusalKind.MISSING, wording(text, where=where, problem=str(error))
        case theirs.InvalidRegionError():
            text = QT_TRANSLATE_NOOP("reader", "“{region}” is not an AWS region. Set polly.region to one.")
            return RefusalKind.MISSING, wording(text, region=str(about.get("region_name")))
        case theirs.CredentialRetrievalError() if about.get("provider") == "custom-process":
            text = QT_TRANSLATE_NOOP(
                "reader", "The credential_process of the {where} failed. Run it in a terminal to see why."
            )
            return RefusalKind.MISSING, wording(text, where=where)
        case theirs.CredentialRetrievalError():
            text = QT_TRANSLATE_NOOP(
                "reader", "The {where} gave no keys. Run “aws sts get-caller-identity” to see why."
            )
            return RefusalKind.MISSING, wording(text, where=where)
    return None


def _of_network(error: Exception, where: Wording, profile: str) -> _Found:
    if isinstance(error, theirs.SSLError) and ("has expired" in str(error) or "not yet valid" in str(error)):
        text = QT_TRANSLATE_NOOP(
            "reader",
            "The {where} needs AWS's sign-in service, whose certificate is out of date. Check this computer's date.",
        )
        return RefusalKind.UNAVAILABLE, wording(text, where=where)
    if isinstance(error, theirs.SSLError):
        text = QT_TRANSLATE_NOOP(
            "reader", "The {where} needs AWS's sign-in service, whose certificate is not trusted here."
        )
        return RefusalKind.UNAVAILABLE, wording(text, where=where)
    if isinstance(error, theirs.ProxyConnectionError):
        text = QT_TRANSLATE_NOOP(
            "reader",
            "The {where} needs AWS's sign-in service, but the proxy does not let Harken reach it. Check the "
            "proxy's address in HTTPS_PROXY or in the desktop's settings.",
        )
        return RefusalKind.UNAVAILABLE, wording(text, where=where)
    if isinstance(error, theirs.ConnectionError | theirs.HTTPClientError | theirs.MetadataRetrievalError):
        text = QT_TRANSLATE_NOOP(
            "reader", "The {where} needs AWS's sign-in service, which can't be reached. Check your network connection."
        )
        return RefusalKind.UNAVAILABLE, wording(text, where=where)
    code = _service_code(error)
    if not code:
        return None
    status = getattr(error, "response", {}).get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if status >= 500 or "Throttl" in code:
        text = QT_TRANSLATE_NOOP(
            "reader", "AWS's sign-in service can't issue keys for the {where} at the moment ({code}). Try again."
        )
        return RefusalKind.UNAVAILABLE, wording(text, where=where, code=code)
    if "Expired" in code:
        return RefusalKind.SIGN_IN, wording(_EXPIRED, where=where)
    return RefusalKind.REFUSED, wording(
        QT_TRANSLATE_NOOP("reader", "AWS refused to issue keys for the {where} ({code})."), where=where, code=code
    )


def _of_system(error: Exception, where: Wording, profile: str) -> _Found:
    if isinstance(error, OSError):
        file = f" {error.filename}" if isinstance(error.filename, str) else ""
        text = QT_TRANSLATE_NOOP("reader", "The {where} can't be read:{file} {reason}.")
        return RefusalKind.MISSING, wording(text, where=where, file=file, reason=error.strerror or type(error).__name__)
    if isinstance(error, ValueError):  # invalid JSON, UTF-8 or date
        text = QT_TRANSLATE_NOOP("reader", "The {where} gave an answer that AWS's own tools would not understand.")
        return RefusalKind.MISSING, wording(text, where=where)
    return None


_EXPIRED = QT_TRANSLATE_NOOP("reader", "The keys from the {where} have expired. Renew them, then try again.")


def _service_code(error: Exception) -> str:
    if isinstance(error, theirs.ClientError):
        return str(error.response.get("Error", {}).get("Code", "")) or "no code"
    return ""


def _place(error: Exception) -> str:
    """Where it was raised: enough to find it, without its values."""
    frames = extract_tb(error.__traceback__)
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "nowhere"
