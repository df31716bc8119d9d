"""Signature Version 4, for requests and for the chain of events sent on a request's event stream.

Instead of the hash of its body, a request with a stream names `STREAMING-AWS4-HMAC-SHA256-EVENTS`. Its signature is the
seed: each event's signature covers the one before, and a signed message with an empty payload is the formal end. The
signing key and its scope stay those of the request for the life of the stream.

botocore's signer is not used: it reads the clock itself, and writes what it signs, including any session token, to the
debug log. The tests compare the two.

Pure. Times are aware datetimes.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import quote

from reader.aws.eventstream import Timestamp, encode, encode_headers

STREAMING_EVENTS = "STREAMING-AWS4-HMAC-SHA256-EVENTS"
_ALGORITHM = "AWS4-HMAC-SHA256"
_EVENT_ALGORITHM = "AWS4-HMAC-SHA256-PAYLOAD"
# Headers that proxies and libraries on the way to the service may change.
_UNSIGNED = frozenset({"connection", "expect", "te", "transfer-encoding", "user-agent", "x-amzn-trace-id"})


@dataclass(frozen=True, slots=True)
class AwsKeys:
    """The keys that sign a request. `token` belongs to temporary keys, and is "" for others."""

    access_key: str
    secret_key: str = field(repr=False)
    token: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class AwsRequest:
    """A request to sign. `path` is sent unchanged; the query is encoded here; `headers` include the host."""

    method: str
    path: str
    headers: Sequence[tuple[str, str]]
    query: Sequence[tuple[str, str]] = ()

    @property
    def target(self) -> str:
        """Path and query exactly as signed, which is how they must be sent."""
        query = canonical_query(self.query)
        return f"{self.path}?{query}" if query else self.path


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """A request's headers including the signature, and the seed for the events of its body."""

    headers: tuple[tuple[str, str], ...] = field(repr=False)
    seed: _Seed = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Seed:
    key: bytes = field(repr=False)
    scope: str
    signature: str


def sign_request(
    request: AwsRequest, keys: AwsKeys, region: str, service: str, now: datetime, body: bytes | None
) -> SignedRequest:
    """Add date, token, the hash of `body` (None: an event stream follows) and `authorization` to the headers."""
    timestamp = format_time(now)
    payload_hash = STREAMING_EVENTS if body is None else hashlib.sha256(body).hexdigest()
    headers = [*request.headers, ("x-amz-date", timestamp), ("x-amz-content-sha256", payload_hash)]
    if keys.token:
        headers.append(("x-amz-security-token", keys.token))
    scope = f"{timestamp[:8]}/{region}/{service}/aws4_request"
    canonical, names = canonical_request(request, headers, payload_hash)
    key = signing_key(keys.secret_key, timestamp[:8], region, service)
    signature = _hmac(key, string_to_sign(timestamp, scope, canonical)).hex()
    authorization = f"{_ALGORITHM} Credential={keys.access_key}/{scope}, SignedHeaders={names}, Signature={signature}"
    return SignedRequest((*headers, ("authorization", authorization)), _Seed(key, scope, signature))


class EventSigner:
    """Signs one stream's events as a chain. Each is signed as it is appended to what is sent, in that order."""

    def __init__(self, seed: _Seed) -> None:
        """`seed` comes from the request that opens the stream."""
        self._key = seed.key
        self._scope = seed.scope
        self._previous = seed.signature
        self._is_finished = False

    def sign(self, event: bytes, now: datetime) -> bytes:
        """Wrap an encoded event in its signed message. Raises ValueError after the end, or for an empty event."""
        if not event:
            raise ValueError("an empty event would end the stream")
        return self._wrap(event, now)

    def finish(self, now: datetime) -> bytes:
        """The message that ends the body. Raises ValueError if it has ended already."""
        message = self._wrap(b"", now)
        self._is_finished = True
        return message

    def _wrap(self, payload: bytes, now: datetime) -> bytes:
        if self._is_finished:
            raise ValueError("the stream was ended")
        date = Timestamp(int(now.timestamp() * 1000))
        signature = self.signature(encode_headers({":date": date}), payload, now)
        return encode({":date": date, ":chunk-signature": signature}, payload)

    def signature(self, date_header: bytes, payload: bytes, now: datetime) -> bytes:
        """Sign the next link of the chain."""
        hashes = (hashlib.sha256(part).hexdigest() for part in (date_header, payload))
        text = "\n".join((_EVENT_ALGORITHM, format_time(now), self._scope, self._previous, *hashes))
        signature = _hmac(self._key, text)
        self._previous = signature.hex()
        return signature


def format_time(when: datetime) -> str:
    """The time as headers and signatures have it: UTC, in whole seconds."""
    return when.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def signing_key(secret_key: str, date: str, region: str, service: str) -> bytes:
    """The key for one day (YYYYMMDD), region and service."""
    key = f"AWS4{secret_key}".encode()
    for part in (date, region, service, "aws4_request"):
        key = _hmac(key, part)
    return key


def canonical_request(request: AwsRequest, headers: Iterable[tuple[str, str]], payload_hash: str) -> tuple[str, str]:
    """(the request in the form that is hashed, the names of the signed headers)."""
    values: dict[str, list[str]] = {}
    for name, value in headers:
        values.setdefault(name.lower(), []).append(" ".join(value.split()))
    signed = sorted(values.keys() - _UNSIGNED)
    lines = [f"{name}:{','.join(values[name])}" for name in signed]
    names = ";".join(signed)
    path = quote(request.path, safe="/~")
    return "\n".join((request.method, path, canonical_query(request.query), *lines, "", names, payload_hash)), names


def canonical_query(query: Sequence[tuple[str, str]]) -> str:
    """Names and values, encoded and sorted."""
    pairs = sorted((quote(name, safe="-_.~"), quote(value, safe="-_.~")) for name, value in query)
    return "&".join(f"{name}={value}" for name, value in pairs)


def string_to_sign(timestamp: str, scope: str, canonical: str) -> str:
    """The text that is signed for a request."""
    return "\n".join((_ALGORITHM, timestamp, scope, hashlib.sha256(canonical.encode()).hexdigest()))


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), "sha256")
