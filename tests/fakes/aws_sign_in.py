"""AWS's services that give keys (STS, SSO, its token service, an instance's metadata), on loopback.

The protocol is theirs as botocore speaks it; who may ask, and how long keys live, is the test's to say.
"""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

# (status, type of the content, body)
Answer = tuple[int, str, str]
Rule = Callable[[str, str, Mapping[str, str]], Answer | None]


class SignIn:
    """The server. `rule` is given (method and path, body, headers) and answers None for what there isn't."""

    def __init__(self, rule: Rule, tls: ssl.SSLContext | None = None) -> None:
        self.requests: list[str] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def handle_any(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", 0))).decode()
                what = f"{self.command} {self.path.partition('?')[0]}"
                outer.requests.append(what)
                status, kind, text = rule(what, body, self.headers) or (404, "text/plain", "")  # type: ignore[arg-type]
                data = text.encode()
                self.send_response(status)
                self.send_header("content-type", kind)
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_POST = do_PUT = handle_any  # noqa: N815

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._is_tls = tls is not None
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    @property
    def url(self) -> str:
        return f"https://localhost:{self.port}" if self._is_tls else f"http://127.0.0.1:{self.port}"

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def assumed(access_key: str, expiration: str) -> Answer:
    """What AssumeRole answers."""
    return (
        200,
        "text/xml",
        f"""<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>
        <AssumedRoleUser><AssumedRoleId>AROAEXAMPLE:x</AssumedRoleId><Arn>arn:aws:sts::111122223333:x</Arn></AssumedRoleUser>
        <Credentials><AccessKeyId>{access_key}</AccessKeyId><SecretAccessKey>ROLEKEY</SecretAccessKey>
        <SessionToken>ROLETOKEN</SessionToken><Expiration>{expiration}</Expiration></Credentials>
        </AssumeRoleResult></AssumeRoleResponse>""",
    )


def refused(status: int, code: str) -> Answer:
    """What STS answers who may not."""
    body = f"<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>no</Message></Error></ErrorResponse>"
    return status, "text/xml", body


def as_json(status: int, body: Mapping[str, object]) -> Answer:
    """What the younger services answer."""
    return status, "application/json", json.dumps(body)
