"""The API Gateway signature, which authenticates the caller and the request line."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Credentials:
    """An access key and its secret key.

    Raises:
        ValueError: a key is empty or has characters that headers cannot carry.
    """

    access_key: str
    secret_key: str = field(repr=False)

    def __post_init__(self) -> None:
        for name, value in (("access key", self.access_key), ("secret key", self.secret_key)):
            if not value or not value.isascii() or not value.isprintable() or value != value.strip():
                raise ValueError(f"the {name} must be printable ASCII text without spaces around it")

    def signature(self, method: str, target: str, timestamp_ms: int) -> str:
        """Return the HMAC-SHA256 of the request line, the time and the access key in base64.

        Args:
            method: HTTP method in capitals.
            target: path and query exactly as sent, percent-encoded.
            timestamp_ms: current time in milliseconds since the Unix epoch. The service tolerates five minutes.
        """
        message = f"{method} {target}\n{timestamp_ms}\n{self.access_key}"
        digest = hmac.new(self.secret_key.encode(), message.encode(), hashlib.sha256).digest()
        return base64.b64encode(digest).decode("ascii")

    def headers(self, method: str, target: str, timestamp_ms: int) -> dict[str, str]:
        """Return the headers of a signed request. For the arguments see ``signature``."""
        return {
            "x-ncp-apigw-timestamp": str(timestamp_ms),
            "x-ncp-iam-access-key": self.access_key,
            "x-ncp-apigw-signature-v2": self.signature(method, target, timestamp_ms),
            "Content-Type": "application/json",
        }
