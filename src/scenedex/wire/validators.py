"""Entity tags of answers, and the header If-None-Match."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from scenedex.wire.encodings import Coding

_TAG_DIGITS: Final = 32
_TAG = re.compile(r'(?:W/)?("[\x21\x23-\x7e\x80-\xff]*")')
# A presigned URL in an answer. Its query changes each second. In text of users the quotes are escaped.
_SIGNED_URL = re.compile(rb'("(?:keyframeUrl|thumbnailUrl|url)":"[^"?\\]*)\?[^"]*"')


def entity_tag(body: bytes, coding: Coding | None, url_period: int) -> str:
    """Return the entity tag of a body.

    It is strong for a body without presigned URLs. Otherwise it is weak, and stays for a period in which the URLs of an
    earlier answer are still valid.

    Args:
        body: body before it is encoded.
        coding: coding in which the body is sent.
        url_period: number of the current period.
    """
    if b"?" in body and _SIGNED_URL.search(body):
        stable = _SIGNED_URL.sub(rb'\1"', body) + b"%d" % url_period
        return f'W/"{tag_digest(stable)}"'
    suffix = "" if coding is None else f"-{coding.value}"
    return f'"{tag_digest(body)}{suffix}"'


def is_known(tag: str, if_none_match: str) -> bool:
    """Return whether an If-None-Match header names an entity tag. Source: RFC 9110, section 13.1.2."""
    return if_none_match.strip() == "*" or tag.removeprefix("W/") in _TAG.findall(if_none_match)


def tag_digest(content: bytes) -> str:
    """Return the text of an entity tag, equal for equal content only."""
    return hashlib.sha256(content).hexdigest()[:_TAG_DIGITS]
