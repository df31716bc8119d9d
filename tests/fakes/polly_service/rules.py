"""What the stand-in accepts: signatures, dates, hosts, parameters, and the chain of signed events.

Requests are checked with botocore's signer, chunks with the formula written down once more: neither is `reader/wire`.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.compat import HTTPHeaders
from botocore.credentials import Credentials

from tests.fakes.polly_service.frames import Received

STREAMING = "STREAMING-AWS4-HMAC-SHA256-EVENTS"
MAX_SKEW = timedelta(minutes=5)
_BYTES, _TIME = 6, 8
_AUTHORIZATION = re.compile(r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\S+), SignedHeaders=(\S+), Signature=([0-9a-f]{64})")

_OPERATIONS = {
    ("GET", "/v1/voices"): "DescribeVoices",
    ("POST", "/v1/speech"): "SynthesizeSpeech",
    ("POST", "/v1/synthesisStream"): "StartSpeechSynthesisStream",
}


class RefusalError(Exception):
    """The service says no: as an HTTP answer where none was begun, else as an exception in the stream."""

    def __init__(self, status: int, name: str, text: str, **fields: Any) -> None:
        super().__init__(f"{name}: {text}")
        self.status = status
        self.name = name
        self.text = text
        self.fields = {"message": text, **fields}
        self.headers: dict[str, str] = {}

    @property
    def body(self) -> bytes:
        return json.dumps(self.fields).encode()


@dataclass
class Request:
    """A request as it came. Names of `headers` are lower case; the pseudo-headers of HTTP/2 are among them."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(self.target.partition("?")[2], keep_blank_values=True, strict_parsing=False))

    @property
    def authority(self) -> str:
        return self.headers.get(":authority") or self.headers.get("host", "")


@dataclass
class Account:
    """Who may ask. `expired` are tokens that were good once, `denied` operations that its permissions lack."""

    access_key: str = "AKIDEXAMPLE"
    secret_key: str = field(default="wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", repr=False)
    token: str = ""
    expired: set[str] = field(default_factory=set)
    denied: set[str] = field(default_factory=set)

    def check_permission(self, request: Request) -> None:
        """Raises RefusalError unless the account may ask for that."""
        operation = _OPERATIONS.get((request.method, request.path), "")
        if operation in self.denied:
            text = f"User: arn:aws:iam::123456789012:user/reader is not authorized to perform: polly:{operation}"
            raise RefusalError(403, "AccessDeniedException", text)


@dataclass
class Seed:
    """Where the chain of a stream's events begins."""

    key: bytes
    scope: str
    signature: str


class _Signer(SigV4Auth):  # type: ignore[misc]
    """botocore's, but for the headers, which are those that the client says it signed."""

    def __init__(self, credentials: Credentials, region: str, signed: HTTPHeaders) -> None:
        super().__init__(credentials, "polly", region)
        self._signed = signed

    def headers_to_sign(self, request: AWSRequest) -> HTTPHeaders:
        return self._signed


def check_request(request: Request, account: Account, region: str, authorities: set[str], now: datetime) -> Seed:
    """Raises RefusalError unless the request is signed as it has to be."""
    match = _AUTHORIZATION.fullmatch(request.headers.get("authorization", ""))
    if not match:
        raise RefusalError(403, "MissingAuthenticationTokenException", "no signature")
    access_key, scope, names, signature = match.groups()
    date = request.headers.get("x-amz-date", "")
    _check_names(request, names.split(";"), authorities)
    _check_date(date, now)
    if scope != f"{date[:8]}/{region}/polly/aws4_request":
        raise RefusalError(403, "InvalidSignatureException", f"Credential should be scoped to polly in {region}")
    _check_account(request, access_key, account)
    _check_hash(request)
    signed = HTTPHeaders()
    for name in names.split(";"):
        signed[name] = request.authority if name in ("host", ":authority") else request.headers.get(name, "")
    theirs = AWSRequest(request.method, f"https://{request.authority}{request.target}", data=request.body)
    theirs.headers["X-Amz-Content-SHA256"] = request.headers.get("x-amz-content-sha256", _hash(request.body))
    theirs.context["timestamp"] = date
    signer = _Signer(Credentials(account.access_key, account.secret_key), region, signed)
    wanted = signer.signature(signer.string_to_sign(theirs, signer.canonical_request(theirs)), theirs)
    if not hmac.compare_digest(wanted, signature):
        raise RefusalError(403, "InvalidSignatureException", "The request signature we calculated does not match")
    return Seed(_key(account.secret_key, scope), scope, signature)


