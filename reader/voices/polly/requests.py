"""Builds requests to Amazon Polly: path, headers, signature.

The model of the service is botocore's, read once (`Model.load`, on a thread: the file has some 100 KB).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import ParamValidationError
from botocore.loaders import Loader
from botocore.model import OperationModel, ServiceModel
from botocore.serialize import create_serializer

from reader.aws.account import Account
from reader.aws.signing import AwsRequest, EventSigner, sign_request
from reader.errors import RequestRefusedError
from reader.http.address import Origin
from reader.http.h1_client import HttpRequest
from reader.support.i18n import translate
from reader.voices.polly.events import OPERATION, SpeechParameters, request_headers

SERVICE = "polly"


@dataclass(frozen=True, slots=True)
class Opening:
    """A signed request that opens a stream, and the signer of its events."""

    headers: Sequence[tuple[str, str]]
    signer: EventSigner


class Clock:
    """The service's time, according to this computer's clock and what the service said about it."""

    def __init__(self) -> None:
        self.skew_s = 0.0  # to be added to this computer's clock

    def now(self) -> datetime:
        """The time to sign with."""
        return datetime.now(UTC) + timedelta(seconds=self.skew_s)


class Model:
    """The service's operations."""

    def __init__(self, service: ServiceModel) -> None:
        """`service` is botocore's."""
        self._service = service
        self._stream: OperationModel = service.operation_model(OPERATION)

    @staticmethod
    def load() -> Model:
        """Read botocore's model of the service. Takes some 10 ms, so not on the core thread."""
        return Model(ServiceModel(Loader().load_service_model(SERVICE, "service-2"), SERVICE))

    def opening(self, parameters: SpeechParameters, account: Account, now: datetime) -> Opening:
        """A request that opens a stream. Raises RequestRefusedError."""
        path, headers = request_headers(parameters, self._stream)
        authority = Origin.of(account.endpoint).authority
        request = AwsRequest("POST", path, [("host", authority), *headers])
        signed = sign_request(request, account.keys, account.region, SERVICE, now, None)
        # `:authority` carries what was signed as the host header.
        sent = [(name, value) for name, value in signed.headers if name != "host"]
        pseudo = [(":method", "POST"), (":scheme", "https"), (":authority", authority), (":path", path)]
        return Opening([*pseudo, *sent], EventSigner(signed.seed))

    def call(self, operation: str, values: Mapping[str, Any], account: Account, now: datetime) -> HttpRequest:
        """A request for an operation with one answer. Raises RequestRefusedError."""
        model = self._service.operation_model(operation)
        try:
            made = create_serializer("rest-json").serialize_to_request(dict(values), model)
        except ParamValidationError as error:
            sentence = translate(
                "reader", "Amazon Polly does not accept this request. Choose another voice in the settings."
            )
            raise RequestRefusedError(sentence, code="ValidationException") from error
        query = sorted((name, str(value)) for name, value in made["query_string"].items())
        host = Origin.of(account.endpoint).authority
        headers = [("host", host), *((name.lower(), value) for name, value in made["headers"].items())]
        body = made["body"] or b""
        request = AwsRequest(made["method"], made["url_path"], headers, query)
        signed = sign_request(request, account.keys, account.region, SERVICE, now, body)
        return HttpRequest(made["method"], request.target, signed.headers, body)

    def voice_names(self) -> frozenset[str]:
        """The names of voices in the model, which may be older than the service."""
        return frozenset(self._service.shape_for("VoiceId").enum)
