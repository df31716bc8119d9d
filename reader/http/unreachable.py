"""Why a host can't be reached, each case as a sentence that says what happened and what to do.

Pure.
"""

from __future__ import annotations

import errno
import socket
import ssl
from collections.abc import Mapping

from reader.errors import CertificateError, UnreachableError
from reader.support.i18n import QT_TRANSLATE_NOOP, translate

_NO_WAY = {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL}
# OpenSSL's names for an answer that isn't TLS at all.
_NO_TLS = {"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "UNKNOWN_PROTOCOL", "PACKET_LENGTH_TOO_LONG"}

_REFUSED = QT_TRANSLATE_NOOP("reader", "{host} refuses connections. It may be down, or blocked by a firewall.")
_UNKNOWN = QT_TRANSLATE_NOOP("reader", "{host} can't be found. Check your network connection and the region.")
_UNRESOLVED = QT_TRANSLATE_NOOP(
    "reader", "{host} can't be found: no name server answers. Check your network connection."
)
_UNROUTED = QT_TRANSLATE_NOOP("reader", "There is no route to {host}. Check your network connection.")
_SILENT = QT_TRANSLATE_NOOP(
    "reader", "{host} did not answer in time. The network may be slow, or a firewall may be blocking it."
)
_FORBIDDEN = QT_TRANSLATE_NOOP(
    "reader", "This computer does not let Harken connect to {host}. Allow it in the firewall."
)
_CLOSED = QT_TRANSLATE_NOOP(
    "reader", "{host} closed the connection before it was secured. It may be down, or blocked by a firewall."
)
_PLAIN = QT_TRANSLATE_NOOP("reader", "{host} does not support TLS at this address. Check the address.")
_INSECURE = QT_TRANSLATE_NOOP("reader", "Harken can't make a secure connection to {host} ({reason}).")
_OTHER = QT_TRANSLATE_NOOP("reader", "{host} can't be reached ({reason}).")

_EXPIRED = QT_TRANSLATE_NOOP(
    "reader",
    "The certificate of {host} has expired. If this computer's date is right, the operator of {host} has to renew it.",
)
_TOO_EARLY = QT_TRANSLATE_NOOP("reader", "The certificate of {host} is not valid yet. Correct this computer's date.")
_OTHER_NAME = QT_TRANSLATE_NOOP(
    "reader",
    "The certificate of {host} is for a different name. Check the address. If this network requires it, sign in with "
    "a browser first.",
)
_SELF_SIGNED = QT_TRANSLATE_NOOP(
    "reader",
    "The certificate of {host} is not trusted because {host} signed it itself. If that is intended, set "
    "AWS_CA_BUNDLE to a file that contains it.",
)
_UNKNOWN_ISSUER = QT_TRANSLATE_NOOP(
    "reader",
    "The certificate of {host} is not trusted because its issuer is unknown here. If your network inspects "
    "connections, set AWS_CA_BUNDLE to a file that contains its certificates.",
)
_NOT_ACCEPTED = QT_TRANSLATE_NOOP("reader", "The certificate of {host} is not accepted ({reason}).")
# OpenSSL's X509_V_ERR_…, which the ssl module only has as numbers: openssl/x509_vfy.h.
_OF_CERTIFICATES: Mapping[int, tuple[str, str]] = {
    2: ("issuer", _UNKNOWN_ISSUER),
    9: ("not-yet", _TOO_EARLY),
    10: ("expired", _EXPIRED),
    18: ("self-signed", _SELF_SIGNED),
    19: ("issuer", _UNKNOWN_ISSUER),
    20: ("issuer", _UNKNOWN_ISSUER),
    21: ("issuer", _UNKNOWN_ISSUER),
    62: ("other-name", _OTHER_NAME),
    64: ("other-name", _OTHER_NAME),
}


def unreachable(host: str, error: Exception) -> UnreachableError:
    """Why connecting to `host` failed. `error` is an OSError, TimeoutError or UnicodeError."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return _distrust(host, error)
    code, sentence, reason = _cause(error)
    sentence = translate("reader", sentence).format(host=host, reason=reason)
    return UnreachableError(sentence, code=code, detail=type(error).__name__)


def _distrust(host: str, error: ssl.SSLCertVerificationError) -> CertificateError:
    code, sentence = _OF_CERTIFICATES.get(error.verify_code, ("other", _NOT_ACCEPTED))
    sentence = translate("reader", sentence).format(host=host, reason=error.verify_message)
    return CertificateError(sentence, code=f"certificate-{code}", detail=error.verify_message)


def _cause(error: Exception) -> tuple[str, str, str]:  # noqa: C901 - a table of kinds
    """(code, sentence, what to insert into it)."""
    match error:
        case ssl.SSLEOFError() | ssl.SSLZeroReturnError() | ssl.SSLSyscallError():
            return "closed", _CLOSED, ""
        case ssl.SSLError(reason=reason) if reason in _NO_TLS:
            return "no-tls", _PLAIN, ""
        case ssl.SSLError(reason=reason):
            return "tls", _INSECURE, str(reason)
        case socket.gaierror(errno=number) if number == socket.EAI_AGAIN:
            return "name-server", _UNRESOLVED, ""
        case socket.gaierror() | UnicodeError():
            return "name", _UNKNOWN, ""
        case TimeoutError():
            return "timeout", _SILENT, ""
        case ConnectionRefusedError():
            return "refused", _REFUSED, ""
        case ConnectionError():
            return "closed", _CLOSED, ""
        case PermissionError():
            return "forbidden", _FORBIDDEN, ""
        case OSError(errno=number) if number in _NO_WAY:
            return "no-way", _UNROUTED, ""
        case OSError(strerror=reason) if reason:
            return "unreachable", _OTHER, reason
    return "unreachable", _OTHER, type(error).__name__
