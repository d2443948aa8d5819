"""Content codings of answers: choice by the header Accept-Encoding, and compression."""

from __future__ import annotations

import gzip
import sys
from enum import Enum
from typing import Final

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_GZIP_LEVEL: Final = 5
_ZSTD_LEVEL: Final = 3


class Coding(Enum):
    """Content codings, by their names on the wire, the preferred one first."""

    ZSTD = "zstd"
    GZIP = "gzip"

    def encode(self, body: bytes) -> bytes:
        """Compress a body. Equal bodies give equal bytes."""
        if self is Coding.ZSTD:
            return zstd.compress(body, _ZSTD_LEVEL)
        return gzip.compress(body, _GZIP_LEVEL, mtime=0)


def choose_coding(accepted: str) -> Coding | None:
    """Return the coding with the highest quality in an Accept-Encoding header, or `None` for no coding.

    Source: RFC 9110, section 12.5.3. Any coding, the asterisk, means gzip, which every client reads.
    """
    qualities = _qualities(accepted)
    wildcard = qualities.get("*", 0.0)
    offered = {
        Coding.ZSTD: qualities.get("zstd", 0.0),
        Coding.GZIP: qualities.get("gzip", qualities.get("x-gzip", wildcard)),
    }
    best = max(offered, key=lambda coding: offered[coding])
    return best if offered[best] > 0 and offered[best] >= qualities.get("identity", 0.0) else None


def _qualities(accepted: str) -> dict[str, float]:
    """Return the quality of each coding of a header, without those of malformed quality."""
    found: dict[str, float] = {}
    for part in accepted.lower().split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        quality = next(
            (value for key, _, value in (one.partition("=") for one in parameters) if key.strip() == "q"), "1"
        )
        try:
            number = float(quality)
        except ValueError:
            continue
        if name and 0 <= number <= 1:
            found[name] = number
    return found
