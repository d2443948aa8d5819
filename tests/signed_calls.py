"""Signed calls, as a client makes them, and the parts of their answers."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    import httpx2


def sign(secret_key: str, method: str, target: bytes, timestamp: str, access_key: str) -> str:
    """Compute the signature from the contract's definition, independently of the server."""
    text = method.encode() + b" " + target + b"\n" + timestamp.encode() + b"\n" + access_key.encode()
    return base64.b64encode(hmac.new(secret_key.encode(), text, hashlib.sha256).digest()).decode()


@dataclass(frozen=True, slots=True)
class Key:
    """An access key with its secret."""

    access_key: str
    secret_key: str

    def headers(self, method: str, target: bytes, *, at_ms: int | None = None) -> dict[str, str]:
        """The headers of a signed request."""
        timestamp = str(time.time_ns() // 1_000_000 if at_ms is None else at_ms)
        return {
            "x-ncp-apigw-timestamp": timestamp,
            "x-ncp-iam-access-key": self.access_key,
            "x-ncp-apigw-signature-v2": sign(self.secret_key, method, target, timestamp, self.access_key),
            "content-type": "application/json",
        }


@dataclass(frozen=True, slots=True)
class Api:
    """Signed calls, as a client makes them. The target is sent unchanged."""

    client: httpx2.Client
    key: Key

    def __call__(
        self,
        method: str,
        target: str | bytes,
        body: object = None,
        *,
        content: bytes | None = None,
        headers: Mapping[str, str | None] | None = None,
        at_ms: int | None = None,
    ) -> httpx2.Response:
        raw = target.encode("ascii") if isinstance(target, str) else target
        sent: dict[str, str | None] = {**self.key.headers(method, raw, at_ms=at_ms), **(headers or {})}
        if content is None and body is not None:
            content = json.dumps(body).encode()
        return self.client.request(
            method,
            "/",
            headers={name: value for name, value in sent.items() if value is not None},
            content=content,
            extensions={"target": raw},
        )

    def at_once(self, *calls: tuple[str, str, object]) -> list[httpx2.Response]:
        """Make calls of method, target and body concurrently and return their answers."""
        with ThreadPoolExecutor(len(calls)) as pool:
            return [answer.result() for answer in [pool.submit(self, *call) for call in calls]]


def code(answer: httpx2.Response) -> tuple[int, str]:
    """Return status and code."""
    return answer.status_code, answer.json()["code"]


def fields(answer: httpx2.Response) -> list[str]:
    """Return the fields that a refusal names."""
    return [entry["field"] for entry in answer.json()["responseError"]["details"]]


def result(answer: httpx2.Response) -> Any:
    """Return the result of a call that succeeds."""
    assert answer.status_code == 200, answer.text
    return answer.json()["result"]
