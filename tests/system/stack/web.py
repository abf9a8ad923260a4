"""A small HTTP client that reaches the site by its name, wherever it listens, and believes its certificate alone."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SERVER_NAME = "grading.example.org"


@dataclass(frozen=True, slots=True)
class Answer:
    """Header names are in lower case; a header that stands there twice has two values."""

    status: int
    headers: Mapping[str, list[str]]
    body: bytes

    def header(self, name: str) -> str:
        """The value of a header that must be there once."""
        [value] = self.headers.get(name.lower(), [])
        return value

    def json(self) -> Any:
        return json.loads(self.body)


class _Https(http.client.HTTPSConnection):
    def __init__(self, *, port: int, context: ssl.SSLContext, source: str, timeout: float) -> None:
        super().__init__(SERVER_NAME, port, timeout=timeout, context=context)
        self._tls, self._from = context, source

    def connect(self) -> None:
        plain = socket.create_connection(("127.0.0.1", self.port), self.timeout, (self._from, 0))
        self.sock = self._tls.wrap_socket(plain, server_hostname=SERVER_NAME)


@dataclass(frozen=True)
class Client:
    """`source` is the loopback address to call from; limits count by it."""

    port: int
    certificate: Path
    key: str = ""
    source: str = "127.0.0.1"
    timeout: float = 30

    def ask(self, method: str, path: str, *, body: Any = None, headers: Mapping[str, str] | None = None) -> Answer:
        context = ssl.create_default_context(cafile=str(self.certificate))
        connection = _Https(port=self.port, context=context, source=self.source, timeout=self.timeout)
        try:
            return exchange(connection, method, path, body=body, headers=self._headers(headers))
        finally:
            connection.close()

    def get(self, path: str, *, headers: Mapping[str, str] | None = None) -> Answer:
        return self.ask("GET", path, headers=headers)

    def post(self, path: str, body: Any, *, headers: Mapping[str, str] | None = None) -> Answer:
        return self.ask("POST", path, body=body, headers=headers)

    def _headers(self, extra: Mapping[str, str] | None) -> dict[str, str]:
        key = {"X-API-Key": self.key} if self.key else {}
        return {"Accept": "application/json", **key, **(extra or {})}


def exchange(
    connection: http.client.HTTPConnection, method: str, path: str, *, body: Any = None, headers: Mapping[str, str]
) -> Answer:
    data = None if body is None else json.dumps(body).encode()
    typed = {} if body is None else {"Content-Type": "application/json"}
    connection.request(method, path, body=data, headers={**typed, **headers})
    response = connection.getresponse()
    found: dict[str, list[str]] = {}
    for name, value in response.getheaders():
        found.setdefault(name.lower(), []).append(value)
    return Answer(response.status, found, response.read())


def plain_get(port: int, path: str, *, host: str = "127.0.0.1", headers: Mapping[str, str] | None = None) -> Answer:
    """Without TLS, as a scraper or a load balancer asks."""
    connection = http.client.HTTPConnection(host, port, timeout=30)
    try:
        return exchange(connection, "GET", path, headers=headers or {})
    finally:
        connection.close()
