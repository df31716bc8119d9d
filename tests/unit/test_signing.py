import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.eventstream import EventStreamBuffer

from reader.aws.eventstream import Timestamp, encode_headers
from reader.aws.signing import (
    STREAMING_EVENTS,
    AwsKeys,
    AwsRequest,
    EventSigner,
    _hmac,
    _Seed,
    canonical_request,
    format_time,
    sign_request,
    signing_key,
    string_to_sign,
)

DATA = Path(__file__).parents[1] / "data"
REQUESTS = json.loads((DATA / "sigv4.json").read_text(encoding="utf-8"))
EVENTS = json.loads((DATA / "event_signing.json").read_text(encoding="utf-8"))
KEYS = AwsKeys("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "a token")
NOW = datetime(2026, 3, 1, 23, 59, 58, 700_000, UTC)


def parse(case: dict[str, Any]) -> AwsRequest:
    """The request of a published case, in which a header may go on in the next line."""
    head, _, _ = case["request"].partition("\n\n")
    first, *lines = head.rstrip("\n").split("\n")
    method, target = first.split(" ", 1)
    path, _, query = target.rpartition(" ")[0].partition("?")
    headers: list[tuple[str, str]] = []
    for line in lines:
        if line.startswith(" "):
            headers[-1] = (headers[-1][0], f"{headers[-1][1]} {line}")
        else:
            name, _, value = line.partition(":")
            headers.append((name, value))
    return AwsRequest(method, unquote(path), headers, parse_qsl(query, keep_blank_values=True))


@pytest.mark.parametrize("case", REQUESTS, ids=lambda case: str(case["name"]))
def test_published_requests(case: dict[str, Any]) -> None:
    context = case["context"]
    request = parse(case)
    when = datetime.fromisoformat(context["timestamp"])
    payload_hash = case["canonical_request"].rpartition("\n")[2]
    added = [("x-amz-date", format_time(when))]
    if context["sign_body"]:
        added.append(("x-amz-content-sha256", payload_hash))
    token = context["credentials"].get("token")
    if token and not context.get("omit_session_token"):
        added.append(("x-amz-security-token", token))
    canonical, _ = canonical_request(request, [*request.headers, *added], payload_hash)
    assert canonical == case["canonical_request"]
    scope = f"20150830/{context['region']}/{context['service']}/aws4_request"
    text = string_to_sign(format_time(when), scope, canonical)
    assert text == case["string_to_sign"]
    key = signing_key(context["credentials"]["secret_access_key"], "20150830", context["region"], context["service"])
    assert _hmac(key, text).hex() == case["signature"]


def test_the_published_request_with_an_event_stream() -> None:
    case = EVENTS["aws_c_auth"]
    headers = [("host", case["host"]), *case["headers"].items()]
    request = AwsRequest("POST", case["path"], headers)
    keys = AwsKeys(case["access_key"], case["secret_key"])
    signed = sign_request(request, keys, case["region"], case["service"], at(case["requested"]), None)
    assert dict(signed.headers)["authorization"] == case["authorization"]
    assert dict(signed.headers)["x-amz-content-sha256"] == STREAMING_EVENTS
    signer = EventSigner(signed.seed)
    for event in case["events"]:
        when = at(event["date"])
        payload = event["payload"].encode()
        message = signer.sign(payload, when) if payload else signer.finish(when)
        decoded = read(message)
        assert decoded.headers[":chunk-signature"].hex() == event["signature"]
        assert decoded.headers[":date"] == when.timestamp() * 1000
        assert decoded.payload == payload


def test_the_published_chain_of_another_sdk() -> None:
    case = EVENTS["aws_sdk_go_v2"]
    date = "19700101"
    key = signing_key(case["secret_key"], date, case["region"], case["service"])
    signer = EventSigner(_Seed(key, f"{date}/{case['region']}/{case['service']}/aws4_request", case["seed"]))
    for event in case["events"]:
        signature = signer.signature(event["headers"].encode(), event["payload"].encode(), at(event["date"]))
        assert signature.hex() == event["signature"]


@pytest.mark.parametrize("body", [b"", b'{"Text":"Hello"}'])
def test_botocore_signs_the_same(body: bytes) -> None:
    query = [("NextToken", "a b/+="), ("Engine", "generative")]
    request = AwsRequest("POST", "/v1/voices", [("host", "polly.example"), ("content-type", "application/json")], query)
    signed = dict(sign_request(request, KEYS, "us-east-1", "polly", NOW, body).headers)
    theirs = AWSRequest("POST", "https://polly.example" + request.target, data=body)
    for name in signed.keys() - {"authorization"}:
        theirs.headers[name] = signed[name]
    theirs.context["timestamp"] = format_time(NOW)
    auth = SigV4Auth(Credentials(KEYS.access_key, KEYS.secret_key, KEYS.token), "polly", "us-east-1")
    signature = auth.signature(auth.string_to_sign(theirs, auth.canonical_request(theirs)), theirs)
    assert signed["authorization"].endswith(f"Signature={signature}")


def test_the_key_and_its_scope_stay_past_midnight() -> None:
    request = AwsRequest("POST", "/", [("host", "polly.example")])
    seed = sign_request(request, KEYS, "us-east-1", "polly", NOW, None).seed
    later = NOW + timedelta(seconds=10)
    message = EventSigner(seed).sign(b"event", later)
    date = encode_headers({":date": Timestamp(int(later.timestamp() * 1000))})
    assert read(message).headers[":chunk-signature"] == EventSigner(seed).signature(date, b"event", later)
    assert seed.scope.startswith("20260301/")


def test_nothing_is_signed_behind_the_end() -> None:
    signer = EventSigner(_Seed(b"key", "scope", "seed"))
    with pytest.raises(ValueError):
        signer.sign(b"", NOW)
    signer.finish(NOW)
    with pytest.raises(ValueError):
        signer.finish(NOW)
    with pytest.raises(ValueError):
        signer.sign(b"event", NOW)


def test_no_secret_is_shown() -> None:
    signed = sign_request(AwsRequest("GET", "/", [("host", "h")]), KEYS, "us-east-1", "polly", NOW, b"")
    shown = repr((KEYS, signed, signed.seed, EventSigner(signed.seed)))
    for secret in (KEYS.secret_key, KEYS.token, signed.seed.key.hex(), repr(signed.seed.key)):
        assert secret not in shown
    assert KEYS.access_key in shown


def at(date: str) -> datetime:
    return datetime.fromisoformat(date)


def read(message: bytes) -> Any:
    buffer = EventStreamBuffer()
    buffer.add_data(message)
    return next(iter(buffer))