def _check_names(request: Request, names: list[str], authorities: set[str]) -> None:
    if request.authority not in authorities or request.headers.get("host", request.authority) != request.authority:
        raise RefusalError(403, "InvalidSignatureException", "this is another host")
    must = {name for name in request.headers if name.startswith("x-amz-") or name == "content-type"} | {"x-amz-date"}
    if not {"host", ":authority"} & set(names) or must - set(names):
        raise RefusalError(403, "InvalidSignatureException", "host, type and all x-amz- headers must be signed")
    if names != sorted(names):
        raise RefusalError(403, "InvalidSignatureException", "signed headers are not in order")


def _check_date(date: str, now: datetime) -> None:
    try:
        when = datetime.strptime(date, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        raise RefusalError(403, "IncompleteSignatureException", "X-Amz-Date is no date") from None
    if abs(when - now) > MAX_SKEW:
        kind = "Signature expired" if when < now else "Signature not yet current"
        raise RefusalError(403, "InvalidSignatureException", f"{kind}: {date}")


def _check_account(request: Request, access_key: str, account: Account) -> None:
    token = request.headers.get("x-amz-security-token", "")
    if access_key == account.access_key and token and token in account.expired:
        raise RefusalError(403, "ExpiredTokenException", "The security token included in the request is expired")
    if access_key != account.access_key or token != account.token:
        raise RefusalError(403, "UnrecognizedClientException", "The security token included in the request is invalid")


def _check_hash(request: Request) -> None:
    is_stream = request.path == "/v1/synthesisStream"
    named = request.headers.get("x-amz-content-sha256", STREAMING if is_stream else _hash(request.body))
    if named != (STREAMING if is_stream else _hash(request.body)) or (
        is_stream and "x-amz-content-sha256" not in request.headers
    ):
        raise RefusalError(403, "InvalidSignatureException", "x-amz-content-sha256 is not that of the body")


class Chain:
    """The signatures of one stream's events, each over the one before."""

    def __init__(self, seed: Seed) -> None:
        self._seed = seed
        self._previous = seed.signature
        self.is_ended = False

    def check(self, message: Received, now: datetime) -> None:
        """Raises RefusalError unless this is the next link."""
        kinds = {name: header.kind for name, header in message.headers.items()}
        if kinds != {":date": _TIME, ":chunk-signature": _BYTES}:
            raise RefusalError(403, "InvalidSignatureException", "an event is not signed")
        if self.is_ended:
            raise RefusalError(400, "ValidationException", "an event behind the end", reason="invalidInboundEvent")
        date = message.headers[":date"].value
        ms = int.from_bytes(date, signed=True)
        if abs(ms / 1000 - now.timestamp()) > MAX_SKEW.total_seconds():
            raise RefusalError(403, "InvalidSignatureException", "an event's date is off")
        when = datetime.fromtimestamp(ms // 1000, UTC)
        lines = ("AWS4-HMAC-SHA256-PAYLOAD", when.strftime("%Y%m%dT%H%M%SZ"), self._seed.scope, self._previous)
        # The header as it stands on the wire, with its name and its type.
        text = "\n".join((*lines, _hash(b"\x05:date\x08" + date), _hash(message.payload)))
        wanted = hmac.new(self._seed.key, text.encode(), hashlib.sha256).digest()
        if not hmac.compare_digest(wanted, message.headers[":chunk-signature"].value):
            raise RefusalError(403, "InvalidSignatureException", "an event's signature does not match")
        self._previous = wanted.hex()
        self.is_ended = not message.payload


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _key(secret_key: str, scope: str) -> bytes:
    key = b"AWS4" + secret_key.encode()
    for part in scope.split("/"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return key
