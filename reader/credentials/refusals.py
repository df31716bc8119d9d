"""What botocore raises, as what a person is told. Runs in the child process.

Nothing of a message of botocore's is passed on that may hold what another program wrote: a `credential_process`
may well write keys to its standard error.
"""

from __future__ import annotations

from pathlib import Path
from traceback import extract_tb

import botocore.exceptions as theirs

from reader.credentials.answers import Kind, RefusalError


class MfaWantedError(Exception):
    """A role asks for a code that only a person at a terminal can type."""


def refusal(error: Exception, where: str, profile: str) -> RefusalError:
    """What `error` means that was raised while asking `where` (words for people)."""
    if isinstance(error, RefusalError):
        return error
    code = type(error).__name__
    for family in (_of_sign_in, _of_profile, _of_network, _of_system):
        if found := family(error, where, profile):
            kind, sentence = found
            return RefusalError(kind, _service_code(error) or code, sentence)
    return RefusalError(Kind.MISSING, code, f"The {where} can't be used ({code}, {_place(error)}).")


_Found = tuple[Kind, str] | None


def _of_sign_in(error: Exception, where: str, profile: str) -> _Found:
    option = f" --profile {profile}" if profile != "default" else ""
    if isinstance(error, theirs.SSOError | theirs.TokenRetrievalError):
        return Kind.SIGN_IN, f"Your AWS sign-in has run out. Run “aws sso login{option}”, then try again."
    if isinstance(error, theirs.LoginInsufficientPermissions):
        return Kind.REFUSED, f"AWS does not let the {where} renew its sign-in (signin:CreateOAuth2Token)."
    if isinstance(error, theirs.LoginError):
        return Kind.SIGN_IN, f"Your AWS sign-in has run out. Run “aws login{option}”, then try again."
    if isinstance(error, theirs.MissingDependencyException):
        return Kind.MISSING, (
            f"The {where} uses “aws login”, which Harken can't renew by itself. Make another profile with "
            f"“credential_process = aws configure export-credentials{option} --format process” and choose that."
        )
    if isinstance(error, MfaWantedError | theirs.RefreshWithMFAUnsupportedError):
        return Kind.MISSING, (
            f"The {where} wants a code from your authenticator, which Harken can't ask for. "
            "Choose a profile with a sign-in or a credential_process."
        )
    if isinstance(error, RuntimeError) and "still expired" in str(error):
        return Kind.SIGN_IN, f"The keys of the {where} have expired. Renew them, then try again."
    return None


def _of_profile(error: Exception, where: str, profile: str) -> _Found:
    if isinstance(error, theirs.ProfileNotFound):
        return Kind.MISSING, (
            f"There is no AWS profile “{error.kwargs.get('profile', profile)}”. Name one that there is, in "
            "“harken settings set polly.profile” or AWS_PROFILE."
        )
    if isinstance(error, theirs.PartialCredentialsError):
        return Kind.MISSING, f"The {where} is incomplete: {error.kwargs.get('cred_var')} is missing."
    if isinstance(error, theirs.ConfigParseError):
        return (
            Kind.MISSING,
            f"{error.kwargs.get('path')} is no configuration of AWS's: a line in it can't be understood.",
        )
    if isinstance(error, theirs.InvalidConfigError):
        return Kind.MISSING, f"The {where} contradicts itself: {error}"
    if isinstance(error, theirs.InvalidRegionError):
        return (
            Kind.MISSING,
            f"“{error.kwargs.get('region_name')}” is no region of AWS's. Set polly.region to one that is.",
        )
    if isinstance(error, theirs.CredentialRetrievalError):
        if error.kwargs.get("provider") == "custom-process":
            return Kind.MISSING, f"The credential_process of the {where} failed. Run it in a terminal to see why."
        return Kind.MISSING, f"The {where} gave no keys. “aws sts get-caller-identity” may say why."
    return None


def _of_network(error: Exception, where: str, profile: str) -> _Found:
    if isinstance(error, theirs.SSLError):
        return Kind.UNAVAILABLE, f"The {where} needs AWS's sign-in service, whose certificate is not trusted here."
    if isinstance(error, theirs.ConnectionError | theirs.HTTPClientError | theirs.MetadataRetrievalError):
        return Kind.UNAVAILABLE, f"The {where} needs AWS's sign-in service, which can't be reached. Is there a network?"
    code = _service_code(error)
    if not code:
        return None
    status = getattr(error, "response", {}).get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if status >= 500 or "Throttl" in code:
        return Kind.UNAVAILABLE, f"AWS's sign-in service is not ready to give keys to the {where} ({code}). Try again."
    if "Expired" in code:
        return Kind.SIGN_IN, f"The keys of the {where} have expired. Renew them, then try again."
    return Kind.REFUSED, f"AWS gives no keys to the {where} ({code})."


def _of_system(error: Exception, where: str, profile: str) -> _Found:
    if isinstance(error, OSError):
        file = f" {error.filename}" if isinstance(error.filename, str) else ""
        return Kind.MISSING, f"The {where} can't be read:{file} {error.strerror or type(error).__name__}."
    if isinstance(error, ValueError):  # no JSON, no UTF-8, no date
        return Kind.MISSING, f"What the {where} answered is not what AWS's programs understand."
    return None


def _service_code(error: Exception) -> str:
    if isinstance(error, theirs.ClientError):
        return str(error.response.get("Error", {}).get("Code", "")) or "no code"
    return ""


def _place(error: Exception) -> str:
    """Where it was raised: enough to find it, and none of its values."""
    frames = extract_tb(error.__traceback__)
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "nowhere"
